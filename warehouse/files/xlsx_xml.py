"""The XML of a worksheet: what the fast reader would lose or not survive, found before it reads.

Patterns answer for XML as spreadsheet programs write it. XML that is written otherwise (other quotation marks, cells
without a reference, comments, another encoding) is as good, and goes to a parser: an error cell that a pattern misses
would become an empty one.
"""

import re
from html import unescape
from typing import Any
from xml.parsers import expat

from warehouse.files.sheet import UnreadableError, cell_text
from warehouse.words.catalogue import N_

MAX_CELLS = 20_000_000

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*(?<!/)>')
_MARKS = (b'"e"', b"'e'", b"<f", b":f", b"\0")  # without one of these no cell is odd; told faster than by a pattern
_ODD = re.compile(rb"<(?:\w+:)?f[\s/>]|\bt\s*=\s*[\"']e[\"']|\0")
_UNUSUAL = re.compile(rb"<(?:\w+:)?c(?![\w:.-]| r=\")|<!|\s=|=[\s']|\0")
_ODD_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<attributes>[^>]*)(?<!/)>(?P<formula><(?:\w+:)?f\b[^>]*?(?:/>|>(?P<text>[^<]*)</(?:\w+:)?f>))?"
    rb"\s*(?:<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>(?P<value>[^<]*)</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d+)")

Oddities = dict[tuple[int, int], str]


def find_oddities(xml: bytes, name: str) -> Oddities:
    """Return error cells and formulas that were never calculated, by row and column from 0.

    Raises UnreadableError for a sheet that reaches too far or has a row twice, ExpatError for XML that is none.
    """
    _refuse_far_cells(xml, name)
    _refuse_repeated_rows(xml, name)
    if not (any(mark in xml for mark in _MARKS) and _ODD.search(xml)):
        return {}
    return _Parsed().read(xml) if _UNUSUAL.search(xml) else _matched(xml)


def _matched(xml: bytes) -> Oddities:
    found: Oddities = {}
    for match in _ODD_CELL.finditer(xml):
        attributes, value = match["attributes"], match["value"] or b""
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        if b't="e"' in attributes:
            found[_position(reference)] = _unescaped(value) or "#ERROR!"
        elif match["formula"] and not value and b't="str"' not in attributes:
            found[_position(reference)] = "=" + _unescaped(match["text"] or b"")
    return found


class _Parsed:
    """The same, from a parser that knows every way to write XML; slower by an order of magnitude."""

    def __init__(self) -> None:
        self.found: Oddities = {}
        self.row = self.column = -1
        self.kind, self.texts, self.inside = "", dict[str, str](), ""

    def read(self, xml: bytes) -> Oddities:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)  # noqa: FBT003 - expat names no argument
        return self.found

    def _start(self, tag: str, attributes: dict[str, Any]) -> None:
        name, reference = tag.rpartition(" ")[2], str(attributes.get("r", ""))
        if name == "row":
            self.row = int(reference) - 1 if reference.isdecimal() else self.row + 1
            self.column = -1
        elif name == "c":
            match = re.fullmatch(rb"([A-Z]+)(\d+)", reference.upper().encode())
            self.row, self.column = _position(match) if match else (self.row, self.column + 1)
            self.kind, self.texts = attributes.get("t", ""), {}
        elif name in ("f", "v"):
            self.inside, self.texts[name] = name, ""

    def _text(self, text: str) -> None:
        if self.inside:
            self.texts[self.inside] += text

    def _end(self, tag: str) -> None:
        self.inside = ""
        if tag.rpartition(" ")[2] != "c":
            return
        value, formula = self.texts.get("v", ""), self.texts.get("f")
        if self.kind == "e":
            self.found[self.row, self.column] = value or "#ERROR!"
        elif formula is not None and not value and self.kind != "str":
            self.found[self.row, self.column] = f"={formula}"


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


def _refuse_repeated_rows(xml: bytes, name: str) -> None:
    """Refuse a sheet in which two rows have one number: the reader would keep the cells of the later one alone."""
    seen: set[bytes] = set()
    for match in _ROW_NUMBER.finditer(xml):
        if match[1] in seen:
            raise UnreadableError(
                N_(
                    'the file cannot be read: sheet "{sheet}" has row {row} twice. Open it in Excel, let it repair the '
                    "workbook, save it and send it anew."
                ),
                sheet=name,
                row=match[1].decode(),
            )
        seen.add(match[1])


def _cell_count(row: int, column: int) -> int:
    return (row + 1) * (column + 1)


def _position(match: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return int(match[2]) - 1, column - 1


def _unescaped(text: bytes) -> str:
    return cell_text(unescape(text.decode("utf-8", "replace")))
