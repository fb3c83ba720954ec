"""Meaning that stands beside the text of cells, and findings about what was not read as it stands, for the sender."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from warehouse.files.sheet import UnreadableError
from warehouse.findings.finding import Finding, shortened
from warehouse.findings.proposal import AS_READ, LEAVE_OUT, Proposal
from warehouse.intake.submission import Submission
from warehouse.sheets.added_columns import add_columns
from warehouse.sheets.column_measures import apply_measures
from warehouse.sheets.remark import ColumnRemark, Remark
from warehouse.sheets.sender import Sender
from warehouse.sheets.sheet_scan import SheetScan
from warehouse.sheets.struck_cells import read_struck_cells
from warehouse.sheets.unit_above import unit_above
from warehouse.words.catalogue import N_

MAX_REMARKS = 20_000  # findings and replies of a file
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
    "column_contradicted": N_(
        'the heading "{value}" says "{stated}" and row {row} says "{unit}", so nothing of this column was counted. '
        "Correct the heading or the units and send the file again."
    ),
    "column_scaled": N_(
        'the heading "{value}" or the format of its cells states a scale, so its numbers were multiplied: "{sent}" '
        "in row {row} was read as {read}. Confirm it, or write the numbers in full."
    ),
    "scale_unclear": N_(
        'the heading "{value}" says "{stated}", which multiplies its numbers in a way that is not understood: they '
        "were read as they are written. Write them in full, or one scale such as thousand or million, and send the "
        "file again; if nothing is to be multiplied, confirm."
    ),
    "columns_added": N_(
        '"{value}" and "{other}" hold one quantity and were added up: row {row} was read as {read}. Confirm it, or '
        "keep one column."
    ),
    "quotes_within": N_(
        "{value} goes on behind its quotation marks and was read as it stands, with them. Confirm it, or write the "
        "cell without quotation marks."
    ),
    "row_struck": N_(
        '"{value}" is struck through and was not read as a row. Delete it, or remove the line if the row holds.'
    ),
    "text_struck": N_(
        '"{value}" is struck through and was left out; "{rest}" was read. Confirm it, or write the cell anew.'
    ),
    "table_below": N_(
        '"{value}" are the headings of another table, so nothing from this row on was read. Put each table on a sheet '
        "or into a file of its own and send it again."
    ),
    "column_unnamed": N_(
        'column {column} has no heading, so "{value}" and whatever else stands in it was kept but not read. Give the '
        "column the heading of the question that it answers, or add its figures to those that they belong to."
    ),
    "part_stated": N_(
        '"{value}" says that the row is a part of another, and it was counted like any other. If another row counts '
        "the same, delete one of the two; if none does, confirm."
    ),
    "unit_above": N_(
        '"{value}" stands above the table and row {row} says "{unit}", so its numbers were read in the units of their '
        "rows. Correct whichever is wrong, or confirm."
    ),
    "number_shortened": N_(
        'the cell shows less than it holds: its format shows thousands, and "{value}" was read. Confirm it, or set the '
        "format to plain numbers and correct it."
    ),
    "number_dressed": N_(
        'the format of the cell shows "{added}" beside its number, which is no unit of the list: "{value}" alone was '
        "read. Write what is meant into the cells and set their format to plain numbers, or confirm."
    ),
    "number_unshown": N_(
        'the format of the cell hides its number: "{value}" was read, which nobody sees. Empty the cells that say '
        "nothing and set the format of the others to plain numbers, or confirm."
    ),
}
_ERRORS = {"column_contradicted", "table_below"}
# What was left out, or read so, is likely what was meant: a return workbook holds the rows like that.
_PROPOSALS: Mapping[str, Proposal] = {
    **dict.fromkeys(("header_repeated", "note", "row_struck", "total_row"), LEAVE_OUT),
    **dict.fromkeys(("column_scaled", "columns_added", "quotes_within"), AS_READ),
}


def read_meaning(
    submission: Submission, scans: Sequence[SheetScan], codelists: Path
) -> tuple[list[SheetScan], list[Finding]]:
    """Return the scans with struck cells, parts of a quantity, scales and units read, and the findings about them."""
    sender, read, findings = Sender(codelists, submission.country_code), [], list[Finding]()
    for given in scans:
        scan, struck = read_struck_cells(given)
        scan, added = add_columns(scan, sender)
        above = unit_above(scan, sender)
        scan, measured = apply_measures(scan, sender)
        findings += [remark_finding(submission, scan, remark) for remark in (*struck, *added, *above, *measured)]
        read.append(scan)
    return read, findings


def remark_finding(submission: Submission, scan: SheetScan, remark: Remark | ColumnRemark) -> Finding:
    """Return the finding about a row, a cell or a column that was not read as it stands.

    A column that is required and was not read makes it an error: no row could count without it.
    """
    table, offset = scan.known_table, scan.sheet.first_row
    row = remark.index + offset if isinstance(remark, Remark) else None
    arguments = {name: shortened(text) if isinstance(text, str) else text for name, text in remark.arguments.items()}
    if isinstance(index := remark.arguments.get("row"), int):
        arguments["row"] = index + offset
    is_error = remark.rule in _ERRORS and (remark.field is None or remark.field in scan.missing)
    return Finding(
        submission.submission_id, "error" if is_error else "warning", remark.rule, _REMARKS[remark.rule], table.name,
        scan.sheet.name, row, remark.field, remark.value, {"value": shortened(remark.value), **arguments},
        _proposal(remark),
    )  # fmt: skip


def quotes_findings(submission: Submission, scan: SheetScan, index: int) -> list[Finding]:
    """Return the finding about a row (from 0) of CSV text of which a cell goes on behind its quotation marks."""
    loose = scan.sheet.loose.get(index + scan.sheet.first_row)
    return [remark_finding(submission, scan, Remark(index, "quotes_within", loose))] if loose else []


def _proposal(remark: Remark | ColumnRemark) -> Proposal | None:
    rest = remark.arguments.get("rest")
    if remark.rule == "text_struck" and remark.field and isinstance(rest, str):
        return Proposal("as_read", {remark.field: rest})
    return _PROPOSALS.get(remark.rule)


def refuse_flood(count: int) -> None:
    """Raise UnreadableError if there are more findings and replies than anybody reads: each would be kept."""
    if count > MAX_REMARKS:
        raise UnreadableError(
            N_(
                "the file cannot be read: more than {count} of its lines are totals, repeated headings, merged numbers "
                "or replies. Delete all but the single rows and send it anew."
            ),
            count=MAX_REMARKS,
        )
