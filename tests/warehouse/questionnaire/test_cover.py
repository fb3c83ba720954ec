from datetime import date

import pytest
from typing_macros import read_dates

from warehouse.questionnaire.cover import cover_data, is_cover, parse_month
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


def test_answers_stand_beside_their_labels() -> None:
    rows = [["Страна / Country", "", "Казахстан"], ["Отчётный период:", "май 2024"], ["Версия", "1"], ["Месяц", "июнь"]]
    assert cover_data(rows) == {"country": "Казахстан", "period": "май 2024", "version": "1"}


def test_nil_return_and_revision_are_asked_in_both_languages() -> None:
    assert cover_data([["Сообщать не о чем в этом месяце / Nothing to report this month", "да"]]) == {
        "nil_return": "да"
    }
    assert cover_data([["Номер исправления\nRevision number", "2"], ["Nil return:"]]) == {"revision": "2"}


def test_answers_stand_behind_a_colon() -> None:
    assert cover_data([["Период: май 2024"], ["Country:"]]) == {"period": "май 2024"}


@pytest.mark.parametrize("label", ["Контакт (орган, должность)", "Contact (office, e-mail, telephone)", "Контакты:"])
def test_whom_to_ask_is_read(label: str) -> None:
    assert cover_data([[label, "Дежурная часть"]]) == {"contact": "Дежурная часть"}


def test_cover_is_narrow() -> None:
    assert is_cover([["Country", "KAZ"], []])
    assert not is_cover([["Country", "Code", "M49", "Region"]])
