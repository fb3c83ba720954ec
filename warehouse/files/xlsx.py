"""Workbooks (XLSX): every cell as text, with what the fast reader alone would lose or not survive.

python-calamine reads dates, numbers and 1904 calendars rightly, but it returns nothing for an error cell (#REF!) and
for a formula that was never calculated, and it allocates every cell up to the farthest one. So the XML of each sheet
is looked at first.
"""

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from warehouse.files.sheet import Row, Sheet, UnreadableError, cell_text
from warehouse.files.xlsx_xml import Oddities, find_oddities
from warehouse.files.zip_archive import DAMAGE, prove_parts, refuse_repeats
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_

MAX_UNPACKED_BYTES = 600_000_000
MEDIA = "xl/media/"  # pictures, which nobody reads


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
            refuse_repeats(archive.namelist())
            parts = _parts(archive)
            _refuse_repeated_sheets(name for name, _ in parts)
            read = {part for _, part in parts}
            prove_parts(archive, (n for n in archive.namelist() if n not in read and not n.startswith(MEDIA)))
            return {name: find_oddities(archive.read(part), name) for name, part in parts}
    except UnreadableError:
        raise
    except DAMAGE as error:
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


def _refuse_repeated_sheets(names: Iterable[str]) -> None:
    """Refuse two sheets of one name: the reader asks for a sheet by its name and would give the first one twice."""
    counts = Counter(name.casefold() for name in names)
    repeated = next((name for name, count in counts.items() if count > 1), None)
    if repeated is not None:
        raise UnreadableError(
            N_(
                'the file cannot be read: two sheets are called "{sheet}". Give each sheet a name of its own and send '
                "the file anew."
            ),
            sheet=shortened(repeated),
        )


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and path in the archive of each sheet; a path is found in whatever case, as the reader finds it."""
    stored = {name.casefold(): name for name in archive.namelist()}
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - in a limited child
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts = []
    workbook = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat stops entity bombs itself
    for element in workbook.iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            path = posixpath.normpath(posixpath.join("/xl", targets.get(key, "").replace("\\", "/")))[1:]
            parts.append((element.get("name", ""), stored.get(path.casefold(), path)))
    return parts


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
