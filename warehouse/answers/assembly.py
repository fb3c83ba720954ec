"""Answers as the ledger knows them: what became of each submission of a run, its counts and its findings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import duckdb

from warehouse.answers.answer import Answer, AnsweredSubmission, TableInForce, TableRead
from warehouse.answers.history import history_of, read_reported
from warehouse.answers.listed_findings import Before, Findings
from warehouse.answers.sums import read_tables
from warehouse.ledger.in_force import LATEST
from warehouse.ledger.opened import OPENED
from warehouse.questionnaire.definition import Words, load_questionnaire
from warehouse.storage.database import rows_as_dicts

_NAMES = ("name_en", "name_ru")


_COUNTS = ("received_count", "accepted_count", "quarantined_count", "errors_count", "warnings_count", "confirmed_count")


_DECIDED = f"""
with {OPENED},
together as (
    select
        own.submission_id, list(distinct other.reporting_month order by other.reporting_month) as file_months,
        list(distinct table_name) filter (table_name is not null) as file_tables
    from raw.submissions as own
    inner join raw.submissions as other
        on own.sha256 = other.sha256 and own.file_name = other.file_name and own.received_at = other.received_at
        and own.file_format is not null and other.file_format is not null
    left join raw.landings on other.submission_id = landings.submission_id
    group by own.submission_id
    having count(distinct other.submission_id) > 1
)
select
    submissions.submission_id, file_name, sha256, country_code, reporting_month, received_at,
    decisions.decided_at, file_format, revision, language, contact, time_zone, outcome, received_count, accepted_count,
    quarantined_count, errors_count, warnings_count, confirmed_count, countries.name_en, countries.name_ru,
    file_months, list_concat(file_tables, string_split(unsaid_tables, ', ')) as unsaid_tables
from raw.decisions
inner join opened on decisions.submission_id = opened.submission_id and decisions.decided_at = opened.decided_at
inner join raw.submissions on decisions.submission_id = submissions.submission_id
left join together on decisions.submission_id = together.submission_id
left join seeds.countries on submissions.country_code = countries.code
where decisions.decided_at = $decided_at and ($submissions is null or decisions.submission_id in $submissions)
order by country_code, reporting_month, file_name
"""


_IN_FORCE = f"""
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
order by parts.country_code, parts.reporting_month, parts.table_name
"""


# The submission received last before, of the same country and month, that has one of the same tables or none.
_BEFORE = f"""
with {LATEST},
tables as (select distinct submission_id, table_name from raw.landings)
select
    later.submission_id, earlier.submission_id, earlier.file_name, earlier.received_at, earlier.decided_at
from raw.decisions
inner join raw.submissions as later on decisions.submission_id = later.submission_id
inner join ledger.arrivals on later.submission_id = arrivals.submission_id
inner join latest as earlier
    on later.country_code = earlier.country_code and later.reporting_month = earlier.reporting_month
    and earlier.arrival_number < arrivals.arrival_number
where
    decisions.decided_at = ?
    and later.submission_id in (select submission_id from tables)
    and (
        earlier.submission_id not in (select submission_id from tables)
        or exists (
            select 1
            from tables as mine
            inner join tables as theirs on mine.table_name = theirs.table_name
            where mine.submission_id = later.submission_id and theirs.submission_id = earlier.submission_id
        )
    )
qualify row_number() over (partition by later.submission_id order by earlier.arrival_number desc) = 1
"""


def read_last_answer(connection: duckdb.DuckDBPyConnection, beginning: str) -> Answer | None:
    """Return the answer to the last decision on the one submission whose id begins so; None for none or several."""
    decided = connection.execute(
        "select submission_id, max(decided_at) from raw.decisions where starts_with(submission_id, ?) group by all",
        [beginning],
    ).fetchall()
    if len(decided) != 1:
        return None
    ((submission_id, decided_at),) = decided
    return read_answers(connection, decided_at, [submission_id])[0]


def read_answers(
    connection: duckdb.DuckDBPyConnection, decided_at: datetime, submission_ids: Sequence[str] | None = None
) -> list[Answer]:
    """Return the answers to all submissions that were decided at this time, or to these, by country, month and file."""
    decided = _rows(connection, _DECIDED, {"decided_at": decided_at, "submissions": submission_ids})
    outcomes = {row["submission_id"]: row["outcome"] for row in decided}
    tables = read_tables(connection, outcomes, decided_at)
    in_force: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for row in _rows(connection, _IN_FORCE, [decided_at]):
        in_force.setdefault((row.pop("country_code"), row.pop("reporting_month")), []).append(row)
    reported = read_reported(connection)
    before = {row[0]: row[1:] for row in connection.execute(_BEFORE, [decided_at]).fetchall()}
    return [
        _read_answer(
            connection,
            row,
            tables[row["submission_id"]],
            in_force.get((row["country_code"], row["reporting_month"]), []),
            before.get(row["submission_id"]),
        ).model_copy(update={"history": history_of(reported, row["country_code"], row["reporting_month"])})
        for row in decided
    ]


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] | dict[str, Any]
) -> list[dict[str, Any]]:
    return rows_as_dicts(connection.execute(sql, values))


def _read_answer(
    connection: duckdb.DuckDBPyConnection,
    decided: dict[str, Any],
    tables: tuple[TableRead, ...],
    in_force: Sequence[Mapping[str, Any]],
    before: tuple[Any, ...] | None,
) -> Answer:
    questionnaire = load_questionnaire()
    key, decided_at, outcome = decided["submission_id"], decided["decided_at"], decided.pop("outcome")
    findings = Findings(connection, key, decided_at, Before(*before) if before else None)
    listed = findings.listed(questionnaire)
    tables = findings.with_reasons(tables)
    sent_tables = {part.table for part in tables}
    own = [
        TableInForce(**row, is_this=row["submission_id"] == key)
        for row in in_force
        if not tables or row["table"] in sent_tables
    ]
    names, counts = ([decided.pop(name) for name in group] for group in (_NAMES, _COUNTS))
    file_months, unsaid = (decided.pop(name) or [] for name in ("file_months", "unsaid_tables"))
    state = _state(outcome, sum(part.is_this for part in own), sum(part.outcome == "accepted" for part in tables))
    return Answer(
        submission=AnsweredSubmission(**decided, country=Words(en=names[0], ru=names[1]) if names[0] else None),
        outcome=outcome,
        state=state,
        received_count=counts[0],
        accepted_count=counts[1],
        quarantined_count=counts[2],
        error_count=counts[3],
        warning_count=counts[4],
        confirmed_count=counts[5],
        is_too_bad=findings.is_too_bad,
        findings=listed,
        tables=tables,
        standing=tuple(own),
        progress=findings.progress(),
        unused_replies=findings.replies.unused(questionnaire),
        file_months=tuple(file_months),
        unsaid_tables=tuple(t.name for t in questionnaire.tables if t.name in {*unsaid} - sent_tables),
    )


def _state(
    outcome: str, current_count: int, count: int
) -> Literal["current", "partly_current", "replaced", "rejected"]:
    if outcome == "rejected":
        return "rejected"
    if current_count == count:
        return "current"
    return "partly_current" if current_count else "replaced"
