"""Records of Excel's binary workbooks: BIFF8 of XLS ([MS-XLS]) and BIFF12 of XLSB ([MS-XLSB]), and XLS's container."""

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from warehouse.files.cell_formats import CellFormats, WorkbookFormats, rich_of
from warehouse.files.number_formats import NumberFormat, number_format
from warehouse.files.sheet import Place

_END_OF_CHAIN = 0xFFFFFFFA  # and above: no further sector
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_STRIKE = 0x0008
RAISED = ("", "superscript", "subscript")

Record = tuple[int, bytes]


@dataclass
class Styles:
    """Fonts (struck, raised), number formats and cell styles (font, format) as they come in a workbook.

    ``texts`` maps a shared string of several fonts to its text and where each font begins; before, that of the cell
    holds.
    """

    fonts: list[tuple[bool, str]] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    cells: list[tuple[int, int]] = field(default_factory=list)
    texts: dict[int, tuple[str, list[tuple[int, int]]]] = field(default_factory=dict)

    def add_font(self, grbit: int, escapement: int) -> None:
        """Add a font by its flags and its escapement (0 none, 1 superscript, 2 subscript)."""
        self.fonts.append((bool(grbit & _STRIKE), RAISED[escapement] if escapement < len(RAISED) else ""))

    def font(self, index: int) -> tuple[bool, str]:
        """Return the font of this index, the plain one if there is none."""
        return self.fonts[index] if index < len(self.fonts) else (False, "")

    def note_text(self, found: CellFormats, place: Place, style: int, index: int) -> None:
        """Note what the fonts of a shared string say in a cell of this style."""
        text, starts = self.texts.get(index, ("", []))
        own = self.cells[style][0] if style < len(self.cells) else 0
        runs = [
            (text[start:end], *self.font(font))
            for (start, font), (end, _) in itertools.pairwise([(0, own), *starts, (len(text), 0)])
            if start < end
        ]
        if starts and (rich := rich_of(runs)):
            found.struck.discard(place)
            found.note_text(place, rich)

    def formats(self) -> WorkbookFormats:
        """Return the styles whose format says something."""
        numbers: dict[int, NumberFormat] = {}
        for index, (_, number) in enumerate(self.cells):
            if shown := number_format(number, self.codes):
                numbers[index] = shown
        struck = frozenset(index for index, (font, _) in enumerate(self.cells) if self.font(font)[0])
        raised = {index: aligned for index, (font, _) in enumerate(self.cells) if (aligned := self.font(font)[1])}
        return WorkbookFormats(numbers, struck, raised)


def error_text(code: int) -> str:
    """Return an error value as a cell shows it."""
    return _ERRORS.get(code, "#ERROR!")


def workbook_stream(content: bytes) -> bytes | None:
    """Return the stream Workbook of a compound file ([MS-CFB]); None if it has none, as a document with a password.

    Raises struct.error or ValueError for a file that is damaged.
    """
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        raise ValueError("sectors have no known size")
    size = 1 << shift
    (directory,), (mini_cutoff,) = struct.unpack_from("<I", content, 48), struct.unpack_from("<I", content, 56)
    (mini_start,) = struct.unpack_from("<I", content, 60)
    sectors = _fat_sectors(content, size)
    table = [
        entry for sector in sectors for entry in struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    ]
    entries = _chain(content, directory, table, size)
    root_start = None
    for offset in range(0, len(entries) - 127, 128):
        name = entries[offset : offset + struct.unpack_from("<H", entries, offset + 64)[0]].decode("utf-16-le")
        start, length = struct.unpack_from("<II", entries, offset + 116)
        root_start = start if offset == 0 else root_start
        if name.rstrip("\0") in ("Workbook", "Book"):
            if length >= mini_cutoff:
                return _chain(content, start, table, size)[:length]
            small = _chain(content, mini_start, table, size)
            mini = list(struct.unpack(f"<{len(small) // 4}I", small))
            return _chain(_chain(content, root_start or 0, table, size), start, mini, 64, first=0)[:length]
    return None


def _fat_sectors(content: bytes, size: int) -> list[int]:
    """Return the sectors of the allocation table, those of further lists of them included."""
    sectors = list(struct.unpack_from("<109I", content, 76))
    (following, count) = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, len(content) // size)):
        if following >= _END_OF_CHAIN:
            break
        *more, following = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        sectors += more
    return [sector for sector in sectors if sector < _END_OF_CHAIN]


def _chain(content: bytes, start: int, table: list[int], size: int, first: int = 1) -> bytes:
    """Return the bytes of a chain of sectors; raises ValueError for one that ends nowhere."""
    parts: list[bytes] = []
    while start < _END_OF_CHAIN:
        if start >= len(table) or len(parts) > len(table):
            raise ValueError("a chain of sectors is broken")
        parts.append(content[(start + first) * size : (start + first + 1) * size])
        start = table[start]
    return b"".join(parts)


def records(stream: bytes, start: int = 0) -> Iterator[Record]:
    """Yield the records of BIFF8 from here on: number and content."""
    while start + 4 <= len(stream):
        number, size = struct.unpack_from("<HH", stream, start)
        yield number, stream[start + 4 : start + 4 + size]
        start += 4 + size


def long_records(stream: bytes) -> Iterator[Record]:
    """Yield the records of BIFF12, whose number and size take one to four bytes of seven bits."""
    start = 0
    while start < len(stream):
        number, start = _varint(stream, start, 2)
        size, start = _varint(stream, start, 4)
        yield number, stream[start : start + size]
        start += size


def _varint(stream: bytes, start: int, longest: int) -> tuple[int, int]:
    """Return a number and the place behind it; the number of a record keeps the marks of its first byte out."""
    value = 0
    for place in range(longest):
        if start >= len(stream):
            break
        byte = stream[start]
        start += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no high bit
            break
    return value, start
