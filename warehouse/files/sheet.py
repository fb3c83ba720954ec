"""What a file holds before anybody asks what it means: sheets of rows of text.

Every cell becomes text here and nothing else happens to it: dates of a workbook in ISO form, numbers as plain
decimals, everything else letter by letter. What a text means is decided in SQL, where it can be seen and tested.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from warehouse.words.catalogue import Argument, fill

Row = list[str]

MAX_CELL_CHARACTERS = 1_000_000
MAX_ZEROS = 30
MAX_EXPONENT_DIGITS = 4
MAX_COLUMNS = 16_384  # of a workbook


class UnreadableError(Exception):
    """The file cannot be read; the message, a template of the catalogue, tells its sender why and what to do."""

    def __init__(self, message: str, **arguments: Argument) -> None:
        """Take the template and what fills it."""
        super().__init__(message)
        self.message, self.arguments = message, arguments

    def __str__(self) -> str:
        """Return the message in English."""
        return fill(self.message, self.arguments, "en")


@dataclass(frozen=True)
class Sheet:
    """A sheet: name and rows of text; ``first_row`` is the number of the first row in the sender's program.

    ``merged`` are the cells (row and column from 0) that repeat the value above because the sender merged them;
    ``has_keys`` tells that the headings came with the records (JSON), so that a list without records is complete;
    ``metadata`` are headings that no sender chose, ``record`` is the number of the record whose cover it is.
    """

    name: str
    rows: Iterable[Row]
    first_row: int = 1
    is_hidden: bool = False
    has_keys: bool = False
    merged: frozenset[tuple[int, int]] = frozenset()
    metadata: frozenset[str] = frozenset()
    record: int | None = None


def cell_text(value: Any) -> str:
    """Return a cell as text: ISO dates and times to the second, plain decimals, '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "\u2400")  # DuckDB's csv reader ends a cell at NUL; the symbol stays visible
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _moment_text(moment: datetime) -> str:
    """Write a moment rounded: a workbook keeps 10:30 as a fraction of a day that falls just short."""
    if moment < datetime.max - timedelta(seconds=1):  # noqa: DTZ901 - a workbook has no zone
        moment += timedelta(milliseconds=500)
    return moment.date().isoformat() if moment.time() < time(0, 0, 1) else moment.isoformat(" ", "seconds")
