"""Opening: the first look at each sheet of a file, and the findings about sheets as a whole."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warehouse.files.sheet import Row, Sheet
from warehouse.questionnaire.cover import cover_data, is_cover
from warehouse.questionnaire.definition import Questionnaire, Table
from warehouse.questionnaire.headings import (
    SEARCH_DEPTH,
    Header,
    find_header,
    heading_language,
    is_form_sheet,
    named_table,
)

SPARE_COLUMNS = 1


@dataclass(frozen=True)
class Opened:
    """A sheet whose first rows were looked at; ``rows`` still yields all of them, ``top`` are the first."""

    sheet: Sheet
    rows: Iterator[Row]
    top: list[Row]
    header: Header | None
    table: Table | None
    cover: dict[str, str]
    is_named: bool
    is_below_other: bool = False

    @property
    def known_table(self) -> Table:
        """The table of a sheet that has one; ValueError if it has none."""
        if self.table is None:
            raise ValueError(f"sheet {self.sheet.name!r} opens no table")
        return self.table

    @property
    def russian_excess(self) -> int:
        """By how many its headings, of two rows the upper ones, are rather Russian than English."""
        return heading_language(self.header, self.top[self.header.first]) if self.header else 0

    @property
    def missing(self) -> list[str]:
        """Names of required fields that no column of the sheet answers."""
        return self.header.missing if self.header else []

    @property
    def width(self) -> int:
        """Number of columns that any of the first rows fills."""
        return max((sum(bool(cell.strip()) for cell in row) for row in self.top), default=0)


def look(sheet: Sheet, questionnaire: Questionnaire) -> Opened:
    """Look at the first rows of a sheet: its header, its table, its cover data.

    A list of a JSON file that has no records has no headings either: its name makes it a nil return. Raises
    UnreadableError when the first rows cannot be read.
    """
    rows = iter(sheet.rows)
    first = list(itertools.islice(rows, SEARCH_DEPTH + 3))
    header = find_header(sheet.name, first, questionnaire)
    named = named_table(sheet.name, questionnaire)
    if header:
        above = first[: header.first]
        other = find_header("", above, questionnaire)
        return Opened(sheet, itertools.chain(first, rows), first, header, header.table, cover_data(above),
                      named is not None, is_below_other=other is not None)  # fmt: skip
    if not any(cell.strip() for row in first for cell in row):
        first += list(itertools.islice((row for row in rows if any(cell.strip() for cell in row)), SEARCH_DEPTH))
    cover = {} if is_form_sheet(sheet.name) or not is_cover(first) else cover_data(first)
    table = named if sheet.has_keys and not first else None
    return Opened(sheet, iter(()), first, None, table, cover, named is not None)


def complete_tables(opened: Sequence[Opened]) -> list[Opened]:
    """Return the sheets to be landed: those with a table whose required columns are all there."""
    return [part for part in opened if part.table and not part.missing]


def is_cover_alone(opened: Sequence[Opened]) -> bool:
    """Tell whether a file holds nothing but a cover and what belongs to a form."""
    return all(part.cover or part.width == 0 or is_form_sheet(part.sheet.name) for part in opened if not part.header)
