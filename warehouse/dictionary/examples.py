"""Examples of a mart: a query with the answer of this very release, and given rows with what they become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from warehouse.dictionary.edition import Edition
from warehouse.dictionary.subjects import entries
from warehouse.dictionary.texts import Text, contract_text
from warehouse.findings.finding import shortened
from warehouse.questionnaire.language import Language
from warehouse.releases.marts import Mart
from warehouse.storage.errors import SaraiError
from warehouse.text_table import is_number
from warehouse.transform.model_graph import Example, Model
from warehouse.words.catalogue import yes_or_no

_ROWS, _COLUMNS = 5, 6
_MOST_CELLS = 260
_LONGEST = 120  # letters of a cell; the release has all of it


@dataclass(frozen=True)
class Table:
    """Headings and cells as a page shows them; a cell that is None is empty. ``numbers`` are the columns of numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    numbers: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """A query and its answer; ``is_own`` if it was written for the mart, and is not just its first rows."""

    query: str
    answer: Table
    is_own: bool


@dataclass(frozen=True)
class Worked:
    """A worked example: the rows of each input that are given, and what they become."""

    title: Text
    given: Mapping[str, Table]
    expected: Table


def ask(edition: Edition, mart: Mart, language: Language) -> Asked:
    """Return the query of a mart and its answer; its first rows where the reader may not see what the query asks."""
    own = entries()[mart.name].query if mart.name in entries() else None
    if own:
        query = own.strip().replace("{language}", language)
        try:
            return Asked(query, _answer(edition, query, language), is_own=True)
        except SaraiError:
            pass  # of a release of before, or of columns that this reader does not see
    columns = [column.name for column in mart.columns]
    chosen = dict.fromkeys([*mart.primary_key, *columns])
    shown = ", ".join([*chosen][: max(_COLUMNS, len(mart.primary_key) + 2)])
    query = f"select {shown}\nfrom {mart.name}\norder by {', '.join(mart.primary_key or columns)} limit {_ROWS}"
    return Asked(query, _answer(edition, query, language), is_own=False)


def _answer(edition: Edition, query: str, language: Language) -> Table:
    found = edition.execute(query)
    headings = tuple(name for name, *_ in found.description or ())
    return tabulate(headings, found.fetchall(), language)


def worked(model: Model | None, mart: Mart, language: Language) -> Worked | None:
    """Return the shortest unit test of a mart as an example, with the columns that the reader sees; None without."""
    seen = {column.name for column in mart.columns}
    for example in model.examples if model else ():
        columns = [name for name in _columns(example.expected) if name in seen]
        measures = [name for name in columns if name not in mart.primary_key]
        if measures and example.cells_count <= _MOST_CELLS:
            return _as_worked(example, columns, language)
    return None


def _as_worked(example: Example, columns: Sequence[str], language: Language) -> Worked:
    given = {name: _table(rows, _columns(rows), language) for name, rows in example.given.items() if rows}
    title = contract_text(example.name.replace("_", " "), language)
    return Worked(title, given, _table(example.expected, columns, language))


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [*dict.fromkeys(name for row in rows for name in row)]


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], language: Language) -> Table:
    return tabulate(columns, [[row.get(name) for name in columns] for row in rows], language)


def tabulate(headings: Sequence[str], rows: Sequence[Sequence[Any]], language: Language) -> Table:
    """Return rows of values as a table in a language."""
    numbers = frozenset(
        heading
        for position, heading in enumerate(headings)
        if any(is_number(row[position]) for row in rows)
    )  # fmt: skip
    cells = [tuple(cell(value, name, language) for name, value in zip(headings, row, strict=True)) for row in rows]
    return Table(tuple(headings), tuple(cells), numbers)


def cell(value: Any, column: str, language: Language) -> str | None:
    """Return a value as a language writes it; years and numbers of rows have no mark between thousands."""
    from babel.numbers import format_decimal

    if value is None:
        return None
    if isinstance(value, bool):
        return yes_or_no(value, language)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if column.endswith(("year", "row")):
            return str(value)
        return format_decimal(value, format="#,##0.###" if abs(value) >= 1 else "0.######", locale=language)
    return shortened(str(value), _LONGEST)
