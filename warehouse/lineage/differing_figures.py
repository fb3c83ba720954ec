"""Figures: a value that differs between two releases, and what lies behind it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from warehouse.lineage.causes import Cause, Causes
from warehouse.lineage.contributions import RowChange, attribute, difference, is_additive
from warehouse.lineage.fact_keys import Key, Row, SharedKeys, key_of
from warehouse.lineage.release_pair import MartTable


@dataclass(frozen=True)
class Figure:
    """A value that differs; ``change`` is its difference where it is a number, exact as decimal.

    ``parts`` add up to the change exactly where the figure is a sum over facts; otherwise there are none. ``causes``
    are those of the rows behind the figure that differ. If none does, it is not ``is_direct``: then they are those of
    rows that share a part of its key, or all of its month, as it may compare with others.
    """

    name: str
    before: Any
    after: Any
    change: Decimal | None
    parts: Mapping[Cause, Decimal]
    causes: tuple[Cause, ...]
    is_direct: bool


@dataclass
class Index:
    """The causes of facts by the part of the mart's key that they have; ``whole`` asks for all of the key."""

    key: tuple[str, ...]
    found: dict[SharedKeys, dict[Key, set[Cause]]] = field(default_factory=dict)

    def add(self, keys: SharedKeys, changes: Iterable[RowChange]) -> None:
        """Add the causes of changed rows, whose columns ``keys`` maps to (key of the mart, column of the rows)."""
        causes = self.found.setdefault(keys, defaultdict(set))
        for change in changes if keys else ():
            for row in filter(None, (change.before, change.after)):
                causes[key_of(keys, row)].add(change.cause)

    def causes_of(self, row: Row, *, whole: bool = True) -> set[Cause]:
        """Return the causes of rows with the key of this one, or with a part of it."""
        return {
            cause
            for keys, causes in self.found.items()
            if keys and (len(keys) == len(self.key) or not whole)
            for cause in causes.get(tuple(row[name] for name, _ in keys), ())
        }


@dataclass
class Known:
    """A row of facts: one cause for all that differs in it."""

    causes: tuple[Cause, ...]

    def figure(self, name: str, before: Row | None, after: Row | None) -> Figure:
        """Return the figure of a row that differs, None where there is no row."""
        old, new = (before or {}).get(name), (after or {}).get(name)
        return Figure(name, old, new, _grown(old, new), {}, self.causes, is_direct=True)


@dataclass
class Behind:
    """What lies behind the figures of a mart: parts of sums, causes by key, and causes of everything."""

    table: MartTable
    causes: Causes
    parts: Mapping[str, Mapping[Key, Mapping[Cause, Decimal]]]
    index: Index
    everything: Sequence[Cause]

    def figure(self, name: str, before: Row | None, after: Row | None) -> Figure:
        """Return the figure of a row that differs, None where there is no row."""
        old, new = (before or {}).get(name), (after or {}).get(name)
        row = after or before or {}
        key: Key = tuple(row[column] for column in self.table.key)
        if name in self.parts:
            parts = attribute(old, new, self.parts[name].get(key, {}))
            causes = tuple(parts) or tuple(sorted(self.index.causes_of(row)))
            return Figure(name, old, new, _grown(old, new), parts, causes, is_direct=True)
        named, grown = self._causes_of_named(name, before, after), _grown(old, new)
        if len(named) == 1 and grown and is_additive(name):
            # A row about one submission: what happened to that is all that can have changed it.
            (cause,) = named
            return Figure(name, old, new, grown, {cause: grown}, (cause,), is_direct=True)
        direct = named or self.index.causes_of(row)
        around = self.index.causes_of(row, whole=False) or self._around(row)
        return Figure(name, old, new, grown, {}, tuple(sorted(direct or around)), is_direct=bool(direct))

    def _causes_of_named(self, column: str, before: Row | None, after: Row | None) -> set[Cause]:
        """Return the causes of a row that names its submission and table itself."""
        if "submission_id" not in self.table.columns:
            return set()
        rows = [row for row in (before, after) if row and row["submission_id"]]
        # Revisions are those of seizures; the other marts name the table.
        named = {row["submission_id"]: row.get("table_name", "seizures") for row in rows}
        found = (self.causes.of_submission_row(name, table, [column]) for name, table in named.items())
        return {cause for cause in found if cause}

    def _around(self, row: Row) -> Iterable[Cause]:
        month = row.get("month_date") or row.get("reporting_month")
        same = [cause for cause in self.everything if month and cause.month == f"{month:%Y-%m}"]
        # Where nothing that was sent counts otherwise, it is what the marts are made with.
        return same or self.everything or [Cause("changed_reference")]


def _grown(before: Any, after: Any) -> Decimal | None:
    """Return the difference of two numbers, one of which may be absent; None for anything else."""
    numbers = [value for value in (before, after) if value is not None]
    if not numbers or any(isinstance(value, bool) or not isinstance(value, int | float | Decimal) for value in numbers):
        return None
    return difference(before, after)
