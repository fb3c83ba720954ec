"""Detection of a file's format, encoding and delimiter from its bytes, and its contents as sheets."""

import codecs
import contextlib
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.exports.odk_export import convert_export
from warehouse.exports.odk_export_files import archive_sheets, document_sheets
from warehouse.exports.odk_metadata import is_export, metadata_kind
from warehouse.files.csv_text import csv_rows
from warehouse.files.json_document import json_document, json_sheets
from warehouse.files.ods import MIME_TYPE, ods_sheets
from warehouse.files.sheet import CsvSource, Row, Sheet, UnreadableError
from warehouse.files.xls import SIGNATURE, xls_sheets
from warehouse.files.xlsb import BOOK, xlsb_sheets
from warehouse.files.xlsx import xlsx_sheets
from warehouse.files.zip_archive import DAMAGE
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import SEARCH_DEPTH, find_header
from warehouse.words.catalogue import N_

WORKBOOKS = ("xlsx", "ods", "xls", "xlsb")
DELIMITERS = (";", ",", "\t", "|")
MAX_SHEETS = 500
CYRILLIC_ENCODINGS = ("cp1251", "cp866", "koi8-r")

_JSON = re.compile(r"\s*[{\[]\s*[\"'{\[\]}]")
_FOREIGN = {
    b"%PDF": N_("the file is a PDF, from which no table can be read safely. Send the workbook (XLSX) or a CSV."),
    b"{\\rtf": N_("the file is a text document (RTF) and cannot be read. Send the workbook (XLSX) or a CSV."),
    b"<": N_(
        "the file is a web page or XML, whatever its name says, and cannot be read. Open it in Excel and save it as "
        "XLSX."
    ),
}


@dataclass(frozen=True)
class Contents:
    """The sheets of a file and the format they were read from; only a CSV file has an encoding and a delimiter."""

    file_format: str
    sheets: Sequence[Sheet]
    encoding: str | None = None
    delimiter: str | None = None


def open_contents(path: Path, questionnaire: Questionnaire) -> Contents:
    """Open a file by its content, whatever its name.

    Raises UnreadableError for a format that is not accepted, and for more sheets than MAX_SHEETS.
    """
    contents = _open(path, questionnaire)
    if len(contents.sheets) > MAX_SHEETS:
        raise UnreadableError(
            N_("the file cannot be read: it has {count} sheets or lists. Keep one for each table and send it anew."),
            count=len(contents.sheets),
        )
    return contents


def _open(path: Path, questionnaire: Questionnaire) -> Contents:
    with path.open("rb") as file:
        head = file.read(4096)
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not bare.strip(b"\0"):
        raise UnreadableError(N_("the file is empty. For a month without events send the form with its headings only."))
    for signature, message in _FOREIGN.items():
        if bare.startswith(signature):
            raise UnreadableError(message)
    if head.startswith(SIGNATURE):
        return Contents("xls", convert_export(xls_sheets(path), questionnaire))
    if head.startswith(b"PK\x03\x04"):
        return _zip_contents(path, questionnaire)
    if _JSON.match(_ascii_head(head)):
        document = json_document(path)
        exported = document_sheets(document)
        return Contents("json", json_sheets(document) if exported is None else convert_export(exported, questionnaire))
    return _csv_contents(path, head, questionnaire)


def _zip_contents(path: Path, questionnaire: Questionnaire) -> Contents:
    """Open a zip archive: an export if it holds CSV files, else a workbook, whose reader refuses what is not one."""
    if tables := archive_sheets(path, questionnaire):
        return Contents("zip", convert_export(tables, questionnaire))
    file_format, read = _workbook_format(path)
    return Contents(file_format, convert_export(read(path), questionnaire))


def _workbook_format(path: Path) -> tuple[str, Callable[[Path], list[Sheet]]]:
    """Return which workbook an archive is, and its reader; that of XLSX refuses what is none."""
    with contextlib.suppress(*DAMAGE), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if BOOK in names:
            return "xlsb", xlsb_sheets
        if "mimetype" in names and archive.read("mimetype").strip().startswith(MIME_TYPE):
            return "ods", ods_sheets
    return "xlsx", xlsx_sheets


def _ascii_head(head: bytes) -> str:
    """Return the first bytes as text in which ASCII characters, enough to recognise JSON, are right."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _csv_contents(path: Path, head: bytes, questionnaire: Questionnaire) -> Contents:
    """Open a CSV file with the encoding and the delimiter under which its header names most fields."""
    encodings = _encodings(path, head)
    best = (0, encodings[0], DELIMITERS[0])
    for encoding, delimiter in itertools.product(encodings, DELIMITERS):
        columns = _recognised_columns(path, encoding, delimiter, questionnaire)
        if columns > best[0]:
            best = (columns, encoding, delimiter)
    _, encoding, delimiter = best
    loose: dict[int, str] = {}
    rows, source = csv_rows(path, encoding, delimiter, loose), CsvSource(path, encoding, delimiter)
    sheets = [Sheet("", rows, source=source, loose=loose)]
    if any(is_export(row) for row in _top(path, encoding, delimiter)[:1]):
        sheets = convert_export([Sheet("", list(csv_rows(path, encoding, delimiter)))], questionnaire)
    return Contents("csv", sheets, encoding, delimiter)


def _recognised_columns(path: Path, encoding: str, delimiter: str, questionnaire: Questionnaire) -> int:
    rows = _top(path, encoding, delimiter)
    header = find_header("", rows, questionnaire)
    named = sum(metadata_kind(cell) is not None for row in rows[:1] for cell in row)
    return named + (len(header.columns) if header else 0)


def _top(path: Path, encoding: str, delimiter: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in itertools.islice(csv_rows(path, encoding, delimiter), SEARCH_DEPTH):
            rows.append(row)  # noqa: PERF402 - the rows before an error are kept: the header may be among them
    except UnreadableError:
        pass  # reported when the sheet is read
    return rows


def _encodings(path: Path, head: bytes) -> tuple[str, ...]:
    """Return the possible encodings: the Unicode one that the bytes fit, else the three legacy Cyrillic ones."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)  # before utf-16, whose little-endian byte order mark is a prefix of this one
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    for encoding, high in (("utf-16-le", head[1:400:2]), ("utf-16-be", head[0:400:2])):
        # The high byte is 0 for Latin and 4 for Cyrillic letters; text in an 8-bit encoding has neither.
        if 2 * (high.count(0) + high.count(4)) > len(high) > 0:
            return (encoding,)
    return ("utf-8-sig",) if _is_utf8(path) else CYRILLIC_ENCODINGS


def _is_utf8(path: Path) -> bool:
    """Tell whether the bytes are utf-8, possibly damaged: most characters beyond ASCII decode.

    Otherwise a file truncated within a character would be read as cp1251, and every Cyrillic word of it wrongly.
    """
    try:
        return all(True for _ in _chunks(path, "strict"))
    except UnicodeDecodeError:
        letters = broken = 0
        for chunk in _chunks(path, "replace"):
            broken += chunk.count("\ufffd")
            letters += sum(character > "\x7f" for character in chunk)
        return 2 * broken < letters


def _chunks(path: Path, errors: str) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", errors=errors, newline="") as file:
        while chunk := file.read(1 << 20):
            yield chunk
