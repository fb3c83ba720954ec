"""JSON documents: lists of records as sheets of text cells, numbers with the digits of the file."""

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
    """Read a JSON file (utf-8, or utf-16 with a byte order mark); numbers are returned as text, with all their digits.

    orjson validates: it refuses NaN, infinity, invalid Unicode and excessive nesting, which Python's parser accepts.
    Python's parser then reads, because it keeps the digits of long numbers. Raises UnreadableError for an invalid
    document and for a key that an object repeats, since one of its values would be lost.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        orjson.loads(text)
        return json.loads(text, parse_int=str, parse_float=_plain_decimal, object_pairs_hook=_unique_keys)
    except (orjson.JSONDecodeError, UnicodeError, RecursionError) as error:
        raise UnreadableError(N_("the file is not valid JSON ({error}). Export it again."), error=str(error)) from error


def _plain_decimal(number: str) -> str:
    """Return 1.5e3 as 1500; a number that would need more than MAX_ZEROS zeros is returned unchanged."""
    # Checked before conversion: Decimal raises for an exponent of twenty digits.
    exponent = number.lower().partition("e")[2]
    is_short = 0 < len(exponent) <= MAX_EXPONENT_DIGITS and abs(Decimal(number).adjusted()) <= MAX_ZEROS
    return format(Decimal(number), "f") if is_short else number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
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
    """Return a sheet for each list of records, in which row 1 is the first record, and a cover sheet of all other keys.

    Raises UnreadableError for a list that holds anything but objects.
    """
    tables = document if isinstance(document, dict) else {"": document}
    cover = [[key, cell_text(value)] for key, value in _cover_answers(tables)]
    sheets = [
        Sheet(cell_text(name), _json_rows(name, records), first_row=0, has_keys=True)
        for name, records in tables.items()
        if isinstance(records, list)
    ]
    return [Sheet("cover", cover), *sheets] if cover else sheets


def _cover_answers(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
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
