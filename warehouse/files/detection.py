"""The contents of one received file: its format settled, its sheets opened."""

import codecs
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.files.csv_text import csv_rows
from warehouse.files.json_document import json_document, json_sheets
from warehouse.files.odk_export import converted
from warehouse.files.odk_export_files import archive_sheets, document_sheets
from warehouse.files.odk_metadata import is_export, metadata_kind
from warehouse.files.sheet import Row, Sheet, UnreadableError
from warehouse.files.xlsx import xlsx_sheets
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import SEARCH_DEPTH, find_header
from warehouse.words.catalogue import N_

DELIMITERS = (";", ",", "\t", "|")
CYRILLIC_ENCODINGS = ("cp1251", "cp866", "koi8-r")

_JSON = re.compile(r"\s*[{\[]\s*[\"'{\[\]}]")
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": N_(
        "the file is an old (XLS) or password-protected workbook and cannot be read. Save it as XLSX without a "
        "password."
    ),
    b"%PDF": N_("the file is a PDF, from which no table can be read safely. Send the workbook (XLSX) or a CSV."),
    b"{\\rtf": N_("the file is a text document (RTF) and cannot be read. Send the workbook (XLSX) or a CSV."),
    b"<": N_(
        "the file is a web page or XML, whatever its name says, and cannot be read. Open it in Excel and save it as "
        "XLSX."
    ),
}


@dataclass(frozen=True)
class Contents:
    """Sheets of a file and how they were read; encoding and delimiter are those of a csv file."""

    file_format: str
    sheets: Sequence[Sheet]
    encoding: str | None = None
    delimiter: str | None = None


def open_contents(path: Path, questionnaire: Questionnaire) -> Contents:
    """Open a file by what it is, not by what it is called; raises UnreadableError."""
    with path.open("rb") as file:
        head = file.read(4096)
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not bare.strip(b"\0"):
        raise UnreadableError(N_("the file is empty. For a month without events send the form with its headings only."))
    for mark, why in _FOREIGN.items():
        if bare.startswith(mark):
            raise UnreadableError(why)
    if head.startswith(b"PK\x03\x04"):
        return _packed_contents(path, questionnaire)
    if _JSON.match(_start(head)):
        document = json_document(path)
        exported = document_sheets(document)
        return Contents("json", json_sheets(document) if exported is None else converted(exported, questionnaire))
    return _csv_contents(path, head, questionnaire)


def _packed_contents(path: Path, questionnaire: Questionnaire) -> Contents:
    """Open a file that is a zip: csv files of an export, else a workbook, which says itself if it is none."""
    if tables := archive_sheets(path, questionnaire):
        return Contents("zip", converted(tables, questionnaire))
    return Contents("xlsx", converted(xlsx_sheets(path), questionnaire))


def _start(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _csv_contents(path: Path, head: bytes, questionnaire: Questionnaire) -> Contents:
    """Settle encoding and delimiter: those under which the header answers most fields."""
    encodings = _encodings(path, head)
    best = (0, encodings[0], DELIMITERS[0])
    for encoding, delimiter in itertools.product(encodings, DELIMITERS):
        columns = _recognised_columns(path, encoding, delimiter, questionnaire)
        if columns > best[0]:
            best = (columns, encoding, delimiter)
    _, encoding, delimiter = best
    sheets = [Sheet("", csv_rows(path, encoding, delimiter))]
    if any(is_export(row) for row in _top(path, encoding, delimiter)[:1]):
        sheets = converted([Sheet("", list(csv_rows(path, encoding, delimiter)))], questionnaire)
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
            rows.append(row)  # noqa: PERF402 - the rows before a break stay: they tell enough
    except UnreadableError:
        pass  # reported when the sheet is read
    return rows


def _encodings(path: Path, head: bytes) -> tuple[str, ...]:
    """Return the encodings the bytes can have: Unicode if they are, else the three that Russian files use."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)  # its mark begins like that of utf-16
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    for encoding, high in (("utf-16-le", head[1:400:2]), ("utf-16-be", head[0:400:2])):
        # The high byte is 0 for Latin and 4 for Cyrillic letters; neither byte occurs in any other text.
        if 2 * (high.count(0) + high.count(4)) > len(high) > 0:
            return (encoding,)
    return ("utf-8-sig",) if _is_utf8(path) else CYRILLIC_ENCODINGS


def _is_utf8(path: Path) -> bool:
    """Tell whether the bytes are utf-8, be it damaged: most letters beyond ASCII decode.

    A file cut off in the middle of a letter would else be taken for cp1251, and every word of it for another one.
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
