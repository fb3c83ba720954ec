"""Hostile and broken files, all in one run: each gets its finding, and none harms another."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hostile_documents
import hostile_names
import hostile_rows
import hostile_texts
import hostile_workbooks
import pytest
from hostile_files import HEAD, LINE, Case, odd

from flows.offline.check import judge_files
from flows.offline.prepared_warehouse import prepare
from warehouse.answers.answer import Answer
from warehouse.answers.feedback import write_answers
from warehouse.findings.finding import Finding
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path

pytestmark = pytest.mark.server

SOUND = [
    odd(name, "csv", f"{HEAD}{LINE.strip()};{name}\n".encode(), extra=f'{{"column 5":"{name}"}}')
    for name in ("first", "zz_last")
]
CASES = [
    *SOUND, *hostile_workbooks.CASES, *hostile_texts.CASES, *hostile_documents.CASES, *hostile_names.CASES,
    *hostile_rows.CASES,
]  # fmt: skip
FIELDS = ("seizure_date", "drug", "quantity", "unit")


@dataclass(frozen=True)
class Outcome:
    """What one run over all files left: problems of our own, answers and rows by the name of the file, sha256."""

    settings: Settings
    problems: list[Finding]
    answers: dict[str, Answer]
    rows: dict[str, list[dict[str, str]]]
    sent: dict[str, str]


def stored(file_name: str) -> str:
    return os.fsencode(file_name).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    settings = Settings(home=tmp_path_factory.mktemp("hostile") / "var", reader_memory_mb=1024, threads=2)
    sent = {}
    for number, case in enumerate(CASES):  # each changed at a time of its own, so that their order is known
        path = settings.inbox / case.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content := case.content)
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))
        sent[case.file_name] = hashlib.sha256(content).hexdigest()
    problems, answers = judge_files(settings, prepare(settings), [settings.inbox])
    shutil.rmtree(settings.inbox)
    with open_database(settings) as connection:
        landed = connection.execute(
            "select file_name, rows.* from raw.seizures as rows inner join raw.submissions using (submission_id) "
            "order by file_name, source_row"
        )
        names = [column[0] for column in landed.description or ()]
        rows: dict[str, list[dict[str, str]]] = {}
        for values in landed.fetchall():
            rows.setdefault(values[0], []).append(dict(zip(names, values, strict=True)))
    yield Outcome(settings, problems, {a.submission.file_name: a for a in answers}, rows, sent)
    shutil.rmtree(settings.root)  # a hundred megabytes that nobody looks at


def test_no_two_cases_share_a_name_or_bytes(outcome: Outcome) -> None:
    assert len(CASES) == len(outcome.sent) == len(set(outcome.sent.values())) > 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: stored(case.file_name).encode("unicode_escape").decode())
def test_file_gets_its_finding_and_its_rows(case: Case, outcome: Outcome) -> None:
    answer = outcome.answers[stored(case.file_name)]
    # Many cases tell themselves apart by a cell beside the table, of which its own test knows.
    said = [one for one in answer.findings if one.rule != "column_unnamed"]
    told = sorted(said, key=lambda one: (one.rule, one.source_row or 0))
    expected = sorted(case.told, key=lambda one: (one.rule, one.row or 0))
    assert [(one.severity, one.rule, one.source_row) for one in told] == [one[:3] for one in expected]
    assert [(one.words, said.message.en) for one, said in zip(expected, told, strict=True)
            if one.words not in said.message.en] == []  # fmt: skip
    rows = outcome.rows.get(stored(case.file_name), [])
    assert [(str(row["source_row"]), *(row[field] or "" for field in FIELDS)) for row in rows] == list(case.rows)
    assert {field: rows[0][field] or "" for field in case.cells} == dict(case.cells)
    assert answer.received_count == len(case.rows)
    assert (answer.accepted_count if answer.outcome == "accepted" else None) == case.accepted


def test_nothing_of_ours_failed_and_no_byte_is_lost(outcome: Outcome) -> None:
    assert outcome.problems == []
    assert set(outcome.answers) == {stored(case.file_name) for case in CASES}
    for name, sha256 in outcome.sent.items():
        kept = vault_path(outcome.settings.vault, sha256)
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha256
        assert outcome.answers[stored(name)].submission.sha256 == sha256


def test_nothing_that_was_sent_was_executed(outcome: Outcome) -> None:
    with open_database(outcome.settings) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' order by all"
        ).fetchall()
        received = connection.execute("select count(*) from raw.submissions").fetchall()
    assert {"seizures", "persons", "submissions", "landings", "findings"} <= {name for (name,) in tables}
    assert received == [(len(CASES),)]


def test_answers_hold_what_was_sent_as_text(outcome: Outcome) -> None:
    odd_ones = {stored(case.file_name) for case in (*hostile_texts.LETTERS, *hostile_names.CASES)}
    answers = [answer for name, answer in outcome.answers.items() if name in odd_ones or "nul_" in name]
    with open_database(outcome.settings) as connection:
        folders = write_answers(connection, answers, outcome.settings, always_return=True)
    assert len(folders) == len(answers) > 60
    inside = outcome.settings.feedback.resolve()
    assert [folder for folder in folders if inside not in folder.resolve().parents] == []
    pages = [page.read_text(encoding="utf-8") for folder in folders for page in folder.glob("*.html")]
    assert [page for page in pages if "<script>alert" in page or 'onload="alert' in page] == []
    books = [book for folder in folders for book in folder.glob("return_*.xlsx")]
    assert len(books) > 30
    assert [book for book in books if _has_formula(book, b"HYPERLINK", b"calc", b"1+1", b"SUM(1)")] == []


def _has_formula(book: Path, *texts: bytes) -> bool:
    """Tell whether a cell of a workbook calculates one of these texts; in a cell as text they lie in another part."""
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    return any(text in formula for xml in sheets for formula in xml.split(b"<f>")[1:] for text in texts)
