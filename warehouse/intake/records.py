"""Records: which rows below a header are data, and which only stand there: notes, totals, headings again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from warehouse.files.sheet import Row
from warehouse.questionnaire.headings import Header, heading_key

MAX_NOTES = 5
_TOTAL = re.compile(r"\W*(?:итого|всего|(?:grand |sub-?)?total)\b")
_WORD = re.compile(r"[^\W\d_]{3}")
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


class _Layout:
    """What is asked of a header for every row, looked up once."""

    def __init__(self, header: Header, merged: frozenset[tuple[int, int]]) -> None:
        fields = {field.name: field for field in header.table.fields}
        self.columns, self.extra, self.merged = header.columns, header.extra, merged
        self.numeric = {column for column, name in header.columns.items() if fields[name].type in _NUMERIC}
        self.headings = {
            column: {heading_key(heading) for heading in fields[name].headings}
            for column, name in header.columns.items()
        }
        required = [field.name for field in header.table.fields if field.constraints.required]
        self.only_answer = required[0] if len(required) == 1 else None


def read_records(
    rows: Iterable[Row], header: Header, merged: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Record | Remark]:
    """Yield a record for each row of data below the header and a remark for all else; empty rows are neither.

    Single cells of words after the last row are notes ("Filtros aplicados: …"); they are data when rows follow.
    """
    layout = _Layout(header, merged)
    alone: list[tuple[int, Row]] = []
    notes_allowed, has_records = True, False
    for index, row in enumerate(rows):
        filled = [(column, cell) for column, cell in enumerate(row) if cell.strip() and (index, column) not in merged]
        if index <= header.index or not filled:
            continue
        rule = _rule_of(filled, layout)
        if rule in ("total_row", "header_repeated"):
            yield Remark(index, rule, _joined(row))
        elif rule == "note" and notes_allowed and len(alone) < MAX_NOTES:
            alone.append((index, row))
        else:
            notes_allowed, has_records = notes_allowed and rule != "note", True
            for place, waiting in [*alone, (index, row)]:
                yield from _read_row(place, waiting, layout)
            alone = []
    for place, waiting in alone:
        # Words alone below empty headings ("no seizures") go with a nil return; anything with a digit could be a row.
        if has_records or not re.search(r"\d", _joined(waiting)):
            yield Remark(place, "note", _joined(waiting))
        else:
            yield from _read_row(place, waiting, layout)


def _rule_of(filled: list[tuple[int, str]], layout: _Layout) -> str | None:
    column, first = filled[0]
    if _TOTAL.match(first.casefold()):
        return "total_row"
    if len(filled) > 1:
        # A row that repeats the headings, as pages of a printed form do.
        repeats = all(heading_key(cell) in layout.headings.get(place, ()) for place, cell in filled)
        return "header_repeated" if repeats else None
    answers_all = layout.only_answer is not None and layout.columns.get(column) == layout.only_answer
    return "note" if not answers_all and _WORD.search(first) else None


def _read_row(index: int, row: Row, layout: _Layout) -> Iterator[Record | Remark]:
    cells, extra = {}, {}
    for column, cell in enumerate(row):
        field = layout.columns.get(column)
        if field is None:
            if cell.strip():
                extra[layout.extra.get(column, f"column {column + 1}")] = cell
        elif column in layout.numeric and (index, column) in layout.merged:
            # One figure for several rows: repeating it in each would multiply it.
            yield Remark(index, "number_merged", cell, field)
        else:
            cells[field] = cell
    yield Record(index, cells, orjson.dumps(extra).decode() if extra else "")


def _joined(row: Row) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())
