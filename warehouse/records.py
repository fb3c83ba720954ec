"""Records: which rows below a header are data, and which only stand there: notes, totals, headings again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from warehouse.headings import Header, heading_key
from warehouse.sheets import Row

MAX_NOTES = 5
_TOTALS = ("итого", "всего", "total", "grandtotal", "subtotal")
_NUMERIC = ("number", "integer")


@dataclass(frozen=True)
class Record:
    """A row of data: row index from 0, field → text as sent, JSON of all cells that answer no field ('' for none)."""

    index: int
    cells: dict[str, str]
    extra: str


@dataclass(frozen=True)
class Remark:
    """What is no data or not as it looks: ``rule`` says what, ``value`` holds the whole text: nothing is lost."""

    index: int
    rule: str
    value: str
    field: str | None = None


def read_records(
    rows: Iterable[Row], header: Header, merged: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Record | Remark]:
    """Yield a record for each row of data below the header and a remark for all else; empty rows are neither.

    Single cells of words after the last row are notes ("Filtros aplicados: …"); they are data when rows follow.
    """
    alone: list[tuple[int, Row]] = []
    notes_allowed, has_records = True, False
    for index, row in enumerate(rows):
        filled = [(column, cell) for column, cell in enumerate(row) if cell.strip() and (index, column) not in merged]
        if index <= header.index or not filled:
            continue
        rule = _rule_of(filled, header)
        if rule in ("total_row", "header_repeated"):
            yield Remark(index, rule, _joined(row))
        elif rule == "note" and notes_allowed and len(alone) < MAX_NOTES:
            alone.append((index, row))
        else:
            notes_allowed, has_records = notes_allowed and rule != "note", True
            for place, waiting in [*alone, (index, row)]:
                yield from _read_row(place, waiting, header, merged)
            alone = []
    for place, waiting in alone:
        # Words alone below empty headings ("no seizures") go with a nil return; anything with a digit could be a row.
        if has_records or not re.search(r"\d", _joined(waiting)):
            yield Remark(place, "note", _joined(waiting))
        else:
            yield from _read_row(place, waiting, header, merged)


def _rule_of(filled: list[tuple[int, str]], header: Header) -> str | None:
    column, first = filled[0]
    if re.match(r"\W*(?:" + "|".join(_TOTALS) + r")\b", first.casefold()):
        return "total_row"
    if len(filled) > 1:
        return "header_repeated" if _repeats(filled, header) else None
    required = [field.name for field in header.table.fields if field.constraints.required]
    answers_all = required == [header.columns.get(column)]
    return "note" if not answers_all and re.search(r"[^\W\d_]{3}", first) else None


def _repeats(filled: list[tuple[int, str]], header: Header) -> bool:
    """Tell whether a row repeats the headings, as pages of a printed form do."""
    fields = {field.name: field for field in header.table.fields}
    return all(
        column in header.columns
        and heading_key(cell) in {heading_key(heading) for heading in fields[header.columns[column]].headings}
        for column, cell in filled
    )


def _read_row(index: int, row: Row, header: Header, merged: frozenset[tuple[int, int]]) -> Iterator[Record | Remark]:
    numeric = {field.name for field in header.table.fields if field.type in _NUMERIC}
    cells = {header.columns[column]: cell for column, cell in enumerate(row) if column in header.columns}
    for column, field in header.columns.items():
        if (index, column) in merged and field in numeric:
            # One figure for several rows: repeating it in each would multiply it.
            yield Remark(index, "number_merged", cells.pop(field, ""), field)
    extra = {
        header.extra.get(column, f"column {column + 1}"): cell
        for column, cell in enumerate(row)
        if column not in header.columns and cell.strip()
    }
    yield Record(index, cells, orjson.dumps(extra).decode() if extra else "")


def _joined(row: Row) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())
