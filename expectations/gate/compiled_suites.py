"""Compiled suites: the queries that Great Expectations makes of our rules, stored so that they run without it.

For ``sarai check``, whose users should not wait for Great Expectations to be imported. The queries are exactly those of
the gate, because they are taken from a run of the gate's suites; the gates themselves run Great Expectations.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import orjson

from expectations.gate.failing_rows import FailingRows, find_failing_rows
from warehouse.findings.finding import Finding

if TYPE_CHECKING:
    from expectations.gate.rules import Suite


def compile_suites(
    connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, "Suite"], path: Path
) -> None:
    """Write the query for the failing rows of every rule to ``path``, as JSON.

    The tables of the schema must exist; they are best empty. Raises GateError if a rule cannot be evaluated.
    """
    from expectations.gate.validation import validate

    rules = [asdict(result.failing) for result in validate(connection, schema, suites, suites)]
    path.write_bytes(orjson.dumps(rules, option=orjson.OPT_INDENT_2))


def run_compiled_suites(
    connection: duckdb.DuckDBPyConnection, schema: str, path: Path, codelists: Path
) -> list[Finding]:
    """Run the compiled queries of ``path`` on a schema; returns the same findings as the gate, in the same order."""
    rules = [FailingRows(**rule) for rule in orjson.loads(path.read_bytes())]
    connection.execute(f"set schema = '{schema}'")
    filled = {table for table in {rule.table for rule in rules} if _has_rows(connection, table)}
    relevant = [rule for rule in rules if rule.table in filled]
    return [finding for rule in relevant for finding in find_failing_rows(connection, rule, codelists).findings]


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f'select 1 from "{table}" limit 1').fetchone() is not None
