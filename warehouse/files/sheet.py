"""Sheets of text cells: the common form into which every file format is read.

Cells are converted to text and not interpreted: dates of a workbook in ISO form, numbers as plain decimals, everything
else exactly as sent. Typing happens in SQL, where it can be seen and tested.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from warehouse.files.number_formats import NumberFormat
from warehouse.words.catalogue import Argument, fill

Row = list[str]
Place = tuple[int, int]  # row and column of a cell, from 0

MAX_CELL_CHARACTERS = 1_000_000
MAX_ZEROS = 30  # that a number in scientific notation may gain when it is written out
MAX_EXPONENT_DIGITS = 4
MAX_COLUMNS = 16_384  # of a sheet in Excel
_LARGEST_EXACT = 2**53  # beyond it a double holds some whole numbers only, and int() invents the last digits


class UnreadableError(Exception):
    """The file cannot be read; ``message``, a template of the catalogue, says why and what its sender can do."""

    def __init__(self, message: str, **arguments: Argument) -> None:
        """Take the message template and the arguments of its placeholders."""
        super().__init__(message)
        self.message, self.arguments = message, arguments

    def __str__(self) -> str:
        """Return the message in English."""
        return fill(self.message, self.arguments, "en")


@dataclass(frozen=True)
class CsvSource:
    """Where the rows of a sheet stand as CSV text."""

    path: Path
    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name and rows of text cells.

    ``first_row`` is the number of the first row in the sender's program. ``has_keys``: the headings are keys of the
    records (JSON), so that a list without records is a complete nil return. ``merged``: cells (row and column from 0)
    that repeat the value above because the sender merged them; ``spans``: cells to the right of one that the sender
    merged them with, and its text. ``formats``: number formats that show more than the number; ``struck``: cells that
    are struck through, ``struck_parts``: what was struck through of a cell and is not in its text. ``metadata``:
    headings that a server added, not the sender. ``record``: of the cover of an export, the number (from 1) of the
    record that it was taken from. ``source``: the CSV text that holds these very rows. ``hidden_rows`` and
    ``hidden_columns``, from 0, are not shown by the sender's program.
    ``loose``: of CSV text, the numbers of the rows read so far in which a cell goes on behind its quotation marks.
    """

    name: str
    rows: Iterable[Row]
    first_row: int = 1
    is_hidden: bool = False
    has_keys: bool = False
    merged: frozenset[Place] = frozenset()
    spans: Mapping[Place, str] = field(default_factory=dict)
    formats: Mapping[Place, NumberFormat] = field(default_factory=dict)
    struck: frozenset[Place] = frozenset()
    struck_parts: Mapping[Place, str] = field(default_factory=dict)
    metadata: frozenset[str] = frozenset()
    record: int | None = None
    source: CsvSource | None = None
    begins: str = ""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    loose: Mapping[int, str] = field(default_factory=dict)


def column_letters(column: int) -> str:
    """Return the name of a column (from 0) as spreadsheet programs have it: A, Z, AA."""
    return (column_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)  # noqa: PLR2004


def text_at(row: Sequence[str], column: int) -> str:
    """Return the text of a cell without the white space around it; '' where the row does not reach it."""
    return row[column].strip() if column < len(row) else ""


def widen(row: Row, column: int) -> None:
    """Give a row empty cells up to a column, from 0, that it may not reach."""
    row.extend("" for _ in range(column + 1 - len(row)))


def cell_text(value: Any) -> str:
    """Return a cell as text: ISO dates, times to the second, plain decimals, TRUE and FALSE, '' for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "\u2400")  # DuckDB's CSV reader ends a cell at NUL; its symbol stays visible
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return _timestamp_text(value)
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _number_text(value: float) -> str:
    """Return a number as plain decimals: whole ones that a double cannot tell apart have 15 digits, as in Excel."""
    if value.is_integer() and abs(value) <= _LARGEST_EXACT:
        return str(int(value))
    return format(Decimal(f"{value:.15g}" if value.is_integer() else repr(value)), "f")


def _timestamp_text(timestamp: datetime) -> str:
    """Return a timestamp rounded to the second: a workbook stores 10:30 as a fraction of a day slightly below it."""
    if timestamp < datetime.max - timedelta(seconds=1):  # noqa: DTZ901 - a workbook has no time zone
        timestamp += timedelta(milliseconds=500)
    return timestamp.date().isoformat() if timestamp.time() < time(0, 0, 1) else timestamp.isoformat(" ", "seconds")
