"""Workbooks (XLSX): what their XML says beside what python-calamine reads, and what it cannot survive.

It returns nothing for an error cell (#REF!) or for a formula that was never calculated, and it allocates every cell up
to the farthest one. So the XML of each sheet is scanned first.
"""

import posixpath
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from warehouse.files.cell_formats import CellFormats, WorkbookFormats
from warehouse.files.sheet import Sheet, UnreadableError
from warehouse.files.workbook import DroppedCells, calamine_sheets, damaged
from warehouse.files.xlsx_formats import find_formats, read_formats
from warehouse.files.xlsx_xml import find_dropped_cells
from warehouse.files.zip_archive import DAMAGE, check_members, first_repeated, refuse_bomb, refuse_repeated_members
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_

MEDIA = "xl/media/"  # pictures, which are not read


def xlsx_sheets(path: Path) -> list[Sheet]:
    """Read all worksheets of a workbook, including hidden ones; raises UnreadableError."""
    return calamine_sheets(path, _scan_archive(path))


def _scan_archive(path: Path) -> dict[str, tuple[DroppedCells, CellFormats]]:
    """Return sheet name → the cells that python-calamine drops, and the formats that it passes over.

    Raises UnreadableError for a zip bomb, far cells, repeated names, and a file that is no intact workbook.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_bomb(archive)
            _refuse_other(archive)
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
        raise damaged(error) from error


def _scan_sheet(xml: bytes, name: str, formats: WorkbookFormats) -> tuple[DroppedCells, CellFormats]:
    return find_dropped_cells(xml, name), find_formats(xml, formats)


def _refuse_other(archive: zipfile.ZipFile) -> None:
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
