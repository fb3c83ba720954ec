"""Answer rows: the rows of answers in a table's sheet, as the XML of a workbook.

XlsxWriter asks nine functions about each cell, and a form of 5,555 rows has 116,000. Most cells of a column hold what
another one holds, and all look alike: here each text is escaped, typed and measured once.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field as defaulted
from datetime import date
from html import escape
from typing import Literal

from warehouse.files.sheet import cell_text
from warehouse.forms.text_size import LINE_HEIGHT, MAX_LINES, fit_cell, line_count

MAX_DIGITS = 15  # that a number keeps in Excel
_BEFORE_DAY_1 = date(1899, 12, 30)  # days of a workbook are counted from here, after February 1900
# Characters that XML cannot hold are written as _xHHHH_, and so is the beginning of a text that reads like that.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_SPECIAL = re.compile(f"[&<>]|{_UNWRITABLE.pattern}")


@dataclass(frozen=True)
class Column:
    """A column of answers, each as it was sent: its width in characters, and the numbers of its styles.

    A ``kind`` other than "text" says what becomes a number or a date of the workbook. ``marked`` maps the index of a
    row, from 0, to the style of a cell that has another one than ``look``.
    """

    kind: Literal["number", "date", "text"]
    width: float
    texts: Sequence[str | None]
    look: int = 0
    marked: Mapping[int, int] = defaulted(default_factory=dict)


def prepare_rows(columns: Sequence[Column], first: int) -> str:
    """Return the rows of columns of equal length, the first of which stands in row ``first`` (from 0) of the sheet."""
    texts = [frozenset(column.texts) for column in columns]
    cells = [_cells(column, distinct) for column, distinct in zip(columns, texts, strict=True)]
    rows = zip(_heights(columns, texts), *cells, strict=True)
    return "".join([f'<row r="{number}"{"".join(parts)}</row>' for number, parts in enumerate(rows, start=first + 1)])


def _cells(column: Column, texts: Collection[str | None]) -> list[str]:
    """Return the cells of a column without their names: each follows the one before. That halves the file."""
    contents = {text: _content(text or "", column.kind) for text in texts}
    plain = {text: f'<c s="{column.look}"{content}' for text, content in contents.items()}
    cells = list(map(plain.__getitem__, column.texts))
    for index, look in column.marked.items():
        cells[index] = f'<c s="{look}"{contents[column.texts[index]]}'
    return cells


def _heights(columns: Sequence[Column], texts: Sequence[Collection[str | None]]) -> list[str]:
    """Return what ends the tag of each row: its height where it has several lines, else the program decides."""
    counts = [1] * len(columns[0].texts)
    for column, distinct in zip(columns, texts, strict=True):
        width = column.width - 2
        wide = [text for text in distinct if text and (len(text) >= width or "\n" in text)]
        high: dict[str | None, int] = {text: count for text in wide if (count := line_count(text, width)) > 1}
        if high:
            counts = list(map(max, counts, [high.get(text, 1) for text in column.texts]))
    heights = {count: 2 + LINE_HEIGHT * min(count, MAX_LINES) for count in set(counts)}
    ends = {count: f' ht="{height}" customHeight="1">' for count, height in heights.items()} | {1: ">"}
    return [ends[count] for count in counts]


def _content(text: str, kind: str) -> str:
    """Return the rest of a cell after its style, so that the text is read back unchanged, and never as a formula.

    Only a text that equals what cell_text returns for its number or date is written as one; any other stays text.
    """
    if not text:
        return "/>"
    if kind == "number" and _is_plain_number(text):
        return f"><v>{text}</v></c>"
    if kind == "date" and (day := _plain_date(text)):
        return f"><v>{(day - _BEFORE_DAY_1).days}</v></c>"
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{kept}>{_escaped(fit_cell(text))}</t></is></c>'


def _escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return escape(_UNWRITABLE.sub(lambda found: f"_x{ord(found.group()):04X}_", text), quote=False)


def _is_plain_number(text: str) -> bool:
    is_plain = re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) is not None
    return is_plain and len(text.lstrip("-").replace(".", "")) <= MAX_DIGITS and cell_text(float(text)) == text


def _plain_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text and day.year > 1900 else None  # noqa: PLR2004 - Excel takes 1900 for a leap year
