"""Binary workbooks (XLSB): what their records say beside what python-calamine reads ([MS-XLSB])."""

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from warehouse.files.biff import Styles, error_text, long_records
from warehouse.files.cell_formats import CellFormats, WorkbookFormats
from warehouse.files.sheet import MAX_COLUMNS, Sheet, UnreadableError
from warehouse.files.workbook import DroppedCells, calamine_sheets, damaged
from warehouse.files.xlsx_xml import refuse_wide_sheet
from warehouse.files.zip_archive import DAMAGE, check_archive

BOOK = "xl/workbook.bin"
_ROW, _RK, _ERROR, _REAL, _STRING, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 7, 9, 11
_SHARED, _FONT, _FORMAT, _STYLE, _CELL_STYLES, _CELL_STYLES_END, _SHEET = 19, 43, 44, 47, 617, 618, 156
_COLUMNS, _ROW_HIDDEN, _COLUMNS_HIDDEN = 60, 0x10, 0x01
_RICH = 1


def xlsb_sheets(path: Path) -> list[Sheet]:
    """Read all worksheets of a workbook, including hidden ones; raises UnreadableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(archive)
            styles, stored = Styles(), set(archive.namelist())
            if "xl/styles.bin" in stored:
                _read_styles(archive.read("xl/styles.bin"), styles)
            strings = archive.read("xl/sharedStrings.bin") if "xl/sharedStrings.bin" in stored else b""
            styles.texts = dict(_rich_strings(strings))
            formats = styles.formats()
            scanned = {
                name: _scan_sheet(archive.read(member), name, styles, formats)
                for name, member in _sheet_members(archive)
            }
    except UnreadableError:
        raise
    except (*DAMAGE, struct.error, IndexError) as error:
        raise damaged(error) from error
    return calamine_sheets(path, scanned)


def _sheet_members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each worksheet and its member of the archive."""
    relations = ET.fromstring(archive.read("xl/_rels/workbook.bin.rels"))  # noqa: S314 - in a limited child
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for number, content in long_records(archive.read(BOOK)):
        if number == _SHEET:
            relation, rest = _wide_text(content[8:])
            name, _ = _wide_text(rest)
            member = posixpath.normpath(posixpath.join("/xl", targets.get(relation, "")))[1:]
            if "worksheets/" in member:
                yield name, member


def _wide_text(content: bytes) -> tuple[str, bytes]:
    """Return a text and what follows it."""
    (length,) = struct.unpack_from("<I", content)
    length = 0 if length == 0xFFFFFFFF else length  # noqa: PLR2004 - no text
    return content[4 : 4 + 2 * length].decode("utf-16-le"), content[4 + 2 * length :]


def _read_styles(content: bytes, styles: Styles) -> None:
    is_of_cells = False
    for number, record in long_records(content):
        is_of_cells = number == _CELL_STYLES or (is_of_cells and number != _CELL_STYLES_END)
        if number == _FONT:
            grbit, _, escapement = struct.unpack_from("<HHH", record, 2)
            styles.add_font(grbit, escapement)
        elif number == _FORMAT:
            styles.codes[struct.unpack_from("<H", record)[0]] = _wide_text(record[2:])[0]
        elif number == _STYLE and is_of_cells:
            _, shown, font = struct.unpack_from("<HHH", record)
            styles.cells.append((font, shown))


def _rich_strings(content: bytes) -> Iterator[tuple[int, tuple[str, list[tuple[int, int]]]]]:
    """Yield the shared strings of several fonts: number, text, and where each font begins."""
    shared = (record for number, record in long_records(content) if number == _SHARED)
    for index, record in enumerate(shared):
        if record[0] & _RICH:
            text, rest = _wide_text(record[1:])
            (count,) = struct.unpack_from("<I", rest)
            starts = [struct.unpack_from("<HH", rest, 4 + 4 * run) for run in range(count)]
            yield index, (text, [(start, font) for start, font in starts])


def _scan_sheet(
    content: bytes, name: str, styles: Styles, formats: WorkbookFormats
) -> tuple[DroppedCells, CellFormats]:
    dropped, found, row, last = DroppedCells(), CellFormats(), 0, 0
    for number, record in long_records(content):
        if number == _ROW:
            (row,) = struct.unpack_from("<I", record)
            if record[11] & _ROW_HIDDEN:
                found.hidden_rows.add(row)
        elif number == _COLUMNS:
            first, end = struct.unpack_from("<II", record)
            if record[16] & _COLUMNS_HIDDEN:
                found.hidden_columns.update(range(first, min(end, MAX_COLUMNS) + 1))
        elif number in (_RK, _ERROR, _REAL, _STRING, _FORMULA_NUMBER, _FORMULA_ERROR):
            column, style = struct.unpack_from("<II", record)
            last, style = max(last, column), style & 0xFFFFFF
            refuse_wide_sheet(row, last, name)
            found.note_style((row, column), style, formats, is_text=number in (_STRING, _ERROR))
            if number in (_ERROR, _FORMULA_ERROR):
                dropped[row, column] = error_text(record[8])
            elif number == _STRING:
                styles.note_text(found, (row, column), style, struct.unpack_from("<I", record, 8)[0])
    return dropped, found
