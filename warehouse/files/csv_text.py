"""CSV files: records of text cells, and errors that name the row where quoting or decoding fails."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from warehouse.files.sheet import MAX_CELL_CHARACTERS, MAX_COLUMNS, Row, UnreadableError, cell_text
from warehouse.words.catalogue import N_


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield the records of a CSV file; raises UnreadableError with the row where quoting or decoding fails."""
    with path.open(encoding=encoding, newline="") as file:
        yield from text_rows(file, delimiter, encoding)


def text_rows(file: TextIO, delimiter: str, encoding: str) -> Iterator[Row]:
    """Yield the records of CSV text opened with newline=""; raises UnreadableError with the row at fault.

    ``encoding`` is the one that ``file`` was opened with: the message of a decoding error names it.
    """
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
