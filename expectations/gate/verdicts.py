"""Verdicts: how many rows of a table each rule looked at, and how many fail it, counted in the database.

What a rule can say of a row alone is counted in one scan of the table together with all rules of that kind; a rule that
compares rows or tables has a query of its own, which is run where there may be any that fail.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from expectations.gate.rules import Rule, Suite
from warehouse.progress import each
from warehouse.storage.table_digests import tables_in


class GateError(RuntimeError):
    """A rule could not be evaluated: a fault of our own, which says nothing about the data."""


@dataclass(frozen=True)
class Verdict:
    """What was counted for one rule of a suite, over the table of a schema."""

    schema: str
    suite: Suite
    rule: Rule
    checked_count: int
    failing_count: int

    @property
    def query(self) -> str:
        """The query of the failing rows."""
        return _of_table(self.rule.failing.query, self.schema, self.suite)

    @property
    def rule_name(self) -> str:
        """How errors of our own name the rule."""
        return _rule_name(self.suite, self.rule)


def read_verdicts(connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, Suite]) -> Iterator[Verdict]:
    """Yield the verdict on each rule of the suites whose tables are there, in the order of tables and rules.

    A table that may be absent is left out when it is empty. Raises GateError if a rule cannot be evaluated.
    """
    present = _present(connection, schema, suites)
    for table in each("Checking tables", present, len(present)):
        suite = suites[table]
        if not suite.may_be_absent or _has_rows(connection, schema, table):
            counts = _counts(connection, schema, suite)
            for rule, (checked_count, failing_count) in zip(suite.rules, counts, strict=True):
                yield Verdict(schema, suite, rule, checked_count, failing_count)


def absent_tables(connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, Suite]) -> list[str]:
    """Return the tables that a schema lacks, of those that it must have."""
    present = _present(connection, schema, suites)
    return [name for name, suite in suites.items() if name not in present and not suite.may_be_absent]


def _present(connection: duckdb.DuckDBPyConnection, schema: str, tables: Iterable[str]) -> list[str]:
    """Return those of the tables that a schema has, in their order."""
    found = tables_in(connection, schema)
    return [name for name in tables if name in found]


def _has_rows(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    return connection.execute(f'select 1 from {schema}."{table}" limit 1').fetchone() is not None


def _counts(connection: duckdb.DuckDBPyConnection, schema: str, suite: Suite) -> list[tuple[int, int]]:
    """Return the numbers of checked and failing rows for each rule of a suite."""
    seen = _scan(connection, schema, suite)
    return [(seen[rule.failing.checked], _count_failing(connection, schema, suite, rule, seen)) for rule in suite.rules]


def _count_failing(
    connection: duckdb.DuckDBPyConnection, schema: str, suite: Suite, rule: Rule, seen: Mapping[str, int]
) -> int:
    """Return how many rows fail a rule; ``seen`` is what the scan has counted."""
    if rule.failing.condition:
        return seen[rule.failing.condition]
    if rule.failing.suspects and not seen[rule.failing.suspects]:
        return 0
    return _count(connection, schema, suite, rule, f"select count(*) from ({rule.failing.query})")


def _scan(connection: duckdb.DuckDBPyConnection, schema: str, suite: Suite) -> dict[str, int]:
    """Return condition → number of rows that satisfy it, for all conditions of a suite's rules, from one scan."""
    conditions = {
        part: rule
        for rule in suite.rules
        for part in (rule.failing.checked, rule.failing.condition, rule.failing.suspects)
        if part
    }
    sql = "with sent as (select * from {batch}) select {counts} from sent"
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
    try:
        counted = connection.execute(_of_table(sql.replace("{counts}", counts), schema, suite)).fetchone()
    except duckdb.InterruptException:
        raise
    except duckdb.Error:  # one by one, so that the error names its rule
        return {
            condition: _count(connection, schema, suite, rule, sql.replace("{counts}", f"count_if({condition})"))
            for condition, rule in conditions.items()
        }
    return dict(zip(conditions, counted or (), strict=True))


def _count(connection: duckdb.DuckDBPyConnection, schema: str, suite: Suite, rule: Rule, sql: str) -> int:
    try:
        counted = connection.execute(_of_table(sql, schema, suite)).fetchone()
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise GateError(f"{_rule_name(suite, rule)}: {error}") from error
    return counted[0] if counted else 0


def _of_table(sql: str, schema: str, suite: Suite) -> str:
    return sql.replace("{batch}", f'{schema}."{suite.table}"')


def _rule_name(suite: Suite, rule: Rule) -> str:
    return f"{suite.table}, {rule.name} of {rule.field or 'the row'}"
