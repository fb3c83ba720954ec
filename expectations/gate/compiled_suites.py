"""Compiled suites: the queries that Great Expectations asks, kept, so that they can be asked without it.

Importing it takes longer than a focal point waits for ``sarai check``. The queries are those of the gate, word for
word, because they are taken from a run of the gate's own suites; at the gates it stays Great Expectations that judges.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import orjson

from expectations.gate.failing_rows import FailingRows, find
from warehouse.findings.finding import Finding

if TYPE_CHECKING:
    from expectations.gate.rules import Suite


def compile_suites(
    connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, "Suite"], path: Path
) -> None:
    """Write the query of failing rows of every rule, as JSON; the tables of the schema are there and best empty.

    Raises GateError when a rule can not be evaluated.
    """
    from expectations.gate.validation import validate

    rules = [asdict(judged.failing) for judged in validate(connection, schema, suites, suites)]
    path.write_bytes(orjson.dumps(rules, option=orjson.OPT_INDENT_2))


def judge(connection: duckdb.DuckDBPyConnection, schema: str, path: Path, codelists: Path) -> list[Finding]:
    """Ask compiled queries; returns the findings that the gate would give, in its order."""
    rules = [FailingRows(**rule) for rule in orjson.loads(path.read_bytes())]
    connection.execute(f"set schema = '{schema}'")
    answered = {table for table in {rule.table for rule in rules} if _has_rows(connection, table)}
    asked = [rule for rule in rules if rule.table in answered]
    return [finding for rule in asked for finding in find(connection, rule, codelists).findings]


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f'select 1 from "{table}" limit 1').fetchone() is not None
