"""JSON as it comes: a document of lists of records, read into sheets with numbers as they are written."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from warehouse.files.sheet import MAX_EXPONENT_DIGITS, MAX_ZEROS, Row, Sheet, UnreadableError, cell_text
from warehouse.findings.finding import shortened
from warehouse.words.catalogue import N_


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
