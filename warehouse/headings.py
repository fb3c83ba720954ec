"""Headings: which row of a sheet is the header, which table it opens, which column answers which field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from warehouse.questionnaire import Questionnaire, Table

SEARCH_DEPTH = 40


@dataclass(frozen=True)
class Header:
    """A recognised header: its row (index from 0), its table, column → field, column → heading of the rest."""

    index: int
    table: Table
    columns: dict[int, str]
    extra: dict[int, str]
    repeated: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """Names of required fields that no column answers."""
        present = set(self.columns.values())
        return [f.name for f in self.table.fields if f.constraints.required and f.name not in present]


def heading_key(text: str) -> str:
    """Return what two spellings of one heading share: no case, ё, brackets, spaces or punctuation."""
    bare = re.sub(r"[\[(].*?[\])]", " ", text) if not re.fullmatch(r"\W*[\[(].*", text) else text
    return re.sub(r"[\W_]+", "", bare.casefold().replace("ё", "е"))


@cache
def _names(questionnaire: Questionnaire) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for table in questionnaire.tables:
        known = {heading_key(field.name): field.name for field in table.fields}
        for field in table.fields:
            for heading in field.headings:
                known.setdefault(heading_key(heading), field.name)
        names[table.name] = known
    return names


def _field_of(text: str, known: dict[str, str]) -> str | None:
    """Return the field of a heading; a bilingual heading ('Дата / Date', or two lines) counts by either part."""
    for part in (text, *re.split(r"\s*[/|\n]\s*", text)):
        if part.strip() and (field := known.get(heading_key(part))):
            return field
    return None


def _recognised(row: Sequence[str], known: dict[str, str]) -> int:
    return len({field for cell in row if (field := _field_of(cell, known))})


def named_table(sheet: str, questionnaire: Questionnaire) -> Table | None:
    """Return the table whose name a sheet bears, in either language."""
    key = heading_key(sheet)
    for table in questionnaire.tables:
        if key and key in {heading_key(heading) for heading in table.headings}:
            return table
    return None


def find_header(sheet: str, rows: Sequence[Sequence[str]], questionnaire: Questionnaire) -> Header | None:
    """Find the header among the first rows of a sheet: the row that answers most fields of one table.

    At least two fields must be recognised; the sheet's name decides between equals. A second header row right below
    (the other language) is taken as part of the header.
    """
    named = named_table(sheet, questionnaire)
    best: tuple[tuple[int, int, int], int, Table] | None = None
    for table in questionnaire.tables:
        known = _names(questionnaire)[table.name]
        for index, row in enumerate(rows[:SEARCH_DEPTH]):
            score = (_recognised(row, known), int(table is named), -index)
            if score[0] >= 2 and (best is None or score > best[0]):
                best = (score, index, table)
    if best is None:
        return None
    _, index, table = best
    header = _header(index, table, rows[index], _names(questionnaire)[table.name])
    return _with_second_row(header, rows, _names(questionnaire)[table.name])


def _header(index: int, table: Table, row: Sequence[str], known: dict[str, str]) -> Header:
    columns: dict[int, str] = {}
    extra: dict[int, str] = {}
    repeated = []
    for column, text in enumerate(row):
        field = _field_of(text, known)
        if field and field not in columns.values():
            columns[column] = field
            continue
        if field:
            repeated.append(text)
        if text.strip():
            extra[column] = text if text not in extra.values() else f"{text} ({column + 1})"
    return Header(index, table, columns, extra, tuple(repeated))


def _with_second_row(header: Header, rows: Sequence[Sequence[str]], known: dict[str, str]) -> Header:
    following = rows[header.index + 1] if header.index + 1 < len(rows) else []
    filled = [cell for cell in following if cell.strip()]
    if filled and 2 * _recognised(following, known) > len(filled):
        return Header(header.index + 1, header.table, header.columns, header.extra, header.repeated)
    return header
