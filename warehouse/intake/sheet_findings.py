"""Findings about the sheets of a file as a whole: which were read, and why the others were not."""

from collections.abc import Sequence

from warehouse.findings.finding import Finding, Severity, shortened
from warehouse.findings.suggestions import suggest_fields, title_of
from warehouse.intake.records import Remark
from warehouse.intake.sheet_scan import SPARE_COLUMNS, Opened, complete_tables
from warehouse.intake.submission import Submission, file_finding
from warehouse.questionnaire.cover import COVER_WIDTH, is_cover
from warehouse.questionnaire.headings import Header, is_form_sheet
from warehouse.words.catalogue import N_, Argument, listed

_REMARKS = {
    "note": N_(
        '"{value}" stands alone below the table and was taken for a note. If it is data, fill in the other columns.'
    ),
    "total_row": N_('"{value}" is a total and was not counted as a row. Send single rows without totals.'),
    "header_repeated": N_("the headings stand here again and were not read as data. Keep them once, above the rows."),
    "number_merged": N_(
        'the cell is merged with the one above; "{value}" was read for the first row only. Write a number of its own '
        "in each row."
    ),
}


def sheet_findings(submission: Submission, opened: Sequence[Opened]) -> list[Finding]:
    """Return findings about sheets and headings; a sheet is read, explained by one of them, a cover, or empty."""
    complete = complete_tables(opened)
    if not any(part.table for part in opened):
        message = N_(
            "no table of the questionnaire was recognised. One row must hold the headings, for example: Date of "
            "seizure, Drug or substance, Quantity, Unit."
        )
        return [file_finding(submission, "error", "table_unknown", message)]
    findings: list[Finding] = []
    for part in opened:
        if part.header is None or _is_beside(part, complete):
            findings += _unread_findings(submission, part, complete)
        else:
            findings += _header_findings(submission, part, part.header)
    return findings


def _is_beside(part: Opened, complete: Sequence[Opened]) -> bool:
    """Tell whether an incomplete table only stands beside a complete one: a summary, a list of the form."""
    return bool(part.missing) and any(part.table is other.table for other in complete) and not part.is_named


def _unread_findings(submission: Submission, part: Opened, complete: Sequence[Opened]) -> list[Finding]:
    name = part.sheet.name
    if part.width == 0 or part.cover or is_form_sheet(name):
        return []
    # As wide as a table that was read, it is likely its continuation: rows would be missing unnoticed.
    continues = not part.header and any(_is_as_wide(part, other) for other in complete)
    arguments: dict[str, Argument] = {}
    if part.missing:
        arguments["titles"] = listed(part.known_table.field(missing).title for missing in part.missing)
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


def _is_as_wide(part: Opened, other: Opened) -> bool:
    return other.width > COVER_WIDTH and 0 <= other.width - part.width <= SPARE_COLUMNS


def _header_findings(submission: Submission, part: Opened, header: Header) -> list[Finding]:
    def told(severity: Severity, rule: str, message: str, *, field: str | None = None, value: str | None = None,
             **arguments: Argument) -> None:  # fmt: skip
        findings.append(Finding(submission.submission_id, severity, rule, message, header.table.name, part.sheet.name,
                                field=field, value=value, arguments=arguments))  # fmt: skip

    findings: list[Finding] = []
    repeated = [header.extra[column] for column in header.repeated]
    unknown = [text for text in header.extra.values() if text not in repeated and text not in part.sheet.metadata]
    near = suggest_fields(header.table, unknown, header.columns.values())
    for heading, suggested in near.items():
        is_missing, look_alike = suggested.meaning in header.missing, suggested.reason == "look_alike"
        told("error" if is_missing else "warning", "column_missing" if is_missing else "column_unknown",
             _COLUMNS_NEAR[is_missing, look_alike], field=suggested.meaning if is_missing else None,
             value=heading, heading=shortened(heading), title=title_of(header.table, suggested))  # fmt: skip
    suggested_fields = {suggested.meaning for suggested in near.values()}
    for missing in (field for field in header.missing if field not in suggested_fields):
        told("error", "column_missing", _COLUMN_MISSING, field=missing)
    for heading in repeated:
        told("warning", "column_repeated", _COLUMN_REPEATED, value=heading, heading=shortened(heading))
    if rest := [heading for heading in unknown if heading not in near]:
        headings = ", ".join(map(shortened, rest))
        told("warning", "column_unknown", _COLUMNS_UNKNOWN, value=", ".join(rest), headings=headings)
    if part.sheet.is_hidden:
        told("warning", "sheet_hidden", _SHEET_HIDDEN, sheet=part.sheet.name)
    # Wide rows above the headings are those of groups of columns, or data that was not read.
    if part.is_below_other or not is_cover(part.top[: header.first]):
        row = header.first + part.sheet.first_row
        told("error" if part.is_below_other else "warning", "rows_above_header", _ROWS_ABOVE_HEADER, row=row)
    return findings


_COLUMN_MISSING = N_("the column is missing. Add it with this heading and send the file again.")


# (it is a required column that is missing, it is a matter of look-alike letters) → what is said
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


_COLUMN_REPEATED = N_('a second column is called "{heading}". It was kept but not read; keep one of the two.')


_COLUMNS_UNKNOWN = N_(
    "columns that the questionnaire does not have were kept but not read: {headings}. Nothing needs to be done."
)


_SHEET_HIDDEN = N_('the sheet "{sheet}" is hidden; its rows were read. Delete it if they were not meant to be sent.')


_ROWS_ABOVE_HEADER = N_(
    "the rows above the headings in row {row} were not read. One sheet holds one table with its headings on top; put "
    "another table on a sheet of its own."
)


def remark_finding(submission: Submission, part: Opened, remark: Remark) -> Finding:
    """Return the warning about a row, or a cell of it, that was not read as it stands."""
    table, row = part.known_table, remark.index + part.sheet.first_row
    return Finding(submission.submission_id, "warning", remark.rule, _REMARKS[remark.rule], table.name, part.sheet.name,
                   row, remark.field, remark.value, {"value": shortened(remark.value)})  # fmt: skip
