"""Dates as people and programs write them, read by the macros of staging."""

from datetime import date, datetime

from typing_macros import read_dates

# All of them are 2 April 2024.
APRIL_2 = [
    "2024-04-02", "2024.04.02", "2024/4/2", "02.04.2024", "2.4.24", "02/04/2024", "02-04-2024", "02.04.2024 г.",
    # 1C, Access, SQL Server, Oracle, browsers
    "02.04.2024 0:00:00", "02.04.2024 14:35:00", "02.04.2024 09:05", "20240402000000", "20240402",
    "2024-04-02T10:15:00",
    "2024-04-02T10:15:00.1234567", "2024-04-02 00:00:00.000", "Apr  2 2024 12:00AM", "02 Apr 2024 00:00:00:000",
    "02-APR-24", "02-апр-24", "02-APR-24 12.00.00.000000 AM", "Tue Apr 02 2024 00:00:00", "02.04.2024 5:30 ПП",
    "45384", "45384.0", "45384,75", "2024-04-02Z", "2024-04-02+05:00",
    # words of the region
    "2 апреля 2024 г.", "2 апреля 2024 года", "вторник, 2 апреля 2024 г.", "April 2, 2024", "2nd of April 2024",
    "2 сәуір 2024", "2024 жылғы 2 сәуір", "2024-жылдын 2-апрели", "2 апрели соли 2024", "2024-yil 2-aprel",
    "2024 йил 2 апрел", "2-nji aprel 2024",
]  # fmt: skip


def test_dates_are_read_as_programs_export_and_people_write_them() -> None:
    read = dict(zip(APRIL_2, read_dates(APRIL_2), strict=True))
    assert read == dict.fromkeys(APRIL_2, date(2024, 4, 2))


def test_what_is_no_date_is_not_guessed() -> None:
    texts = [
        "31.04.2024", "апрель 2024", "2 апреля", "в начале апреля 2024", "не позднее 2 апреля 2024", "13/13/2024",
        "4.23.2024", "2 и 3 апреля 2024", "02.04.2024 25", "1234567", "99999", "2 апреля 2024 мая", "2:30",
    ]  # fmt: skip
    assert dict(zip(texts, read_dates(texts), strict=True)) == dict.fromkeys(texts)


def test_a_day_in_words_may_leave_its_year_to_the_report() -> None:
    texts = ["2 апреля", "02-апр", "2 сәуір", "апр.24", "апрель", "2.04", "2 апреля 2024"]
    assert read_dates(texts, "yearless") == ["4-2", "4-02", "4-2", None, None, None, None]


def test_the_month_stands_first_where_a_day_cannot() -> None:
    columns = "day, other_day, is_habit, is_month_first"
    april_23, april_3, march_4 = date(2024, 4, 23), date(2024, 4, 3), date(2024, 3, 4)
    assert read_dates(["4/23/2024 12:00:00 AM", "4-23-2024", "03/04/2024", "03.04.2024"], columns) == [
        (april_23, april_23, True, True), (april_23, april_23, False, False), (april_3, march_4, True, False),
        (april_3, march_4, False, False),
    ]  # fmt: skip


def test_a_zone_makes_a_moment() -> None:
    seven_pm = [
        "2024-04-09T19:00:00.000Z", "2024-04-09 19:00 UTC", "2024-04-10T00:00:00+05:00", "2024-04-10 00:00 GMT+5",
        "2024-04-10T00:00+0500", "2024-04-09T15:30:00-03:30", "Wed Apr 10 2024 00:00:00 GMT+0500 (Tashkent)",
        "10-APR-24 12.00.00.000 AM +05:00", "1712689200000", "/Date(1712689200000)/",
    ]  # fmt: skip
    assert read_dates([*seven_pm, "2024-04-09 19:00"], "moment") == [datetime(2024, 4, 9, 19)] * 10 + [None]
