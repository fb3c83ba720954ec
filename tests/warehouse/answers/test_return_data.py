"""Returned forms: what cannot go back whole goes back as an excerpt that no one can take for a report."""

from pathlib import Path
from typing import Any

import pytest
from conftest import Warehouse
from openpyxl import load_workbook
from written_forms import CODELISTS, read

from warehouse.answers import return_data as returned_form
from warehouse.answers.answer import Answer
from warehouse.answers.assembly import read_answers
from warehouse.answers.page import render_page
from warehouse.answers.return_data import write_returned_form
from warehouse.ledger.decisions import MORE_ERRORS
from warehouse.questionnaire.language import Language
from warehouse.storage.database import open_database


@pytest.fixture
def answer(published: Warehouse) -> Answer:
    """The answer to a file with an error in one of two rows."""
    with open_database(published.settings) as connection:
        answers = read_answers(connection, published.ingested.decisions[0].decided_at)
    return next(answer for answer in answers if answer.submission.file_name == "UZB/UZB_2024-01.csv")


def written(published: Warehouse, answer: Answer, folder: Path) -> tuple[Answer, Any]:
    with open_database(published.settings) as connection:
        returned = write_returned_form(connection, answer, CODELISTS, folder)
    return returned, load_workbook(folder / str(returned.return_workbook))


def test_a_large_file_comes_back_as_its_bad_rows(
    published: Warehouse, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returned_form, "MAX_ROWS", 1)
    returned, book = written(published, answer, tmp_path)
    assert returned.is_excerpt
    assert [row[7].value for row in book["Seizures"].iter_rows(min_row=6) if row[7].value] == ["much"]
    assert str(book.worksheets[1]["A5"].value).startswith("This workbook holds only the rows with findings.")
    assert "не присылайте его обратно" in render_page(returned, "ru")


def test_an_excerpt_that_is_sent_back_replaces_nothing(
    published: Warehouse, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returned_form, "MAX_ROWS", 1)
    returned, _ = written(published, answer, tmp_path)
    reading = read(tmp_path / str(returned.return_workbook), tmp_path)
    assert [(finding.severity, finding.rule) for finding in reading.findings] == [("error", "excerpt_returned")]


def test_what_the_workbook_does_not_list_is_counted(
    published: Warehouse, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returned_form, "MAX_MARKS", 0)
    returned, book = written(published, answer, tmp_path)
    assert [finding.cell for finding in returned.findings] == [None]
    assert str(book.worksheets[1]["A5"].value).startswith("1 more finding is not listed here")
    assert [row[7].value for row in book["Seizures"].iter_rows(min_row=6, max_row=7)] == [1.5, "much"]


def test_a_message_names_the_row_of_the_workbook(published: Warehouse, answer: Answer, tmp_path: Path) -> None:
    """Row 2 of the csv file is row 6 of the form."""
    finding = answer.findings[0].model_copy(
        update={
            "template": "the row repeats row {first_row} in every answer. Delete it if it is the same event; "
            "if not, leave it.",
            "arguments": {"first_row": 2},
        }
    )
    _, book = written(published, answer.model_copy(update={"findings": (finding,)}), tmp_path)
    assert str(book.worksheets[1]["G7"].value).startswith("The row repeats row 6 in every answer.")


@pytest.mark.parametrize(
    ("language", "sheets"),
    [
        ("ru", ["Титульный лист", "Инструкция (что исправить)", "Изъятия", "Списки"]),
        ("en", ["Cover", "Instructions (what to correct)", "Seizures", "Lists"]),
        (None, ["Титульный лист", "Инструкция (что исправить)", "Изъятия", "Списки"]),  # as letters to the country
    ],
)
def test_the_workbook_speaks_the_language_of_the_file_first(
    published: Warehouse, answer: Answer, tmp_path: Path, language: Language | None, sheets: list[str]
) -> None:
    sent = answer.submission.model_copy(update={"language": language})
    returned, book = written(published, answer.model_copy(update={"submission": sent}), tmp_path)
    assert book.sheetnames == sheets
    assert f"«{sheets[1]}»" in render_page(returned, "ru")
    headings = [[cell.value for cell in book[sheets[2]][row]][7] for row in (4, 5)]
    assert headings == ["Quantity\u00a0*", "Количество\u00a0*"][:: 1 if language == "en" else -1]


def test_no_form_goes_back_for_a_file_of_which_rows_are_missing(
    published: Warehouse, answer: Answer, tmp_path: Path
) -> None:
    missing = answer.findings[0].model_copy(update={"rule": "column_missing", "source_row": None})
    for unfit in (
        answer.model_copy(update={"findings": (missing,)}),
        answer.model_copy(update={"submission": answer.submission.model_copy(update={"country_code": "AFG"})}),
        answer.model_copy(update={"tables": ()}),
    ):
        with open_database(published.settings) as connection:
            returned = write_returned_form(connection, unfit, CODELISTS, tmp_path)
        assert returned == unfit
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_more_bad_rows_than_are_named_comes_back(
    published: Warehouse, answer: Answer, tmp_path: Path
) -> None:
    """All its rows were read: an error about the whole of it is no reason to keep its form back."""
    changes = {"template": MORE_ERRORS, "arguments": {"count": 7, "row": 3}, "source_row": None}
    more = answer.findings[0].model_copy(update=changes)
    returned, _ = written(published, answer.model_copy(update={"findings": (*answer.findings, more)}), tmp_path)
    assert returned.return_workbook is not None
