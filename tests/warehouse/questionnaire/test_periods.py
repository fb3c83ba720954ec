from datetime import date

import pytest
from typing_macros import read_dates

from warehouse.questionnaire.periods import MAX_CHARACTERS, named_month, parse_month, parse_period
from warehouse.storage.settings import Settings

MAY = date(2024, 5, 1)
CODELISTS = Settings().codelists


@pytest.mark.parametrize(
    "text",
    [
        "2024-05", "KAZ_2024-05", "KAZ_202405_v2", "2024_05", "2024-05-01", "05.2024", "01.05.2024 - 31.05.2024",
        "05/2024", "май 2024", "за май 2024 г.", "Мая 2024", "Изъятия_май_2024", "ма\u0438\u0306 2024", "May 2024",
        "2024 may", "seizures-may2024", "Marijuana_2024-05", "2024-05 report 17",
    ],
)  # fmt: skip
def test_month_is_read_in_many_writings(text: str) -> None:
    assert parse_month(text, CODELISTS) == MAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-13",
        "05-24",
        "2024-05 and 2024-06",
        "1202405",
        "2 квартал 2024",
        "maybe 2024",
        "120240512",
        "1999-05",
    ],
)
def test_month_is_not_guessed(text: str) -> None:
    assert parse_month(text, CODELISTS) is None


# A month in words or numbers, as a cover and a column of a table have it.
MONTHS = [
    "2024-05", "202405", "05.2024", "05/2024", "2024.05", "май 2024", "Май 2024 г.", "мая 2024 года", "май.24",
    "May-24",
    "May, 2024", "мамыр 2024", "2024 жылғы мамыр", "2024-жылдын майы", "майи соли 2024", "2024-yil may", "may 2024",
    "maý 2024", "2 мая 2024 г.", "02-May-2024", "30-MAY-24", "2024-05-01 00:00:00",
]  # fmt: skip


def test_a_month_is_read_in_a_column_as_on_a_cover() -> None:
    assert {text: parse_month(text, CODELISTS) for text in MONTHS} == dict.fromkeys(MONTHS, MAY)
    read = dict(zip(MONTHS, read_dates(MONTHS, "month", figures="month_figures"), strict=True))
    assert read == dict.fromkeys(MONTHS, MAY)


def test_a_month_without_a_year_is_known_by_its_number() -> None:
    texts = ["май", "Мамыр", "may", "5", "05", "13", "24 мая", "май 2024"]
    read = read_dates(texts, "month_number", figures="month_figures")
    assert read == [5, 5, 5, 5, 5, None, None, None]


def test_a_month_in_a_column_is_not_guessed() -> None:
    texts = ["май", "24 мая", "2 квартал 2024", "05.24", "2024", "не май 2024", "май или июнь 2024"]
    assert read_dates(texts, "month", figures="month_figures") == [None] * len(texts)


@pytest.mark.parametrize(
    ("word", "month"),
    [("января", 1), ("Feb", 2), ("марта", 3), ("apr", 4), ("июнь", 6), ("июле", 7), ("авг", 8), ("сентябрь", 9),
     ("October", 10), ("нояб", 11), ("Dec", 12)],
)  # fmt: skip
def test_words_of_months(word: str, month: int) -> None:
    assert parse_month(f"{word} 2024", CODELISTS) == date(2024, month, 1)


def shown(text: str) -> str:
    """The first and the last month of a period, and how many they are."""
    months = parse_period(text, CODELISTS)
    return f"{months[0]:%Y-%m} {months[-1]:%Y-%m} {len(months)}" if months else ""


PERIODS = {
    "2024-01 2024-03 3": [
        "KAZ_2024-Q1", "2024Q1", "Q1 2024", "1Q2024", "КАЗ I квартал 2024", "1-й квартал 2024 года", "1 кв. 2024",
        "2024 г., 1 кв.", "первый квартал 2024 г.", "First quarter of 2024", "1st quarter, 2024", "1-тоқсан 2024",
        "2024-yil 1-chorak", "январь–март 2024", "январь - март 2024 г.", "с января по март 2024 года",
        "January to March 2024", "2024 январь-март", "январь, февраль и март 2024", "январь 2024 – март 2024",
        "2024-01 - 2024-03", "2024-01-2024-03", "KAZ_2024-01_2024-03", "01.2024-03.2024", "01-03.2024",
        "01.01.2024 - 31.03.2024", "01.01.2024-25.03.2024",
        "2024-01-01_2024-03-31", "с 1 января 2024 по 31 марта 2024", "3 месяца 2024",
        "январь, февраль, март 2024", "I квартал 2024 (январь–март 2024)",
        "Q1 2024 (31.03.2024)", "KAZ_2024-Q1_2024-03-31",
    ],
    "2024-01 2024-06 6": ["H1 2024", "1-е полугодие 2024", "UZB_2024_H1", "I полугодие 2024", "first half 2024"],
    "2024-07 2024-12 6": ["2024-H2", "второе полугодие 2024 г."],
    "2024-01 2024-09 9": ["9 месяцев 2024", "за 9 мес. 2024 года", "9 months of 2024"],
    "2024-01 2024-12 12": ["2024", "UZB_2024", "за 2024 год", "Отчёт КАЗ 2024 (2)", "KAZ_2024_v2", "12 месяцев 2024"],
    "2023-11 2024-02 4": ["11.2023-02.2024", "ноябрь 2023 - февраль 2024"],
    "2023-01 2024-12 24": ["2023-2024 гг.", "2023 – 2024"],
    "1900-01 2100-12 2412": ["1900–2100"],
    "2024-05 2024-05 1": ["2024-05", "KAZ_2024-05-31_2025", "01.05.2024 - 31.05.2024", "KAZ_2024-05_Q2"],
    # What names no year, two periods or what could be another one.
    "": [
        "", "2 квартал", "I и II квартал 2024", "5 квартал 2024", "KAZ_2024-13", "KAZ_2024_5", "5 2024", "май КАЗ 2024",
        "KAZ_Q1_2024-05", "ноябрь–январь 2024", "2024-04 2024-05", "KAZ_2024-04_2024-05-03", "20240531", "1999-05",
        "H1N1 2024", "Q1 2024, 2025", "2024-05-2024-04", "март, январь 2024",
        "Q1-Q2 2024", "2023/24", "2023–24", "2023/24 Q1", "TJK_2023-24", "2024 " + "x" * MAX_CHARACTERS,
    ],
}  # fmt: skip


def test_periods_of_several_months_are_read_in_many_writings() -> None:
    assert {text: shown(text) for texts in PERIODS.values() for text in texts} == {
        text: period for period, texts in PERIODS.items() for text in texts
    }


def test_a_month_in_the_name_of_a_sheet_needs_no_year() -> None:
    names = ["Январь", "янв", "Изъятия 2024-01", "01.2024", "Мамыр", "Март [A6]", "Лист1", "Январь-Март", "Q1 2024"]
    assert [named_month(name, CODELISTS) for name in names] == [
        (None, 1), (None, 1), (2024, 1), (2024, 1), (None, 5), (None, 3), None, None, None,
    ]  # fmt: skip
