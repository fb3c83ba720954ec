"""Several tables on one sheet, below or beside each other: each becomes a sheet of its own and keeps its places."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from warehouse.files.sheet import Place, Row, Sheet, column_letters
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import SEARCH_DEPTH, Header, find_header, header_of, is_form_sheet
from warehouse.questionnaire.measures import restates

# A larger CSV file is read as a stream: headings of another table in it are an error of their own.
MAX_SPLIT_BYTES = 250_000

_Value = TypeVar("_Value")


def split_sheet(sheet: Sheet, questionnaire: Questionnaire) -> list[Sheet]:
    """Return the tables of a sheet as sheets, the sheet itself if it holds one; raises UnreadableError.

    A part is named after the sheet and the cell in which it begins: "Отчёт [A6]".
    """
    if sheet.has_keys or is_form_sheet(sheet.name):
        return [sheet]
    if not isinstance(sheet.rows, list):
        if sheet.source is None or sheet.source.path.stat().st_size > MAX_SPLIT_BYTES:
            return [sheet]
        sheet = replace(sheet, rows=list(sheet.rows))
    parts = _split_below(sheet, list(sheet.rows), questionnaire)
    return [part for whole in parts for part in _split_beside(whole, questionnaire)]


def _split_below(sheet: Sheet, rows: list[Row], questionnaire: Questionnaire) -> list[Sheet]:
    cuts = list(_beginnings(rows, questionnaire))
    if len(cuts) < 2:  # noqa: PLR2004 - the first table begins at the top
        return [sheet]
    ends = [*cuts[1:], len(rows)]
    return [_rows_of(sheet, rows, 0 if cut == cuts[0] else cut, end) for cut, end in zip(cuts, ends, strict=True)]


def _beginnings(rows: list[Row], questionnaire: Questionnaire) -> Iterator[int]:
    """Yield the row (from 0) in which each table begins: its headings, or the title above them."""
    last: Header | None = None
    end = -1
    for index, row in enumerate(rows):
        header = header_of(row, questionnaire)
        if header is None:
            continue
        if last is None or not (_repeats(header, last) or (index == end + 1 and header.table is last.table)):
            yield index if last is None else _title_above(rows, index)
            last = header
        end = index


def _repeats(header: Header, earlier: Header) -> bool:
    """Tell whether headings are those of the table above once more, as on every page of a printed form.

    Headings that state another unit or scale begin another table: its numbers mean something else.
    """
    if header.table is not earlier.table or not header.columns.items() <= earlier.columns.items():
        return False
    return not any(restates(header.texts[column], earlier.texts[column]) for column in header.columns)


def _title_above(rows: list[Row], index: int) -> int:
    """Return the row of a title between an empty row and the headings in this row, else this row."""
    above = [sum(bool(cell.strip()) for cell in row) for row in rows[max(index - 2, 0) : index]]
    return index - 1 if above[-1:] == [1] and (len(above) == 1 or above[0] == 0) else index


def _rows_of(sheet: Sheet, rows: list[Row], start: int, end: int) -> Sheet:
    def moved(places: dict[Place, _Value]) -> dict[Place, _Value]:
        return {(index - start, column): value for (index, column), value in places.items() if start <= index < end}

    return replace(
        sheet,
        name=f"{sheet.name} [A{sheet.first_row + start}]".strip() if start else sheet.name,
        rows=rows[start:end], first_row=sheet.first_row + start, begins="A" if start else "", source=None,
        merged=frozenset(moved(dict.fromkeys(sheet.merged, ""))), spans=moved(dict(sheet.spans)),
        formats=moved(dict(sheet.formats)), struck=frozenset(moved(dict.fromkeys(sheet.struck, ""))),
        struck_parts=moved(dict(sheet.struck_parts)),
        hidden_rows=frozenset(index - start for index in sheet.hidden_rows if start <= index < end),
    )  # fmt: skip


def _split_beside(sheet: Sheet, questionnaire: Questionnaire) -> list[Sheet]:
    """Split where an empty column parts two sets of headings, each of them complete for its table."""
    rows = list(sheet.rows) if isinstance(sheet.rows, list) else []
    header = find_header(sheet.name, rows[: SEARCH_DEPTH + 3], questionnaire, sheet.spans) if rows else None
    if header is None:
        return [sheet]
    blocks = [block for block in _blocks(header.texts) if _is_complete(rows[header.index], block, questionnaire)]
    if len(blocks) < 2:  # noqa: PLR2004 - one table
        return [sheet]
    starts = [0, *(block[0] for block in blocks[1:])]
    ends = [*starts[1:], None]
    return [_columns_of(sheet, rows, start, end) for start, end in zip(starts, ends, strict=True)]


def _blocks(texts: dict[int, str]) -> list[list[int]]:
    """Return the columns with headings, parted where a column has none."""
    blocks: list[list[int]] = []
    for column in sorted(texts):
        if blocks and blocks[-1][-1] == column - 1:
            blocks[-1].append(column)
        else:
            blocks.append([column])
    return blocks


def _is_complete(row: Sequence[str], block: list[int], questionnaire: Questionnaire) -> bool:
    header = find_header("", [[row[column] if column < len(row) else "" for column in block]], questionnaire)
    return header is not None and not header.missing


def _columns_of(sheet: Sheet, rows: list[Row], start: int, end: int | None) -> Sheet:
    """Return the sheet with nothing outside these columns, which keep their places."""
    letters = column_letters(start)
    return replace(
        sheet, rows=[[*[""] * min(start, len(row)), *row[start:end]] for row in rows], source=None,
        name=f"{sheet.name} [{letters}{sheet.first_row}]".strip() if start else sheet.name,
        begins=letters if start else sheet.begins,
    )  # fmt: skip
