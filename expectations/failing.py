"""Rows that fail a rule: fetched from the database, all of them, and turned into findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb

from expectations.rules import ROW_KEYS
from warehouse.findings import Argument, Finding, shortened
from warehouse.suggestions import suggest_code


@dataclass(frozen=True)
class FailingRows:
    """The rows of a table that fail one rule, as a query.

    ``keys`` are the columns that name a row, ``meta`` is what the rule says of its findings, ``expectation`` the kind
    of check. The query names the table alone: its schema is the current one.
    """

    table: str
    keys: list[str]
    meta: Mapping[str, Any]
    expectation: str
    sql: str


def find(connection: duckdb.DuckDBPyConnection, failing: FailingRows, codelists: Path) -> list[Finding]:
    """Return a finding for each row that fails, in the order of the keys; ``codelists`` is the folder of the seeds."""
    cursor = connection.execute(failing.sql)
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_finding(failing, row, codelists) for row in _ordered(rows, failing.keys)]


def placeholders(meta: Mapping[str, Any]) -> list[str]:
    """Return the columns that a rule's message names."""
    names = [name for _, name, _, _ in Formatter().parse(meta["message"]) if name]
    return [name for name in names if name != "value" and name not in meta["constants"]]


def _ordered(rows: Iterable[dict[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    def place(row: dict[str, Any]) -> list[tuple[bool, Any]]:
        return [(row.get(key) is None, 0 if row.get(key) is None else row[key]) for key in keys]

    return sorted(rows, key=place)


def _finding(failing: FailingRows, row: Mapping[str, Any], codelists: Path) -> Finding:
    meta, is_sent = failing.meta, tuple(failing.keys) == ROW_KEYS
    value = row.get(meta["value"])
    arguments = {name: _argument(row[name]) for name in placeholders(meta)} | meta["constants"]
    if meta["value"]:
        arguments["value"] = _argument(value)
    if not is_sent:
        arguments["key"] = " ".join(str(row[key]) for key in failing.keys if key in row)
    message = meta["message"]
    if meta["codelist"] and value is not None:
        suggested = suggest_code(codelists, meta["codelist"], row["country_code"], str(value))
        message, arguments = suggested or (message, arguments)
    return Finding(
        row["submission_id"] if is_sent else None,
        meta["severity"],
        meta["rule"],
        message,
        failing.table,
        row["sheet"] if is_sent else None,
        row["source_row"] if is_sent else None,
        meta["field"],
        None if value is None else str(value),
        arguments,
    )


def _argument(value: object) -> Argument:
    """Return a value of a row as the argument of a message; a struct holds words in every language."""
    if value is None or (isinstance(value, int | float | Mapping) and not isinstance(value, bool)):
        return value
    return float(value) if isinstance(value, Decimal) else shortened(str(value))
