"""Workbooks of Excel 97 to 2003 (XLS): what their records say beside what python-calamine reads ([MS-XLS])."""

import struct
from collections.abc import Iterator
from pathlib import Path

from warehouse.files.biff import Record, Styles, error_text, records, workbook_stream
from warehouse.files.cell_formats import CellFormats, WorkbookFormats
from warehouse.files.sheet import Sheet, UnreadableError
from warehouse.files.workbook import DroppedCells, calamine_sheets, damaged
from warehouse.words.catalogue import N_

SIGNATURE = b"\xd0\xcf\x11\xe0"
_END, _PASSWORD, _SHEET, _FONT, _FORMAT, _STYLE, _STRINGS, _CONTINUED = 10, 47, 133, 49, 1054, 224, 252, 60
_FORMULA, _LABEL, _NUMBER, _RK, _MANY_RK, _BOOLEAN_OR_ERROR = 6, 253, 515, 638, 189, 517
_ROW, _COLUMNS = 520, 125
_ROW_HIDDEN, _COLUMNS_HIDDEN = 0x20, 0x01
_HIGH, _EXTENDED, _RICH = 1, 4, 8  # flags of a string


def xls_sheets(path: Path) -> list[Sheet]:
    """Read all worksheets of a workbook, including hidden ones; raises UnreadableError."""
    try:
        stream = workbook_stream(path.read_bytes())
        if stream is None or any(number == _PASSWORD for number, _ in _substream(stream, 0)):
            raise UnreadableError(
                N_("the file is a workbook with a password and cannot be read. Save it without a password as XLSX.")
            )
        scanned = _scan(stream)
    except (struct.error, ValueError, IndexError) as error:
        raise damaged(error) from error
    return calamine_sheets(path, scanned)


def _substream(stream: bytes, start: int) -> Iterator[Record]:
    """Yield the records up to the end of a part of the stream."""
    for number, content in records(stream, start):
        if number == _END:
            return
        yield number, content


def _scan(stream: bytes) -> dict[str, tuple[DroppedCells, CellFormats]]:
    styles, sheets, strings = Styles(), dict[str, int](), list[bytes]()
    for number, content in _substream(stream, 0):
        if number == _FONT:
            styles.add_font(struct.unpack_from("<H", content, 2)[0], struct.unpack_from("<H", content, 8)[0])
            if len(styles.fonts) == 4:  # noqa: PLR2004 - no font has the number 4
                styles.fonts.append((False, ""))
        elif number == _FORMAT:
            length, flags = struct.unpack_from("<HB", content, 2)
            styles.codes[struct.unpack_from("<H", content)[0]] = _decoded(content[5:], length, flags)
        elif number == _STYLE:
            font, shown = struct.unpack_from("<HH", content)
            styles.cells.append((font, shown))
        elif number == _SHEET:
            sheets[_decoded(content[8:], content[6], content[7])] = struct.unpack_from("<I", content)[0]
        elif number == _STRINGS or (number == _CONTINUED and strings):
            strings.append(content)
    if strings and any(struck or raised for struck, raised in styles.fonts):
        styles.texts = dict(_rich_strings(strings))
    formats = styles.formats()
    return {name: _scan_sheet(stream, start, styles, formats) for name, start in sheets.items()}


def _decoded(content: bytes, length: int, flags: int) -> str:
    return content[: 2 * length].decode("utf-16-le") if flags & _HIGH else content[:length].decode("latin-1")


class _Strings:
    """Reads the shared strings, which run on over records."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.place = parts, 0, 0

    def take(self, count: int) -> bytes:
        taken = b""
        while count > len(taken):
            rest = self.parts[self.part][self.place : self.place + count - len(taken)]
            taken += rest
            self.place += len(rest)
            if len(taken) < count:
                self.part, self.place = self.part + 1, 0
        return taken

    def text(self, length: int, flags: int) -> str:
        """Return a text; where it runs on, a byte of flags says anew how its letters are stored."""
        text = ""
        while True:
            size = 2 if flags & _HIGH else 1
            left = (len(self.parts[self.part]) - self.place) // size
            count = min(length - len(text), left)
            text += _decoded(self.take(count * size), count, flags)
            if len(text) >= length:
                return text
            self.part, self.place = self.part + 1, 0
            flags = self.take(1)[0]


def _rich_strings(parts: list[bytes]) -> Iterator[tuple[int, tuple[str, list[tuple[int, int]]]]]:
    """Yield the shared strings of several fonts: number, text, and where each font begins."""
    reader = _Strings(parts)
    _, count = struct.unpack("<II", reader.take(8))
    for index in range(count):
        length, flags = struct.unpack("<HB", reader.take(3))
        run_count = struct.unpack("<H", reader.take(2))[0] if flags & _RICH else 0
        extended = struct.unpack("<I", reader.take(4))[0] if flags & _EXTENDED else 0
        text = reader.text(length, flags)
        starts = [struct.unpack("<HH", reader.take(4)) for _ in range(run_count)]
        reader.take(extended)
        if starts:
            yield index, (text, [(start, font) for start, font in starts])


def _scan_sheet(
    stream: bytes, start: int, styles: Styles, formats: WorkbookFormats
) -> tuple[DroppedCells, CellFormats]:
    dropped, found = DroppedCells(), CellFormats()
    for number, content in _substream(stream, start):
        if number in (_ROW, _COLUMNS):
            _note_hidden(number, content, found)
        elif number == _MANY_RK:
            row, column = struct.unpack_from("<HH", content)
            for offset in range(4, len(content) - 2, 6):
                style = struct.unpack_from("<H", content, offset)[0]
                found.note_style((row, column + (offset - 4) // 6), style, formats, is_text=False)
        elif number in (_FORMULA, _LABEL, _NUMBER, _RK, _BOOLEAN_OR_ERROR):
            row, column, style = struct.unpack_from("<HHH", content)
            found.note_style((row, column), style, formats, is_text=number in (_LABEL, _BOOLEAN_OR_ERROR))
            if number == _LABEL:
                styles.note_text(found, (row, column), style, struct.unpack_from("<I", content, 6)[0])
            elif (code := _error_code(number, content)) is not None:
                dropped[row, column] = error_text(code)
    return dropped, found


def _note_hidden(number: int, content: bytes, found: CellFormats) -> None:
    first, last = struct.unpack_from("<HH", content)
    if number == _ROW and content[12] & _ROW_HIDDEN:
        found.hidden_rows.add(first)
    elif number == _COLUMNS and content[8] & _COLUMNS_HIDDEN:
        found.hidden_columns.update(range(first, last + 1))


def _error_code(number: int, content: bytes) -> int | None:
    """Return the code of an error, which python-calamine drops; None for any other cell."""
    if number == _BOOLEAN_OR_ERROR and content[7]:
        return content[6]
    is_error = number == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2  # noqa: PLR2004 - kind of result
    return content[8] if is_error else None
