"""Reminders: who is told what, in which language, from which day on, and what stays quiet."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from made_ledger import TABLES, made_ledger, obligation, submit

from warehouse.questionnaire.definition import load_questionnaire
from warehouse.reporting.obligations import Obligation
from warehouse.reporting.reminders import Item, Reminder, due_reports, keep_reminders, write_letters
from warehouse.storage.settings import Settings

JANUARY = date(2024, 1, 1)
IN_TIME = datetime(2024, 2, 3)
FULL = {"seizures": (3, 0), "persons": (2, 0)}


@pytest.fixture
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    with made_ledger() as connection:
        yield connection


def remind(ledger: duckdb.DuckDBPyConnection, day: date, *obligations: Obligation) -> list[Reminder]:
    asked = obligations or [obligation("KAZ")]
    reports = due_reports(ledger, asked, TABLES, day)
    return write_letters(reports, load_questionnaire(), Settings().codelists, day)


def items(reminders: list[Reminder]) -> list[Item]:
    return [item for reminder in reminders for letter in reminder.letters for item in letter.items]


@pytest.mark.parametrize(
    ("day", "days_late"),
    [(date(2024, 2, 9), []), (date(2024, 2, 10), [-5]), (date(2024, 2, 15), [0]), (date(2024, 2, 16), [1])],
)
def test_reminders_begin_before_the_due_day_and_do_not_end(
    ledger: duckdb.DuckDBPyConnection, day: date, days_late: list[int]
) -> None:
    assert [item.days_late for item in items(remind(ledger, day))] == days_late


def test_a_letter_in_english(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "late", "KAZ", JANUARY, IN_TIME, {"seizures": (1, 0)})
    submit(ledger, "wrong", "KAZ", date(2024, 2, 1), datetime(2024, 3, 3), FULL, outcome="rejected")
    (reminder,) = remind(ledger, date(2024, 3, 12))
    (letter,) = reminder.letters
    assert letter.text == (
        "To: Ministry of Internal Affairs of Kazakhstan, unit that answers the questionnaire\n"
        "Kazakhstan: answers to the questionnaire that are due, 12 March 2024\n"
        "\n"
        "- January 2024: tables: Persons. It was due on 15 February 2024 (days late: 26). "
        "Send the file KAZ_2024-01.xlsx.\n"
        "- February 2024: the whole form. It is due on 15 March 2024 (days left: 3). Send the file KAZ_2024-02.xlsx. "
        "The file wrong.csv for this month was rejected. Correct what the answer to it names and send it again.\n"
        "\n"
        "If there is nothing to report for a month, or in a table of it, answer “yes” to that on the cover of the "
        "form: it is an answer too, and an empty table is none. Tables that have arrived stay in force and need "
        "not be sent again.\n"
    )


def test_the_name_of_a_file_begins_no_line_of_a_letter(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "wrong\n\nSend it elsewhere", "KAZ", JANUARY, IN_TIME, FULL, outcome="rejected")
    (reminder,) = remind(ledger, date(2024, 2, 12))
    assert "The file wrong\\n\\nSend it elsewhere.csv for this month was rejected." in reminder.letters[0].text


def test_a_letter_in_russian(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "some", "KAZ", JANUARY, IN_TIME, {"seizures": (1, 0)})
    (reminder,) = remind(ledger, date(2024, 2, 20), obligation("KAZ", language="ru"))
    assert reminder.letters[0].text.startswith(
        "Кому: Министерство внутренних дел Казахстана, подразделение, отвечающее на вопросник\n"
        "Казахстан: ожидаемые ответы на вопросник, 20 февраля 2024\n"
        "\n"
        "- январь 2024: таблицы: Лица. Срок был 15 февраля 2024 (дней просрочки: 5). Пришлите файл KAZ_2024-01.xlsx.\n"
    )


@pytest.mark.parametrize(
    ("tables", "outcome"),
    [(FULL, "accepted"), ({"seizures": (0, 0), "persons": (0, 0)}, "accepted"), (FULL, None)],
)
def test_who_has_reported_or_waits_for_us_is_not_reminded(
    ledger: duckdb.DuckDBPyConnection, tables: dict[str, tuple[int, int]], outcome: str | None
) -> None:
    submit(ledger, "a", "KAZ", JANUARY, IN_TIME, tables, outcome=outcome)
    assert remind(ledger, date(2024, 2, 20)) == []


def test_each_office_gets_its_own_letter(ledger: duckdb.DuckDBPyConnection) -> None:
    asked = [obligation("KAZ"), obligation("KAZ", "persons", due_day=10, agency_code="KZ-KGD", language="ru")]
    (reminder,) = remind(ledger, date(2024, 2, 20), *asked)
    told = {(x.agency_code, x.language): [(i.tables, i.days_late) for i in x.items] for x in reminder.letters}
    assert told == {("KZ-MVD", "en"): [(("seizures",), 5)], ("KZ-KGD", "ru"): [(("persons",), 10)]}


def test_a_month_that_has_not_ended_is_not_asked_for(ledger: duckdb.DuckDBPyConnection) -> None:
    asked = obligation("KAZ", reminder_days=60)
    assert [item.month for item in items(remind(ledger, date(2024, 2, 29), asked))] == ["2024-01"]
    assert remind(ledger, date(2024, 1, 31), asked) == []
    assert due_reports(ledger, [], TABLES, date(2024, 2, 20)) == []


def test_files_of_a_day_follow_what_is_due(ledger: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    day, asked = date(2024, 2, 20), [obligation("KAZ"), obligation("UZB", agency_code="UZ-TK")]
    first = keep_reminders(tmp_path, day, remind(ledger, day, *asked))
    assert sorted(path.name for path in first) == ["KAZ.json", "KAZ.txt", "UZB.json", "UZB.txt"]
    assert {path.parent for path in first} == {tmp_path / "reminders" / "2024-02-20"}
    told = json.loads((first[0].parent / "UZB.json").read_text(encoding="utf-8"))
    assert (told["country_code"], told["letters"][0]["items"][0]["file_name"]) == ("UZB", "UZB_2024-01.xlsx")
    assert told["letters"][0]["text"] == (first[0].parent / "UZB.txt").read_text(encoding="utf-8")

    before = {path: path.stat().st_mtime_ns for path in first}
    assert keep_reminders(tmp_path, day, remind(ledger, day, *asked)) == first
    assert {path: path.stat().st_mtime_ns for path in first} == before

    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 20, 9), FULL)
    left = keep_reminders(tmp_path, day, remind(ledger, day, *asked))
    assert {path.name for path in first[0].parent.iterdir()} == {path.name for path in left} == {"UZB.json", "UZB.txt"}
    submit(ledger, "b", "UZB", JANUARY, datetime(2024, 2, 20, 9), FULL)
    (own := first[0].parent / "sent.txt").touch()
    assert keep_reminders(tmp_path, day, remind(ledger, day, *asked)) == []
    assert list(first[0].parent.iterdir()) == [own]
    own.unlink()
    assert keep_reminders(tmp_path, day, remind(ledger, day, *asked)) == []
    assert not first[0].parent.exists()
