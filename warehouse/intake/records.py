"""Records: which rows below a header are data, and which are notes, totals or repeated headings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from warehouse.files.sheet import Row, column_letters
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.headings import OF_WHICH, Header, header_of, heading_key
from warehouse.questionnaire.measures import restates
from warehouse.sheets.remark import Remark

MAX_NOTES = 5
# These begin a row of totals whatever follows them; the other words of the list are other words too ("general").
_BEGINS_TOTAL = r"итого|всего|(?:grand |sub-?)?total"
# In a column that the form does not have nobody compares the row with others: there only these say that it is a total.
_SAYS_TOTAL = re.compile(r"\W*(?:итого|всего|(?:grand |sub-?)?total)(?:\s+(?:по|за|for)\s.*)?\W*", re.DOTALL)
_THREE_LETTERS = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True)
class Record:
    """A row of data: its index from 0, the text as sent by field, and the cells of other columns.

    ``extra`` is a JSON object of heading → text of the other columns, '' if there are none.
    """

    index: int
    cells: dict[str, str]
    extra: str


def extra_heading(extra: Mapping[int, str], column: int) -> str:
    """Return the name under which a cell is kept that answers no question."""
    return extra.get(column, f"column {column + 1}")


@cache
def total_words(codelists: Path) -> tuple[str, ...]:
    """Return the words, in small letters, that stand for all together in a row of totals; of the folder of seeds."""
    totals = load_codelist(codelists, "totals")
    return tuple(sorted(word.casefold() for word, code in totals.spellings.items() if code == "TOTAL"))


@cache
def _total_pattern(codelists: Path) -> re.Pattern[str]:
    """Return what the first cell of a row of totals matches, in small letters: such a word, and marks or digits."""
    words = "|".join(map(re.escape, total_words(codelists)))
    return re.compile(rf"\W*(?:(?:{_BEGINS_TOTAL})\b.*|(?:{words})\b[\W\d]*)", re.DOTALL)


class _Layout:
    """Lookups by column that every row needs, derived from the header once."""

    def __init__(self, header: Header, merged: frozenset[tuple[int, int]], codelists: Path) -> None:
        fields = {field.name: field for field in header.table.fields}
        self.columns, self.extra, self.texts, self.merged = header.columns, header.extra, header.texts, merged
        self.is_total = _total_pattern(codelists).fullmatch
        self.coded = {column for column, name in header.columns.items() if fields[name].codelist}
        self.numeric = {column for column, name in header.columns.items() if fields[name].is_numeric}
        self.headings = {
            column: {heading_key(heading) for heading in fields[name].headings}
            for column, name in header.columns.items()
        }
        self.named = {*header.columns, *header.extra}
        self.is_of_counts = not any(field.type == "date" for field in fields.values())  # an event has no parts
        required = [field.name for field in header.table.fields if field.constraints.required]
        self.only_required = required[0] if len(required) == 1 else None


def read_records(
    rows: Iterable[Row], header: Header, codelists: Path, merged: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[Record | Remark]:
    """Yield a record for each row of data below the header and a remark for any other row; empty rows are skipped.

    Rows with a single cell of words after the last record are notes ("Filtros aplicados: …"); if records follow, they
    are data. ``codelists`` is the folder of the seeds, which hold the words of totals.
    """
    layout = _Layout(header, merged, codelists)
    pending: list[tuple[int, Row]] = []
    notes_allowed, has_records = True, False
    for index, row in enumerate(rows):
        filled = [(column, cell) for column, cell in enumerate(row) if cell.strip() and (index, column) not in merged]
        if index <= header.index or not filled:
            continue
        rule = _rule_of(filled, layout)
        if rule in ("total_row", "header_repeated", "table_below"):
            yield Remark(index, rule, _joined(row))
            if rule == "table_below":
                break
        elif rule == "note" and notes_allowed and len(pending) < MAX_NOTES:
            pending.append((index, row))
        else:
            notes_allowed, has_records = notes_allowed and rule != "note", True
            for position, cells in [*pending, (index, row)]:
                yield from _name_unnamed(position, cells, layout)
                yield from _name_part(position, cells, layout)
                yield from _read_row(position, cells, layout)
            pending = []
    for position, cells in pending:
        # Without records, words ("no seizures") are a note to a nil return; anything with a digit could be a row.
        if has_records or not re.search(r"\d", _joined(cells)):
            yield Remark(position, "note", _joined(cells))
        else:
            yield from _read_row(position, cells, layout)


def are_records(rows: Iterable[Row], header: Header, codelists: Path) -> bool:
    """Return whether each of these rows of an unmerged table is a record, whatever stands above and below it."""
    layout = _Layout(header, frozenset(), codelists)
    for row in rows:
        filled = [(column, cell) for column, cell in enumerate(row) if cell.strip()]
        if not filled or _rule_of(filled, layout) or _part_stated(filled, layout):
            return False
    return True


def _rule_of(filled: list[tuple[int, str]], layout: _Layout) -> str | None:
    column, first = filled[0]
    if layout.is_total(first.casefold()):
        # "All" as the answer to one question of several: gate 1 compares the row with those of its parts.
        is_answer = column in layout.coded and any(other in layout.coded for other, _ in filled[1:])
        return None if is_answer else "total_row"
    if any(place not in layout.columns and _SAYS_TOTAL.fullmatch(cell.casefold()) for place, cell in filled):
        return "total_row"
    if len(filled) > 1:
        # Printed forms repeat the headings on every page.
        repeats = all(
            heading_key(cell) in layout.headings.get(position, ())
            and not restates(cell, layout.texts.get(position, ""))
            for position, cell in filled
        )
        return "header_repeated" if repeats else "table_below" if _is_header(filled) else None
    is_complete = layout.only_required is not None and layout.columns.get(column) == layout.only_required
    return "note" if not is_complete and _THREE_LETTERS.search(first) else None


def _is_header(filled: list[tuple[int, str]]) -> bool:
    """Tell whether a row holds the headings of a table, most of its cells those of one."""
    return header_of([cell for _, cell in filled], load_questionnaire()) is not None


def _name_unnamed(index: int, row: Row, layout: _Layout) -> Iterator[Remark]:
    """Yield a remark about the first cell of each column that has no heading."""
    for column, cell in enumerate(row):
        if column not in layout.named and cell.strip():
            layout.named.add(column)
            yield Remark(index, "column_unnamed", cell.strip(), None, {"column": column_letters(column)})


def _part_stated(filled: Iterable[tuple[int, str]], layout: _Layout) -> str | None:
    """Return the cell of a column that the form does not have which says that the row is a part of another."""
    others = (cell.strip() for column, cell in filled if layout.is_of_counts and column not in layout.columns)
    return next((cell for cell in others if re.match(OF_WHICH, cell.casefold())), None)


def _name_part(index: int, row: Row, layout: _Layout) -> Iterator[Remark]:
    if stated := _part_stated(enumerate(row), layout):
        yield Remark(index, "part_stated", stated)


def _read_row(index: int, row: Row, layout: _Layout) -> Iterator[Record | Remark]:
    cells, extra = {}, {}
    for column, cell in enumerate(row):
        field = layout.columns.get(column)
        if field is None:
            if cell.strip():
                extra[extra_heading(layout.extra, column)] = cell
        elif column in layout.numeric and (index, column) in layout.merged:
            # One figure was given for several rows: repeating it in each would multiply it.
            yield Remark(index, "number_merged", cell, field)
        else:
            cells[field] = cell
    yield Record(index, cells, orjson.dumps(extra).decode() if extra else "")


def _joined(row: Row) -> str:
    return " | ".join(cell.strip() for cell in row if cell.strip())
