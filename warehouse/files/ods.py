"""Spreadsheets of LibreOffice (ODS, OpenDocument 1.3): what their XML says beside what python-calamine reads."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from warehouse.files.cell_formats import CellFormats, Run, rich_of
from warehouse.files.number_formats import Literals, NumberFormat
from warehouse.files.sheet import MAX_COLUMNS, Place, Sheet, UnreadableError
from warehouse.files.workbook import DroppedCells, calamine_sheets, damaged
from warehouse.files.zip_archive import DAMAGE, check_archive
from warehouse.words.catalogue import N_

MIME_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MAX_FILLED = 2_000_000  # cells that repeat another may not unfold to more
MAX_ROWS = 1_048_576  # of a sheet in LibreOffice and Excel
_CONTENT, _STYLES = "content.xml", "styles.xml"
_TABLE, _ROW, _COLUMN = "table", "table-row", "table-column"
_CELLS = ("table-cell", "covered-table-cell")


def ods_sheets(path: Path) -> list[Sheet]:
    """Read all sheets of a spreadsheet, including hidden ones; raises UnreadableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(archive)
            scan = _Scan()
            for name in (_STYLES, _CONTENT):
                if name == _CONTENT or name in archive.namelist():
                    scan.read(archive.read(name))
    except UnreadableError:
        raise
    except DAMAGE as error:
        raise damaged(error) from error
    return calamine_sheets(path, scan.sheets)


class _Scan:
    """The formats of a document's cells, from its styles and its content."""

    def __init__(self) -> None:
        self.sheets: dict[str, tuple[DroppedCells, CellFormats]] = {}
        self.data: dict[str, NumberFormat] = {}
        self.positive: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.fonts: dict[str, tuple[bool, str]] = {}
        self.row = self.column = self.filled = self.columns = 0
        self.defaults: list[tuple[int, str]] = []
        self.has_values = False
        self.formats = CellFormats()
        self.dropped: DroppedCells = {}

    def read(self, content: bytes) -> None:
        for event, element in ET.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 - in a limited child
            name = _local(element.tag)
            if event == "start":
                self._start(name, element)
            elif name in _CELLS:
                self._read_cell(element)
                element.clear()
            elif name == _ROW:
                self._end_row(element)
                element.clear()
            elif name == _COLUMN:
                self._read_column(element)
            elif name == "style":
                self._read_style(element)
            elif name.endswith("-style"):
                self._read_data_style(name, element)

    def _start(self, name: str, element: ET.Element) -> None:
        if name == _TABLE:
            self.row, self.columns, self.defaults, self.formats, self.dropped = 0, 0, [], CellFormats(), {}
            self.sheets[_attribute(element, "name")] = (self.dropped, self.formats)
        elif name == _ROW:
            self.column, self.has_values = 0, False

    def _end_row(self, element: ET.Element) -> None:
        count = _repeated(element, "number-rows-repeated")
        if self.has_values and _is_hidden(element):
            self.formats.hidden_rows.update(range(self.row, min(self.row + count, MAX_ROWS)))
        self.row += count

    def _read_column(self, element: ET.Element) -> None:
        """Note the style that cells of these columns have, if they name none, and whether they are hidden."""
        first = self.columns
        self.columns = min(first + _repeated(element, "number-columns-repeated"), MAX_COLUMNS)
        self.defaults.append((self.columns, _attribute(element, "default-cell-style-name")))
        if _is_hidden(element):
            self.formats.hidden_columns.update(range(first, self.columns))

    def _style_of(self, element: ET.Element) -> str:
        named = _attribute(element, "style-name")
        return named or next((style for end, style in self.defaults if self.column < end), "")

    def _read_style(self, element: ET.Element) -> None:
        name = _attribute(element, "name")
        if shown := _attribute(element, "data-style-name"):
            self.shown[name] = shown
        for properties in element:
            if _local(properties.tag) == "text-properties":
                line = _attribute(properties, "text-line-through-style") + _attribute(
                    properties, "text-line-through-type"
                )
                is_struck = bool(line) and line.replace("none", "") != ""
                self.fonts[name] = (is_struck, _raised(_attribute(properties, "text-position")))

    def _read_data_style(self, kind: str, element: ET.Element) -> None:
        """Note a number style: the words that it puts beside a number, and the factor by which it shows less."""
        if kind not in ("number-style", "percentage-style", "currency-style"):
            return
        name, literals, power, has_digits = _attribute(element, "name"), Literals(), 0, False
        for part in element:
            what = _local(part.tag)
            if what in ("text", "currency-symbol"):
                words = part.text or ""
                literals.add(words.replace("%", "") if kind == "percentage-style" else words, has_digits=has_digits)
            elif what == "map" and re.match(r"value\(\)\s*>=?\s*0$", _attribute(part, "condition")):
                self.positive[name] = _attribute(part, "apply-style-name")
            elif what in ("number", "scientific-number", "fraction", "text-content", "boolean"):
                has_digits = True
                literals.between += "".join(embedded.text or "" for embedded in part)
            factor = _attribute(part, "display-factor")
            power = len(factor) - 1 if factor.strip("0") == "1" else power
        if found := literals.shown_with(is_percent=kind == "percentage-style", power=power, hides=not has_digits):
            self.data[name] = found

    def _shown(self, style: str) -> NumberFormat | None:
        """Return what a style of cells adds to a number; positive ones may have a style of their own."""
        name = self.shown.get(style, "")
        return self.data.get(self.positive.get(name, name))

    def _read_cell(self, element: ET.Element) -> None:
        width = _repeated(element, "number-columns-repeated")
        kind, style = _attribute(element, "value-type"), self._style_of(element)
        self.has_values = self.has_values or bool(kind)
        self._read_range(element)
        if "error" in element.attrib.values():
            text = "".join(element.itertext()).strip()
            self.dropped.update(dict.fromkeys(self._places(width), text or "#ERROR!"))
        runs = list(_runs(element, self.fonts)) if kind == "string" else []
        rich = rich_of(runs) if any(is_struck or raised for _, is_struck, raised in runs) else None
        shown = self._shown(style) if kind in ("float", "currency", "percentage") else None
        if kind == "percentage" and not (shown and shown.is_percent):
            shown = NumberFormat(is_percent=True)
        is_struck, raised = self.fonts.get(style, (False, "")) if kind else (False, "")
        if rich or shown or is_struck or raised:
            for place in self._places(width):
                if shown:
                    self.formats.numbers[place] = shown
                if is_struck:
                    self.formats.struck.add(place)
                if raised:
                    self.formats.raised[place] = raised
                if rich:
                    self.formats.note_text(place, rich)
        self.column += width

    def _read_range(self, element: ET.Element) -> None:
        down, right = (_repeated(element, f"number-{name}-spanned") for name in ("rows", "columns"))
        if down > 1 or right > 1:
            first = (self.row, self.column)
            self.formats.ranges.append((first, (first[0] + down - 1, first[1] + right - 1)))

    def _places(self, width: int) -> Iterator[Place]:
        self.filled += width
        if self.filled > MAX_FILLED or width > MAX_COLUMNS:
            raise UnreadableError(
                N_(
                    "the file cannot be read: cells of it repeat more than {count} times. Delete formats beyond the "
                    "table, save it as XLSX and send it anew."
                ),
                count=MAX_FILLED,
            )
        yield from ((self.row, self.column + number) for number in range(width))


def _is_hidden(element: ET.Element) -> bool:
    return _attribute(element, "visibility") in ("collapse", "filter")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: ET.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


def _repeated(element: ET.Element, name: str) -> int:
    text = _attribute(element, name)
    return int(text) if text.isdecimal() else 1


def _raised(position: str) -> str:
    """Return superscript or subscript of a text position such as "33% 58%" or "super 58%"."""
    first = position.split(" ", maxsplit=1)[0]
    if first in ("super", "sub"):
        return f"{first}script"
    number = first.rstrip("%").lstrip("-")
    if not number.isdecimal() or number == "0":
        return ""
    return "subscript" if first.startswith("-") else "superscript"


def _runs(cell: ET.Element, fonts: dict[str, tuple[bool, str]]) -> Iterator[Run]:
    """Yield the parts of a cell's paragraphs with what their font says."""
    for paragraph in cell:
        if _local(paragraph.tag) == "p":
            yield paragraph.text or "", False, ""
            for span in paragraph:
                yield "".join(span.itertext()), *fonts.get(_attribute(span, "style-name"), (False, ""))
                yield span.tail or "", False, ""
