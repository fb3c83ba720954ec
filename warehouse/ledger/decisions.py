"""Decisions: which submissions wait for gate 1, and what it makes of them."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from warehouse.findings.finding import Finding
from warehouse.ledger.chain import append_entries, dated
from warehouse.ledger.clock import now
from warehouse.ledger.confirmations import HELD, confirm_findings
from warehouse.ledger.in_force import last_decisions
from warehouse.ledger.raw import add_findings
from warehouse.ledger.rules_in_force import InForce
from warehouse.ledger.waivers import waive
from warehouse.questionnaire.definition import Questionnaire
from warehouse.storage.database import replace_table, replace_view, transaction
from warehouse.words.catalogue import N_

log = logging.getLogger("sarai")

# The rule of our finding that too many rows have errors. It follows from the others: answers give it as their verdict.
TOO_BAD = "submission_rejected"

# Common table expression ``opened``: what a decision leaves its sender to do, as answers, runs and reports count it.
# Errors are to be corrected, TOO_BAD aside, warnings to be confirmed or corrected; warnings confirmed are neither.
OPENED = f"""
opened as (
    select
        decisions.submission_id, decisions.decided_at,
        count(*) filter (severity = 'error' and rule <> '{TOO_BAD}') as errors_count,
        count(*) filter (severity = 'warning') - any_value(coalesce(confirmed.row_count, 0)) as warnings_count,
        any_value(coalesce(confirmed.row_count, 0)) as confirmed_count
    from raw.decisions
    left join raw.findings
        on decisions.submission_id = findings.submission_id
        and (findings.decided_at is null or findings.decided_at = decisions.decided_at)
    left join (
        select submission_id, decided_at, count(*) as row_count from raw.confirmations group by all
    ) as confirmed
        on decisions.submission_id = confirmed.submission_id and decisions.decided_at = confirmed.decided_at
    group by decisions.submission_id, decisions.decided_at
)
"""

REJECTION_MINIMUM_COUNT = 2
TOO_MANY_ERRORS = N_(
    "more than {percent}% of the rows have errors, so none of the {count} rows was used and the last accepted "
    "submission stays in force. Correct the rows named here and send the file again."
)

# Rows of a submission that are named for one rule; of a million bad rows nobody reads each, and no memory holds them.
MAX_NAMED_ROWS = 5_000
MORE_ERRORS = N_(
    "{count} more rows have the same error as row {row}. So many are not named one by one, and none of the rows was "
    "used. Look for what they share, correct all of them and send the file again."
)
MORE_WARNINGS = N_(
    "{count} more rows raise the same question as row {row}, and are not named one by one. Look for what they share "
    "and correct the rows that are wrong."
)


@dataclass(frozen=True)
class Decision:
    """What gate 1 made of a submission; received = accepted + quarantined rows, over all its tables."""

    submission_id: str
    decided_at: datetime
    outcome: str
    rules_version: str
    received_count: int
    accepted_count: int
    quarantined_count: int


def next_decision_at(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return the time (UTC) of decisions that are taken now: later than all before, also after a clock was set back.

    Of the decisions on a submission the last holds, so one that seems earlier would never count.
    """
    row = connection.execute("select max(decided_at) from raw.decisions").fetchone()
    time = now()
    last: datetime | None = row[0] if row else None
    if last is None or last < time:
        return time
    log.warning("The clock says %s, and the last decision was at %s. Set the clock right.", time, last)
    return last + timedelta(microseconds=1)


def waiting(connection: duckdb.DuckDBPyConnection, rules: InForce) -> list[str]:
    """Return the ids of submissions on which it was not these rules and waivers that decided last."""
    decided = dict(connection.execute(f"select submission_id, rules_version from ({last_decisions()})").fetchall())
    return [name for name, version in rules.versions(connection).items() if decided.get(name) != version]


def open_batch(connection: duckdb.DuckDBPyConnection, questionnaire: Questionnaire, rules: InForce) -> list[str]:
    """Collect the submissions that wait for a decision by these rules and waivers; returns their ids.

    ``audit.<table>`` are views of their staged rows. A file that was refused when it was read has no rows there:
    its reader's finding is enough.
    """
    names = waiting(connection, rules)
    connection.execute("create schema if not exists audit")
    replace_table(
        connection,
        "audit",
        "pending",
        """
        as select submission_id, submission_id in (
            select submission_id from raw.findings where decided_at is null and severity = 'error'
        ) as is_refused
        from raw.submissions
        where submission_id in (select unnest(?::varchar[]))
        """,
        [names],
    )
    for table in questionnaire.tables:
        replace_view(
            connection,
            "audit",
            table.name,
            f"""
            select * from staging."stg_{table.name}"
            where submission_id in (select submission_id from audit.pending where not is_refused)
            """,
        )
    return names


def decide(
    connection: duckdb.DuckDBPyConnection,
    findings: Iterable[Finding],
    rules: InForce,
    decided_at: datetime,
    rejection_ratio: float,
) -> list[Decision]:
    """Record findings and decisions on all of ``audit.pending`` in one transaction; returns the decisions.

    Errors that a waiver covers are recorded as warnings. A submission is rejected when its file was refused, when an
    error is about the whole of it or about more rows than are named (MAX_NAMED_ROWS), or when more than
    ``rejection_ratio`` of its rows, and at least two of them, have an error: one bad row of eight is no reason to lose
    the other seven. Rows that are only HELD are no errors there.
    """
    with transaction(connection):
        add_findings(connection, waive(connection, findings, rules.waivers), decided_at)
        confirm_findings(connection, decided_at)
        decisions = _decided(connection, rules, decided_at, rejection_ratio)
        add_findings(connection, _rejections(decisions, _row_wise(connection, decided_at), rejection_ratio), decided_at)
        if decisions:
            connection.executemany(
                "insert into raw.decisions (submission_id, decided_at, outcome, rules_version, received_count, "
                "accepted_count, quarantined_count) values (?, ?, ?, ?, ?, ?, ?)",
                [
                    [d.submission_id, d.decided_at, d.outcome, d.rules_version, d.received_count, d.accepted_count,
                     d.quarantined_count]
                    for d in decisions
                ],
            )  # fmt: skip
        append_entries(connection, "decision", [f"{d.submission_id} {dated(decided_at)}" for d in decisions])
    return decisions


_BAD_ROWS = """
with bad as (
    select
        submission_id,
        count(distinct (table_name, sheet, source_row)) filter (source_row is not null) as bad_count,
        count(distinct (table_name, sheet, source_row)) filter (
            source_row is not null and not list_contains(?::varchar[], rule)
        ) as wrong_count,
        bool_or(source_row is null) as is_wrong_whole
    from raw.findings
    where decided_at = ? and severity = 'error'
    group by submission_id
),
received as (
    select submission_id, cast(sum(row_count) as bigint) as received_count
    from raw.landings
    group by submission_id
)
select
    pending.submission_id, pending.is_refused or coalesce(bad.is_wrong_whole, false),
    coalesce(received.received_count, 0), coalesce(bad.bad_count, 0), coalesce(bad.wrong_count, 0)
from audit.pending as pending
left join received on pending.submission_id = received.submission_id
left join bad on pending.submission_id = bad.submission_id
order by pending.submission_id
"""


def _decided(
    connection: duckdb.DuckDBPyConnection, rules: InForce, decided_at: datetime, rejection_ratio: float
) -> list[Decision]:
    versions = rules.versions(connection)
    rows = connection.execute(_BAD_ROWS, [sorted(HELD), decided_at]).fetchall()
    decisions = []
    for submission_id, is_wrong_whole, received, bad, wrong in rows:
        rejected = is_wrong_whole or (wrong >= REJECTION_MINIMUM_COUNT and wrong > rejection_ratio * received)
        outcome, accepted = ("rejected", 0) if rejected else ("accepted", received - bad)
        decisions.append(
            Decision(
                submission_id, decided_at, outcome, versions[submission_id], received, accepted, received - accepted
            )
        )
    return decisions


def _row_wise(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> dict[str, str]:
    """Return submission_id → file name of what waits and has no error about the whole of it."""
    rows = connection.execute(
        """
        select submission_id, file_name
        from audit.pending inner join raw.submissions using (submission_id)
        where not is_refused and submission_id not in (
            select submission_id from raw.findings
            where decided_at = ? and severity = 'error' and source_row is null
        )
        """,
        [decided_at],
    ).fetchall()
    return dict(rows)


def _rejections(decisions: Sequence[Decision], row_wise: Mapping[str, str], rejection_ratio: float) -> list[Finding]:
    """Say why a submission was rejected whole for errors of single rows."""
    return [
        Finding(
            d.submission_id,
            "error",
            TOO_BAD,
            TOO_MANY_ERRORS,
            arguments={
                "file_name": row_wise[d.submission_id],
                "percent": 100 * rejection_ratio,
                "count": d.received_count,
            },
        )
        for d in decisions
        if d.outcome == "rejected" and d.submission_id in row_wise
    ]
