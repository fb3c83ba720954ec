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
        "No seizures were reported", "Не выявлено", "Изъятий в мае 2024 г. не было",
        "Seizures were not recorded",
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
        "not yet available", "No information", "not reported", "none reported", "have not been reported", "no return",
        "Not all seizures reported",
        "Seizures not reported", "Not all cases are recorded", "нет, изъятия были", "No, there were seizures",
        "цены не установлены", "нет: 5 случаев", "No. 5", "not found", "see annex", "Seizures", "нет " * 100,
    ],
)  # fmt: skip
def test_other_words_do_not(text: str) -> None:
    assert not says_nil(text, CODELISTS)
