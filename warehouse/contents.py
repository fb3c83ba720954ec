"""The contents of one received file: its format settled, its sheets opened."""

import itertools
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.headings import SEARCH_DEPTH, find_header
from warehouse.questionnaire import Questionnaire
from warehouse.sheets import Sheet, UnreadableError, csv_rows, json_document, json_sheets, xlsx_sheets
from warehouse.submission import cover_data

DELIMITERS = (";", ",", "\t", "|")
CYRILLIC_ENCODINGS = ("cp1251", "cp866", "koi8-r")


@dataclass(frozen=True)
class Contents:
    """Sheets of a file and how they were read; ``cover`` holds answers that stand outside every sheet (JSON)."""

    file_format: str
    sheets: Sequence[Sheet]
    encoding: str | None = None
    delimiter: str | None = None
    cover: dict[str, str] = field(default_factory=dict)


def open_contents(path: Path, questionnaire: Questionnaire) -> Contents:
    """Open a file by what it is, not by what it is called; raises UnreadableError."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnreadableError("the file is empty. For a month without events send the form with its headings only.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("it is an old (XLS) or password-protected workbook. Save it as XLSX without a password.")
    if head.startswith(b"PK") or zipfile.is_zipfile(path):
        return Contents("xlsx", xlsx_sheets(path))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json_contents(path)
    return _csv_contents(path, head, questionnaire)


def _json_contents(path: Path) -> Contents:
    document = json_document(path)
    answers = document.items() if isinstance(document, dict) else ()
    cover = cover_data([key, value] for key, value in answers if isinstance(value, str))
    return Contents("json", json_sheets(document), cover=cover)


def _csv_contents(path: Path, head: bytes, questionnaire: Questionnaire) -> Contents:
    """Settle encoding and delimiter: those under which the header answers most fields."""
    encodings = _encodings(path, head)
    best = (0, encodings[0], DELIMITERS[0])
    for encoding, delimiter in itertools.product(encodings, DELIMITERS):
        columns = _recognised_columns(path, encoding, delimiter, questionnaire)
        if columns > best[0]:
            best = (columns, encoding, delimiter)
    _, encoding, delimiter = best
    return Contents("csv", [Sheet("", csv_rows(path, encoding, delimiter))], encoding, delimiter)


def _recognised_columns(path: Path, encoding: str, delimiter: str, questionnaire: Questionnaire) -> int:
    try:
        rows = list(itertools.islice(csv_rows(path, encoding, delimiter), SEARCH_DEPTH))
    except UnreadableError:
        return 0
    header = find_header("", rows, questionnaire)
    return len(header.columns) if header else 0


def _encodings(path: Path, head: bytes) -> tuple[str, ...]:
    """Return the encodings the bytes can have: Unicode if they are, else the three that Russian files use."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    for encoding, zeros in (("utf-16-le", head[1:400:2]), ("utf-16-be", head[0:400:2])):
        if 2 * zeros.count(0) > len(zeros) > 0:
            return (encoding,)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return CYRILLIC_ENCODINGS
    return ("utf-8-sig",)
