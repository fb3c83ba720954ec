"""Which tables of a file are answered without rows: as nil by a cover or by words, and which are not answered."""

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from made_readings import HEADINGS, QUESTIONNAIRE, csv_of, reading_of
from openpyxl.styles import Font

from warehouse.forms.template import write_template
from warehouse.intake.landing import Reading
from warehouse.storage.settings import Settings

NAME, ASKED = "KAZ/KAZ_2024-05", HEADINGS[:4]


def told(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    return [(found.rule, found.source_row, found.value) for found in reading.findings]


def a_seizure() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (ASKED, ["2024-05-01", "героин", "1", "кг"]):
        book.active.append(row)
    return book


def read(folder: Path, book: openpyxl.Workbook) -> Reading:
    file = BytesIO()
    book.save(file)
    return reading_of(folder, f"{NAME}.xlsx", file.getvalue())


@pytest.mark.parametrize(
    ("words", "rules"),
    [("Изъятий не было", ["note"]), ("данные позже", ["words_alone", "nothing_answered"])],
)
def test_only_words_that_say_so_make_an_empty_table_nil(tmp_path: Path, words: str, rules: list[str]) -> None:
    reading = reading_of(tmp_path, f"{NAME}.csv", csv_of([ASKED, [words]]))
    assert [rule for rule, _, _ in told(reading)] == rules
    assert told(reading)[0][1:] == (2, words)
    assert (len(reading.landings), reading.submission.unsaid_tables) == (
        (1, ()) if rules == ["note"] else (0, ("seizures",))
    )


def test_a_signature_below_words_that_say_so_is_a_note_too(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, f"{NAME}.csv", csv_of([ASKED, ["Изъятий не было"], ["Отдел учёта"]]))
    assert ([rule for rule, _, _ in told(reading)], len(reading.landings)) == (["note", "note"], 1)


def test_a_table_that_the_cover_calls_nil_keeps_its_note(tmp_path: Path) -> None:
    rows = [["Нулевой отчет", "да"], ASKED, ["данные сверены"]]
    reading = reading_of(tmp_path, f"{NAME}.csv", csv_of(rows))
    assert ([rule for rule, _, _ in told(reading)], reading.submission.unsaid_tables) == (["note"], ())


def test_rows_that_are_all_struck_through_are_no_nil(tmp_path: Path) -> None:
    book = a_seizure()
    for cell in book.active[2]:
        cell.font = Font(strike=True)
    reading = read(tmp_path, book)
    assert [rule for rule, _, _ in told(reading)] == ["row_struck", "nothing_answered"]


def test_empty_tables_of_a_form_without_its_cover_are_not_answered(tmp_path: Path) -> None:
    """Its lists went too: the words above its tables say that they are those of the form."""
    path = tmp_path / "form.xlsx"
    write_template(path, "KAZ", period=None, language="ru", questionnaire=QUESTIONNAIRE,
                   codelists=Settings().codelists, row_count=3)  # fmt: skip
    book = openpyxl.load_workbook(path)
    for name in (book.sheetnames[0], "Списки"):
        del book[name]
    reading = read(tmp_path, book)
    assert (reading.landings, [rule for rule, _, _ in told(reading)]) == ((), ["cover_lost", "nothing_answered"])
    assert set(reading.submission.unsaid_tables) == {table.name for table in QUESTIONNAIRE.tables}


def test_the_lists_of_the_form_say_that_it_is_one(tmp_path: Path) -> None:
    book = a_seizure()
    book.create_sheet("Цены").append(["Наркотик", "Единица цены", "Типичная цена", "Валюта"])
    book.create_sheet("Списки").append(["героин"])
    reading = read(tmp_path, book)
    assert ([part.table_name for part in reading.landings], told(reading)) == (
        ["seizures"], [("cover_lost", None, None)],
    )  # fmt: skip


def test_a_list_without_records_is_nil_as_before(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, f"{NAME}.json", json.dumps({"prices": []}).encode())
    assert (told(reading), len(reading.landings)) == ([], 1)
