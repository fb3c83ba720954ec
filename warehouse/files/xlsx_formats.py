"""Formats of a workbook that change what its cells say: percent, units and scales of numbers, raised and struck text.

python-calamine returns 0.62 for a cell that shows 62 %, and joins the parts of a text whatever their font: 1240 with a
raised 1 becomes 12401, and 295 struck through before 301 becomes 295301.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

from warehouse.files.cell_formats import CellFormats, RichText, WorkbookFormats, rich_of
from warehouse.files.number_formats import NumberFormat, number_format
from warehouse.files.sheet import MAX_COLUMNS
from warehouse.files.xlsx_xml import REFERENCE, needs_parser, parse_cells, position

_LINE = re.compile(rb"<(?:\w+:)?(row|col)\b([^>]*\bhidden\b[^>]*)>")
_LINE_ATTRIBUTE = re.compile(rb"\b(r|min|max|hidden)\s*=\s*[\"'](\w+)")
_FONT_HINTS = (b"vertAlign", b"strike")
_TEXT_KIND = re.compile(rb"\bt=\"(?:s|str|inlineStr|b|e)\"")
_STRING = rb"<(?:\w+:)?c\b(?=[^>]*\bt=\"s\")[^>]*\br=\"([A-Z]+)(\d+)\"[^>]*>\s*<(?:\w+:)?v>(%s)</"
_STYLED = rb"<(?:\w+:)?c\b(?=[^>]*\bs=\"(%s)\")(?P<attributes>[^>]*)(?<!/)>"


def read_formats(archive: zipfile.ZipFile) -> WorkbookFormats:
    """Return the formats that say something; raises ParseError or ValueError for what is no styles or strings."""
    stored = {name.casefold(): name for name in archive.namelist()}
    formats, strings = WorkbookFormats(), dict[int, RichText]()
    if name := stored.get("xl/styles.xml"):
        formats = _read_styles(archive.read(name))
    if name := stored.get("xl/sharedstrings.xml"):
        content = archive.read(name)
        if any(hint in content for hint in _FONT_HINTS):
            found = ((index, rich_text(string)) for index, string in enumerate(_elements(content, "si")))
            strings = {index: rich for index, rich in found if rich}
    return replace(formats, strings=strings)


def _read_styles(content: bytes) -> WorkbookFormats:
    root = ET.fromstring(content)  # noqa: S314 - expat limits entity expansion itself
    codes = {int(f.get("numFmtId", "-1")): f.get("formatCode", "") for f in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [(_is_on(font.find("{*}strike")), _raised(font)) for font in root.iterfind("{*}fonts/{*}font")]
    numbers, struck, raised = dict[int, NumberFormat](), set[int](), dict[int, str]()
    for index, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        if shown := number_format(int(style.get("numFmtId", "0")), codes):
            numbers[index] = shown
        font = int(style.get("fontId", "0"))
        is_struck, aligned = fonts[font] if font < len(fonts) else (False, "")
        if is_struck:
            struck.add(index)
        if aligned:
            raised[index] = aligned
    return WorkbookFormats(numbers, frozenset(struck), raised)


def _raised(font: ET.Element | None) -> str:
    """Return superscript or subscript of the properties of a font, '' for neither."""
    align = None if font is None else font.find("{*}vertAlign")
    raised = "" if align is None else align.get("val", "")
    return "" if raised == "baseline" else raised


def _is_on(element: ET.Element | None) -> bool:
    return element is not None and element.get("val", "1") not in ("0", "false")


def _elements(content: bytes, name: str) -> Iterator[ET.Element]:
    """Yield the elements of this name, each complete, and forget it afterwards."""
    for _, element in ET.iterparse(io.BytesIO(content)):  # noqa: S314 - in a limited child
        if element.tag.rpartition("}")[2] == name:
            yield element
            element.clear()


def rich_text(element: ET.Element) -> RichText | None:
    """Return a string whose fonts say something; None for any other."""
    return rich_of(list(_runs(element)))


def _runs(element: ET.Element) -> Iterator[tuple[str, bool, str]]:
    """Yield the text of each run, whether it is struck through, and superscript, subscript or ''."""
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            yield child.text or "", False, ""
        elif name == "r":
            strike = child.find("{*}rPr/{*}strike")
            yield child.findtext("{*}t") or "", _is_on(strike), _raised(child.find("{*}rPr"))


def find_formats(xml: bytes, formats: WorkbookFormats) -> CellFormats:
    """Return the cells of a worksheet whose format says something; raises ExpatError for invalid XML."""
    found = CellFormats()
    _find_hidden(xml, found)
    if any(hint in xml for hint in _FONT_HINTS):
        _find_inline(xml, found)
    if not (formats.numbers or formats.struck or formats.raised or formats.strings):
        return found
    if needs_parser(xml):
        _parse_formats(xml, formats, found)
        return found
    if styles := {*formats.numbers, *formats.struck, *formats.raised}:
        for match in _pattern(_STYLED, styles).finditer(xml):
            if reference := REFERENCE.search(match["attributes"]):
                is_text = bool(_TEXT_KIND.search(match["attributes"]))
                found.note_style(position(reference), int(match[1]), formats, is_text=is_text)
    if formats.strings:
        for match in _pattern(_STRING, formats.strings).finditer(xml):
            found.note_text(position(match), formats.strings[int(match[3])])
    return found


def _find_hidden(xml: bytes, found: CellFormats) -> None:
    """Note the rows and columns that are hidden, by hand or by a filter."""
    for kind, attributes in _LINE.findall(xml) if b"hidden" in xml else ():
        line = dict(_LINE_ATTRIBUTE.findall(attributes))
        if line.get(b"hidden") not in (b"1", b"true"):
            continue
        first, last = (line.get(name, b"") for name in ((b"r", b"r") if kind == b"row" else (b"min", b"max")))
        if first.isdigit() and last.isdigit():
            lines = found.hidden_rows if kind == b"row" else found.hidden_columns
            lines.update(range(int(first) - 1, min(int(last), int(first) + MAX_COLUMNS)))


def _parse_formats(xml: bytes, formats: WorkbookFormats, found: CellFormats) -> None:
    for place, kind, style, value in parse_cells(xml):
        found.note_style(place, style, formats, is_text=kind in ("s", "str", "inlineStr", "b", "e"))
        if kind == "s" and value.isdecimal() and (rich := formats.strings.get(int(value))):
            found.note_text(place, rich)


def _find_inline(xml: bytes, found: CellFormats) -> None:
    """Note the strings of several fonts that a worksheet holds itself."""
    for cell in _elements(xml, "c"):
        reference, inline = REFERENCE.search(f' r="{cell.get("r", "")}"'.encode()), cell.find("{*}is")
        if reference and inline is not None and (rich := rich_text(inline)):
            found.note_text(position(reference), rich)


def _pattern(template: bytes, numbers: Iterable[int]) -> re.Pattern[bytes]:
    return re.compile(template % b"|".join(str(number).encode() for number in numbers))
