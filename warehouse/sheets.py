"""What a file holds before anybody asks what it means: sheets of rows of text.

Every cell becomes text here and nothing else happens to it: dates of a workbook in ISO form, numbers as plain
decimals, everything else letter by letter. What a text means is decided in SQL, where it can be seen and tested.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import orjson

from warehouse.findings import Argument, shortened
from warehouse.messages import N_, fill

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


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield the records of a csv file; raises UnreadableError with the row where quoting or encoding breaks."""
    with path.open(encoding=encoding, newline="") as file:
        yield from text_rows(file, delimiter, encoding)


def text_rows(file: TextIO, delimiter: str, encoding: str) -> Iterator[Row]:
    """Yield the records of csv text, opened with newline="" in this encoding; raises UnreadableError."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    number = 0
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if len(row) > MAX_COLUMNS:
                raise _too_wide(number, len(row))
            yield [cell_text(cell) for cell in row]
    except csv.Error as error:
        if "field limit" in str(error):
            raise UnreadableError(
                N_(
                    "the file cannot be read: a cell of row {row} holds more than {count} characters. Look for a "
                    "quotation mark that is not closed, or move the text to another document."
                ),
                row=number + 1,
                count=MAX_CELL_CHARACTERS,
            ) from error
        raise UnreadableError(
            N_(
                "the file cannot be read: in row {row} the quotation marks are broken ({error}). "
                "Save the file again from your program as CSV, or send the workbook (XLSX)."
            ),
            row=number + 1,
            error=str(error),
        ) from error
    except UnicodeError as error:
        raise UnreadableError(
            N_(
                "the file cannot be read: after row {row} stands a byte that is no letter in {encoding}. "
                "The file was cut off or mixes encodings. Save it again as CSV UTF-8."
            ),
            row=number,
            encoding=encoding,
        ) from error


def _too_wide(number: int, count: int) -> UnreadableError:
    return UnreadableError(
        N_(
            "the file cannot be read: row {row} has {count} cells, more than any table. Save it again as a table with "
            "one row on each line, or send the workbook (XLSX)."
        ),
        row=number,
        count=count,
    )


def json_document(path: Path) -> Any:
    """Read a JSON file (utf-8, or utf-16 with its mark) with numbers as they are written; raises UnreadableError.

    orjson judges: it refuses NaN, infinity, broken letters and absurd nesting. Python's reader then keeps the digits of
    long numbers, and a key that stands twice in one object is refused, for one of its answers would be lost.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        orjson.loads(text)
        return json.loads(text, parse_int=str, parse_float=_plain, object_pairs_hook=_object)
    except (orjson.JSONDecodeError, UnicodeError, RecursionError) as error:
        raise UnreadableError(N_("the file is not valid JSON ({error}). Export it again."), error=str(error)) from error


def _plain(number: str) -> str:
    """Write 1.5e3 as 1500; what would take more than MAX_ZEROS zeros stays as it was written."""
    # Decimal itself refuses an exponent of twenty digits.
    exponent = number.lower().partition("e")[2]
    is_short = 0 < len(exponent) <= MAX_EXPONENT_DIGITS and abs(Decimal(number).adjusted()) <= MAX_ZEROS
    return format(Decimal(number), "f") if is_short else number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise UnreadableError(
                N_(
                    'the file cannot be read: the key "{name}" stands twice in one JSON object. Keep one and export it '
                    "again."
                ),
                name=shortened(key),
            )
        found[key] = value
    return found


def json_sheets(document: Any) -> list[Sheet]:
    """Return one sheet for each list of records, row 1 being the first record; all other answers are a cover sheet."""
    tables = document if isinstance(document, dict) else {"": document}
    cover = [[key, cell_text(value)] for key, value in _answers(tables)]
    sheets = [
        Sheet(cell_text(name), _json_rows(name, records), first_row=0, has_keys=True)
        for name, records in tables.items()
        if isinstance(records, list)
    ]
    return [Sheet("cover", cover), *sheets] if cover else sheets


def _answers(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from value.items()
        elif not isinstance(value, list):
            yield key, value


def _json_rows(name: str, records: list[Any]) -> list[Row]:
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise UnreadableError(
                N_(
                    'the file cannot be read: in the list "{name}" record {number} is no object. A table in JSON is a '
                    "list of objects, one for each row. Export it again."
                ),
                name=shortened(name),
                number=number,
            )
    keys = list(dict.fromkeys(key for record in records for key in record))
    return [keys, *([cell_text(record.get(key)) for key in keys] for record in records)] if keys else []
