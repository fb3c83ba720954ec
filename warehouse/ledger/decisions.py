"""Decisions: what gate 1 makes of the submissions that wait for it, table by table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import duckdb

from warehouse.findings.finding import Finding
from warehouse.ledger.chain import append_entries, dated
from warehouse.ledger.in_force import ABOUT_FILE
from warehouse.ledger.opened import LEFT_OUT, TABLE_TOO_BAD, TOO_BAD
from warehouse.ledger.raw import add_findings
from warehouse.ledger.rules_in_force import InForce
from warehouse.ledger.waivers import waive
from warehouse.replies.acceptances import accept_proposals
from warehouse.replies.confirmations import HELD, confirm_findings
from warehouse.replies.contradictions import find_contradictions
from warehouse.storage.database import transaction
from warehouse.words.catalogue import N_, Argument

REJECTION_MINIMUM_COUNT = 2
TOO_MANY_ERRORS = N_(
    "more than {percent}% of the rows have errors, so none of the {count} rows was used and the last accepted "
    "submission stays in force. Correct the rows named here and send the file again."
)
TOO_MANY_IN_TABLE = N_(
    "more than {percent}% of the rows of this table have errors, so none of its {count} rows was used and what was "
    "accepted of it before stays in force. Correct the rows named here and send the table again."
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


def decide(
    connection: duckdb.DuckDBPyConnection,
    findings: Iterable[Finding],
    rules: InForce,
    decided_at: datetime,
    rejection_ratio: float,
) -> list[Decision]:
    """Record findings and decisions on all of ``audit.pending`` in one transaction; returns the decisions.

    Errors that a waiver covers are recorded as warnings. A table is rejected when an error is about the whole of it or
    about more rows than are named (MAX_NAMED_ROWS), or when more than ``rejection_ratio`` of its rows, and at least two
    of them, have an error: one bad row of eight is no reason to lose the other seven. Rows that are only HELD, or left
    out as was proposed, are no errors there. A submission is rejected when an error is about the whole of it, when no
    table with rows is left, or when all of its rows are wrong. See warehouse.ledger.in_force.REJECTED_TABLES.
    """
    with transaction(connection):
        add_findings(connection, waive(connection, findings, rules.waivers), decided_at)
        contradicted = find_contradictions(connection)
        add_findings(connection, contradicted.values(), decided_at)
        confirm_findings(connection, decided_at)
        accept_proposals(connection, decided_at, contradicted.keys())
        judged = _judged(connection, decided_at, rejection_ratio)
        versions = rules.versions(connection, once_decided=True)
        add_findings(connection, [verdict for one in judged for verdict in one.verdicts()], decided_at)
        decisions = [one.decision(versions[one.submission_id], decided_at) for one in judged]
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


_JUDGED = f"""
with found as (
    select findings.*, left_out.rule is not null as is_left_out
    from raw.findings
    semi join audit.pending using (submission_id)
    {LEFT_OUT}
    where severity = 'error' and (findings.decided_at is null or findings.decided_at = $decided_at)
),
wrong as (
    select
        submission_id, table_name,
        count(distinct (sheet, source_row)) filter (source_row is not null) as bad_count,
        count(distinct (sheet, source_row)) filter (
            source_row is not null and not is_left_out and not list_contains($held, rule)
        ) as wrong_count,
        bool_or(decided_at is null or source_row is null) as is_wrong_whole,
        bool_or((decided_at is null or source_row is null) and (table_name is null or list_contains($of_file, rule)))
            as is_of_file
    from found
    group by all
),
received as (
    select submission_id, table_name, sum(row_count)::bigint as received_count
    from raw.landings
    semi join audit.pending using (submission_id)
    group by all
),
parts as (from received full join wrong using (submission_id, table_name))
select
    pending.submission_id, submissions.file_name, is_refused or coalesce(is_of_file, false), table_name,
    coalesce(received_count, 0), coalesce(bad_count, 0), coalesce(wrong_count, 0), coalesce(is_wrong_whole, false)
from audit.pending
inner join raw.submissions using (submission_id)
left join parts using (submission_id)
order by all
"""


@dataclass(frozen=True)
class _Table:
    """What gate 1 found in a table: its rows, those with an error, those with one that counts against the table.

    ``is_wrong_whole``: an error is about the table and not about a row.
    """

    table_name: str | None
    received_count: int
    bad_count: int
    wrong_count: int
    is_wrong_whole: bool

    def is_too_bad(self, rejection_ratio: float) -> bool:
        return self.wrong_count >= REJECTION_MINIMUM_COUNT and self.wrong_count > rejection_ratio * self.received_count


@dataclass(frozen=True)
class _Judged:
    """A submission that waits, with its tables; ``is_refused``: an error is about the whole of it."""

    submission_id: str
    file_name: str
    is_refused: bool
    tables: Sequence[_Table]
    rejection_ratio: float

    @property
    def too_bad(self) -> list[_Table]:
        """The tables that are rejected for their rows alone."""
        return [t for t in self.tables if not t.is_wrong_whole and t.is_too_bad(self.rejection_ratio)]

    @property
    def used(self) -> list[_Table]:
        """The tables with rows that are not rejected."""
        return [t for t in self.tables if t.received_count and not t.is_wrong_whole and t not in self.too_bad]

    @property
    def is_all_wrong(self) -> bool:
        """Whether all rows are wrong, in tables of which none has enough of them to be rejected."""
        rows = sum(t.received_count for t in self.tables)
        return REJECTION_MINIMUM_COUNT <= rows == sum(t.wrong_count for t in self.tables)

    @property
    def is_rejected(self) -> bool:
        """Whether nothing of it counts."""
        has_rejected = bool(self.too_bad) or any(t.is_wrong_whole for t in self.tables)
        return self.is_refused or self.is_all_wrong or (has_rejected and not self.used)

    def decision(self, version: str, decided_at: datetime) -> Decision:
        received = sum(t.received_count for t in self.tables)
        accepted = 0 if self.is_rejected else sum(t.received_count - t.bad_count for t in self.used)
        outcome = "rejected" if self.is_rejected else "accepted"
        return Decision(self.submission_id, decided_at, outcome, version, received, accepted, received - accepted)

    def verdicts(self) -> Iterator[Finding]:
        """Yield why it, or a table of it, was rejected for errors of single rows."""
        if self.is_refused:
            return
        if self.is_rejected and not any(t.is_wrong_whole for t in self.tables):
            yield self._verdict(TOO_BAD, TOO_MANY_ERRORS, None, sum(t.received_count for t in self.tables))
        else:
            for t in self.too_bad:
                yield self._verdict(TABLE_TOO_BAD, TOO_MANY_IN_TABLE, t.table_name, t.received_count)

    def _verdict(self, rule: str, message: str, table_name: str | None, count: int) -> Finding:
        arguments: dict[str, Argument] = {
            "file_name": self.file_name, "percent": 100 * self.rejection_ratio, "count": count,
        }  # fmt: skip
        return Finding(self.submission_id, "error", rule, message, table_name, arguments=arguments)


def _judged(connection: duckdb.DuckDBPyConnection, decided_at: datetime, rejection_ratio: float) -> list[_Judged]:
    values = {"decided_at": decided_at, "held": sorted(HELD), "of_file": list(ABOUT_FILE)}
    rows = connection.execute(_JUDGED, values).fetchall()
    judged = []
    for (submission_id, file_name), group in groupby(rows, key=itemgetter(0, 1)):
        parts = list(group)
        tables = [_Table(*part[3:]) for part in parts]
        judged.append(_Judged(submission_id, file_name, any(part[2] for part in parts), tables, rejection_ratio))
    return judged
