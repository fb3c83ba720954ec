"""What each country owes and what it has sent, month by month: in time or late, which revision is in force."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import duckdb
from dateutil.relativedelta import relativedelta

from warehouse.ledger.in_force import COUNTED, LATEST, REPLACED
from warehouse.ledger.opened import OPENED
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.reporting.obligations import Obligation, load_obligations, months_between, obligations_of

State = Literal["reported", "partial", "nil", "pending", "rejected", "awaited", "missing"]

_RECEIVED = f"""
with {LATEST},
{OPENED}
select
    submissions.country_code, submissions.reporting_month, submissions.submission_id, submissions.file_name,
    submissions.received_at, outcome,
    row_number() over (
        partition by submissions.country_code, submissions.reporting_month
        order by arrivals.arrival_number
    ) as number,
    submissions.revision, coalesce(warnings_count, 0) as open_warnings_count, submissions.contact,
    if(outcome = 'accepted', coalesce(rejected.table_names, []), []) as rejected_tables
from raw.submissions
inner join ledger.arrivals on submissions.submission_id = arrivals.submission_id
left join latest on submissions.submission_id = latest.submission_id
left join (
    select submission_id, list(table_name order by table_name) as table_names from rejected_tables group by all
) as rejected on submissions.submission_id = rejected.submission_id
left join opened on latest.submission_id = opened.submission_id and latest.decided_at = opened.decided_at
where submissions.country_code is not null and submissions.reporting_month is not null
    and submissions.submission_id not in ({REPLACED})
order by submissions.country_code, submissions.reporting_month, number
"""

# The tables of accepted submissions with their rows, those held back apart.
_PARTS = f"""
with {LATEST},
{COUNTED}
select
    parts.country_code, parts.reporting_month, parts.table_name, parts.submission_id, parts.is_current,
    parts.row_count, held_count
from parts
inner join counted on parts.submission_id = counted.submission_id and parts.table_name = counted.table_name
order by parts.country_code, parts.reporting_month, parts.table_name, parts.submission_id
"""


@dataclass(frozen=True)
class Received:
    """A submission: ``number`` counts all receipts of its country and month from 1, ``stated`` is its own number.

    ``received_at`` is UTC; ``outcome`` is None while it waits for its first decision. Open warnings are those that the
    sender has not confirmed. ``contact`` is what the cover says about whom to ask, ``rejected_tables`` are those of an
    accepted one that were not used.
    """

    submission_id: str
    file_name: str
    received_at: datetime
    outcome: str | None
    number: int
    stated: int | None
    open_warnings_count: int
    contact: str | None = None
    rejected_tables: Sequence[str] = ()


@dataclass(frozen=True)
class TableReceived:
    """A table of an accepted submission: rows received, and those of them held back."""

    table_name: str
    submission_id: str
    is_current: bool
    row_count: int
    quarantined_count: int


@dataclass(frozen=True)
class Report:
    """A month of a country on the day ``today``: what is asked, by table, and what was received."""

    country_code: str
    month: date
    today: date
    asked: dict[str, Obligation]
    received: tuple[Received, ...]
    parts: tuple[TableReceived, ...]

    @property
    def in_force(self) -> tuple[TableReceived, ...]:
        """The tables in force for the month."""
        return tuple(part for part in self.parts if part.is_current)

    @property
    def missing_tables(self) -> tuple[str, ...]:
        """Tables that are asked and not answered, not even as nil."""
        answered = {part.table_name for part in self.in_force}
        return tuple(table for table in self.asked if table not in answered)

    @property
    def state(self) -> State:
        """One word for the month; a submission that was rejected counts only where nothing else is in force."""
        if self.in_force:
            if self.missing_tables:
                return "partial"
            return "reported" if any(part.row_count for part in self.in_force) else "nil"
        if any(sent.outcome is None for sent in self.received):
            return "pending"
        if self.received:
            return "rejected"
        return "missing" if self.due_date is None or self.due_date < self.today else "awaited"

    @property
    def due_date(self) -> date | None:
        """The last day in time, of the table that is due first; None where nothing is asked."""
        return min((obligation.due_date(self.month) for obligation in self.asked.values()), default=None)

    @property
    def received_at(self) -> datetime | None:
        """When the last of the submissions in force was received (UTC)."""
        return max((sent.received_at for sent in self.sent_in_force), default=None)

    @property
    def sent_in_force(self) -> tuple[Received, ...]:
        """The submissions in force for any table of the month, usually one."""
        names = {part.submission_id for part in self.in_force}
        return tuple(sent for sent in self.received if sent.submission_id in names)

    @property
    def last_rejected(self) -> Received | None:
        """The last submission, if it was rejected."""
        return self.received[-1] if self.received and self.received[-1].outcome == "rejected" else None

    @property
    def last_rejected_tables(self) -> tuple[str, ...]:
        """The tables of the last submission that were not used though others of it were."""
        return tuple(self.received[-1].rejected_tables) if self.received else ()

    @property
    def days_late(self) -> int | None:
        """Days after the due day, of the table that came last; 0 in time, None where nothing is asked.

        A table arrives with the first submission of it that was accepted, a correction does not make it late; one that
        has not arrived is late by today. Days are those of UTC.
        """
        arrived = self._arrivals()
        late = [
            (arrived.get(table, self.today) - obligation.due_date(self.month)).days
            for table, obligation in self.asked.items()
        ]
        return max(0, *late) if late else None

    def _arrivals(self) -> dict[str, date]:
        days = {sent.submission_id: sent.received_at.date() for sent in self.received}
        arrived: dict[str, date] = {}
        for part in self.parts:
            day = days[part.submission_id]
            arrived[part.table_name] = min(day, arrived.get(part.table_name, day))
        return arrived


def read_reports(
    connection: duckdb.DuckDBPyConnection,
    obligations: Sequence[Obligation],
    tables: Sequence[str],
    months: Sequence[date],
    today: date,
) -> list[Report]:
    """Return a report for each country and each of the months for which anything is asked or was received.

    ``connection`` is the working database with its ledger; ``tables`` are those of the questionnaire that are due.
    """
    received, parts = (
        defaultdict[tuple[str, date], list[Received]](list),
        defaultdict[tuple[str, date], list[TableReceived]](list),
    )
    for country, month, *sent in connection.execute(_RECEIVED).fetchall():
        received[country, month].append(Received(*sent))
    for country, month, *part in connection.execute(_PARTS).fetchall():
        parts[country, month].append(TableReceived(*part))
    countries = sorted({o.country_code for o in obligations} | {country for country, _ in received})
    reports = [
        Report(country, month, today, obligations_of(obligations, country, month, tables),
               tuple(received[country, month]), tuple(parts[country, month]))
        for country in countries
        for month in months
    ]  # fmt: skip
    return [report for report in reports if report.asked or report.received]


def read_recent(
    connection: duckdb.DuckDBPyConnection, codelists: Path, months_count: int, until: date | None = None
) -> list[Report]:
    """Return the reports of so many months up to ``until``, as of today (UTC).

    Without it they end with the last full month or, where nothing was received for any of them, with the last month for
    which something was. Raises ObligationError.
    """
    today = datetime.now(UTC).date()
    last = until or today + relativedelta(months=-1, day=1)
    first = _first(last, months_count)
    if until is None and (reported := _last_reported(connection)) and reported < first:
        last, first = reported, _first(reported, months_count)
    tables = load_questionnaire().due_tables
    return read_reports(connection, load_obligations(codelists), tables, months_between(first, last), today)


def _first(last: date, months_count: int) -> date:
    try:
        first: date = last - relativedelta(months=months_count - 1)
    except (ValueError, OverflowError):  # before the year 1
        return date.min
    return first


def _last_reported(connection: duckdb.DuckDBPyConnection) -> date | None:
    query = "select max(reporting_month) from raw.submissions where country_code is not null"
    row = connection.execute(query).fetchone()
    return row[0] if row else None
