"""Feedback: what a country gets back for each submission: a page in each language, JSON, and its form with marks."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import orjson

from warehouse.answer import SCHEMA_NAME, Answer, Sent, Standing
from warehouse.answer_page import LANGUAGES, page_name, render_page
from warehouse.chain import append_entries, dated
from warehouse.permissions import create_folder
from warehouse.questionnaire import Questionnaire, Words, load_questionnaire
from warehouse.refusals import REPLACED
from warehouse.returned_form import write_returned_form
from warehouse.settings import Settings
from warehouse.status import LATEST
from warehouse.sums import read_tables
from warehouse.told_findings import Before, Findings
from warehouse.vault import sync_folder, sync_tree

UNKNOWN = "UNKNOWN"
_NAMES = ("name_en", "name_ru")
_COUNTS = ("received_count", "accepted_count", "quarantined_count")

_DECIDED = """
select
    submissions.submission_id, file_name, sha256, country_code, reporting_month, received_at, decided_at, file_format,
    revision, language, outcome, received_count, accepted_count, quarantined_count, countries.name_en, countries.name_ru
from raw.decisions
inner join raw.submissions on decisions.submission_id = submissions.submission_id
left join seeds.countries on submissions.country_code = countries.code
where decided_at = ?
order by country_code, reporting_month, file_name
"""

_STANDING = f"""
with {LATEST},
answered as (
    select distinct country_code, reporting_month
    from raw.decisions
    inner join raw.submissions on decisions.submission_id = submissions.submission_id
    where decided_at = ?
)
select
    parts.country_code, parts.reporting_month, parts.table_name as table, parts.submission_id, latest.file_name,
    latest.received_at, parts.row_count as rows_count
from parts
inner join latest on parts.submission_id = latest.submission_id
inner join answered
    on parts.country_code = answered.country_code and parts.reporting_month = answered.reporting_month
where parts.is_current
"""

# The submission received last before, of the same country and month, that speaks of one of the same tables or of none.
_BEFORE = f"""
with tables as (select distinct submission_id, table_name from raw.landings),
latest as (select submission_id, max(decided_at) as decided_at from raw.decisions group by all)
select
    later.submission_id, earlier.submission_id, earlier.file_name, earlier.received_at, latest.decided_at
from raw.decisions
inner join raw.submissions as later on decisions.submission_id = later.submission_id
inner join raw.submissions as earlier
    on later.country_code = earlier.country_code and later.reporting_month = earlier.reporting_month
    and (earlier.received_at, earlier.file_name) < (later.received_at, later.file_name)
inner join latest on earlier.submission_id = latest.submission_id
where
    decisions.decided_at = ?
    and later.submission_id in (select submission_id from tables)
    and earlier.submission_id not in ({REPLACED})
    and (
        earlier.submission_id not in (select submission_id from tables)
        or exists (
            select 1
            from tables as mine
            inner join tables as theirs on mine.table_name = theirs.table_name
            where mine.submission_id = later.submission_id and theirs.submission_id = earlier.submission_id
        )
    )
qualify row_number() over (
    partition by later.submission_id order by earlier.received_at desc, earlier.file_name desc
) = 1
"""


def read_answers(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> list[Answer]:
    """Return the answers to all submissions that were decided at this time, by country, month and file."""
    questionnaire = load_questionnaire()
    standing: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for row in _rows(connection, _STANDING, [decided_at]):
        standing.setdefault((row.pop("country_code"), row.pop("reporting_month")), []).append(row)
    before = {row[0]: row[1:] for row in connection.execute(_BEFORE, [decided_at]).fetchall()}
    return [
        _read_answer(
            connection,
            questionnaire,
            decided,
            standing.get((decided["country_code"], decided["reporting_month"]), []),
            before.get(decided["submission_id"]),
        )
        for decided in _rows(connection, _DECIDED, [decided_at])
    ]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _read_answer(
    connection: duckdb.DuckDBPyConnection,
    questionnaire: Questionnaire,
    decided: dict[str, Any],
    standing: Sequence[Mapping[str, Any]],
    before: tuple[Any, ...] | None,
) -> Answer:
    key, decided_at, outcome = decided["submission_id"], decided["decided_at"], decided.pop("outcome")
    findings = Findings(connection, key, decided_at, Before(*before) if before else None)
    told = findings.tell(questionnaire)
    tables = read_tables(connection, questionnaire, key, decided_at, is_accepted=outcome == "accepted")
    sent_tables = {part.table for part in tables}
    own = [
        Standing(**row, is_this=row["submission_id"] == key)
        for row in standing
        if not tables or row["table"] in sent_tables
    ]
    names, counts = ([decided.pop(name) for name in group] for group in (_NAMES, _COUNTS))
    state = _state(outcome, sum(part.is_this for part in own), len(tables))
    return Answer(
        submission=Sent(**decided, country=Words(en=names[0], ru=names[1]) if names[0] else None),
        outcome=outcome,
        state=state,
        received_count=counts[0],
        accepted_count=counts[1],
        quarantined_count=counts[2],
        error_count=sum(finding.severity == "error" for finding in told),
        warning_count=sum(finding.severity == "warning" and finding.state == "open" for finding in told),
        confirmed_count=sum(finding.state == "confirmed" for finding in told),
        is_too_bad=findings.is_too_bad,
        findings=told,
        tables=tables,
        standing=tuple(own),
        progress=findings.progress(),
    )


def _state(
    outcome: str, current_count: int, count: int
) -> Literal["current", "partly_current", "replaced", "rejected"]:
    if outcome == "rejected":
        return "rejected"
    if current_count == count:
        return "current"
    return "partly_current" if current_count else "replaced"


def write_answers(connection: duckdb.DuckDBPyConnection, answers: Iterable[Answer], settings: Settings) -> list[Path]:
    """Write the folder of each answer below the feedback folder, and the schema of the JSON; returns the folders."""
    folders = []
    create_folder(settings.feedback)
    for answer in answers:
        folder = settings.feedback / folder_of(answer)
        folder.mkdir(parents=True, exist_ok=True)
        told = write_returned_form(connection, answer, settings.codelists, folder)
        for old in folder.glob("return_*.xlsx"):
            if old.name != told.return_workbook:
                old.unlink()
        _write(folder / "answer.json", told.model_dump_json(indent=2).encode() + b"\n")
        for language in LANGUAGES:
            _write(folder / page_name(language), render_page(told, language).encode())
        sync_tree(folder)
        for parent in (folder.parent, folder.parent.parent):
            sync_folder(parent)
        folders.append(folder)
    if folders:
        schema = orjson.dumps(Answer.model_json_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        _write(settings.feedback / SCHEMA_NAME, schema)
        sync_folder(settings.feedback)
    return folders


def unanswered_times(connection: duckdb.DuckDBPyConnection) -> list[datetime]:
    """Return the times (UTC) of decisions whose answers are not all written: a run was killed between the two."""
    rows = connection.execute(
        "select distinct decided_at from raw.decisions anti join raw.answers using (decided_at) order by 1"
    ).fetchall()
    return [row[0] for row in rows]


def note_answered(connection: duckdb.DuckDBPyConnection, decided_at: datetime, answered_at: datetime) -> None:
    """Note that the answers to the decisions of this time are written."""
    connection.begin()
    try:
        connection.execute("insert into raw.answers values (?, ?)", [decided_at, answered_at])
        append_entries(connection, "answer", [dated(decided_at)])
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def remove_replaced(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Remove the answers to refusals of files that were read again since: their advice no longer holds."""
    rows = connection.execute(
        f"select country_code, reporting_month, submission_id from raw.submissions where submission_id in ({REPLACED})"
    ).fetchall()
    for row in rows:
        shutil.rmtree(settings.feedback / _folder(*row), ignore_errors=True)


def folder_of(answer: Answer) -> Path:
    """Return where an answer belongs, from the feedback folder: country, month, submission."""
    sent = answer.submission
    return _folder(sent.country_code, sent.reporting_month, sent.submission_id)


def _folder(country_code: str | None, month: date | None, submission_id: str) -> Path:
    return Path(country_code or UNKNOWN, f"{month:%Y-%m}" if month else UNKNOWN, submission_id)


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole: whoever collects feedback meanwhile gets the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
