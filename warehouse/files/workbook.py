"""Workbooks of any format (XLSX, ODS, XLS, XLSB): every cell as text, by python-calamine and what was scanned before.

python-calamine reads dates, numbers and 1904 calendars correctly. Which cells it drops and which formats it passes over
is found by the module of each format.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.files.cell_formats import CellFormats, raised_text
from warehouse.files.number_formats import PER_MILLE, NumberFormat, shown_text
from warehouse.files.sheet import MAX_COLUMNS, Place, Row, Sheet, UnreadableError, cell_text, widen
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_

# Row and column from 0 → the error (#REF!) or the formula (=A1+B1) of the cell.
DroppedCells = dict[Place, str]
Scanned = Mapping[str, tuple[DroppedCells, CellFormats]]


def calamine_sheets(path: Path, scanned: Scanned) -> list[Sheet]:
    """Read all worksheets of a workbook, including hidden ones; raises UnreadableError.

    ``scanned`` maps the name of a sheet to the cells that python-calamine drops and the formats that it passes over.
    Cells merged downwards hold their value in every row; ``Sheet.merged`` lists those that repeat it.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        workbook = load_workbook(str(path))
        return [
            _sheet(workbook.get_sheet_by_name(meta.name), *scanned.get(meta.name, ({}, CellFormats())),
                   is_hidden=meta.visible != SheetVisibleEnum.Visible)
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]  # fmt: skip
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust reader is not an Exception
        raise damaged(error) from error


def damaged(error: BaseException) -> UnreadableError:
    """Return the error about a workbook that no reader can make out."""
    return UnreadableError(
        N_(
            "the file cannot be read: the workbook is damaged, cut off or protected by a password ({error}). "
            "Open it in Excel, save it again without a password and send it anew."
        ),
        error=shortened(str(error)),
    )


def _sheet(sheet: Any, dropped: DroppedCells, formats: CellFormats, *, is_hidden: bool) -> Sheet:
    rows: list[Row] = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    shares = {place for place, shown in formats.numbers.items() if _is_share(shown) and _text_at(rows, place)}
    texts = {place: shown_text(_text_at(rows, place), formats.numbers[place]) for place in shares}
    texts |= {place: raised_text(_text_at(rows, place), raised) for place, raised in formats.raised.items()}
    for place, text in {**texts, **{place: rich.text for place, rich in formats.texts.items()}, **dropped}.items():
        if text:
            _put(rows, place, text)
    ranges = sheet.merged_cell_ranges or formats.ranges
    return Sheet(
        sheet.name, rows, is_hidden=is_hidden, merged=_fill_down(rows, ranges), spans=_spans(rows, ranges),
        formats={place: shown for place, shown in formats.numbers.items() if place not in shares},
        struck=frozenset(place for place in formats.struck if _text_at(rows, place).strip()),
        struck_parts={place: rich.struck for place, rich in formats.texts.items() if rich.struck},
        hidden_rows=frozenset(formats.hidden_rows), hidden_columns=frozenset(formats.hidden_columns),
    )  # fmt: skip


def _is_share(shown: NumberFormat) -> bool:
    return shown.is_percent or shown.unit == PER_MILLE


def _text_at(rows: list[Row], place: Place) -> str:
    index, column = place
    return rows[index][column] if index < len(rows) and column < len(rows[index]) else ""


def _put(rows: list[Row], place: Place, text: str) -> None:
    index, column = place
    rows.extend([] for _ in range(index + 1 - len(rows)))
    widen(rows[index], column)
    rows[index][column] = text


def _spans(rows: list[Row], ranges: list[tuple[Place, Place]]) -> dict[Place, str]:
    """Return the cells that are merged with one to their left, in its first row, and its text."""
    return {
        (top, column): _text_at(rows, (top, left))
        for (top, left), (_, right) in ranges
        if _text_at(rows, (top, left)).strip()
        for column in range(left + 1, min(right + 1, MAX_COLUMNS))
    }


def _fill_down(rows: list[Row], ranges: list[tuple[Place, Place]]) -> frozenset[Place]:
    """Copy the value of cells merged downwards into every row of the range; returns the cells that were filled.

    A range may reach beyond the last filled cell.
    """
    filled = set()
    for (top, left), (bottom, _) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left].strip():
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            _put(rows, (index, left), rows[top][left])
            filled.add((index, left))
    return frozenset(filled)
