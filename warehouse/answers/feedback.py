"""Feedback: what a country gets back for each submission: a page in each language, JSON, and its form with marks."""

import shutil
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import orjson

from warehouse.answers.answer import SCHEMA_NAME, Answer
from warehouse.answers.page import LANGUAGES, page_name, render_page
from warehouse.answers.return_data import write_returned_form
from warehouse.ledger.in_force import REPLACED, last_decisions
from warehouse.progress import each
from warehouse.storage.durable import replace_file, sync_folder
from warehouse.storage.permissions import create_folder
from warehouse.storage.settings import Settings
from warehouse.text_table import printable
from warehouse.words.catalogue import N_, fill
from warehouse.words.local_times import local_time, zone_of

UNKNOWN = "UNKNOWN"
COPIES_NAME = "received_again.txt"
_COPY = N_(
    "{file_name}, received on {received}, holds the same as the file answered here and changes nothing. If it "
    "was meant as a correction, send the corrected file."
)


def write_answers(
    connection: duckdb.DuckDBPyConnection, answers: Sequence[Answer], settings: Settings, *, always_return: bool = False
) -> list[Path]:
    """Write the folder of each answer below the feedback folder; returns the folders.

    A return workbook is written where there is something to correct or to confirm, or with ``always_return`` wherever
    it can be. An exception has a note of the file whose answer it was.
    """
    folders = []
    create_folder(settings.feedback)
    for answer in each("Writing answers", answers, len(answers)):
        is_returned = always_return or bool(answer.to_correct or answer.to_confirm)
        try:
            folders.append(_write_answer(connection, answer, settings, is_returned=is_returned))
        except Exception as error:
            error.add_note(f"This was the answer to {printable(answer.submission.file_name)}.")
            raise
    return folders


def write_schema(settings: Settings) -> None:
    """Write the schema of answer.json beside the folders; by one process alone, as all would write the same file."""
    schema = orjson.dumps(Answer.model_json_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    replace_file(settings.feedback / SCHEMA_NAME, schema)


def _write_answer(
    connection: duckdb.DuckDBPyConnection, answer: Answer, settings: Settings, *, is_returned: bool
) -> Path:
    folder = settings.feedback / folder_of(answer)
    folder.mkdir(parents=True, exist_ok=True)
    answered = answer.model_copy(update={"keepers_contact": settings.contact or None})
    if is_returned:
        answered = write_returned_form(connection, answered, settings.codelists, folder)
    for old in folder.glob("return_*.xlsx"):
        if old.name != answered.return_workbook:
            old.unlink()
    replace_file(folder / "answer.json", answered.model_dump_json(indent=2).encode() + b"\n")
    for language in LANGUAGES:
        replace_file(folder / page_name(language), render_page(answered, language).encode())
    for parent in (folder.parent, folder.parent.parent):
        sync_folder(parent)
    return folder


def remove_replaced(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Remove the answers to refusals of files that were read again since: their advice no longer holds."""
    rows = connection.execute(
        f"select country_code, reporting_month, submission_id from raw.submissions where submission_id in ({REPLACED})"
    ).fetchall()
    for row in rows:
        shutil.rmtree(settings.feedback / _folder(*row), ignore_errors=True)


def write_copies(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Say beside the answer to a submission which files came later with the same bytes and changed nothing."""
    if not connection.execute("from raw.copies limit 1").fetchone():
        return  # also in a new warehouse, which has no codelists before its first submission
    rows = connection.execute(
        f"""
        select
            country_code, reporting_month, submission_id, any_value(time_zone),
            list((copies.file_name, copies.received_at) order by position)
        from raw.copies
        inner join (select submission_id, country_code, reporting_month from raw.submissions) using (submission_id)
        left join seeds.countries on country_code = countries.code
        where submission_id not in ({REPLACED})
        group by all
        """
    ).fetchall()
    for country_code, month, submission_id, time_zone, copies in rows:
        times = [(printable(name), local_time(at, zone_of(time_zone))) for name, at in copies]
        lines = [
            fill(_COPY, {"file_name": name, "received": f"{at.day} {at.clock}"}, language)
            for language in LANGUAGES
            for name, at in times
        ]
        path = settings.feedback / _folder(country_code, month, submission_id) / COPIES_NAME
        content = ("\n".join(lines) + "\n").encode()
        if path.parent.is_dir() and not (path.exists() and path.read_bytes() == content):
            replace_file(path, content)


def decided_files(
    connection: duckdb.DuckDBPyConnection, times: Collection[datetime]
) -> list[tuple[str, str, str, str]]:
    """Return country, file, outcome and the folder of the answer of each submission decided on at these times.

    A country or month that nobody could read is UNKNOWN; the folder is below the feedback folder.
    """
    rows = connection.execute(
        f"""
        select country_code, reporting_month, submission_id, file_name, outcome, quarantined_count
        from ({last_decisions("list_contains($times, decided_at)")}) as decisions
        inner join raw.submissions using (submission_id)
        order by country_code, reporting_month, file_name
        """,
        {"times": list(times)},
    ).fetchall()
    return [
        (
            country or UNKNOWN, printable(name), f"{outcome}, {held} rows held back" if held else outcome,
            _folder(country, month, submission_id).as_posix(),
        )
        for country, month, submission_id, name, outcome, held in rows
    ]  # fmt: skip


def folder_of(answer: Answer) -> Path:
    """Return where an answer belongs, from the feedback folder: country, month, submission."""
    sent = answer.submission
    return _folder(sent.country_code, sent.reporting_month, sent.submission_id)


def _folder(country_code: str | None, month: date | None, submission_id: str) -> Path:
    return Path(country_code or UNKNOWN, f"{month:%Y-%m}" if month else UNKNOWN, submission_id)
