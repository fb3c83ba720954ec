"""Findings about sheets: why a sheet was not read, which headings are wrong, and remarks on rows that are no data.

What a sheet contains is decided in sheet_scan and records; this module only puts it into words for the sender.
"""

import dataclasses
import re
from collections.abc import Sequence
from functools import partial

from warehouse.findings.finding import Finding, Severity, shortened
from warehouse.findings.proposal import AS_READ, Proposal
from warehouse.findings.suggestions import Near, suggest_fields, title_of
from warehouse.intake.submission import Submission, file_finding
from warehouse.questionnaire.cover import COVER_WIDTH, is_cover
from warehouse.questionnaire.headings import OF_WHICH, Header, is_form_sheet
from warehouse.questionnaire.measures import names_scale
from warehouse.sheets.sheet_scan import SheetScan, complete_tables
from warehouse.words.catalogue import N_, Argument, listed

SPARE_COLUMNS = 1  # by which a continuation of a table may be narrower than the table

_COLUMN_MISSING = N_("the column is missing. Add it with this heading and send the file again.")
# (whether a required column is missing, whether letters of the other alphabet are the reason) → message
_COLUMNS_NEAR = {
    (True, False): N_(
        'the column is missing. Is "{heading}" meant for it? Write that heading as "{title}" and send the file again.'
    ),
    (True, True): N_(
        'the column is missing. The heading "{heading}" looks like it, but some of its letters only look so: Latin and '
        'Cyrillic are mixed up. Write "{title}" anew and send the file again.'
    ),
    (False, False): N_(
        'the column "{heading}" was kept but not read. Did you mean "{title}"? If so, write the heading that way and '
        "send the file again."
    ),
    (False, True): N_(
        'the column "{heading}" was kept but not read: it looks like "{title}", but some of its letters only look so, '
        "Latin and Cyrillic are mixed up. Write the heading anew and send the file again."
    ),
}
_COLUMN_REPEATED = N_(
    'a second column, "{heading}", answers the same question. It was kept but not read. If its figures belong to those '
    "of the first, add them up there; then keep one of the two."
)
_COLUMN_OF_PART = N_(
    'the column "{heading}" tells a part of another number and was kept but not read. Send a row for each part in '
    "place of the whole, for example one for women and one for men."
)
_COLUMNS_UNKNOWN = N_(
    "columns that the questionnaire does not have were kept but not read: {headings}. If one of them answers a "
    "question of the form, give it the heading of that question."
)
_SHEET_HIDDEN = N_('the sheet "{sheet}" is hidden; its rows were read. Delete it if they were not meant to be sent.')
_ROWS_HIDDEN = N_(
    "rows that are hidden, by hand or by a filter, were read like any other: {count}, the first is row {row}. Show "
    "them, and delete those that were not meant to be sent."
)
_COLUMNS_HIDDEN = N_(
    "columns that are hidden were read like any other: {titles}. Show them, and empty those that were not meant to be "
    "sent."
)
_SCALE_ABOVE = N_(
    '"{text}" stands above the table, and its numbers were read as they are written. If they are thousands or '
    "millions, write that into the heading of their column, for example Value (thousand USD), and send the file again."
)
_TABLE_FURTHER = N_(
    "another table of the same sheet begins in row {row}, column {column}, and was read apart. Confirm it, or put each "
    "table on a sheet of its own."
)
_ROWS_ABOVE_HEADER = N_(
    "the rows above the headings in row {row} were not read. One sheet holds one table with its headings on top; put "
    "another table on a sheet of its own."
)


def sheet_findings(submission: Submission, scans: Sequence[SheetScan]) -> list[Finding]:
    """Return the findings about sheets and headings: every sheet that was not read has one, unless cover or empty."""
    complete = complete_tables(scans)
    if not any(scan.table for scan in scans):
        message = N_(
            "no table of the questionnaire was recognised. One row must hold the headings, for example: Date of "
            "seizure, Drug or substance, Quantity, Unit."
        )
        return [file_finding(submission, "error", "table_unknown", message)]
    findings: list[Finding] = []
    for scan in scans:
        if scan.header is None or _is_beside(scan, complete):
            findings += _unread_findings(submission, scan, complete)
        else:
            findings += _header_findings(submission, scan, scan.header)
    return findings


def _is_beside(scan: SheetScan, complete: Sequence[SheetScan]) -> bool:
    """Tell whether an incomplete table accompanies a complete one of the same kind, e.g. as a summary."""
    return bool(scan.missing) and any(scan.table is other.table for other in complete) and not scan.is_named


def _unread_findings(submission: Submission, scan: SheetScan, complete: Sequence[SheetScan]) -> list[Finding]:
    name = scan.sheet.name
    if scan.width == 0 or scan.cover or is_form_sheet(name):
        return []
    # A sheet as wide as a table that was read is probably its continuation, whose rows would be missing unnoticed.
    continues = not scan.header and any(_is_as_wide(scan, other) for other in complete)
    arguments: dict[str, Argument] = {}
    if scan.missing:
        arguments["titles"] = listed(scan.known_table.field(missing).title for missing in scan.missing)
        message = N_(
            "the sheet was not read, because headings are missing: {titles}. If it holds data, give it the headings of "
            "the form."
        )
    elif continues:
        message = N_("the sheet was not read, because no headings were recognised. Repeat the headings above its rows.")
    else:
        message = N_(
            "the sheet was not read, because no headings were recognised. If it holds data, give it the headings of "
            "the form."
        )
    severity: Severity = "error" if continues else "warning"
    return [Finding(submission.submission_id, severity, "sheet_unknown", message, sheet=name, arguments=arguments)]


def _is_as_wide(scan: SheetScan, other: SheetScan) -> bool:
    return other.width > COVER_WIDTH and 0 <= other.width - scan.width <= SPARE_COLUMNS


def _header_findings(submission: Submission, scan: SheetScan, header: Header) -> list[Finding]:
    finding = partial(_sheet_finding, submission, scan)
    repeated = [header.extra[column] for column in header.repeated]
    settled = {*repeated, *scan.sheet.metadata, *scan.settled}
    unknown = [text for text in header.extra.values() if text not in settled]
    near = suggest_fields(header.table, unknown, header.columns.values())
    findings = [_near_finding(submission, scan, header, heading, suggested) for heading, suggested in near.items()]
    suggested_fields = {suggested.meaning for suggested in near.values()}
    findings += [
        finding("error", "column_missing", _COLUMN_MISSING, field=missing)
        for missing in header.missing
        if missing not in suggested_fields and missing not in scan.refused
    ]
    findings += [
        finding("warning", "column_repeated", _COLUMN_REPEATED, value=heading, heading=shortened(heading))
        for heading in repeated
    ]
    findings += _unknown_findings(submission, scan, [heading for heading in unknown if heading not in near])
    if scan.sheet.begins:
        row = header.first + scan.sheet.first_row
        further = finding("warning", "table_further", _TABLE_FURTHER, row=row, column=scan.sheet.begins)
        findings.append(dataclasses.replace(further, proposal=AS_READ))
    if scan.sheet.is_hidden:
        findings.append(finding("warning", "sheet_hidden", _SHEET_HIDDEN, sheet=scan.sheet.name))
    findings += _hidden_findings(submission, scan, header)
    above = [cell.strip() for row in scan.top[: header.first] for cell in row if names_scale(cell)]
    if above:
        findings.append(finding("warning", "scale_above", _SCALE_ABOVE, value=above[0], text=shortened(above[0])))
    # Wide rows above the headings are data that was not read, or headings of column groups.
    if scan.is_below_other or not is_cover(scan.top[: header.first]):
        severity: Severity = "error" if scan.is_below_other else "warning"
        row = header.first + scan.sheet.first_row
        findings.append(finding(severity, "rows_above_header", _ROWS_ABOVE_HEADER, row=row))
    return findings


def _hidden_findings(submission: Submission, scan: SheetScan, header: Header) -> list[Finding]:
    """Return a finding about the rows of a workbook that are hidden and hold something, and one about such columns."""
    finding, sheet = partial(_sheet_finding, submission, scan, "warning"), scan.sheet
    rows = sheet.rows if isinstance(sheet.rows, list) else []
    hidden = [
        i for i, row in enumerate(rows) if i in sheet.hidden_rows and i > header.index and any(map(str.strip, row))
    ]
    findings = []
    if hidden:
        row = hidden[0] + sheet.first_row
        findings.append(finding("rows_hidden", _ROWS_HIDDEN, count=len(hidden), row=row))
    if columns := sorted(sheet.hidden_columns & header.columns.keys()):
        titles = listed(scan.known_table.field(header.columns[column]).title for column in columns)
        findings.append(finding("columns_hidden", _COLUMNS_HIDDEN, titles=titles))
    return findings


def _unknown_findings(submission: Submission, scan: SheetScan, headings: Sequence[str]) -> list[Finding]:
    """Return a finding about each column that tells a part of another, and one about all others that are not known."""
    finding = partial(_sheet_finding, submission, scan, "warning")
    parts = [heading for heading in headings if re.match(OF_WHICH, heading.strip().casefold())]
    rest = [heading for heading in headings if heading not in parts]
    findings = [finding("column_of_part", _COLUMN_OF_PART, value=part, heading=shortened(part)) for part in parts]
    if rest:
        shown = ", ".join(map(shortened, rest))
        findings.append(finding("column_unknown", _COLUMNS_UNKNOWN, value=", ".join(rest), headings=shown))
    return findings


def _near_finding(submission: Submission, scan: SheetScan, header: Header, heading: str, suggested: Near) -> Finding:
    """Return the finding about a heading that resembles one of the table's."""
    is_missing, look_alike = suggested.meaning in header.missing, suggested.reason == "look_alike"
    finding = _sheet_finding(
        submission, scan,
        "error" if is_missing else "warning", "column_missing" if is_missing else "column_unknown",
        _COLUMNS_NEAR[is_missing, look_alike], field=suggested.meaning if is_missing else None,
        value=heading, heading=shortened(heading), title=title_of(header.table, suggested),
    )  # fmt: skip
    return dataclasses.replace(finding, proposal=Proposal("heading", heading=suggested.meaning))


def _sheet_finding(  # noqa: PLR0913 - keyword-only but what every finding has
    submission: Submission,
    scan: SheetScan,
    severity: Severity,
    rule: str,
    message: str,
    *,
    field: str | None = None,
    value: str | None = None,
    **arguments: Argument,
) -> Finding:
    return Finding(
        submission.submission_id, severity, rule, message, scan.known_table.name, scan.sheet.name,
        field=field, value=value, arguments=arguments,
    )  # fmt: skip


def totals_alone_finding(submission: Submission, scan: SheetScan) -> Finding:
    """Return the error about a table that has totals and no rows: it must not pass for a month without any."""
    message = N_(
        "the table holds totals and no single rows, so nothing can be counted and it is not taken for an empty one. "
        "Send the rows that the totals sum up."
    )
    return _sheet_finding(submission, scan, "error", "totals_alone", message)
