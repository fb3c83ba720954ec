"""Workbooks (XLSX): every cell as text, with what the fast reader alone would lose or not survive.

python-calamine reads dates, numbers and 1904 calendars rightly, but it returns nothing for an error cell (#REF!) and
for a formula that was never calculated, and it allocates every cell up to the farthest one. So the XML of each sheet
is looked at first.
"""

import posixpath
import re
import zipfile
import zlib
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from warehouse.findings import shortened
from warehouse.messages import N_
from warehouse.sheets import Row, Sheet, UnreadableError, cell_text

MAX_UNPACKED_BYTES = 600_000_000
MAX_CELLS = 20_000_000

# A ZIP with a password of its own or a rare compression raises RuntimeError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, ET.ParseError, KeyError, OSError, EOFError, ValueError, RuntimeError)
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*(?<!/)>')
_ODD_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<attributes>[^>]*)(?<!/)>(?P<formula><(?:\w+:)?f\b[^>]*?(?:/>|>(?P<text>[^<]*)</(?:\w+:)?f>))?"
    rb"\s*(?:<(?:\w+:)?v(?:\s*/>|>(?P<value>[^<]*)</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')

Oddities = dict[tuple[int, int], str]


def xlsx_sheets(path: Path) -> list[Sheet]:
    """Read all worksheets of a workbook, hidden ones too; raises UnreadableError.

    Cells merged downwards hold their value in each row; ``Sheet.merged`` names those that repeat it.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    oddities = _look_into(path)
    try:
        workbook = load_workbook(str(path))
        return [
            _sheet(workbook.get_sheet_by_name(meta.name), oddities.get(meta.name, {}),
                   is_hidden=meta.visible != SheetVisibleEnum.Visible)
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]  # fmt: skip
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        raise _damaged(error) from error


def _damaged(error: BaseException) -> UnreadableError:
    return UnreadableError(
        N_(
            "the file cannot be read: the workbook is damaged, cut off or protected by a password ({error}). "
            "Open it in Excel, save it again without a password and send it anew."
        ),
        error=shortened(str(error)),
    )


def _look_into(path: Path) -> dict[str, Oddities]:
    """Return sheet name → error cells and uncalculated formulas; refuses bombs, far cells and what is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive)
            names = set(archive.namelist())
            return {name: _oddities(archive.read(part), name) for name, part in _parts(archive) if part in names}
    except UnreadableError:
        raise
    except _DAMAGE as error:
        raise _damaged(error) from error


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            N_(
                "the file cannot be read: unpacked, the workbook takes {size} MB. "
                "Delete unused rows, styles and pictures and save it again."
            ),
            size=round(unpacked / 1e6),
        )
    if "xl/workbook.xml" not in archive.namelist():
        raise UnreadableError(
            N_(
                "the file is no workbook (XLSX) and cannot be read. Save the table as XLSX or as CSV UTF-8 and send "
                "that."
            )
        )


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and path in the archive of each sheet."""
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - in a limited child
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts = []
    workbook = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat stops entity bombs itself
    for element in workbook.iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            parts.append((element.get("name", ""), posixpath.join("/xl", targets.get(key, ""))[1:]))
    return parts


def _oddities(xml: bytes, name: str) -> Oddities:
    _refuse_far_cells(xml, name)
    if b't="e"' not in xml and b"<f" not in xml and b":f" not in xml:
        return {}
    found: Oddities = {}
    for match in _ODD_CELL.finditer(xml):
        attributes, value = match["attributes"], match["value"] or b""
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        if b't="e"' in attributes:
            found[_position(reference)] = value.decode() or "#ERROR!"
        elif match["formula"] and not value and b't="str"' not in attributes:
            found[_position(reference)] = "=" + _unescaped(match["text"] or b"")
    return found


def _refuse_far_cells(xml: bytes, name: str) -> None:
    """Refuse a sheet whose filled cells span too much; empty formatted cells do not count."""
    declared = _DIMENSION.search(xml, 0, 65_536)
    if declared and _cell_count(*_position(declared)) <= MAX_CELLS:
        return
    corners = [_position(match) for match in _FILLED_CELL.finditer(xml)]
    height, width = max((row for row, _ in corners), default=0), max((column for _, column in corners), default=0)
    if _cell_count(height, width) > MAX_CELLS:
        raise UnreadableError(
            N_(
                'the file cannot be read: sheet "{sheet}" reaches to row {row} and column {column}, to a stray cell '
                "far from the table. Press Ctrl+End to find it, delete the empty rows and columns before it, save the "
                "file and send it anew."
            ),
            sheet=name,
            row=height + 1,
            column=width + 1,
        )


def _cell_count(row: int, column: int) -> int:
    return (row + 1) * (column + 1)


def _position(match: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return int(match[2]) - 1, column - 1


def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))


def _sheet(sheet: Any, oddities: Oddities, *, is_hidden: bool) -> Sheet:
    rows: list[Row] = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (index, column), text in oddities.items():
        rows.extend([] for _ in range(index + 1 - len(rows)))
        rows[index].extend("" for _ in range(column + 1 - len(rows[index])))
        rows[index][column] = text
    return Sheet(sheet.name, rows, is_hidden=is_hidden, merged=_fill_down(rows, sheet.merged_cell_ranges or []))


def _fill_down(rows: list[Row], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> frozenset[tuple[int, int]]:
    """Repeat the value of cells merged downwards in each row; a range may reach beyond the last filled cell."""
    filled = set()
    for (top, left), (bottom, _) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left].strip():
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            rows[index].extend("" for _ in range(left + 1 - len(rows[index])))
            rows[index][left] = rows[top][left]
            filled.add((index, left))
    return frozenset(filled)
