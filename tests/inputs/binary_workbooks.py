"""Binary workbooks (XLSB), which no program here writes: the few records of [MS-XLSB] that a small table needs."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
# Codes of formats by their number, fonts as (flags, escapement), and cell styles as (font, format).
_CODES = {164: '0" г"', 165: "dd.mm.yyyy"}
_FONTS = [(0, 0), (8, 0), (0, 1)]
STYLES = {"": 0, "percent": 1, "grams": 2, "struck": 3, "date": 4, "raised": 5}
_CELL_STYLES = [(0, 0), (0, 9), (0, 164), (1, 0), (0, 165), (2, 0)]

# A text, its parts beginning at a place with a font, or a number with the name of its style.
Cell = str | float | tuple[float, str] | tuple[str, list[tuple[int, int]]] | None


def _varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def record(number: int, content: bytes = b"") -> bytes:
    """Return one record."""
    return _varint(number) + _varint(len(content)) + content


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _styles() -> bytes:
    parts = [record(278), record(615, struct.pack("<I", len(_CODES)))]
    parts += [record(44, struct.pack("<H", number) + _text(code)) for number, code in _CODES.items()]
    parts.append(record(616))
    parts += [record(43, struct.pack("<HHHH", 220, flags, 400, raised) + bytes(30)) for flags, raised in _FONTS]
    parts += [record(617, struct.pack("<I", len(_CELL_STYLES)))]
    parts += [record(47, struct.pack("<HHH", 0, shown, font) + bytes(10)) for font, shown in _CELL_STYLES]
    return b"".join([*parts, record(618), record(279)])


def _cells(rows: Sequence[Sequence[Cell]], strings: list[bytes], hidden: tuple[int, int]) -> bytes:
    parts = [record(129), record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1))]
    parts += [record(390), record(60, struct.pack("<IIIIH", hidden[1], hidden[1], 0, 0, 1)), record(391), record(145)]
    for index, row in enumerate(rows):
        flags = 0x10 if index == hidden[0] else 0
        parts.append(record(0, struct.pack("<I", index) + bytes(7) + bytes([flags]) + bytes(5)))
        for column, cell in enumerate(row):
            value, style = cell if isinstance(cell, tuple) else (cell, "")
            if isinstance(value, (int, float)):
                number = STYLES[style] if isinstance(style, str) else 0
                parts.append(record(5, struct.pack("<IId", column, number, value)))
            elif value == "#N/A":
                parts.append(record(3, struct.pack("<IIB", column, 0, 0x2A)))
            elif value is not None:
                parts.append(record(7, struct.pack("<III", column, 0, len(strings))))
                starts = style if isinstance(style, list) else []
                runs = b"".join(struct.pack("<HH", *start) for start in starts)
                strings.append(
                    bytes([bool(starts)]) + _text(value) + (struct.pack("<I", len(starts)) + runs) * bool(starts)
                )
    return b"".join([*parts, record(146), record(130)])


def write_xlsb(
    path: Path, name: str, rows: Sequence[Sequence[Cell]], hidden_row: int = 9, hidden_column: int = 9
) -> None:
    """Write a binary workbook with one sheet, a row and a column of which (from 0) are hidden."""
    strings: list[bytes] = []
    cells = _cells(rows, strings, (hidden_row, hidden_column))
    sheet = struct.pack("<II", 0, 1) + _text("rId1") + _text(name)
    shared = [record(159, struct.pack("<II", len(strings), len(strings)))] + [record(19, text) for text in strings]
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")],
            1,
        )
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"/>'.encode(),
        "xl/workbook.bin": record(131) + record(143) + record(156, sheet) + record(144) + record(132),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'.encode(),
        "xl/worksheets/sheet1.bin": cells,
        "xl/styles.bin": _styles(),
        "xl/sharedStrings.bin": b"".join([*shared, record(160)]),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
