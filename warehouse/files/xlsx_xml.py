"""Scan of a worksheet's XML for what python-calamine drops (error cells, uncalculated formulas) or cannot survive.

Regular expressions serve for XML as spreadsheet programs write it. Other valid XML (single quotation marks, cells
without a reference, comments, another encoding) goes through a parser, since an error cell that an expression misses
would be read as empty.
"""

import re
from html import unescape
from typing import Any, Self
from xml.parsers import expat

from warehouse.files.sheet import Place, UnreadableError, cell_text
from warehouse.files.workbook import DroppedCells
from warehouse.words.catalogue import N_

MAX_CELLS = 20_000_000  # of the rectangle from A1 to the farthest filled cell

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')
# Some programs write a cell that is only formatted with an empty value.
_FILLED_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*(?<!/)>(?!(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>)'
)
# A sheet without any of these has no such cell; a substring search is faster than the expression.
_DROPPED_HINTS = (b'"e"', b"'e'", b"<f", b":f", b"\0")
_DROPPED = re.compile(rb"<(?:\w+:)?f[\s/>]|\bt\s*=\s*[\"']e[\"']|\0")
_NEEDS_PARSER = re.compile(rb"<(?:\w+:)?c(?![\w:.-]| r=\")|<!|\s=|=[\s']|\0")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<attributes>[^>]*)(?<!/)>(?P<formula><(?:\w+:)?f\b[^>]*?(?:/>|>(?P<text>[^<]*)</(?:\w+:)?f>))?"
    rb"\s*(?:<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>(?P<value>[^<]*)</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d+)")


def find_dropped_cells(xml: bytes, name: str) -> DroppedCells:
    """Return the error cells and never calculated formulas of the worksheet called ``name``.

    Raises UnreadableError for a sheet that spans more than MAX_CELLS or repeats a row number, ExpatError for invalid
    XML.
    """
    _refuse_far_cells(xml, name)
    _refuse_repeated_rows(xml, name)
    if not (any(hint in xml for hint in _DROPPED_HINTS) and _DROPPED.search(xml)):
        return {}
    return _CellParser().read(xml).dropped if needs_parser(xml) else _match_cells(xml)


def needs_parser(xml: bytes) -> bool:
    """Tell whether a worksheet is not XML as spreadsheet programs write it, so that expressions would miss cells."""
    return _NEEDS_PARSER.search(xml) is not None


def parse_cells(xml: bytes) -> list[tuple[Place, str, int, str]]:
    """Return place, kind (as s for a shared string), style and value of each cell; raises ExpatError."""
    return _CellParser().read(xml).cells


def _match_cells(xml: bytes) -> DroppedCells:
    found: DroppedCells = {}
    for match in _CELL.finditer(xml):
        attributes, value = match["attributes"], match["value"] or b""
        reference = REFERENCE.search(attributes)
        if reference is None:
            continue
        if b't="e"' in attributes:
            found[position(reference)] = _unescaped(value) or "#ERROR!"
        elif match["formula"] and not value and b't="str"' not in attributes:
            found[position(reference)] = "=" + _unescaped(match["text"] or b"")
    return found


class _CellParser:
    """Finds the same cells in any valid XML, with a parser; slower by an order of magnitude."""

    def __init__(self) -> None:
        self.dropped: DroppedCells = {}
        self.cells: list[tuple[Place, str, int, str]] = []
        self.row = self.column = -1
        self.kind, self.style, self.texts, self.inside = "", 0, dict[str, str](), ""

    def read(self, xml: bytes) -> Self:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)  # noqa: FBT003 - expat takes positional arguments only
        return self

    def _start(self, tag: str, attributes: dict[str, Any]) -> None:
        name, reference = tag.rpartition(" ")[2], str(attributes.get("r", ""))
        if name == "row":
            self.row = int(reference) - 1 if reference.isdecimal() else self.row + 1
            self.column = -1
        elif name == "c":
            match = re.fullmatch(rb"([A-Z]+)(\d+)", reference.upper().encode())
            self.row, self.column = position(match) if match else (self.row, self.column + 1)
            self.kind, self.texts, style = attributes.get("t", ""), {}, str(attributes.get("s", ""))
            self.style = int(style) if style.isdecimal() else 0
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
        if value or self.kind == "inlineStr":
            self.cells.append(((self.row, self.column), self.kind, self.style, value))
        if self.kind == "e":
            self.dropped[self.row, self.column] = value or "#ERROR!"
        elif formula is not None and not value and self.kind != "str":
            self.dropped[self.row, self.column] = f"={formula}"


def _refuse_far_cells(xml: bytes, name: str) -> None:
    """Raise UnreadableError if the filled cells span more than MAX_CELLS; empty formatted cells do not count."""
    declared = _DIMENSION.search(xml, 0, 65_536)
    if declared and _cell_count(*position(declared)) <= MAX_CELLS:
        return
    corners = [position(match) for match in _FILLED_CELL.finditer(xml)]
    height, width = max((row for row, _ in corners), default=0), max((column for _, column in corners), default=0)
    refuse_wide_sheet(height, width, name)


def refuse_wide_sheet(height: int, width: int, name: str) -> None:
    """Raise UnreadableError if a sheet with its farthest cell in this row and column (from 0) spans too many cells."""
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
    """Raise UnreadableError if two rows have the same number: python-calamine keeps the cells of the later one only."""
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


def position(match: re.Match[bytes]) -> Place:
    """Return row and column from 0 of a matched cell reference such as C5."""
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return int(match[2]) - 1, column - 1


def _unescaped(text: bytes) -> str:
    return cell_text(unescape(text.decode("utf-8", "replace")))
