"""Export files of KoboToolbox and ODK Central other than workbooks: JSON documents and zip archives of CSV files.

Both are read into the sheets of KoboToolbox's workbook, one of records and one of each repeat, for odk_export.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from warehouse.exports.odk_export import NO_RECORD
from warehouse.exports.odk_metadata import is_export
from warehouse.files.csv_text import text_rows
from warehouse.files.sheet import Sheet, UnreadableError, cell_text
from warehouse.files.zip_archive import DAMAGE, refuse_repeated_members
from warehouse.findings.finding import shortened
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import named_table
from warehouse.words.catalogue import N_

MAX_EXPORT_BYTES = 200_000_000  # of all CSV files of an archive, unpacked
_REPEAT_CONTEXT = re.compile(r"#Submissions\.(?:.*\.)?([^.]+)$")
_NAVIGATION_LINK = "@odata.navigationLink"


def document_sheets(document: Any) -> list[Sheet] | None:
    """Return the sheets of an exported JSON document, None if it is not an export.

    Raises UnreadableError if the document is one page of several, or does not contain the rows of its repeats.
    """
    is_page = isinstance(document, dict)
    records = next((document[key] for key in ("results", "value") if key in document), None) if is_page else document
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        return None
    if not records:
        if is_page and document.keys() & {"count", "@odata.context"}:
            raise UnreadableError(NO_RECORD)
        return None
    flat = [dict(_flat(record)) for record in records]
    if not all(is_export(record) for record in flat):
        return None
    _refuse_incomplete(document if is_page else {}, records)
    context = _REPEAT_CONTEXT.search(str(document.get("@odata.context", ""))) if is_page else None
    return [_sheet(context[1], flat)] if context else _record_sheets(flat)


def _refuse_incomplete(document: dict[str, Any], records: list[dict[str, Any]]) -> None:
    """Raise UnreadableError if the document refers to records or rows that it does not contain.

    They would otherwise be missing unnoticed.
    """
    count, total = len(records), str(document.get("count") or "")
    if (
        document.get("next")
        or document.get("previous")
        or "@odata.nextLink" in document
        or (total.isdecimal() and int(total) > count)
    ):
        raise UnreadableError(
            N_("the file holds one page of {count} records and not the others. Export all of the month in one file."),
            count=count,
        )
    linked = [
        (record, key.removesuffix(_NAVIGATION_LINK))
        for record in records
        for key in record
        if key.endswith(_NAVIGATION_LINK)
    ]
    absent = {name for record, name in linked if name not in record}
    if absent:
        raise UnreadableError(
            N_(
                "the rows of {names} are not in the file, only links to them. Export it again with $expand=* or as a "
                "zip of all tables."
            ),
            names=shortened(", ".join(sorted(absent))),
        )


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield path and text of every answer, and path and list of rows of every repeat; groups end in a slash."""
    for key, value in record.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{path}/")
        elif _is_repeat(value) and not path.startswith("_"):
            yield path, value
        elif value != []:
            yield path, cell_text(value)


def _is_repeat(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _record_sheets(flat: list[dict[str, Any]]) -> list[Sheet]:
    records: list[dict[str, Any]] = []
    repeats: dict[str, list[dict[str, Any]]] = {}
    for number, record in enumerate(flat, start=1):
        records.append({path: value for path, value in record.items() if not isinstance(value, list)})
        records[-1]["_index"] = str(number)
        for path, rows in record.items():
            if isinstance(rows, list):
                found = repeats.setdefault(path.rsplit("/", 1)[-1], [])
                found += [dict(_flat(row)) | {"_parent_index": str(number)} for row in rows]
    return [_sheet("records", records), *(_sheet(name, rows) for name, rows in repeats.items())]


def _sheet(name: str, records: list[dict[str, Any]]) -> Sheet:
    keys = list(dict.fromkeys(key for record in records for key in record))
    rows = [[cell_text(record.get(key)) for key in keys] for record in records]
    return Sheet(name, [keys, *rows], first_row=0)


def archive_sheets(path: Path, questionnaire: Questionnaire) -> list[Sheet] | None:
    """Return a sheet for each CSV file of a zip archive, None if it has none; raises UnreadableError.

    A sheet is named after its table: ODK Central calls the file of a repeat <form>-<table>.csv.
    """
    if not zipfile.is_zipfile(path):
        return None  # a truncated workbook, which its own reader reports
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if _is_table(PurePosixPath(name))]
            refuse_repeated_members(names)
            unpacked = sum(archive.getinfo(name).file_size for name in names)
            if unpacked > MAX_EXPORT_BYTES:
                raise UnreadableError(
                    N_("the file cannot be read: unpacked, the zip takes {size} MB. Export a month at a time."),
                    size=round(unpacked / 1e6),
                )
            return [_csv_sheet(name, archive.read(name), questionnaire) for name in names] or None
    except DAMAGE as error:
        raise UnreadableError(
            N_("the file cannot be read: the zip is damaged or protected by a password ({error}). Export it again."),
            error=shortened(str(error)),
        ) from error


def _is_table(name: PurePosixPath) -> bool:
    """Tell whether a member is a table, and not an attachment or metadata that macOS adds."""
    return name.suffix.lower() == ".csv" and name.parts[0] not in ("media", "__MACOSX")


def _csv_sheet(name: str, content: bytes, questionnaire: Questionnaire) -> Sheet:
    text = content.decode("utf-8-sig")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    stem = PurePosixPath(name).stem
    table = named_table(stem.rsplit("-", 1)[-1], questionnaire)
    return Sheet(table.name if table else stem, list(text_rows(io.StringIO(text, newline=""), delimiter, "utf-8")))
