"""What a file holds before anybody asks what it means: sheets of rows of text.

Every cell becomes text here and nothing else happens to it: dates of a workbook in ISO form, numbers as plain
decimals, everything else letter by letter. What a text means is decided in SQL, where it can be seen and tested.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

Row = list[str]

MAX_CELL_CHARACTERS = 1_000_000
MAX_UNPACKED_BYTES = 600_000_000


class UnreadableError(Exception):
    """The file cannot be read; the message tells its sender why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: name and rows of text; ``first_row`` is the number of the first row in the sender's program."""

    name: str
    rows: Iterable[Row]
    first_row: int = 1


def cell_text(value: Any) -> str:
    """Return a cell as text: ISO dates, plain decimals, '' for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "\u2400")  # DuckDB's csv reader ends a cell at NUL; the symbol stays visible
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, (dict, list)):
        return orjson.dumps(value).decode()
    return str(value)


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield the records of a csv file; raises UnreadableError with the row where quoting or encoding breaks."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for number, row in enumerate(reader, start=1):  # noqa: B007 - read in the except clauses
                yield [cell_text(cell) for cell in row]
        except csv.Error as error:
            raise UnreadableError(
                f"row {number + 1}: the quotation marks are broken ({error}). "
                "Save the file again from your program as CSV, or send the workbook (XLSX)."
            ) from error
        except UnicodeDecodeError as error:
            raise UnreadableError(
                f"after row {number}: a byte that is no letter in {encoding}. Save the file again as CSV UTF-8."
            ) from error


def xlsx_sheets(path: Path) -> list[Sheet]:
    """Read all sheets of a workbook; raises UnreadableError. Cells merged downwards hold their value in each row."""
    from python_calamine import CalamineError, load_workbook

    _refuse_bomb(path)
    try:
        workbook = load_workbook(str(path))
        return [_xlsx_sheet(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
    except (CalamineError, ValueError, KeyError, OSError) as error:
        raise UnreadableError(
            f"the workbook is damaged, cut off or protected by a password ({error}). "
            "Open it in Excel, save it again without a password and send it anew."
        ) from error


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableError(
            "the workbook is damaged or was cut off on its way. Send it again, if need be in smaller parts."
        ) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            f"the workbook unpacks to {unpacked:,} bytes. Delete unused rows, styles and pictures and save it again."
        )


def _xlsx_sheet(sheet: Any) -> Sheet:
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or []:
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]
    return Sheet(sheet.name, rows)


def json_document(path: Path) -> Any:
    """Read a JSON file; raises UnreadableError. NaN, infinity and absurd nesting are refused by the reader."""
    try:
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise UnreadableError(f"the file is not valid JSON ({error}). Export it again.") from error


def json_sheets(document: Any) -> list[Sheet]:
    """Return one sheet for each list of records of a JSON document; row 1 is the first record."""
    tables = document if isinstance(document, dict) else {"": document}
    return [
        Sheet(name, _json_rows(records), first_row=0)
        for name, records in tables.items()
        if isinstance(records, list)
    ]


def _json_rows(records: list[Any]) -> list[Row]:
    if not all(isinstance(record, dict) for record in records):
        raise UnreadableError("a table in JSON is a list of objects, one for each row. Export it again.")
    keys = list(dict.fromkeys(key for record in records for key in record))
    return [keys, *([cell_text(record.get(key)) for key in keys] for record in records)]
