"""Workbooks (XLSX): every cell as text, including what python-calamine drops, and without what makes it crash.

python-calamine reads dates, numbers and 1904 calendars correctly. But it returns nothing for an error cell (#REF!) or
for a formula that was never calculated, and it allocates every cell up to the farthest one. So the XML of each sheet is
scanned first.
"""

import posixpath
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from warehouse.files.number_formats import percent_text
from warehouse.files.sheet import MAX_COLUMNS, Place, Row, Sheet, UnreadableError, cell_text
from warehouse.files.xlsx_formats import CellFormats, WorkbookFormats, find_formats, read_formats
from warehouse.files.xlsx_xml import DroppedCells, find_dropped_cells
from warehouse.files.zip_archive import DAMAGE, check_members, first_repeated, refuse_repeated_members
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_

MAX_WORKBOOK_BYTES = 600_000_000  # unpacked
MEDIA = "xl/media/"  # pictures, which are not read


def xlsx_sheets(path: Path) -> list[Sheet]:
    """Read all worksheets of a workbook, including hidden ones; raises UnreadableError.

    Cells merged downwards hold their value in every row; ``Sheet.merged`` lists those that repeat it.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    scanned = _scan_archive(path)
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
        raise _damaged(error) from error


def _damaged(error: BaseException) -> UnreadableError:
    return UnreadableError(
        N_(
            "the file cannot be read: the workbook is damaged, cut off or protected by a password ({error}). "
            "Open it in Excel, save it again without a password and send it anew."
        ),
        error=shortened(str(error)),
    )


def _scan_archive(path: Path) -> dict[str, tuple[DroppedCells, CellFormats]]:
    """Return sheet name → the cells that python-calamine drops, and the formats that it passes over.

    Raises UnreadableError for a zip bomb, far cells, repeated names, and a file that is no intact workbook.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive)
            refuse_repeated_members(archive.namelist())
            members = _sheet_members(archive)
            _refuse_repeated_sheets(name for name, _ in members)
            read = {member for _, member in members}
            check_members(archive, (n for n in archive.namelist() if n not in read and not n.startswith(MEDIA)))
            formats = read_formats(archive)
            return {name: _scan_sheet(archive.read(member), name, formats) for name, member in members}
    except UnreadableError:
        raise
    except DAMAGE as error:
        raise _damaged(error) from error


def _scan_sheet(xml: bytes, name: str, formats: WorkbookFormats) -> tuple[DroppedCells, CellFormats]:
    return find_dropped_cells(xml, name), find_formats(xml, formats)


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_WORKBOOK_BYTES:
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


def _refuse_repeated_sheets(names: Iterable[str]) -> None:
    """Raise UnreadableError for two sheets of one name: sheets are read by name, so the first would be read twice."""
    repeated = first_repeated(names)
    if repeated is not None:
        raise UnreadableError(
            N_(
                'the file cannot be read: two sheets are called "{sheet}". Give each sheet a name of its own and send '
                "the file anew."
            ),
            sheet=shortened(repeated),
        )


def _sheet_members(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the name of each sheet and its member of the archive, matched without case as python-calamine does."""
    stored = {name.casefold(): name for name in archive.namelist()}
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - in a limited child
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    members = []
    workbook = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat limits entity expansion itself
    for element in workbook.iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            path = posixpath.normpath(posixpath.join("/xl", targets.get(key, "").replace("\\", "/")))[1:]
            members.append((element.get("name", ""), stored.get(path.casefold(), path)))
    return members


def _sheet(sheet: Any, dropped: DroppedCells, formats: CellFormats, *, is_hidden: bool) -> Sheet:
    rows: list[Row] = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    percents = {place for place, shown in formats.numbers.items() if shown.is_percent and _text_at(rows, place)}
    texts = {place: percent_text(_text_at(rows, place)) for place in percents}
    for place, text in {**texts, **{place: rich.text for place, rich in formats.texts.items()}, **dropped}.items():
        _put(rows, place, text)
    ranges = sheet.merged_cell_ranges or []
    return Sheet(
        sheet.name, rows, is_hidden=is_hidden, merged=_fill_down(rows, ranges), spans=_spans(rows, ranges),
        formats={place: shown for place, shown in formats.numbers.items() if place not in percents},
        struck=frozenset(place for place in formats.struck if _text_at(rows, place).strip()),
        struck_parts={place: rich.struck for place, rich in formats.texts.items() if rich.struck},
    )  # fmt: skip


def _text_at(rows: list[Row], place: Place) -> str:
    index, column = place
    return rows[index][column] if index < len(rows) and column < len(rows[index]) else ""


def _put(rows: list[Row], place: Place, text: str) -> None:
    index, column = place
    rows.extend([] for _ in range(index + 1 - len(rows)))
    rows[index].extend("" for _ in range(column + 1 - len(rows[index])))
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
            rows[index].extend("" for _ in range(left + 1 - len(rows[index])))
            rows[index][left] = rows[top][left]
            filled.add((index, left))
    return frozenset(filled)
