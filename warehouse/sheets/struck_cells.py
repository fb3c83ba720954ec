"""Cells that are struck through: rows that somebody deleted that way are left out, other cells say that they are."""

from dataclasses import replace

from warehouse.sheets.remark import Remark
from warehouse.sheets.sheet_scan import SheetScan

_LINE_THROUGH = "\u0336"  # combining: it strikes the character before it


def read_struck_cells(scan: SheetScan) -> tuple[SheetScan, list[Remark]]:
    """Return the scan without the rows that are struck through as a whole, and what is to be said.

    In any other row a struck cell keeps its text with a line through each letter, which nothing takes for a number.
    """
    sheet, header = scan.sheet, scan.header
    if header is None or not (sheet.struck or sheet.struck_parts):
        return scan, []
    rows = [list(row) for row in scan.rows]
    remarks: list[Remark] = []
    for index in sorted({index for index, _ in sheet.struck if header.index < index < len(rows)}):
        filled = {column for column, cell in enumerate(rows[index]) if cell.strip()}
        struck = {column for row, column in sheet.struck if row == index} & filled
        if struck == filled:
            remarks.append(Remark(index, "row_struck", " | ".join(rows[index][column].strip() for column in filled)))
            rows[index] = []
        for column in struck if rows[index] else ():
            rows[index][column] = "".join(letter + _LINE_THROUGH for letter in rows[index][column])
    for (index, column), text in sheet.struck_parts.items():
        if index > header.index and (rest := rows[index][column : column + 1]):
            remarks.append(Remark(index, "text_struck", text, header.columns.get(column), {"rest": rest[0].strip()}))
    return replace(scan, rows=iter(rows)), remarks
