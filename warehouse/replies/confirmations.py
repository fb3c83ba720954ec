"""Replies of senders to our findings in a return workbook, and which warnings they confirm.

A reply names a finding by its reference. It holds for the same rule about the same value in a row with the same
answers, except those that we asked to correct, in this submission and in every later one of the same country and month:
a row that moved stays confirmed, one that the sender changed unasked raises its warning again. The last reply counts: a
later “not confirmed” takes a confirmation back.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.findings.finding import LISTED_LENGTH, shortened
from warehouse.intake.replies import Reply
from warehouse.replies.acceptances import ACCEPTED, CONTRADICTED, leave_out, may_be_left_out, of_same_month
from warehouse.replies.repeated_findings import Recorded, find_again, read_findings

CONFIRMED, DENIED = "CONFIRMED", "DENIED"

# Rules about rows that are probably the total of others, a part of another, or in the report of their own month
# already. As errors do, their findings keep a row out of every figure, but they reject no submission, since nothing
# that was counted is wrong. Where the sender confirms that the row counts others, the finding becomes a warning that is
# confirmed, and the row counts. So it is with a row that holds what we proposed although its sender replied something
# else.
CONFIRMABLE = frozenset({"row_is_again", "row_is_reported", "row_is_sum", "row_is_wider", CONTRADICTED})
# Rows that repeat others are warned of, and errors only where their sender leaves them out: they reject nothing either.
HELD = CONFIRMABLE | {"row_is_total", "row_is_part", "row_repeated"}


_CONFIRM = """
insert into raw.confirmations (submission_id, decided_at, reference, reply_submission_id, reply_reference)
values (?, ?, ?, ?, ?)
"""
# Rows without another error that count again after the decision, as a workbook that is only checked confirms them.
_COUNT_AGAIN = """
update raw.decisions
set accepted_count = accepted_count + freed.row_count, quarantined_count = quarantined_count - freed.row_count
from (
    select count(*) as row_count
    from (
        select distinct
            unnest($tables::varchar[]) as table_name, unnest($sheets::varchar[]) as sheet,
            unnest($numbers::bigint[]) as source_row
    ) as released
    anti join (
        from raw.findings
        where submission_id = $submission_id and severity = 'error' and (decided_at is null or decided_at = $decided_at)
    ) as errors
        on released.table_name = errors.table_name and (
            errors.source_row is null or (released.sheet = errors.sheet and released.source_row = errors.source_row)
        )
) as freed
where submission_id = $submission_id and decided_at = $decided_at and outcome = 'accepted'
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


# Joins each submission, ``later``, with the replies that those of its country and month brought, up to its own.
REPLIES_BEFORE = f"""
{of_same_month("replying", "<=")}
inner join raw.replies on replying.submission_id = replies.submission_id
"""


def confirm_findings(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> None:
    """Record which warnings about the submissions of ``audit.pending`` their senders have confirmed before.

    Errors are not among them: what is wrong stays wrong however often it is confirmed. Those of CONFIRMABLE are no
    errors any more once they are. Rows that their senders leave out as proposed are left out.
    """
    waiting = connection.execute(
        f"""
        select distinct later.submission_id
        {REPLIES_BEFORE}
        semi join audit.pending on later.submission_id = pending.submission_id
        where replies.code in (?, ?)
        order by 1
        """,
        [CONFIRMED, ACCEPTED],
    ).fetchall()
    for (submission_id,) in waiting:
        found = [f for f in read_findings(connection, submission_id, decided_at) if _may_be_answered(f)]
        replied = _replied_before(connection, submission_id)
        again = find_again([finding for finding, _ in replied], found, alike=True)
        for place, index in sorted(again.items()):
            _settle(connection, found[place], decided_at, *replied[index])


def _settle(
    connection: duckdb.DuckDBPyConnection, finding: Recorded, decided_at: datetime, replied: Recorded, reply: "Replied"
) -> None:
    """Do what the reply to an earlier finding says of this one."""
    if reply.code == ACCEPTED and may_be_left_out(finding):
        leave_out(connection, finding, decided_at, replied, reply.submission_id)
    elif reply.code == CONFIRMED and _may_be_confirmed(finding):
        confirmation = [finding.submission_id, decided_at, finding.reference, reply.submission_id, replied.reference]
        connection.execute(_CONFIRM, confirmation)
        if finding.severity == "error":
            _release(connection, finding, decided_at)


def _release(connection: duckdb.DuckDBPyConnection, finding: Recorded, decided_at: datetime) -> None:
    place = [finding.table_name, finding.sheet, finding.source_row]
    connection.execute(_RELEASE, [finding.submission_id, decided_at, finding.rule, *place])


def _may_be_answered(finding: Recorded) -> bool:
    return _may_be_confirmed(finding) or may_be_left_out(finding)


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
        released = []
        for finding in read_findings(connection, submission_id, decided_at):
            shown = shortened((finding.value or "").strip(), LISTED_LENGTH)
            matching = next((reply for reply in replies if reply[:2] == (finding.rule, shown)), None)
            if matching and _may_be_confirmed(finding):
                replies.remove(matching)
                row = [submission_id, decided_at, finding.reference, submission_id, matching[2]]
                connection.execute(_CONFIRM, row)
                if finding.severity == "error":
                    _release(connection, finding, decided_at)
                    released.append(finding)
        if released:
            places = {
                "tables": [finding.table_name for finding in released],
                "sheets": [finding.sheet for finding in released],
                "numbers": [finding.source_row for finding in released],
            }
            connection.execute(_COUNT_AGAIN, {**places, "submission_id": submission_id, "decided_at": decided_at})


class Replied(NamedTuple):
    """What a sender has said last of a finding, and the submission that said it first since it said anything else."""

    submission_id: str
    code: str


def _replied_before(connection: duckdb.DuckDBPyConnection, submission_id: str) -> list[tuple[Recorded, Replied]]:
    """Return the findings that senders answered up to this submission, the last answered one first, with what is said.

    Of several replies to one finding in one workbook a denial prevails.
    """
    replies = connection.execute(
        f"""
        select
            replies.reference, replying.submission_id,
            if(count(distinct replies.code) = 1, any_value(replies.code), $denied)
        {REPLIES_BEFORE}
        where later.submission_id = $submission_id and replies.code is not null
        group by replies.reference, replying.submission_id, arrivals.arrival_number
        order by arrivals.arrival_number
        """,
        {"submission_id": submission_id, "denied": DENIED},
    ).fetchall()
    last: dict[str, Replied] = {}
    for reference, replying, code in replies:
        before = last.pop(reference, None)
        last[reference] = before if before and before.code == code else Replied(replying, code)
    known: dict[str, Recorded] = {}
    for finding in read_replied(connection, submission_id, last):
        if _may_be_answered(finding):
            known.setdefault(finding.reference, finding)
    return [(known[reference], reply) for reference, reply in reversed(last.items()) if reference in known]


def read_replied(
    connection: duckdb.DuckDBPyConnection, submission_id: str, references: Collection[str]
) -> list[Recorded]:
    """Return the findings that replies with these references are about, one for each decision that made it.

    Only those about submissions of the same country and month that arrived before this one, in that order.
    """
    if not references:
        return []
    answered = connection.execute(
        f"""
        select earlier.submission_id, decisions.decided_at
        {of_same_month("earlier", "<")}
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
