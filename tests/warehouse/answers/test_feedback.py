"""Feedback: what a country reads is complete, escaped, and the same as what programs read."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Warehouse
from openpyxl import load_workbook

from warehouse.answers.answer import Answer
from warehouse.answers.assembly import read_answers
from warehouse.answers.feedback import folder_of, write_answers
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


@pytest.fixture(scope="module")
def answers(published: Warehouse) -> dict[str, Answer]:
    with open_database(published.settings) as connection:
        found = read_answers(connection, published.ingested.decisions[0].decided_at)
    return {answer.submission.file_name: answer for answer in found}


def content_of(settings: Settings, answer: Answer) -> Any:
    return json.loads((settings.feedback / folder_of(answer) / "answer.json").read_text(encoding="utf-8"))


def test_answers_hold_what_reader_and_gate_found(answers: dict[str, Answer]) -> None:
    found = {name: [finding.rule for finding in answer.findings] for name, answer in answers.items()}
    assert found == {
        "KAZ/KAZ_2024-01.csv": [],
        "KAZ/KAZ_2024-01_revised.csv": [],
        "KGZ/UZB_2024-03.csv": ["identity_contradicted"],
        "TJK/TJK_2024-01.xlsx": ["file_unreadable"],
        "UZB/UZB_2024-01.csv": ["value_unreadable"],
        "UZB/UZB_2024-02.csv": [],
    }


def test_an_answer_says_which_file_is_in_force(answers: dict[str, Answer]) -> None:
    states = {name: answer.state for name, answer in answers.items()}
    assert states == {
        "KAZ/KAZ_2024-01.csv": "replaced",
        "KAZ/KAZ_2024-01_revised.csv": "current",
        "KGZ/UZB_2024-03.csv": "rejected",
        "TJK/TJK_2024-01.xlsx": "rejected",
        "UZB/UZB_2024-01.csv": "current",
        "UZB/UZB_2024-02.csv": "current",
    }
    (standing,) = answers["KAZ/KAZ_2024-01.csv"].standing
    assert (standing.table, standing.file_name, standing.rows_count, standing.is_this) == (
        "seizures", "KAZ/KAZ_2024-01_revised.csv", 3, False,
    )  # fmt: skip


def test_a_sender_sees_how_the_numbers_were_read(answers: dict[str, Answer]) -> None:
    (table,) = answers["KAZ/KAZ_2024-01_revised.csv"].tables
    read = [(drug.drug_code, drug.name.ru, drug.rows_count, drug.quantity_kg) for drug in table.drugs]
    assert read == [("HEROIN", "Героин", 2, 3.0), ("OPIUM", "Опий", 1, 0.75)]
    (table,) = answers["UZB/UZB_2024-01.csv"].tables
    assert (table.received_count, table.accepted_count, table.quarantined_count) == (2, 1, 1)
    assert [(drug.drug_code, drug.quantity_kg) for drug in table.drugs] == [("OPIUM", 1.5)]


def test_a_drug_that_its_sender_does_not_know_is_said_to_be_unknown(published: Warehouse, warehouse: Settings) -> None:
    """A cell -- is how the form says so; an answer with it could not be written."""
    with open_database(warehouse) as connection:
        connection.execute("update staging.stg_seizures set drug_code = 'NOT_STATED' where drug_code = 'OPIUM'")
        found = read_answers(connection, published.ingested.decisions[0].decided_at)
    (table,) = next(a for a in found if a.submission.file_name == "UZB/UZB_2024-01.csv").tables
    assert [(drug.drug_code, drug.name.ru, drug.rows_count) for drug in table.drugs] == [("UNKNOWN", "Неизвестно", 1)]


def test_json_is_what_its_schema_says(published: Warehouse, answers: dict[str, Answer]) -> None:
    from jsonschema import ValidationError, validate  # type: ignore[import-untyped]

    schema = json.loads((published.settings.feedback / "answer.schema.json").read_text(encoding="utf-8"))
    for answer in answers.values():
        content = content_of(published.settings, answer)
        validate(content, schema)
        assert content["submission"]["submission_id"] == answer.submission.submission_id
    with pytest.raises(ValidationError):
        validate({**content_of(published.settings, answer), "outcome": "perhaps"}, schema)


def test_return_workbook_is_written_where_every_row_is_known(published: Warehouse, answers: dict[str, Answer]) -> None:
    written = {
        name: sorted(path.name for path in (published.settings.feedback / folder_of(answer)).iterdir())
        for name, answer in answers.items()
    }
    pages = ["answer.json", "answer_en.html", "answer_ru.html"]
    assert written["UZB/UZB_2024-01.csv"] == [*pages, "return_UZB_2024-01.xlsx"]
    assert written["KGZ/UZB_2024-03.csv"] == [*pages, "return_KGZ_2024-03.xlsx"]
    assert written["TJK/TJK_2024-01.xlsx"] == pages
    assert written["UZB/UZB_2024-02.csv"] == pages, "nothing is to be corrected or confirmed"
    content = content_of(published.settings, answers["UZB/UZB_2024-01.csv"])
    assert content["return_workbook"] == "return_UZB_2024-01.xlsx"
    assert [(finding["cell"], finding["source_row"]) for finding in content["findings"]] == [("Seizures H7", 3)]


def test_a_file_of_nobody_has_a_place_too(published: Warehouse, answers: dict[str, Answer], tmp_path: Path) -> None:
    answer = answers["TJK/TJK_2024-01.xlsx"]
    nobody = {"country_code": None, "country": None, "reporting_month": None}
    unknown = answer.model_copy(update={"submission": answer.submission.model_copy(update=nobody)})
    with open_database(published.settings) as connection:
        (folder,) = write_answers(connection, [unknown], Settings(home=tmp_path))
    assert folder.parent == tmp_path / "feedback" / "UNKNOWN" / "UNKNOWN"
    assert "Страна не указана, месяц не указан" in (folder / "answer_ru.html").read_text(encoding="utf-8")


def test_writing_again_leaves_nothing_of_before(
    published: Warehouse, answers: dict[str, Answer], tmp_path: Path
) -> None:
    settings, answer = Settings(home=tmp_path), answers["UZB/UZB_2024-01.csv"]
    with open_database(published.settings) as connection:
        (folder,) = write_answers(connection, [answer], settings)
        names = {path.name for path in folder.iterdir()}
        assert "return_UZB_2024-01.xlsx" in names
        write_answers(connection, [answer.model_copy(update={"tables": ()})], settings)
    assert {path.name for path in folder.iterdir()} == names - {"return_UZB_2024-01.xlsx"}


def test_whom_to_ask_stands_on_pages_and_in_the_workbook(
    published: Warehouse, answers: dict[str, Answer], tmp_path: Path
) -> None:
    settings, words = (
        Settings(home=tmp_path, contact="desk@example.org"),
        "Whom to ask about this answer: desk@example.org",
    )
    with open_database(published.settings) as connection:
        (folder,) = write_answers(connection, [answers["UZB/UZB_2024-01.csv"]], settings)
    assert words in (folder / "answer_en.html").read_text(encoding="utf-8")
    listed = load_workbook(folder / "return_UZB_2024-01.xlsx", read_only=True).worksheets[1]
    assert words in str(next(listed.iter_rows(min_row=5, max_row=5, values_only=True))[0])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_page_asks_the_network_for_nothing(published: Warehouse, answers: dict[str, Answer], language: str) -> None:
    for answer in answers.values():
        folder = published.settings.feedback / folder_of(answer)
        page = (folder / f"answer_{language}.html").read_text(encoding="utf-8")
        assert re.findall(r"<script|<img|<link|<iframe|@import|url\(|https?:|\son\w+=", page) == []
        links = set(re.findall(r'(?:src|href)="([^"]*)"', page))
        assert {name for name in links if not (folder / name).is_file()} == set()
