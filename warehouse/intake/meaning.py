"""Meaning that stands beside the text of cells, applied to the sheets of a file before their rows are read."""

from collections.abc import Sequence
from pathlib import Path

from warehouse.findings.finding import Finding
from warehouse.intake.remark_findings import remark_finding
from warehouse.intake.submission import Submission
from warehouse.sheets.added_columns import add_columns
from warehouse.sheets.column_measures import Sender, apply_measures
from warehouse.sheets.sheet_scan import SheetScan
from warehouse.sheets.struck_cells import read_struck_cells
from warehouse.sheets.unit_above import unit_above


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
