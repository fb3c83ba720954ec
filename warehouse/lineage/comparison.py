"""Difference: which figures differ between two releases, and which submissions or rules are the cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import duckdb

from warehouse.lineage.causes import Cause, Causes, read_submissions
from warehouse.lineage.contributions import RowChange, contributions, find_rules
from warehouse.lineage.differing_figures import Behind, Figure, Index, Known
from warehouse.lineage.fact_keys import Row, shared_keys
from warehouse.lineage.part_changes import changed_parts
from warehouse.lineage.release_pair import AFTER, BEFORE, MartTable, attached, read_tables
from warehouse.lineage.row_changes import differing_rows, fact_changes, without_carried
from warehouse.releases.catalogue import Release


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


def compare_releases(before: Release, after: Release, dbt_project: Path) -> Difference:
    """Compare every mart of facts and figures, to the last digit; the project has the SQL of their parts.

    Raises ReleaseError when a release cannot be read.
    """
    with attached(before, after) as connection:
        causes = Causes(
            read_submissions(connection, BEFORE, before.number), read_submissions(connection, AFTER, after.number)
        )
        old, new = read_tables(connection, BEFORE), read_tables(connection, AFTER)
        alike = [name for name in old if name in new and old[name].key and old[name].key == new[name].key]
        tables = [
            MartTable(name, old[name].key, tuple(column for column in new[name].columns if column in old[name].columns))
            for name in alike
        ]
        # Facts are rows of submissions; a table that only relates them, such as pairs, is a mart like any other.
        facts = {t.name: t for t in tables if t.name.startswith("fct_") and "submission_id" in t.columns}
        tables.sort(key=lambda table: table.name not in facts)
        comparison = _Comparison(connection, causes, facts, dbt_project)
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
    facts: Mapping[str, MartTable]
    dbt_project: Path
    changes: dict[str, list[RowChange]] = field(default_factory=dict)
    row_causes: dict[str, dict[str, Cause]] = field(default_factory=dict)

    def compare(self, table: MartTable, old: MartTable, new: MartTable) -> MartDifference:
        pairs, carried = differing_rows(self.connection, table), 0
        if table.name in self.facts:
            self.changes[table.name], carried = self._changes(table, pairs)
            rows = [_row(table, c.before, c.after, Known((c.cause,))) for c in self.changes[table.name]]
        elif pairs:
            behind = self._behind(table)
            rows = [_row(table, before, after, behind) for before, after in pairs]
        else:
            rows = []
        added, removed = ({*one.columns} - {*other.columns} for one, other in ((new, old), (old, new)))
        return MartDifference(table.name, tuple(rows), carried, tuple(sorted(added)), tuple(sorted(removed)))

    def _changes(self, table: MartTable, pairs: Sequence[tuple[Row | None, Row | None]]) -> tuple[list[RowChange], int]:
        changes = fact_changes(table, pairs, self.causes)
        rows = ((change, change.after or change.before or {}) for change in changes)
        self.row_causes[table.name] = {row[table.key[0]]: change.cause for change, row in rows}
        return without_carried(table, changes)

    def _behind(self, table: MartTable) -> Behind:
        """Find how the figures of a mart follow from facts, and index the causes by their keys."""
        sources, changes = {**self.facts}, {**self.changes}
        if changed := changed_parts(self.connection, table, self.dbt_project, self.row_causes, self.causes):
            parts_table, changes[parts_table.name] = changed
            sources[parts_table.name] = parts_table
        measures = [name for name in table.columns if name not in table.key]
        rules = find_rules(self.connection, table, measures, sources.values())
        # Facts that no sum of the mart is made of may share its keys by chance; they count only when there is no sum.
        used = {rule.facts.name for rule in rules.values()} or {*self.facts}
        index = Index(table.key)
        for name in used:
            index.add(shared_keys(table.key, sources[name].columns), changes[name])
        parts = {name: contributions(rule, changes[rule.facts.name]) for name, rule in rules.items()}
        everything = {*self.causes.of_submissions(), *(c.cause for rows in changes.values() for c in rows)}
        return Behind(table, self.causes, parts, index, sorted(everything))


def _row(table: MartTable, before: Row | None, after: Row | None, behind: Known | Behind) -> RowDifference:
    row = after or before or {}
    names = [
        name for name in table.columns if name not in table.key and (before or {}).get(name) != (after or {}).get(name)
    ]
    figures = tuple(behind.figure(name, before, after) for name in names)
    kind: Literal["added", "removed", "changed"] = "changed" if before and after else "added" if after else "removed"
    return RowDifference(kind, {name: row[name] for name in table.key}, figures)
