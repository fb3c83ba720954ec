"""Quantities that stand in two columns, such as kilograms and grams: added up where they are parts of one figure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from warehouse.files.sheet import Row, text_at, widen
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.headings import Header
from warehouse.questionnaire.measures import UNITS, Measure, measure_texts
from warehouse.sheets.remark import ColumnRemark
from warehouse.sheets.sender import COMPANIONS, Sender
from warehouse.sheets.sheet_scan import SheetScan

# How many of the smaller unit make one of the larger.
_PARTS = {
    ("T", "KG"): 1000, ("KG", "G"): 1000, ("G", "MG"): 1000, ("T", "CENTNER"): 10, ("CENTNER", "KG"): 100,
    ("L", "ML"): 1000,
}  # fmt: skip
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")


def add_columns(scan: SheetScan, sender: Sender) -> tuple[SheetScan, list[ColumnRemark]]:
    """Return the scan with the smaller unit added to the larger in each row, and what is to be said.

    Only where every smaller part is less than one of the larger unit: otherwise both columns may state the whole, and
    the finding about a second column remains.
    """
    header = scan.header
    if header is None or not header.repeated:
        return scan, []
    rows: list[Row] | None = None
    remarks: list[ColumnRemark] = []
    for second, name in sorted(header.repeated.items()):
        first = next(column for column, field in header.columns.items() if field == name)
        measures = {c: sender.measure(measure_texts(header.texts[c]), name) for c in (first, second)}
        pair = _ordered(measures)
        if pair is None or UNITS not in COMPANIONS.get(name, {}):
            continue
        rows = [list(row) for row in scan.rows] if rows is None else rows
        if remark := _add(rows, header, pair, measures, sender):
            remarks.append(remark)
            header = replace(
                header, columns={c: f for c, f in header.columns.items() if c != first} | {pair[0]: name},
                extra={c: t for c, t in header.extra.items() if c != pair[0]} | {pair[1]: header.texts[pair[1]]},
                repeated={c: f for c, f in header.repeated.items() if c != second},
            )  # fmt: skip
    if rows is None:
        return scan, []
    sheet = replace(scan.sheet, rows=rows, source=None)
    settled = scan.settled | {str(remark.arguments["other"]) for remark in remarks}
    return replace(scan, sheet=sheet, rows=iter(rows), header=header, settled=settled), remarks


def _ordered(measures: Mapping[int, Measure | None]) -> tuple[int, int, int] | None:
    """Return the columns of the larger and of the smaller unit and their ratio; None if they are no such pair."""
    units = {column: measure.codes.get(UNITS) if measure else None for column, measure in measures.items()}
    for large, small in (tuple(units), tuple(reversed(units))):
        if (ratio := _PARTS.get((str(units[large]), str(units[small])))) and large != small:
            return large, small, ratio
    return None


def _add(
    rows: list[Row],
    header: Header,
    pair: tuple[int, int, int],
    measures: Mapping[int, Measure | None],
    sender: Sender,
) -> ColumnRemark | None:
    large, small, ratio = pair
    both = list(_amounts(rows, header, large, small))
    if not both or any(part is not None and part >= ratio for _, _, part in both):
        return None
    first: tuple[int, str] | None = None
    for index, whole, part in both:
        if part is None:
            _mark_unread(rows[index], large, small, measures)
        elif part:
            widen(rows[index], large)
            rows[index][large] = f"{(whole + part / ratio).normalize():f}"
            first = first or (index, rows[index][large])
    if first is None:
        return None
    unit = load_codelist(sender.codelists, UNITS).entries[str(getattr(measures[large], "codes", {})[UNITS])]
    return ColumnRemark(
        "columns_added", header.texts[large], header.columns.get(large) or header.repeated.get(large),
        {"other": header.texts[small], "row": first[0], "read": f"{first[1]} {unit['code'].lower()}"},
    )  # fmt: skip


def _amounts(rows: list[Row], header: Header, large: int, small: int) -> Iterator[tuple[int, Decimal, Decimal | None]]:
    """Yield the rows that fill the smaller column: index, amount of each; None for a part where one is no number."""
    for index, row in enumerate(rows):
        cells = [text_at(row, column) for column in (large, small)]
        if index <= header.index or not cells[1]:
            continue
        numbers = [Decimal(cell.replace(",", ".")) if _PLAIN.fullmatch(cell) else None for cell in cells]
        whole = numbers[0] if cells[0] else Decimal(0)
        yield index, whole or Decimal(0), None if whole is None else numbers[1]


def _mark_unread(row: Row, large: int, small: int, measures: Mapping[int, Measure | None]) -> None:
    """Write both amounts into one cell, which is then no number and has an error."""
    texts = [f"{row[c].strip()} {getattr(measures[c], 'text', '')}" for c in (large, small) if c < len(row)]
    row[large] = " + ".join(texts)
