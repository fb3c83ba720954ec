"""Difference: which figures two releases tell differently, and which submissions or rules made them do so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import duckdb

from warehouse.catalogue import Release
from warehouse.causes import Cause, Causes, read_standing
from warehouse.changes import differing_rows, fact_changes
from warehouse.contributions import (
    Change,
    Key,
    Row,
    attribute,
    contributions,
    difference,
    find_rule,
    key_of,
    shared_keys,
)
from warehouse.side_by_side import AFTER, BEFORE, Table, attached, read_tables


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


@dataclass(frozen=True)
class RowDifference:
    """A row of a mart that was added, removed or changed; ``figures`` holds what differs."""

    kind: Literal["added", "removed", "changed"]
    key: Mapping[str, Any]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class MartDifference:
    """A mart in both releases: rows that differ, and how many came in another file with the same content.

    ``added_columns`` and ``removed_columns`` are those of one release only; they are not compared.
    """

    name: str
    rows: tuple[RowDifference, ...]
    carried_count: int
    added_columns: tuple[str, ...]
    removed_columns: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """All that differs between two releases; marts without a difference are left out.

    ``submissions`` says for which country, month and table another submission is in force. ``compared`` are the names
    of all marts that were, ``incomparable`` those that only one release has, or whose key is another.
    """

    before: Release
    after: Release
    submissions: tuple[Cause, ...]
    marts: tuple[MartDifference, ...]
    compared: tuple[str, ...]
    incomparable: tuple[str, ...]


def compare_releases(before: Release, after: Release) -> Difference:
    """Compare every mart of facts and figures, to the last digit; raises ReleaseError when one cannot be read."""
    with attached(before, after) as connection:
        causes = Causes(
            read_standing(connection, BEFORE, before.number), read_standing(connection, AFTER, after.number)
        )
        old, new = read_tables(connection, BEFORE), read_tables(connection, AFTER)
        alike = [name for name in old if name in new and old[name].key and old[name].key == new[name].key]
        tables = [
            Table(name, old[name].key, tuple(column for column in new[name].columns if column in old[name].columns))
            for name in alike
        ]
        # Facts are rows of submissions; a table that only relates them, such as pairs, is a mart like any other.
        facts = {t.name: t for t in tables if t.name.startswith("fct_") and "submission_id" in t.columns}
        tables.sort(key=lambda table: table.name not in facts)
        comparison = _Comparison(connection, causes, facts)
        marts = [comparison.compare(table, old[table.name], new[table.name]) for table in tables]
        return Difference(
            before,
            after,
            tuple(causes.of_submissions()),
            tuple(m for m in marts if m.rows or m.carried_count or m.added_columns or m.removed_columns),
            tuple(alike),
            tuple(sorted({*old, *new} - {*alike})),
        )


@dataclass
class _Comparison:
    """Two releases that are being compared; facts come before figures, whose causes they are."""

    connection: duckdb.DuckDBPyConnection
    causes: Causes
    facts: Mapping[str, Table]
    changes: dict[str, list[Change]] = field(default_factory=dict)

    def compare(self, table: Table, old: Table, new: Table) -> MartDifference:
        pairs, carried = differing_rows(self.connection, table), 0
        if table.name in self.facts:
            self.changes[table.name], carried = fact_changes(table, pairs, self.causes)
            rows = [_row(table, c.before, c.after, _Known((c.cause,))) for c in self.changes[table.name]]
        elif pairs:
            behind = self._behind(table)
            rows = [_row(table, before, after, behind) for before, after in pairs]
        else:
            rows = []
        added, removed = ({*one.columns} - {*other.columns} for one, other in ((new, old), (old, new)))
        return MartDifference(table.name, tuple(rows), carried, tuple(sorted(added)), tuple(sorted(removed)))

    def _behind(self, table: Table) -> "_Behind":
        """Find how the figures of a mart follow from facts, and index the causes by their keys."""
        rules = {
            name: rule
            for name in table.columns
            if name not in table.key and (rule := find_rule(self.connection, table, name, self.facts.values()))
        }
        # Facts that no sum of the mart is made of may share its keys by chance; they count only when there is no sum.
        sources = {rule.facts for rule in rules.values()} or {*self.facts}
        index = _Index(table.key)
        for name in sources:
            index.add(shared_keys(table.key, self.facts[name].columns), self.changes[name])
        parts = {name: contributions(rule, self.changes[rule.facts]) for name, rule in rules.items()}
        everything = {*self.causes.of_submissions(), *(c.cause for rows in self.changes.values() for c in rows)}
        return _Behind(table, self.causes, parts, index, sorted(everything))


@dataclass
class _Index:
    """The causes of facts by the part of the mart's key that they have; ``whole`` asks for all of the key."""

    key: tuple[str, ...]
    found: dict[tuple[tuple[str, str], ...], dict[Key, set[Cause]]] = field(default_factory=dict)

    def add(self, keys: tuple[tuple[str, str], ...], changes: Iterable[Change]) -> None:
        causes = self.found.setdefault(keys, defaultdict(set))
        for change in changes if keys else ():
            for row in filter(None, (change.before, change.after)):
                causes[key_of(keys, row)].add(change.cause)

    def causes_of(self, row: Row, *, whole: bool = True) -> set[Cause]:
        return {
            cause
            for keys, causes in self.found.items()
            if keys and (len(keys) == len(self.key) or not whole)
            for cause in causes.get(tuple(row[name] for name, _ in keys), ())
        }


@dataclass
class _Known:
    """A row of facts: one cause for all that differs in it."""

    causes: tuple[Cause, ...]

    def figure(self, name: str, before: Row | None, after: Row | None) -> Figure:
        old, new = (before or {}).get(name), (after or {}).get(name)
        return Figure(name, old, new, _grown(old, new), {}, self.causes, is_direct=True)


@dataclass
class _Behind:
    """What lies behind the figures of a mart: parts of sums, causes by key, and causes of everything."""

    table: Table
    causes: Causes
    parts: Mapping[str, Mapping[Key, Mapping[Cause, Decimal]]]
    index: "_Index"
    everything: Sequence[Cause]

    def figure(self, name: str, before: Row | None, after: Row | None) -> Figure:
        old, new = (before or {}).get(name), (after or {}).get(name)
        row = after or before or {}
        key: Key = tuple(row[column] for column in self.table.key)
        if name in self.parts:
            parts = attribute(old, new, self.parts[name].get(key, {}))
            causes = tuple(parts) or tuple(sorted(self.index.causes_of(row)))
            return Figure(name, old, new, _grown(old, new), parts, causes, is_direct=True)
        direct = self._told(name, before, after) or self.index.causes_of(row)
        around = self.index.causes_of(row, whole=False) or self._around(row)
        return Figure(name, old, new, _grown(old, new), {}, tuple(sorted(direct or around)), is_direct=bool(direct))

    def _told(self, column: str, before: Row | None, after: Row | None) -> set[Cause]:
        """Return the causes of a row that names its submission and table itself."""
        if not {"submission_id", "table_name"} <= {*self.table.columns}:
            return set()
        named = {row["submission_id"]: row["table_name"] for row in (before, after) if row and row["submission_id"]}
        return {cause for name, table in named.items() if (cause := self.causes.of_told(name, table, [column]))}

    def _around(self, row: Row) -> Iterable[Cause]:
        month = row.get("month_date") or row.get("reporting_month")
        same = [cause for cause in self.everything if month and cause.month == f"{month:%Y-%m}"]
        return same or self.everything


def _row(table: Table, before: Row | None, after: Row | None, behind: _Known | _Behind) -> RowDifference:
    row = after or before or {}
    names = [
        name for name in table.columns if name not in table.key and (before or {}).get(name) != (after or {}).get(name)
    ]
    figures = tuple(behind.figure(name, before, after) for name in names)
    kind: Literal["added", "removed", "changed"] = "changed" if before and after else "added" if after else "removed"
    return RowDifference(kind, {name: row[name] for name in table.key}, figures)


def _grown(before: Any, after: Any) -> Decimal | None:
    """Return the difference of two numbers, one of which may be absent; None for anything else."""
    numbers = [value for value in (before, after) if value is not None]
    if not numbers or any(isinstance(value, bool) or not isinstance(value, int | float | Decimal) for value in numbers):
        return None
    return difference(before, after)
