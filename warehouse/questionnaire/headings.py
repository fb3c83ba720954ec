"""Header recognition: which row of a sheet is the header, of which table, and which column holds which field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from warehouse.questionnaire.definition import Questionnaire, Table
from warehouse.questionnaire.measures import is_measure

SEARCH_DEPTH = 40  # rows from the top in which a header is looked for
MIN_FIELDS = 2
MAX_HEADING_CHARACTERS = 1_000
_FOOTNOTE_MARKS = str.maketrans("", "", "¹²³⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
FORM_SHEETS = ("Lists", "Codelists", "Instructions", "Списки", "Справочники", "Инструкция")

# What begins the name of a part of another figure, in small letters and the languages of the region; RE2 reads it too.
OF_WHICH = (
    r"^(of (which|them|whom)|thereof|including|incl[.]|в том числе|в т[.] ?ч[.]|в т/ч|из них|из которых|оның ішінде|"
    r"соның ішінде|анын ичинде|алардын ичинен|аз (он )?ҷумла|аз инҳо|şol sanda|şolardan|"
    r"shu jumladan|shundan|шу жумладан|шундан)"
)


@dataclass(frozen=True)
class Header:
    """A recognised header.

    It spans the rows ``first`` to ``index`` of the sheet (from 0). ``columns`` maps a column (from 0) to a field name,
    ``extra`` maps every other column with a heading to that heading. ``repeated`` maps columns of ``extra`` whose
    heading names a field that another column already holds to that field. ``texts`` holds the heading of each column,
    with the unit that stands below it in brackets.
    """

    first: int
    index: int
    table: Table
    columns: dict[int, str]
    extra: dict[int, str]
    repeated: dict[int, str]
    texts: dict[int, str]

    @property
    def missing(self) -> list[str]:
        """Names of required fields without a column."""
        present = set(self.columns.values())
        return [f.name for f in self.table.fields if f.constraints.required and f.name not in present]

    def covers(self, row: Sequence[str]) -> bool:
        """Tell whether most filled cells of a row are headings of this header."""
        return 2 * (len(self.columns) + len(self.repeated)) > sum(bool(cell.strip()) for cell in row)


@dataclass(frozen=True)
class _KnownHeadings:
    """Heading keys of one table: ``fields`` maps each to a field name; ``own`` holds those of names and titles."""

    fields: dict[str, str]
    own: frozenset[str]


def heading_key(text: str) -> str:
    """Return the key by which headings are compared: casefolded, ё as е, without brackets, spaces and punctuation.

    A text longer than MAX_HEADING_CHARACTERS has an empty key: the patterns below take hours on millions of spaces.
    """
    if len(text) > MAX_HEADING_CHARACTERS:
        return ""
    text = unicodedata.normalize("NFC", text).translate(_FOOTNOTE_MARKS)  # macOS decomposes й into two characters
    bare = re.sub(r"[\[(].*?[\])]", " ", text) if not re.fullmatch(r"\W*[\[(].*", text) else text
    return re.sub(r"[\W_]+", "", bare.casefold().replace("ё", "е"))


def heading_language(header: Header, row: Sequence[str]) -> int:
    """Return the number of Russian headings in a header row minus that of English ones.

    Only recognised headings count, each by the script of its first letter, so that a bilingual one counts for the
    language that comes first. A heading that is a field's name counts for neither.
    """
    texts = [row[column] for column, name in header.columns.items() if column < len(row) and row[column] != name]
    letters = [letter[0] for text in texts if (letter := re.search(r"[^\W\d_]", text))]
    return sum(1 if "\u0400" <= letter <= "\u04ff" else -1 for letter in letters)


@cache
def _known_headings(table: Table) -> _KnownHeadings:
    own = {heading_key(text): f.name for f in table.fields for text in (f.name, f.title.en, f.title.ru)}
    aliases = {heading_key(alias): f.name for f in table.fields for alias in f.aliases}
    return _KnownHeadings({**aliases, **own}, frozenset(own))


def _match(text: str, known: _KnownHeadings) -> str | None:
    """Return the key of a known heading; of a bilingual one ('Дата / Date', or two lines) either part may match."""
    return next((key for key in _keys(text) if key in known.fields), None)


@lru_cache(maxsize=2 * 16_384)  # a row of the widest sheet is compared with every table
def _keys(text: str) -> tuple[str, ...]:
    if len(text) > MAX_HEADING_CHARACTERS or not text.strip():
        return ()
    parts = (text, *re.split(r"\s*[/|\n]\s*|\s+[-–—]\s+", text))
    named = (part.rpartition(",")[0] for part in parts if "," in part and is_measure(part.rpartition(",")[2]))
    return tuple(heading_key(part) for part in (*parts, *named) if part.strip())


def _field_count(row: Sequence[str], known: _KnownHeadings) -> int:
    return len({known.fields[key] for cell in row if (key := _match(cell, known))})


def _is_header_row(row: Sequence[str], known: _KnownHeadings) -> bool:
    """Tell whether a row next to a header belongs to it: most of its filled cells are headings of the same table."""
    recognised = _field_count(row, known)
    return recognised >= MIN_FIELDS and 2 * recognised > sum(bool(cell.strip()) for cell in row)


def _is_numbering(row: Sequence[str]) -> bool:
    """Tell whether a row numbers the columns 1, 2, 3 …, as Russian forms do below their headings."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(filled) > MIN_FIELDS and filled == [str(number) for number in range(1, len(filled) + 1)]


def named_table(sheet: str, questionnaire: Questionnaire) -> Table | None:
    """Return the table that a sheet is named after, in either language; None if there is none."""
    key = heading_key(sheet)
    for table in questionnaire.tables:
        if key and key in {heading_key(heading) for heading in table.headings}:
            return table
    return None


def is_form_sheet(sheet: str) -> bool:
    """Tell whether a sheet is named like a part of the form without questions: lists or instructions."""
    return heading_key(sheet) in {heading_key(name) for name in FORM_SHEETS}


@cache
def _all_headings(questionnaire: Questionnaire) -> frozenset[str]:
    return frozenset().union(*(_known_headings(table).fields for table in questionnaire.tables))


def _may_be_header(row: Sequence[str], questionnaire: Questionnaire) -> bool:
    """Tell whether a row can hold headings: MIN_FIELDS cells are headings of some table, and none begins with a digit.

    That alone decides of nearly all rows of data.
    """
    filled = [cell for cell in row if cell.strip()]
    if len(filled) < MIN_FIELDS or any(cell.lstrip()[0].isdigit() for cell in filled):
        return False
    known = _all_headings(questionnaire)
    return sum(not known.isdisjoint(_keys(cell)) for cell in filled) >= MIN_FIELDS


def header_of(row: Sequence[str], questionnaire: Questionnaire) -> Header | None:
    """Return the headings that a row holds, if most of its cells are those of one table; None if not."""
    header = find_header("", [row], questionnaire) if _may_be_header(row, questionnaire) else None
    return header if header is not None and header.covers(row) else None


def find_header(
    sheet: str,
    rows: Sequence[Sequence[str]],
    questionnaire: Questionnaire,
    spans: Mapping[tuple[int, int], str] | None = None,
) -> Header | None:
    """Return the header of a sheet: of its first SEARCH_DEPTH rows the one that names most fields of one table.

    At least MIN_FIELDS fields must be recognised; between equals the sheet's name decides, then the upper row. An
    adjacent row of headings in the other language, a row of units below it and a row that numbers the columns belong to
    the header. ``spans`` holds the cells that are merged with one to their left, and its text. None if no row
    qualifies.
    """
    named = named_table(sheet, questionnaire)
    headings = _all_headings(questionnaire)
    best: tuple[tuple[int, int, int], int, Table] | None = None
    for index, row in enumerate(rows[:SEARCH_DEPTH]):
        candidates = [cell for cell in row if not headings.isdisjoint(_keys(cell))]
        for table in questionnaire.tables if len(candidates) >= MIN_FIELDS else ():
            score = (_field_count(candidates, _known_headings(table)), int(table is named), -index)
            if score[0] >= MIN_FIELDS and (best is None or score > best[0]):
                best = (score, index, table)
    return _header(best[1], best[2], rows, spans or {}) if best else None


def _header(index: int, table: Table, rows: Sequence[Sequence[str]], spans: Mapping[tuple[int, int], str]) -> Header:
    known, first, last = _known_headings(table), index, index
    if index > 0 and _is_header_row(rows[index - 1], known):
        first -= 1
    if last + 1 < len(rows) and (_is_header_row(rows[last + 1], known) or _is_unit_row(rows[last + 1])):
        last += 1
    order = [index, *range(first, index), *range(index + 1, last + 1)]
    merged = {column: text for (row, column), text in spans.items() if row in order and _match(text, known)}
    texts = _column_headings([rows[row] for row in order], known, merged)
    if last + 1 < len(rows) and _is_numbering(rows[last + 1]):
        last += 1
    columns = _field_columns(texts, known)
    keys = {column: _match(text, known) for column, text in texts.items() if column not in columns}
    repeated = {column: known.fields[key] for column, key in keys.items() if key}
    extra: dict[int, str] = {}
    for column, text in texts.items():
        if column not in columns:
            extra[column] = text if text not in extra.values() else f"{text} ({column + 1})"
    return Header(first, last, table, columns, extra, repeated, texts)


def _column_headings(rows: Sequence[Sequence[str]], known: _KnownHeadings, merged: Mapping[int, str]) -> dict[int, str]:
    """Return column → heading: of several header rows the first recognised cell, else the first filled one.

    A unit in another of the rows follows in brackets. Where it stands alone, the heading is the one that is ``merged``
    over the column, or that of the column to the left: the exports of workbooks leave merged cells empty.
    """
    texts: dict[int, str] = {}
    for column in range(max(len(row) for row in rows)):
        cells = [row[column] for row in rows if column < len(row) and row[column].strip()]
        if not cells:
            continue
        below = cells[-1:] if len(rows) > 1 else []
        unit = next((cell for cell in below if is_measure(cell) and not _match(cell, known)), None)
        over = merged.get(column) or (texts.get(column - 1, "").partition(" (")[0] if unit and len(cells) == 1 else "")
        text = next((cell for cell in cells if _match(cell, known)), over if unit else cells[0])
        texts[column] = f"{text} ({unit})" if unit and text and unit != text else text or cells[0]
    return texts


def _is_unit_row(row: Sequence[str]) -> bool:
    """Tell whether a row below the headings holds nothing but units and scales."""
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and all(is_measure(cell) for cell in filled)


def _field_columns(texts: dict[int, str], known: _KnownHeadings) -> dict[int, str]:
    """Return column → field; of two columns for one field, a title is preferred to an alias, then left to right."""
    keys = {column: key for column, text in texts.items() if (key := _match(text, known))}
    found: dict[str, int] = {}
    for column, key in sorted(keys.items(), key=lambda item: (item[1] not in known.own, item[0])):
        found.setdefault(known.fields[key], column)
    return {column: field for field, column in sorted(found.items(), key=lambda item: item[1])}
