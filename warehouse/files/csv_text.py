"""CSV files: records of text cells, and errors that name the row where quoting or decoding fails."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from warehouse.files.sheet import MAX_CELL_CHARACTERS, MAX_COLUMNS, Row, UnreadableError, cell_text
from warehouse.words.catalogue import N_


def csv_rows(path: Path, encoding: str, delimiter: str, loose: dict[int, str] | None = None) -> Iterator[Row]:
    """Yield the records of a CSV file; see text_rows."""
    with path.open(encoding=encoding, newline="") as file:
        yield from text_rows(file, delimiter, encoding, loose)


def text_rows(file: TextIO, delimiter: str, encoding: str, loose: dict[int, str] | None = None) -> Iterator[Row]:
    """Yield the records of CSV text opened with newline=""; raises UnreadableError with the row at fault.

    ``encoding`` is the one that ``file`` was opened with: the message of a decoding error names it. ``loose`` gets the
    number (from 1) of each record that was read although a cell of it goes on behind its quotation marks, and the cell.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    number = 0
    try:
        for number, row in enumerate(_records(file, delimiter, {} if loose is None else loose), start=1):
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


def _records(file: TextIO, delimiter: str, loose: dict[int, str]) -> Iterator[Row]:
    """Yield the records; raises csv.Error for one whose quotation marks can be read in no way."""
    number, width, last = 0, 0, [""]
    reader = csv.reader(_remembering(file, last), delimiter=delimiter, strict=True)
    while True:
        lines, number = reader.line_num, number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            read = _read_loosely(last[0], delimiter, width) if reader.line_num == lines + 1 else None
            if read is None:
                raise
            row, loose[number] = read
        width = len(row)
        yield row


class _Loose(NamedTuple):
    """The cells of a record, and the first of them that goes on behind its quotation marks."""

    cells: Row
    loose: str


def _remembering(lines: Iterable[str], last: list[str]) -> Iterator[str]:
    """Yield lines; ``last`` holds the one that was taken last."""
    for last[0] in lines:
        yield last[0]


def _read_loosely(line: str, delimiter: str, width: int) -> _Loose | None:
    """Return the cells of a line whose quotation marks stand within cells: "Crack" cocaine is what somebody wrote.

    None unless there are as many as in the record before, which no other reading of the marks would give by chance.
    """
    cell = rf'(?:"(?:[^"]++|"")*+"|(?!"))[^{re.escape(delimiter)}]*+'
    if not re.fullmatch(rf"{cell}(?:{re.escape(delimiter)}{cell})*", bare := line.rstrip("\r\n")):
        return None
    written = [match[1] for match in re.finditer(rf"(?:^|{re.escape(delimiter)})({cell})", bare)]
    quoted = [re.fullmatch(r'"((?:[^"]++|"")*+)"', text) for text in written]
    loose = [text for text, whole in zip(written, quoted, strict=True) if text.startswith('"') and not whole]
    if len(written) != width or not loose:
        return None
    cells = [whole[1].replace('""', '"') if whole else text for text, whole in zip(written, quoted, strict=True)]
    return _Loose(cells, loose[0])


def _too_wide(number: int, count: int) -> UnreadableError:
    return UnreadableError(
        N_(
            "the file cannot be read: row {row} has {count} cells, more than any table. Save it again as a table with "
            "one row on each line, or send the workbook (XLSX)."
        ),
        row=number,
        count=count,
    )
