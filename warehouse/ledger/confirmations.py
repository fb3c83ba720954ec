"""Replies of senders to our findings in a return workbook, and which warnings they confirm.

A reply names a finding by its reference. It holds for the same rule about the same value in a row with the same
answers, except those that we asked to correct, in this submission and in every later one of the same country and month:
a row that moved stays confirmed, one that the sender changed unasked raises its warning again. The last reply counts: a
later “not confirmed” takes a confirmation back.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import duckdb

from warehouse.findings.finding import LISTED_LENGTH, shortened
from warehouse.intake.replies import Reply
from warehouse.ledger.repeated_findings import Recorded, find_again, read_findings

CONFIRMED, DENIED = "CONFIRMED", "DENIED"

# Rules about rows that are probably the total of others or a part of another. As errors do, their findings keep a row
# out of every figure, but they reject no submission, since nothing that was counted is wrong. Where the sender confirms
# that the row counts others, the finding becomes a warning that is confirmed, and the row counts.
CONFIRMABLE = frozenset({"row_is_again", "row_is_sum", "row_is_wider"})
HELD = CONFIRMABLE | {"row_is_total", "row_is_part"}


_CONFIRM = """
insert into raw.confirmations (submission_id, decided_at, reference, reply_submission_id, reply_reference)
values (?, ?, ?, ?, ?)
"""
_RELEASE = """
update raw.findings set severity = 'warning'
where submission_id = ? and decided_at = ? and rule = ? and table_name = ? and sheet = ? and source_row = ?
"""


def add_replies(
    connection: duckdb.DuckDBPyConnection, submission_id: str, replied_at: datetime, replies: Sequence[Reply]
) -> None:
    """Append the replies that came with a submission, at the time (UTC) of its receipt."""
    if replies:
        # One statement for all: a statement for each takes a minute for the replies to one bad file.
        answers = [(r.reference, r.rule, r.value, r.text, r.code, r.sheet, r.source_row) for r in replies]
        connection.execute(
            "insert into raw.replies (submission_id, replied_at, reference, rule, value, reply, code, sheet, "
            f"source_row) select ?, ?, {', '.join(['unnest(?::varchar[])'] * 6)}, unnest(?::bigint[])",
            [submission_id, replied_at, *map(list, zip(*answers, strict=True))],
        )


def read_sent_replies(connection: duckdb.DuckDBPyConnection, submission_id: str) -> list[Reply]:
    """Return the replies that came with a submission, in the order of its workbook."""
    rows = connection.execute(
        "select reference, rule, value, reply, code, sheet, source_row from raw.replies where submission_id = ? "
        "order by rowid",
        [submission_id],
    ).fetchall()
    return [Reply(*row) for row in rows]


def confirm_findings(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> None:
    """Record which warnings about the submissions of ``audit.pending`` their senders have confirmed before.

    Errors are not among them: what is wrong stays wrong however often it is confirmed. Those of CONFIRMABLE are no
    errors any more once they are.
    """
    waiting = connection.execute(
        """
        select distinct pending.submission_id
        from audit.pending as pending
        inner join raw.submissions as later on pending.submission_id = later.submission_id
        inner join ledger.arrivals as own on later.submission_id = own.submission_id
        inner join raw.submissions as replying
            on later.country_code = replying.country_code and later.reporting_month = replying.reporting_month
        inner join ledger.arrivals
            on replying.submission_id = arrivals.submission_id and arrivals.arrival_number <= own.arrival_number
        inner join raw.replies on replying.submission_id = replies.submission_id
        where replies.code = ?
        order by 1
        """,
        [CONFIRMED],
    ).fetchall()
    for (submission_id,) in waiting:
        found = [f for f in read_findings(connection, submission_id, decided_at) if _may_be_confirmed(f)]
        replied = _replied_before(connection, submission_id)
        again = find_again([finding for finding, _ in replied], found, alike=True)
        confirmed = [(found[i], replied[source]) for i, source in sorted(again.items()) if replied[source][1]]
        for finding, (source, confirming) in confirmed:
            row = [submission_id, decided_at, finding.reference, confirming, source.reference]
            connection.execute(_CONFIRM, row)
            if finding.severity == "error":
                connection.execute(_RELEASE, [submission_id, decided_at, finding.rule, finding.table_name,
                                              finding.sheet, finding.source_row])  # fmt: skip


def _may_be_confirmed(finding: Recorded) -> bool:
    return finding.severity == "warning" or finding.rule in CONFIRMABLE


def confirm_as_written(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> None:
    """Record which warnings the replies in a workbook confirm, by the rule and value of their line; each confirms one.

    For a ledger without earlier submissions, in which no reference can be found: when a file is checked before it is
    sent. The gate itself compares whole rows.
    """
    written: dict[str, list[tuple[str, str, str]]] = {}
    for submission_id, *reply in connection.execute(
        "select submission_id, rule, value, reference from raw.replies where code = ? order by rowid", [CONFIRMED]
    ).fetchall():
        written.setdefault(submission_id, []).append(tuple(reply))
    for submission_id, replies in written.items():
        for finding in read_findings(connection, submission_id, decided_at):
            shown = shortened((finding.value or "").strip(), LISTED_LENGTH)
            matching = next((reply for reply in replies if reply[:2] == (finding.rule, shown)), None)
            if matching and finding.severity == "warning":
                replies.remove(matching)
                row = [submission_id, decided_at, finding.reference, submission_id, matching[2]]
                connection.execute(_CONFIRM, row)


def _replied_before(connection: duckdb.DuckDBPyConnection, submission_id: str) -> list[tuple[Recorded, str | None]]:
    """Return the warnings that senders confirmed or denied up to this submission, the last answered one first.

    With each comes the submission that confirmed it first since it was last denied; None where it is denied.
    """
    replies = connection.execute(
        """
        select replies.reference, replying.submission_id, bool_and(replies.code = $confirmed)
        from raw.submissions as later
        inner join ledger.arrivals as own on later.submission_id = own.submission_id
        inner join raw.submissions as replying
            on later.country_code = replying.country_code and later.reporting_month = replying.reporting_month
        inner join ledger.arrivals
            on replying.submission_id = arrivals.submission_id and arrivals.arrival_number <= own.arrival_number
        inner join raw.replies on replying.submission_id = replies.submission_id
        where later.submission_id = $submission_id and replies.code in ($confirmed, $denied)
        group by replies.reference, replying.submission_id, arrivals.arrival_number
        order by arrivals.arrival_number
        """,
        {"submission_id": submission_id, "confirmed": CONFIRMED, "denied": DENIED},
    ).fetchall()
    confirming: dict[str, str | None] = {}
    for reference, replying, is_confirmed in replies:
        before = confirming.pop(reference, None)
        confirming[reference] = (before or replying) if is_confirmed else None
    known: dict[str, Recorded] = {}
    for finding in read_replied(connection, submission_id, confirming):
        if _may_be_confirmed(finding):
            known.setdefault(finding.reference, finding)
    return [(known[reference], first) for reference, first in reversed(confirming.items()) if reference in known]


def read_replied(
    connection: duckdb.DuckDBPyConnection, submission_id: str, references: Collection[str]
) -> list[Recorded]:
    """Return the findings that replies with these references are about, one for each decision that made it.

    Only those about submissions of the same country and month that arrived before this one, in that order.
    """
    if not references:
        return []
    answered = connection.execute(
        """
        select earlier.submission_id, decisions.decided_at
        from raw.submissions as later
        inner join ledger.arrivals as own on later.submission_id = own.submission_id
        inner join raw.submissions as earlier
            on later.country_code = earlier.country_code and later.reporting_month = earlier.reporting_month
        inner join ledger.arrivals
            on earlier.submission_id = arrivals.submission_id and arrivals.arrival_number < own.arrival_number
        inner join raw.decisions on earlier.submission_id = decisions.submission_id
        where later.submission_id = ?
        order by arrivals.arrival_number, decisions.decided_at
        """,
        [submission_id],
    ).fetchall()
    return [
        finding
        for earlier, decided_at in answered
        for finding in read_findings(connection, earlier, decided_at)
        if finding.reference in references
    ]
