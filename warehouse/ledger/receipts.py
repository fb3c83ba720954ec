"""Receipts: whether bytes that came before count again, and in which order.

| the same bytes came again | they are |
|---|---|
| under the same name, and nothing came there in between; same modification time | still lying there |
| under the same name, and other bytes came from another folder; this file lay where it was | still lying there |
| under the same name, and other bytes came there in between, or with another modification time | sent again |
| under another name | sent again |
| still lying there, refused because the month had not begun, and now it has | a new receipt |
| sent again, about another country or month | a new receipt |
| sent again, and its reader finds other errors (folder and name agree now, the month has begun) | a new receipt |
| sent again, accepted before, and another submission speaks for one of its tables since: taken back | a new receipt |
| sent again, with a date that was later than the day of receipt, on a later day | a new receipt |
| sent again, and none of this | a copy: nothing changes |
| sent again together with what replaced it, which is later by name or time: a folder delivered anew | a copy |

Receipts have a place in the ledger each, which is their order, whatever the clock said. Files of one run follow each
other by revision number, modification time and name (warehouse.ledger.order); a file that is read again under a higher
limit keeps its place. The submissions of one file of several months have one receipt and one place; of such a file that
was sent again each month is looked at by itself.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

import duckdb
import orjson

from warehouse.findings.finding import Finding
from warehouse.intake.landing import Reading, Request
from warehouse.intake.submission import Submission, file_finding
from warehouse.ledger.chain import append_entries
from warehouse.ledger.in_force import LATEST, REPLACED, SPOKEN
from warehouse.ledger.order import OrderKey, order_key, revision_of
from warehouse.storage.database import transaction
from warehouse.text_table import printable
from warehouse.words.catalogue import N_

log = logging.getLogger("sarai")

# Receipts of the same bytes about the same country and month, whatever their names, with the errors of their readers.
_BEFORE = f"""
with {LATEST},
{SPOKEN}
select
    submissions.submission_id,
    latest.outcome = 'rejected' and not is_outdated as is_refused,
    latest.outcome = 'accepted' and coalesce(is_in_force, true) and not (is_outdated and $is_part) as is_in_force,
    (
        select coalesce(list((rule, template, arguments)), [])
        from raw.findings
        where findings.submission_id = submissions.submission_id and decided_at is null and severity = 'error'
    )
from (
    select *, received_at::date <> $today and submission_id in (
        select submission_id from raw.findings where rule = 'date_in_future'
    ) as is_outdated
    from raw.submissions
) as submissions
inner join ledger.arrivals on submissions.submission_id = arrivals.submission_id
left join latest on submissions.submission_id = latest.submission_id
left join spoken on submissions.submission_id = spoken.submission_id
where sha256 = $sha256 and submissions.country_code is not distinct from $country_code
    and submissions.reporting_month is not distinct from $month
order by arrivals.arrival_number desc
"""

# The submission whose bytes came last under a name, for each month that they hold.
_LAST = f"""
select came.submission_id
from (
    select submission_id, sha256, file_name, position from raw.submissions
    union all select submission_id, sha256, file_name, position from raw.copies
) as came
inner join raw.submissions using (submission_id)
where came.sha256 = $sha256 and came.file_name = $file_name and came.submission_id not in ({REPLACED})
qualify row_number() over (
    partition by country_code, reporting_month order by came.position desc nulls last
) = 1
order by reporting_month
"""

_TIE = N_(
    "the file came together with {other}, and neither a revision number nor the time of the last change says which is "
    "later. By the order of the names this one counts. If it is the wrong one, send the right one again."
)


def choose_new(
    connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading]
) -> tuple[list[Reading], list[tuple[str, Submission | Request]]]:
    """Return the readings that are new, in the order in which they count, and the copies with whose they are."""
    taken = {name for (name,) in connection.execute("select submission_id from raw.submissions").fetchall()}
    received = set(connection.execute("select sha256, file_name from raw.submissions").fetchall())
    known = {sha256 for sha256, _ in received}
    chosen: list[Reading] = []
    copies: list[tuple[str, Submission]] = []
    renamed: dict[str, str] = {}
    last = _last_of_each(readings)
    parts = Counter(receipt_of(reading) for reading in readings)
    for reading in in_order(readings):
        sent = reading.submission
        if sent.submission_id in taken:
            continue
        if reading is not last[sent.submission_id]:
            copies.append((sent.submission_id, sent))
        # What came under the same name was found to count when it was received: of several months, one of them was.
        elif (
            sent.sha256 not in known
            or ((sent.sha256, sent.file_name) in received and parts[receipt_of(reading)] == 1)
            or not (own := _copied(connection, reading, chosen, is_part=parts[receipt_of(reading)] > 1))
        ):
            chosen.append(reading)
        else:
            renamed[sent.submission_id] = own
            copies.append((own, sent))
    return chosen, [(renamed.get(own, own), sent) for own, sent in copies]


def receipt_of(reading: Reading) -> tuple[str, str, datetime]:
    """Return what tells a receipt from others: the bytes, the name under which they came, and the time."""
    return reading.submission.sha256, reading.submission.file_name, reading.submission.received_at


def in_order(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings of one run from the first to the one that counts; see warehouse.ledger.order."""
    return sorted(readings, key=_order_key)


def _last_of_each(readings: Sequence[Reading]) -> dict[str, Reading]:
    """Return submission_id → its last reading of those with the fewest errors, as names alone make them differ."""
    last: dict[str, Reading] = {}
    for reading in in_order(readings):
        before = last.get(reading.submission.submission_id)
        if before is None or len(_errors(reading)) <= len(_errors(before)):
            last[reading.submission.submission_id] = reading
    return last


def add_copies(connection: duckdb.DuckDBPyConnection, copies: Sequence[tuple[str, Submission | Request]]) -> None:
    """Append copies, each with the id of the submission whose bytes came again, in the transaction that is open."""
    places = range(first := _last_place(connection) + 1, first + len(copies))
    for place, (submission_id, sent) in zip(places, copies, strict=True):
        connection.execute(
            "insert into raw.copies (position, submission_id, sha256, file_name, received_at, modified_at) "
            "values (?, ?, ?, ?, ?, ?)",
            [place, submission_id, sent.sha256, sent.file_name, sent.received_at, sent.modified_at],
        )
        log.info("%s changes nothing: its contents are those of %s.", printable(sent.file_name), submission_id)
    if copies:
        append_entries(connection, "copy", [str(place) for place in places])


def note_copies(connection: duckdb.DuckDBPyConnection, requests: Sequence[Request]) -> None:
    """Append files that came again under the same name and change nothing."""
    copies: list[tuple[str, Submission | Request]] = []
    for request in requests:
        values = {"sha256": request.sha256, "file_name": request.file_name}
        copies += [(submission_id, request) for (submission_id,) in connection.execute(_LAST, values).fetchall()]
    with transaction(connection):
        add_copies(connection, copies)


def _last_place(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(
        "select greatest(coalesce((select max(position) from raw.submissions), 0), "
        "coalesce((select max(position) from raw.copies), 0))"
    ).fetchone()
    return int(row[0]) if row else 0


def _order_key(reading: Reading) -> OrderKey:
    sent = reading.submission
    return order_key(sent.file_name, sent.revision, sent.modified_at)


def _copied(
    connection: duckdb.DuckDBPyConnection, reading: Reading, chosen: Sequence[Reading], *, is_part: bool
) -> str | None:
    """Return the submission of which a file under another name, or a month of it, is a copy; None if it changes any."""
    sent = reading.submission
    values = {"sha256": sent.sha256, "country_code": sent.country_code, "month": sent.reporting_month}
    is_replaced = any(_subject(one) == _subject(reading) for one in chosen)
    for submission_id, is_refused, is_in_force, found in connection.execute(
        _BEFORE, values | {"today": sent.received_at.date(), "is_part": is_part}
    ).fetchall():
        errors = sorted((rule, template, _arguments(orjson.loads(text))) for rule, template, text in found)
        if errors == _errors(reading) and (is_refused or (is_in_force and not is_replaced)):
            return str(submission_id)
    return None


def _subject(reading: Reading) -> tuple[str | None, date | None]:
    return reading.submission.country_code, reading.submission.reporting_month


def _errors(reading: Reading) -> list[tuple[str, str, str]]:
    found = (finding for finding in reading.findings if finding.severity == "error")
    return sorted((f.rule, f.message, _arguments(dict(f.arguments))) for f in found)


def _arguments(arguments: dict[str, object]) -> str:
    """Return what fills a message as JSON, without the file's name."""
    kept = {name: value for name, value in arguments.items() if name != "file_name"}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()


def positions(connection: duckdb.DuckDBPyConnection, submissions: Sequence[Submission]) -> list[int | None]:
    """Return the place of each in the order of receipts: the next, or that of the receipt that is read again."""
    places = {
        tuple(key): place
        for *key, place in connection.execute(
            "select sha256, file_name, received_at, position from raw.submissions where sha256 in "
            "(select unnest(?::varchar[]))",
            [[sent.sha256 for sent in submissions]],
        ).fetchall()
    }
    last = _last_place(connection)
    found: list[int | None] = []
    for sent in submissions:
        key = (sent.sha256, sent.file_name, sent.received_at)
        if key not in places:
            last += 1
            places[key] = last
        found.append(places[key])
    return found


def tie_findings(submissions: Sequence[Submission]) -> list[Finding]:
    """Warn where only the names of two files of one run, in their order, say which of them counts."""
    groups: dict[tuple[object, ...], list[Submission]] = {}
    for sent in submissions:
        if sent.country_code and sent.reporting_month and sent.modified_at:
            number = revision_of(sent.file_name, sent.revision)
            key = (sent.country_code, sent.reporting_month, number, sent.modified_at)
            groups.setdefault(key, []).append(sent)
    return [
        file_finding(later, "warning", "order_by_name", _TIE, other=earlier.file_name)
        for group in groups.values()
        for earlier, later in pairwise(group)
    ]
