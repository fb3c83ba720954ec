import pytest

from warehouse.questionnaire.cover import cover_data, is_cover, nil_answers
from warehouse.questionnaire.definition import load_questionnaire


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


def test_each_table_has_an_answer_of_its_own_below_the_question() -> None:
    rows = [
        ["Prices", "yes"],
        ["Таблицы / Tables", "", "", "Нулевой отчёт по таблице /\nNothing to report in the table"],
        ["Цены / Prices", "Цены на наркотики", "Drug prices", "да"],
        ["", "Staff", "Staff of the offices"],
        ["prices", "", "", "no"],
        ["Persons", "Persons in contact", "Лица", " ? "],
        ["Sending", "Save the file", "", "yes"],
    ]
    answers = nil_answers(rows, load_questionnaire())
    assert answers == {"prices": "да", "staff": "", "persons": "?"}
    assert is_cover(rows)
    assert not is_cover([*rows, ["a", "b", "c", "да", "d"]])
    assert not is_cover([["a", "b", "c", "d"]])
    assert nil_answers([["Prices", "yes"]], load_questionnaire()) == {}
