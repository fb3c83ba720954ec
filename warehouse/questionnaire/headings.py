"""Headings: which row of a sheet is the header, which table it opens, which column answers which field."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from warehouse.questionnaire.definition import Questionnaire, Table

SEARCH_DEPTH = 40
MIN_FIELDS = 2
MAX_HEADING = 1_000
FORM_SHEETS = ("Lists", "Codelists", "Instructions", "Списки", "Справочники", "Инструкция")


@dataclass(frozen=True)
class Header:
    """A recognised header: its first and last row (index from 0), its table, column → field, column → other heading.

    ``repeated`` are the columns that answer a field which another column answers already.
    """

    first: int
    index: int
    table: Table
    columns: dict[int, str]
    extra: dict[int, str]
    repeated: tuple[int, ...]

    @property
    def missing(self) -> list[str]:
        """Names of required fields that no column answers."""
        present = set(self.columns.values())
        return [f.name for f in self.table.fields if f.constraints.required and f.name not in present]


@dataclass(frozen=True)
class _Names:
    """Heading key → field of one table; ``own`` are the keys of the field's name and titles, not its aliases."""

    fields: dict[str, str]
    own: frozenset[str]


def heading_key(text: str) -> str:
    """Return what two spellings of one heading share: no case, ё, brackets, spaces or punctuation.

    A text that is too long for a heading has no key; patterns would go through millions of spaces for hours.
    """
    if len(text) > MAX_HEADING:
        return ""
    text = unicodedata.normalize("NFC", text)  # a Mac writes й as two characters
    bare = re.sub(r"[\[(].*?[\])]", " ", text) if not re.fullmatch(r"\W*[\[(].*", text) else text
    return re.sub(r"[\W_]+", "", bare.casefold().replace("ё", "е"))


def heading_language(header: Header, row: Sequence[str]) -> int:
    """Return by how many the headings of a row, those of the questionnaire alone, are rather Russian than English.

    A heading in both languages counts for the first of them; the name of a field is no word of any language.
    """
    texts = [row[column] for column, name in header.columns.items() if column < len(row) and row[column] != name]
    letters = [letter[0] for text in texts if (letter := re.search(r"[^\W\d_]", text))]
    return sum(1 if "\u0400" <= letter <= "\u04ff" else -1 for letter in letters)


@cache
def _names(table: Table) -> _Names:
    own = {heading_key(text): f.name for f in table.fields for text in (f.name, f.title.en, f.title.ru)}
    aliases = {heading_key(alias): f.name for f in table.fields for alias in f.aliases}
    return _Names({**aliases, **own}, frozenset(own))


def _match(text: str, names: _Names) -> str | None:
    """Return the key under which a heading is known; a bilingual one ('Дата / Date', or two lines) by either part."""
    return next((key for key in _keys(text) if key in names.fields), None)


@lru_cache(maxsize=2 * 16_384)  # a row of the widest sheet is compared with every table
def _keys(text: str) -> tuple[str, ...]:
    if len(text) > MAX_HEADING or not text.strip():
        return ()
    parts = (text, *re.split(r"\s*[/|\n]\s*|\s+[-–—]\s+", text))
    return tuple(heading_key(part) for part in parts if part.strip())


def _recognised(row: Sequence[str], names: _Names) -> int:
    return len({names.fields[key] for cell in row if (key := _match(cell, names))})


def _is_header_row(row: Sequence[str], names: _Names) -> bool:
    """Tell whether a row beside a header belongs to it: most of its filled cells are headings of the same table."""
    recognised = _recognised(row, names)
    return recognised >= MIN_FIELDS and 2 * recognised > sum(bool(cell.strip()) for cell in row)


def _is_numbering(row: Sequence[str]) -> bool:
    """Tell whether a row numbers the columns 1, 2, 3 …, as forms in Russian do below their headings."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(filled) > MIN_FIELDS and filled == [str(number) for number in range(1, len(filled) + 1)]


def named_table(sheet: str, questionnaire: Questionnaire) -> Table | None:
    """Return the table whose name a sheet bears, in either language."""
    key = heading_key(sheet)
    for table in questionnaire.tables:
        if key and key in {heading_key(heading) for heading in table.headings}:
            return table
    return None


def is_form_sheet(sheet: str) -> bool:
    """Tell whether a sheet bears the name of a part of the form that asks nothing: its lists, its instructions."""
    return heading_key(sheet) in {heading_key(name) for name in FORM_SHEETS}


def find_header(sheet: str, rows: Sequence[Sequence[str]], questionnaire: Questionnaire) -> Header | None:
    """Find the header among the first rows of a sheet: the row that answers most fields of one table.

    At least two fields must be recognised; the sheet's name decides between equals. A row beside it in the other
    language, and a row below that numbers the columns, belong to the header.
    """
    named = named_table(sheet, questionnaire)
    best: tuple[tuple[int, int, int], int, Table] | None = None
    for index, row in enumerate(rows[:SEARCH_DEPTH]):
        for table in questionnaire.tables:
            score = (_recognised(row, _names(table)), int(table is named), -index)
            if score[0] >= MIN_FIELDS and (best is None or score > best[0]):
                best = (score, index, table)
    return _header(best[1], best[2], rows, _names(best[2])) if best else None


def _header(index: int, table: Table, rows: Sequence[Sequence[str]], names: _Names) -> Header:
    first = last = index
    if index > 0 and _is_header_row(rows[index - 1], names):
        first -= 1
    if last + 1 < len(rows) and _is_header_row(rows[last + 1], names):
        last += 1
    texts = _texts([rows[index], *rows[first:index], *rows[index + 1 : last + 1]], names)
    if last + 1 < len(rows) and _is_numbering(rows[last + 1]):
        last += 1
    columns = _columns(texts, names)
    repeated = tuple(column for column, text in texts.items() if column not in columns and _match(text, names))
    extra: dict[int, str] = {}
    for column, text in texts.items():
        if column not in columns:
            extra[column] = text if text not in extra.values() else f"{text} ({column + 1})"
    return Header(first, last, table, columns, extra, repeated)


def _texts(rows: Sequence[Sequence[str]], names: _Names) -> dict[int, str]:
    """Return column → heading; of several header rows the first that is recognised, else the first that is filled."""
    texts = {}
    for column in range(max(len(row) for row in rows)):
        cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
        if cells:
            texts[column] = next((cell for cell in cells if _match(cell, names)), cells[0])
    return texts


def _columns(texts: dict[int, str], names: _Names) -> dict[int, str]:
    """Return column → field; of two columns that answer one, a title goes before an alias, left before right."""
    keys = {column: key for column, text in texts.items() if (key := _match(text, names))}
    found: dict[str, int] = {}
    for column, key in sorted(keys.items(), key=lambda item: (item[1] not in names.own, item[0])):
        found.setdefault(names.fields[key], column)
    return {column: field for field, column in sorted(found.items(), key=lambda item: item[1])}
