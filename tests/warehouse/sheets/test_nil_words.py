import pytest

from warehouse.sheets.nil_words import says_nil
from warehouse.storage.settings import Settings

CODELISTS = Settings().codelists


@pytest.mark.parametrize(
    "text",
    [
        "нет", "Изъятий не было", "Изъятий в мае не было.", "За отчётный период изъятий не зарегистрировано",
        "Фактов контрабанды не выявлено", "отсутствуют", "сообщать не о чем", "Нулевой отчёт", "NIL", "Nil return",
        "No seizures in May", "Nothing to report", "No activities were recorded in the reporting period", "жоқ",
        "болған жоқ", "yo‘q", "йўқ", "ýok", "Ýok.",
    ],
)  # fmt: skip
def test_words_that_say_that_there_was_nothing(text: str) -> None:
    assert says_nil(text, CODELISTS)


@pytest.mark.parametrize(
    "text",
    [
        "см. приложение", "данные позже", "нет данных", "нет сведений", "нет доступа к базе", "отчёта нет",
        "неизвестно",
        "Не было времени заполнить", "не заполнялось", "Начальник отдела", "Изъятия были", "да", "no data", "no report",
        "not yet available", "No information", "see annex", "Seizures", "нет " * 100,
    ],
)  # fmt: skip
def test_other_words_do_not(text: str) -> None:
    assert not says_nil(text, CODELISTS)
