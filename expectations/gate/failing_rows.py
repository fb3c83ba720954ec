"""Rows that fail a rule: counted and fetched from the database, and converted into findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb

from expectations.gate.rules import ROW_KEYS
from warehouse.findings.finding import Finding, shortened
from warehouse.findings.suggestions import suggest_code
from warehouse.ledger.decisions import MAX_NAMED_ROWS, MORE_ERRORS, MORE_WARNINGS
from warehouse.storage.database import rows_as_dicts
from warehouse.words.catalogue import Argument


@dataclass(frozen=True)
class FailingRows:
    """The rows of a table that fail one rule, as an SQL query.

    ``keys`` are the columns that identify a row, ``meta`` is that of the rule's expectation (Rule.as_expectation),
    ``expectation`` the type of check. ``sql`` names the table without a schema: the current one applies.
    """

    table: str
    keys: list[str]
    meta: Mapping[str, Any]
    expectation: str
    sql: str


@dataclass(frozen=True)
class RuleFindings:
    """The findings of one rule, and how many rows fail it."""

    findings: list[Finding]
    row_count: int


def find_failing_rows(connection: duckdb.DuckDBPyConnection, failing: FailingRows, codelists: Path) -> RuleFindings:
    """Return a finding for each failing row, in the order of the keys; ``codelists`` is the folder of the dbt seeds.

    In a submission the first MAX_NAMED_ROWS rows have a finding each, and one finding counts all others.
    """
    is_sent = _is_sent(failing)
    cursor = connection.execute(_first_of_each(failing.sql) if is_sent else failing.sql)
    rows = _ordered(rows_as_dicts(cursor), failing.keys)
    findings = [_finding(failing, row, codelists) for row in rows]
    if not is_sent:
        return RuleFindings(findings, len(rows))
    firsts = {row["submission_id"]: row for row in reversed(rows)}
    many = sorted(name for name, row in firsts.items() if row[_COUNT] > MAX_NAMED_ROWS)
    findings += [_more(failing, firsts[name]) for name in many]
    return RuleFindings(findings, sum(row[_COUNT] for row in firsts.values()))


_COUNT = "failing rows"


def _first_of_each(sql: str) -> str:
    """Return the query of the first failing rows of each submission, with the number of all in column _COUNT."""
    return f"""
        select *, count(*) over (partition by submission_id) as "{_COUNT}"
        from ({sql})
        qualify row_number() over (partition by submission_id order by sheet, source_row) <= {MAX_NAMED_ROWS}
    """


def _is_sent(failing: FailingRows) -> bool:
    """Tell whether the rows are those of submissions, and not of a mart."""
    return tuple(failing.keys) == ROW_KEYS


def _more(failing: FailingRows, first: Mapping[str, Any]) -> Finding:
    """Return the finding that counts the rows of a submission without one of their own; ``first`` is its first row."""
    meta = failing.meta
    message = MORE_ERRORS if meta["severity"] == "error" else MORE_WARNINGS
    arguments: dict[str, Argument] = {"count": first[_COUNT] - MAX_NAMED_ROWS, "row": first["source_row"]}
    return Finding(first["submission_id"], meta["severity"], meta["rule"], message, failing.table, first["sheet"],
                   field=meta["field"], arguments=arguments)  # fmt: skip


def placeholders(meta: Mapping[str, Any]) -> list[str]:
    """Return the names of columns among the placeholders of a rule's message."""
    names = [name for _, name, _, _ in Formatter().parse(meta["message"]) if name]
    return [name for name in names if name != "value" and name not in meta["constants"]]


def _ordered(rows: Iterable[dict[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    def nulls_last(row: dict[str, Any]) -> list[tuple[bool, Any]]:
        return [(row.get(key) is None, 0 if row.get(key) is None else row[key]) for key in keys]

    return sorted(rows, key=nulls_last)


def _finding(failing: FailingRows, row: Mapping[str, Any], codelists: Path) -> Finding:
    meta, is_sent = failing.meta, _is_sent(failing)
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
    """Return a value of a row as the argument of a message; a struct holds a text in every language."""
    if value is None or (isinstance(value, int | float | Mapping) and not isinstance(value, bool)):
        return value
    return float(value) if isinstance(value, Decimal) else shortened(str(value))
