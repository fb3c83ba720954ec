"""Scan of a sheet's first rows: its header, the table that it holds, and its cover data."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from warehouse.files.sheet import Row, Sheet
from warehouse.questionnaire.cover import cover_data, is_cover, nil_answers
from warehouse.questionnaire.definition import Questionnaire, Table
from warehouse.questionnaire.headings import (
    SEARCH_DEPTH,
    Header,
    find_header,
    heading_language,
    is_form_sheet,
    named_table,
)
from warehouse.questionnaire.language import Language


@dataclass(frozen=True)
class SheetScan:
    """A sheet and what its first rows, ``top``, say about it; ``rows`` still yields all rows.

    ``is_named``: the sheet is named after a table. ``is_below_other``: the rows above the header are those of another
    table. ``refused``: fields that no column answers any more, because its heading contradicts another column.
    ``settled``: headings of further columns about which a remark of their own says what became of them.
    ``nil_answers``: what a cover answers, by table, to whether it has nothing to report.
    """

    sheet: Sheet
    rows: Iterator[Row]
    top: list[Row]
    header: Header | None
    table: Table | None
    cover: dict[str, str]
    is_named: bool
    is_below_other: bool = False
    refused: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    nil_answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def known_table(self) -> Table:
        """The table of the sheet; raises ValueError if it has none."""
        if self.table is None:
            raise ValueError(f"sheet {self.sheet.name!r} holds no table")
        return self.table

    @property
    def russian_excess(self) -> int:
        """Number of Russian headings minus that of English ones, in the first header row."""
        return heading_language(self.header, self.top[self.header.first]) if self.header else 0

    @property
    def missing(self) -> list[str]:
        """Names of required fields without a column."""
        return self.header.missing if self.header else []

    @property
    def width(self) -> int:
        """The largest number of filled cells in any of the first rows."""
        return max((sum(bool(cell.strip()) for cell in row) for row in self.top), default=0)


def scan_sheet(sheet: Sheet, questionnaire: Questionnaire) -> SheetScan:
    """Return the header, the table and the cover data of a sheet, from its first rows.

    A JSON list without records has no headings either: its name alone makes it a nil return. Raises UnreadableError if
    the first rows cannot be read.
    """
    rows = iter(sheet.rows)
    first = list(itertools.islice(rows, SEARCH_DEPTH + 3))
    header = find_header(sheet.name, first, questionnaire, sheet.spans)
    named = named_table(sheet.name, questionnaire)
    if header:
        above = first[: header.first]
        other = find_header("", above, questionnaire)
        return SheetScan(sheet, itertools.chain(first, rows), first, header, header.table, cover_data(above),
                         named is not None, is_below_other=other is not None)  # fmt: skip
    if not any(cell.strip() for row in first for cell in row):
        first += list(itertools.islice((row for row in rows if any(cell.strip() for cell in row)), SEARCH_DEPTH))
    cover = {} if is_form_sheet(sheet.name) or not is_cover(first) else cover_data(first)
    if cover.keys() == {"contact"}:  # a list of addresses, which nothing makes a cover
        cover = {}
    table = named if sheet.has_keys and not first else None
    answers = nil_answers(first, questionnaire) if cover else {}
    return SheetScan(sheet, iter(()), first, None, table, cover, named is not None, nil_answers=answers)


def complete_tables(scans: Sequence[SheetScan]) -> list[SheetScan]:
    """Return the sheets to be landed: those with a table and all of its required columns."""
    return [scan for scan in scans if scan.table and not scan.missing]


def language_of(scans: Sequence[SheetScan]) -> Language | None:
    """Return the language of most headings; None if neither prevails, as in a file headed by field names."""
    excess = sum(scan.russian_excess for scan in scans)
    return None if excess == 0 else "ru" if excess > 0 else "en"


def is_cover_alone(scans: Sequence[SheetScan]) -> bool:
    """Tell whether every sheet without a header is a cover, empty, or a sheet of the form without questions."""
    return all(scan.cover or scan.width == 0 or is_form_sheet(scan.sheet.name) for scan in scans if not scan.header)
