"""Files of several months: each month that such a file has rows of becomes a submission of its own.

A row belongs to the month of its sheet, where that names one, else to the month of its own day. A file is divided whole
or not at all: each of its rows lies in one of the submissions, which share its receipt.
"""

import tempfile
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from warehouse.findings.finding import Finding
from warehouse.intake.bulk_landing import canonical_rows
from warehouse.intake.identity import period_text
from warehouse.intake.landing import Landing, Reading, Request, Span, read_file
from warehouse.intake.submission import Submission, file_finding, month_findings, submission_id
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.written_months import bare_text, read_months
from warehouse.storage.reading import open_scratch
from warehouse.storage.sql import identifier, literal
from warehouse.text_table import printable
from warehouse.words.catalogue import N_

MAX_UNCLEAR = 200  # rows of a sheet that are named because nobody knows of which month they are

_WITH_ERRORS = N_(
    "the file covers several months ({months}) and was not divided into them, because of the errors named here. "
    "Correct them and send it again."
)
_WITHOUT_ROWS = N_(
    'the file covers several months ({months}) and has no rows. If there was nothing to report, answer "Nothing to '
    'report" on the cover with yes, or send a form for each month.'
)
_UNCLEAR = {
    "unread": N_(
        'the file covers several months ({months}), and "{value}" does not say of which the row is; {count} such rows '
        "were found. Write the day or the month into each row, put each month on a sheet that is named after it, or "
        "send a file for each month."
    ),
    "two_ways": N_(
        'the file covers several months ({months}), and day and month of "{value}" can be exchanged; {count} such rows '
        "were found. Write the days as 2024-05-31, or send a file for each month."
    ),
    "outside": N_(
        "the file covers several months ({months}), and no row of the table lies in any of them: here stands "
        '"{value}". Correct the days, or the period in the file name or on the cover.'
    ),
}


@dataclass
class _Part:
    """What falls to one month: the rows of sheets, and findings about them."""

    landings: list[Landing] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Division:
    """A file that is being divided; ``turns`` are the rows of a table and sheet from which on another month holds."""

    request: Request
    submission: Submission
    span: Span
    parts: dict[date, _Part] = field(default_factory=dict)
    turns: dict[tuple[str, str], list[tuple[int, date]]] = field(default_factory=dict)

    def month_sql(self, landing: Landing) -> str:
        """Return the SQL of the month of a row of this sheet, beside ``months_read``."""
        month = self.span.of_sheets.get(landing.sheet)
        return f"date '{month}'" if month else "months_read.month"


def read_submissions(request: Request) -> tuple[Reading, ...]:
    """Read one file: a reading for each month that it has rows of, or one for a file that is not divided.

    See warehouse.intake.landing.read_file; raises MemoryError too.
    """
    # The same bytes under two names are read at the same time, into files of their own.
    reading = read_file(replace(request, folder=Path(tempfile.mkdtemp(dir=request.folder))))
    if reading.span is None:
        return (reading,)
    try:
        readings = _divide(request, reading, reading.span)
        subjects = [(one.submission.country_code, one.submission.reporting_month) for one in readings]
        return tuple(one for one, own in zip(readings, subjects, strict=True) if own not in request.settled)
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error


def describe_files(readings: Sequence[Reading], landed: Sequence[Reading], refused: Collection[str]) -> Iterator[str]:
    """Say which files hold several months, and how many are neither ``landed`` nor ``refused``, by their names."""
    months: dict[tuple[str, str], list[date | None]] = {}
    for sent in (reading.submission for reading in readings):
        months.setdefault((sent.file_name, sent.sha256), []).append(sent.reporting_month)
    for (name, _), held in months.items():
        if len(held) > 1:
            named = ", ".join(f"{month:%Y-%m}" for month in held if month)
            yield f"{printable(name)} holds {len(held)} months, each of which has its own answer: {named}."
    new = {(reading.submission.file_name, reading.submission.sha256) for reading in landed}
    if count := sum(key not in new and key[0] not in refused for key in months):
        yield f"{count} files hold what was sent before and change nothing."


def _divide(request: Request, reading: Reading, span: Span) -> list[Reading]:
    landings = [landing for landing in reading.landings if landing.row_count]
    nil = [landing for landing in reading.landings if landing.is_nil]
    # An error about one table leaves the others to count, in each month.
    errors = [finding for finding in reading.findings if finding.severity == "error"]
    if any(finding.table_name is None or not landings for finding in errors):
        return [_refused(reading, span, "months_not_divided", _WITH_ERRORS)]
    if not (landings or nil):
        return [_refused(reading, span, "months_without_rows", _WITHOUT_ROWS)]
    division = _Division(request, reading.submission, span)
    names = dict.fromkeys(landing.table_name for landing in landings)
    unclear: list[Finding] = []
    for name in names:
        unclear += _divide_table(division, [landing for landing in landings if landing.table_name == name])
    if unclear:
        return [replace(reading, span=None, findings=(*reading.findings, *unclear))]
    for landing in landings:
        landing.path.unlink()
    # A sheet of no month beside others with rows of its table does not say in which months it has none.
    _add_nil(division, [one for one in nil if one.sheet in span.of_sheets or one.table_name not in names])
    return _readings(reading, division)


def _add_nil(division: _Division, landings: Sequence[Landing]) -> None:
    """Add what is said to be nil to the month of its sheet or, where that names none, to each month that has begun."""
    today, span = division.submission.received_at.date(), division.span
    begun = [month for month in span.months if month <= today] or list(span.months)
    for landing in landings:
        for month in [span.of_sheets[landing.sheet]] if landing.sheet in span.of_sheets else begun:
            part = division.parts.setdefault(month, _Part())
            if all(other.table_name != landing.table_name for other in part.landings):
                part.landings.append(landing)


def _refused(reading: Reading, span: Span, rule: str, message: str) -> Reading:
    finding = file_finding(reading.submission, "error", rule, message, months=period_text(span.months))
    return replace(reading, span=None, findings=(*reading.findings, finding))


def _divide_table(division: _Division, landings: Sequence[Landing]) -> Iterator[Finding]:
    """Write the rows of a table to files of one month each; yields errors about rows of no month."""
    connection, table = open_scratch(), load_questionnaire().table(landings[0].table_name)
    dated = [landing for landing in landings if landing.sheet not in division.span.of_sheets]
    codelists = division.request.codelists
    sent = bare_text(codelists, f"rows_sent.{identifier(table.period)}")
    connection.execute("create or replace temp table texts (sent_text varchar)")
    for landing in dated:
        connection.execute(f"insert into texts select distinct {sent} from ({_rows(landing)}) as rows_sent")
    country = division.submission.country_code
    read_months(connection, table.field(table.period), division.span.months, country, codelists)
    for landing in landings:
        connection.execute(
            f"create or replace temp view rows_of_sheet as select rows_sent.*, {sent} as sent_text, "
            f"{division.month_sql(landing)} as own_month, months_read.problem from ({_rows(landing)}) as rows_sent "
            f"left join months_read on {sent} is not distinct from months_read.sent_text"
        )
        unclear = _unclear_findings(connection, division, landing) if landing in dated else []
        yield from unclear
        if not unclear:
            _write_months(connection, division, landing)


def _rows(landing: Landing) -> str:
    return canonical_rows(load_questionnaire().table(landing.table_name), [landing.path])


def _unclear_findings(connection: duckdb.DuckDBPyConnection, division: _Division, landing: Landing) -> list[Finding]:
    """Return the errors about the first rows of a sheet that belong to no month, with the number of all of them."""
    rows = connection.execute(
        "select source_row, coalesce(sent_text, ''), problem, count(*) over (partition by problem) from rows_of_sheet "
        f"where problem is not null order by source_row limit {MAX_UNCLEAR}"
    ).fetchall()
    table, months = load_questionnaire().table(landing.table_name), period_text(division.span.months)
    return [
        replace(
            file_finding(
                division.submission, "error", "months_unclear", _UNCLEAR[problem], value=value, count=count,
                months=months,
            ),
            table_name=table.name, sheet=landing.sheet, source_row=number, field=table.period,
        )
        for number, value, problem, count in rows
    ]  # fmt: skip


def _write_months(connection: duckdb.DuckDBPyConnection, division: _Division, landing: Landing) -> None:
    """Write the rows of a sheet to a file for each month; raises RuntimeError unless these hold all of them."""
    whole = landing.path.with_suffix(".months.parquet")
    connection.execute(f"copy (select * exclude (sent_text, problem) from rows_of_sheet) to {literal(str(whole))}")
    held = f"read_parquet({literal(str(whole))})"
    months = connection.execute(f"select distinct own_month from {held} order by all").fetchall()
    count = 0
    for (month,) in months:
        path = landing.path.with_suffix(f".{month:%Y-%m}.parquet")
        own = literal(_id_of(division, month))
        written = connection.execute(
            f"copy (select * exclude (own_month) replace ({own} as submission_id), null::varchar[] as seen from {held} "
            f"where own_month = date '{month}') to {literal(str(path))} (format parquet)"
        ).fetchone()
        rows = int(written[0]) if written else 0
        count += rows
        part = division.parts.setdefault(month, _Part())
        part.landings.append(replace(landing, row_count=rows, path=path))
    if count != landing.row_count:
        raise RuntimeError(f"{landing.table_name}: {landing.row_count} rows were read and {count} lie in a month")
    turns = connection.execute(
        f"select source_row, own_month from {held} "
        "qualify own_month is distinct from lag(own_month) over (order by source_row) "
        "order by source_row"
    ).fetchall()
    division.turns[landing.table_name, landing.sheet] = turns
    whole.unlink()


def _id_of(division: _Division, month: date) -> str:
    return submission_id(division.submission.country_code, month, division.submission.sha256, division.request.taken)


def _readings(reading: Reading, division: _Division) -> list[Reading]:
    """Return the readings of the months, in their order."""
    for finding in reading.findings:
        for month in _months_of(finding, division):
            division.parts[month].findings.append(finding)
    readings = []
    for month, part in sorted(division.parts.items()):
        own = replace(reading.submission, submission_id=_id_of(division, month), reporting_month=month)
        findings = (*part.findings, *month_findings(own))
        named = tuple(replace(finding, submission_id=own.submission_id) for finding in findings)
        readings.append(Reading(own, tuple(part.landings), named, reading.replies, division.span))
    return readings


def _months_of(finding: Finding, division: _Division) -> Sequence[date]:
    """Return the months whose answers name a finding: that of its row or of the row above, or those of its sheet."""
    turns = division.turns.get((finding.table_name or "", finding.sheet or ""))
    if not turns:
        return list(division.parts)
    if finding.source_row is None:
        return sorted({month for _, month in turns})
    at = bisect_right([row for row, _ in turns], finding.source_row)
    return [turns[max(at - 1, 0)][1]]
