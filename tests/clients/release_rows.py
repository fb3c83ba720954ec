"""What a country's analyst must read of a served release, by the release file, and how what was read differs.

A client may hand over values or texts: both are brought into one form by the type that the release gives a column, so
that only the value counts, and a date that came as a point in time is a difference.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from warehouse.serving.access import MartAccess, members_access
from warehouse.storage.sql import identifier, literal

# Single records of one country, cells of which some are small, and a dimension with names in two alphabets.
MARTS = ("fct_seizures", "rpt_seizures_by_province", "dim_border_points")
# How clients that hand over texts write what is not there.
NULL = r"\N"
_TRUE, _FALSE = {"t", "true", "1"}, {"f", "false", "0"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class VisibleRows:
    """The rows of a mart that an analyst may see, sorted: columns with their types, and values in one form."""

    mart: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    @property
    def query(self) -> str:
        """The statement that reads them from the server."""
        return f"select {', '.join(name for name, _ in self.columns)} from sarai.{self.mart}"

    @property
    def dates_count(self) -> int:
        """How many dates there are."""
        places = [place for place, (_, kind) in enumerate(self.columns) if kind == "DATE"]
        return sum(row[place] is not None for row in self.rows for place in places)

    @property
    def cyrillic_count(self) -> int:
        """How many values hold Cyrillic letters."""
        return sum(bool(_CYRILLIC.search(value)) for row in self.rows for value in row if value)


def visible_rows(database: Path, mart: str, country: str) -> VisibleRows:
    """Return what the analyst of a country may see of a mart, by access.yml and the DuckDB file of a release."""
    rule = members_access().marts[mart]
    with duckdb.connect(str(database), read_only=True) as release:
        kinds = release.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ? order by column_index", [mart]
        ).fetchall()
        columns = tuple((name, kind) for name, kind in kinds if name in rule.member_columns)
        listed = ", ".join(identifier(name) for name, _ in columns)
        rows = release.execute(f"select {listed} from {mart} where {_condition(rule, country)}").fetchall()
    return VisibleRows(mart, columns, _in_one_form(columns, rows))


def difference(wanted: VisibleRows, found: Iterable[Sequence[object]]) -> str | None:
    """Return in words what differs first between what may be seen and what a client read, None if nothing does."""
    try:
        rows = _in_one_form(wanted.columns, found)
    except ValueError as error:
        return f"{wanted.mart}: {error}"
    if len(rows) != len(wanted.rows):
        return f"{wanted.mart}: {len(rows)} rows, and {len(wanted.rows)} may be seen"
    for ours, theirs in zip(wanted.rows, rows, strict=True):
        for (name, _), value, read in zip(wanted.columns, ours, theirs, strict=True):
            if value != read:
                return f"{wanted.mart}.{name}: {read!r} was read, and the release has {value!r}"
    return None


def _condition(rule: MartAccess, country: str) -> str:
    own = " or ".join(f"{identifier(name)} = {literal(country)}" for name in rule.countries) or "false"
    if rule.own:
        return own
    if cells := rule.small_cells:
        reports, doubles = (f"coalesce({identifier(one)}, 0)" for one in (cells.count, cells.less))
        return f"{reports} = 0 or {reports} >= {cells.below} + {doubles} or {own}"
    return "true"


def _in_one_form(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> tuple[Row, ...]:
    formed = [
        tuple(_formed(name, kind, value) for (name, kind), value in zip(columns, row, strict=True)) for row in rows
    ]
    return tuple(sorted(formed, key=lambda row: [value or "" for value in row]))


def _formed(name: str, kind: str, value: object) -> str | None:
    if value is None or value == NULL:
        return None
    text = str(value)
    match kind:
        case "DATE":
            if isinstance(value, datetime) or not (isinstance(value, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", text)):
                raise ValueError(f"{name} is a date, and came as {value!r}")
        case "DOUBLE":
            return repr(float(text))
        case "BIGINT" | "INTEGER":
            return repr(float(text)).removesuffix(".0")
        case "BOOLEAN" if text.lower() in _TRUE | _FALSE:
            return str(text.lower() in _TRUE)
    return text
