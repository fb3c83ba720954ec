"""Filled proposals: the cells of a return workbook that hold what is proposed in place of what was sent.

Sent back as they are, they are what the sender sends. A cell is filled only where all findings about it propose the
same text, so that none is accepted by leaving another one unread. What was sent stays where it may well be right, as a
large seizure may: there the proposal is listed, and the sender writes it.
"""

from collections.abc import Iterator, Mapping, Sequence

from warehouse.answers.answer import AnswerFinding
from warehouse.forms.table_sheet import Texts

# Sheet and row of the file that was sent → the index of the row in the workbook.
Index = Mapping[tuple[str, int | None], int]

# Rules of proposals that would change a figure which counts as it was sent until its sender answers.
_LISTED_ONLY = frozenset({"smaller_unit"})

# A cell: table, index of the row, field.
_Cell = tuple[str, int, str]


def fill_proposals(
    findings: Sequence[AnswerFinding], places: Mapping[str, Index], texts: dict[str, Texts]
) -> dict[str, dict[str, str]]:
    """Write the proposals of findings into the texts of their tables; returns what the filled cells held.

    It is by the reference of the finding and by field. ``places`` are the rows by table.
    """
    asked: dict[_Cell, set[str | None]] = {}
    for finding in findings:
        for cell, text in _cells(finding, places):
            asked.setdefault(cell, set()).add(text)
    held: dict[str, dict[str, str]] = {}
    written: dict[_Cell, str] = {}
    for finding in findings:
        cells = {cell: text for cell, text in _cells(finding, places) if text is not None}
        if cells and all(asked[cell] == {text} for cell, text in cells.items()):
            held[finding.reference] = {cell[2]: texts[cell[0]][cell[2]][cell[1]] or "" for cell in cells}
            written |= cells
    changed: dict[tuple[str, str], list[str | None]] = {}
    for (table, row, field), text in written.items():
        column = changed.setdefault((table, field), list(texts[table][field]))
        column[row] = text
    for (table, field), column in changed.items():
        texts[table] = {**texts[table], field: column}
    return held


def row_of(finding: AnswerFinding, places: Mapping[str, Index]) -> int | None:
    """Return the index of the row that a finding is about, None where it is about none of the workbook."""
    if finding.source_row is None:
        return None
    return places.get(finding.table or "", {}).get((finding.sheet or "", finding.source_row))


def _cells(finding: AnswerFinding, places: Mapping[str, Index]) -> Iterator[tuple[_Cell, str | None]]:
    """Yield the cells that a finding is about with the text to fill each with, None where there is none."""
    table, row = finding.table or "", row_of(finding, places)
    if row is None:
        return
    proposed = finding.proposal.cells if finding.proposal else {}
    is_filled = finding.proposal is not None and finding.proposal.rule not in _LISTED_ONLY
    for field in dict.fromkeys([*proposed, *([finding.field] if finding.field else [])]):
        yield (table, row, field), proposed.get(field) if is_filled else None
