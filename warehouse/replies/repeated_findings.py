"""Repeated findings: whether a finding about a submission is there again in a later one of its country and month.

Row numbers move, so a row is known by its answers. Of the earlier row, the answers that its sender was asked to correct
do not count: the row is the same when all others are. A finding about a table or a file has no row and is known by its
rule, its field and its value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as defaulted
from datetime import datetime
from typing import Any

import duckdb
import orjson

from warehouse.findings.finding import Severity
from warehouse.findings.proposal import Proposal, recorded_proposal
from warehouse.findings.return_sheet_words import REFERENCE_LENGTH
from warehouse.proposals.doubt import given_answers
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.sender import COMPANIONS
from warehouse.storage.database import rows_as_dicts
from warehouse.words.catalogue import Argument

# The SQL of the name of a finding, the same however often it is decided anew: those alike in what names them are
# numbered. Workbooks that were sent out hold such names, so it does not change.
_NAMED = ", ".join(
    f"coalesce(findings.{name}::varchar, 'None')"
    for name in ("submission_id", "rule", "table_name", "sheet", "source_row", "field", "value")
)
_ALIKE = f"partition by {_NAMED}, findings.decided_at order by findings.rowid"
REFERENCE = f"left(sha256(concat_ws(chr(31), {_NAMED}, row_number() over ({_ALIKE}))), {REFERENCE_LENGTH})"
_FINDINGS = f"""
select
    {REFERENCE} as reference,
    submission_id, severity, rule, template as message, arguments, table_name, sheet, source_row, field, value,
    proposal
from raw.findings
where submission_id = $submission_id and (decided_at is null or decided_at = $decided_at)
order by findings.rowid
"""


@dataclass(frozen=True)
class Recorded:
    """A finding of the ledger that warehouse.findings.messages can describe, and its reference.

    ``answers`` are those of its row that are not empty: field → text, trimmed. ``asked`` are the fields of the
    row about which there is an error or for which something is proposed, ``doubted`` those with any finding too.
    """

    reference: str
    submission_id: str
    severity: Severity
    rule: str
    message: str
    table_name: str | None
    sheet: str | None
    source_row: int | None
    field: str | None
    value: str | None
    arguments: Mapping[str, Argument]
    answers: Mapping[str, str] = defaulted(default_factory=dict)
    asked: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()
    proposal: Proposal | None = None


_Place = tuple[str | None, str | None, int | None]


def read_findings(
    connection: duckdb.DuckDBPyConnection, submission_id: str, decided_at: datetime | None, *, is_compared: bool = True
) -> list[Recorded]:
    """Return what was found about a submission, by its reader and by the decision of this time, as it was recorded.

    Where they are not compared with others the answers of their rows are not read and stay empty.
    """
    values = {"submission_id": submission_id, "decided_at": decided_at}
    found = rows_as_dicts(connection.execute(_FINDINGS, values))
    for row in found:
        row["arguments"] = orjson.loads(row["arguments"])
        row["proposal"] = recorded_proposal(row["proposal"])
    answers = _answers(connection, submission_id, found) if is_compared else {}
    asked: dict[_Place, set[str]] = {}
    doubted: dict[_Place, set[str]] = {}
    for row in found:
        if row["field"] and row["source_row"] is not None:
            doubted.setdefault(_place(row), set()).add(row["field"])
            if row["severity"] == "error":
                asked.setdefault(_place(row), set()).add(row["field"])
        for changed in (asked, doubted) if row["proposal"] else ():
            changed.setdefault(_place(row), set()).update(row["proposal"].cells)
    return [
        Recorded(
            **row, answers=answers.get(_place(row), {}),
            asked=frozenset(asked.get(_place(row), ())), doubted=frozenset(doubted.get(_place(row), ())),
        )
        for row in found
    ]  # fmt: skip


def _place(row: Mapping[str, Any]) -> _Place:
    return row["table_name"], row["sheet"], row["source_row"]


def _answers(
    connection: duckdb.DuckDBPyConnection, submission_id: str, found: Sequence[Mapping[str, Any]]
) -> dict[_Place, dict[str, str]]:
    """Return the answers of every row that has a finding."""
    answers: dict[_Place, dict[str, str]] = {}
    for table in {row["table_name"] for row in found if row["table_name"] and row["source_row"] is not None}:
        cursor = connection.execute(
            f"""
            select * exclude (submission_id, extra)
            from raw."{table}"
            where submission_id = $submission_id and (sheet, source_row) in (
                select (sheet, source_row) from raw.findings
                where submission_id = $submission_id and table_name = $table_name
            )
            """,
            {"submission_id": submission_id, "table_name": table},
        )
        for cells in rows_as_dicts(cursor):
            sheet, number = cells.pop("sheet"), cells.pop("source_row")
            answers[table, sheet, number] = given_answers(cells)
    return answers


def find_again(earlier: Sequence[Recorded], later: Sequence[Recorded], *, alike: bool) -> dict[int, int]:
    """Return index in ``later`` → index in ``earlier`` of the repeated findings, each of them once.

    ``alike`` asks for the very same answer in the same row, as far as nobody asked to correct it, and a number for the
    same unit whatever was asked; otherwise a doubted
    answer may have changed: it was to be corrected, and is still wrong.
    """
    waiting: dict[tuple[Any, ...], list[int]] = {}
    freed: dict[tuple[Any, ...], set[frozenset[str]]] = {}
    for index in range(len(earlier) - 1, -1, -1):
        finding = earlier[index]
        free = finding.asked - _beside(finding) if alike else finding.doubted
        freed.setdefault(_subject(finding), set()).add(free)
        waiting.setdefault(_key(finding, free, alike=alike), []).append(index)
    found = {}
    for index, finding in enumerate(later):
        for free in sorted(freed.get(_subject(finding), ()), key=len):
            if candidates := waiting.get(_key(finding, free, alike=alike)):
                found[index] = candidates.pop()
                break
    return found


def _beside(finding: Recorded) -> frozenset[str]:
    """Return the fields of the unit or currency of a number: who confirmed 4100 kg has not confirmed 4100 t."""
    return frozenset(COMPANIONS.get(finding.field or "", {}).values())


def find_removed(
    connection: duckdb.DuckDBPyConnection, submission_id: str, findings: Iterable[Recorded]
) -> frozenset[str]:
    """Return the references of findings of an earlier submission about rows that this one does not have any more.

    A row is still there if one has the same key, or the same answers but for those that were doubted. What was not read
    as a row, a total for example, is meant to go.
    """
    groups: dict[tuple[str, str, frozenset[str]], list[Recorded]] = {}
    for finding in findings:
        if finding.table_name and finding.answers:
            groups.setdefault((finding.submission_id, finding.table_name, finding.doubted), []).append(finding)
    removed: set[str] = set()
    for (earlier, table, doubted), found in groups.items():
        kept = _rows_kept(connection, table, (earlier, submission_id), doubted, found)
        removed.update(finding.reference for finding in found if (finding.sheet or "", finding.source_row) not in kept)
    return frozenset(removed)


def _rows_kept(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    submission_ids: tuple[str, str],
    doubted: frozenset[str],
    findings: Sequence[Recorded],
) -> set[tuple[str, int]]:
    """Return sheet and row, in the earlier of two submissions, of those rows with findings that the later has too."""
    columns = [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where schema_name = 'raw' and table_name = ? "
            "and database_name = current_database()",
            [table],
        ).fetchall()
        if name not in {"submission_id", "sheet", "source_row", "extra", *doubted}
    ]
    keys = [known.primary_key for known in load_questionnaire().tables if known.name == table and known.primary_key]
    values = {
        "earlier": submission_ids[0], "later": submission_ids[1], "sheets": [f.sheet or "" for f in findings],
        "numbers": [f.source_row for f in findings],
    }  # fmt: skip
    return {
        (sheet, number)
        for compared in (columns, [key for key in keys if key in columns])
        if compared
        for sheet, number in connection.execute(_kept(table, compared), values).fetchall()
    }


def _kept(table: str, columns: Sequence[str]) -> str:
    answers = ", ".join(f"""trim(coalesce("{name}", ''))""" for name in columns)
    return f"""
    with asked as (select unnest($sheets::varchar[]) as sheet, unnest($numbers::bigint[]) as source_row),
    earlier as materialized (
        select sheet, source_row, [{answers}] as answers
        from raw."{table}"
        inner join asked using (sheet, source_row)
        where submission_id = $earlier
    ),
    later as materialized (select [{answers}] as answers from raw."{table}" where submission_id = $later)
    select sheet, source_row from earlier semi join later using (answers) where array_to_string(answers, '') <> ''
    """


def _subject(finding: Recorded) -> tuple[Any, ...]:
    return finding.rule, finding.table_name, finding.field


def _key(finding: Recorded, free: frozenset[str], *, alike: bool) -> tuple[Any, ...]:
    kept = tuple(sorted((name, text) for name, text in finding.answers.items() if name not in free))
    is_row = finding.source_row is not None
    value = (finding.value or "").strip() if alike or not is_row else None
    return (*_subject(finding), is_row, free if is_row else None, value, kept, _as_read(finding) if alike else None)


def _as_read(finding: Recorded) -> tuple[Argument, ...]:
    """Return the first number of a column that was multiplied: its heading stays while its numbers become others."""
    return tuple(finding.arguments.get(name) for name in ("sent", "read")) if finding.source_row is None else ()
