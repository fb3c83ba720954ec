"""The gate: run the suites, turn what fails into findings, keep the results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.pushdown import open_tables
from expectations.results import Outcome, Results, write_results
from expectations.rules import ROW_KEYS
from warehouse.database import open_database
from warehouse.findings import Argument, Finding, shortened
from warehouse.messages import N_
from warehouse.settings import Settings
from warehouse.suggestions import suggest_code

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
    from great_expectations.expectations.expectation import Expectation

_TABLE_MISSING = N_("the table does not exist. Build it and run the gate again.")


@dataclass(frozen=True)
class _Table:
    """A table under judgement; ``keys`` are the columns that name a row, ``codelists`` the folder of codelists."""

    name: str
    keys: list[str]
    row_count: int
    codelists: Path


class GateError(RuntimeError):
    """A rule could not be evaluated, so nobody knows whether the data pass: a fault of ours, never of the data."""


def check(settings: Settings, schema: str, suites: Mapping[str, "ExpectationSuite"], results: Path) -> list[Finding]:
    """Run suites over the tables of their names in a schema of the working database, all of them in one run.

    Returns a finding for every failing row, in the order of tables, rules and rows, and writes ``results.json`` and
    ``index.html`` into the folder ``results``. Raises GateError when a rule could not be evaluated.
    """
    started_at = datetime.now(UTC)
    with open_database(settings) as connection:
        present = _tables(connection, schema)
        absent = [name for name, suite in suites.items() if name not in present and not _meta(suite)["may_be_absent"]]
        outcomes = [_absence(name) for name in absent]
        # A batch seldom answers every table, and a suite takes its time over no rows too.
        judged = [
            name
            for name, suite in suites.items()
            if name in present and not (_meta(suite)["may_be_absent"] and _is_empty(connection, schema, name))
        ]
        if judged:
            connection.execute(f"set schema = '{schema}'")
            with open_tables(connection, schema) as (context, source):
                for name in judged:
                    table = _table(connection, name, suites[name], settings.codelists)
                    outcomes += _run(connection, context, source, table, suites[name])
    write_results(Results(schema, started_at, datetime.now(UTC), outcomes), results)
    return [finding for outcome in outcomes for finding in outcome.findings]


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?",
        [schema],
    ).fetchall()
    return {row[0] for row in rows}


def _is_empty(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    return connection.execute(f'select 1 from {schema}."{table}" limit 1').fetchone() is None


def _absence(table: str) -> Outcome:
    finding = Finding(None, "error", "table_missing", _TABLE_MISSING, table)
    return Outcome(table, "table_missing", "error", None, "", 0, [finding])


def _table(connection: duckdb.DuckDBPyConnection, name: str, suite: "ExpectationSuite", codelists: Path) -> _Table:
    counted = connection.execute(f'select count(*) from "{name}"').fetchone()
    return _Table(name, _meta(suite)["keys"], counted[0] if counted else 0, codelists)


def _run(
    connection: duckdb.DuckDBPyConnection,
    context: "EphemeralDataContext",
    source: "SQLDatasource",
    table: _Table,
    suite: "ExpectationSuite",
) -> list[Outcome]:
    """Validate one table and return an outcome per rule, in the order of the suite."""
    from great_expectations import ValidationDefinition

    batch = source.add_table_asset(table.name, table_name=table.name).add_batch_definition_whole_table("all")
    order = [(_meta(e)["rule"], _meta(e)["field"]) for e in suite.expectations]
    definition = ValidationDefinition(name=table.name, data=batch, suite=context.suites.add_or_update(suite))
    validated = context.validation_definitions.add_or_update(definition).run(result_format=_result_format(suite))
    outcomes = [_outcome(connection, table, result) for result in validated.results]
    return sorted(outcomes, key=lambda outcome: order.index((outcome.rule, outcome.field)))


def _meta(part: "ExpectationSuite | Expectation") -> dict[str, Any]:
    return part.meta or {}


def _result_format(suite: "ExpectationSuite") -> dict[str, Any]:
    """Ask for the query of failing rows, with the columns that keys and messages name, and for no rows themselves."""
    columns = dict.fromkeys(_meta(suite)["keys"])
    for expectation in suite.expectations:
        if not hasattr(expectation, "unexpected_rows_query"):
            meta = _meta(expectation)
            columns |= dict.fromkeys([*_placeholders(meta), *filter(None, [meta["value"], meta["given"]])])
            columns |= {"country_code": None} if meta["codelist"] else {}
    return {
        "result_format": "COMPLETE",
        "exclude_unexpected_values": True,
        "partial_unexpected_count": 0,
        "unexpected_index_column_names": list(columns),
    }


def _placeholders(meta: Mapping[str, Any]) -> list[str]:
    """Return the columns that a rule's message names."""
    names = [name for _, name, _, _ in Formatter().parse(meta["message"]) if name]
    return [name for name in names if name != "value" and name not in meta["constants"]]


def _outcome(connection: duckdb.DuckDBPyConnection, table: _Table, result: "ExpectationValidationResult") -> Outcome:
    config = result.expectation_config
    if config is None:
        raise GateError(f"{table.name}: a result does not say which rule it belongs to")
    meta = config.meta or {}
    rule = f"{table.name}, {meta['rule']} of {meta['field'] or 'the row'}"
    if raised := _exception(result.exception_info or {}):
        raise GateError(f"{rule}: {raised}")
    rows = [] if result.success else _failing_rows(connection, table.name, meta["given"], result)
    failing_count = result.result.get("unexpected_count", result.result.get("observed_value"))
    if not result.success and len(rows) != failing_count:
        raise GateError(f"{rule}: Great Expectations counts {failing_count} failing rows, the database {len(rows)}")
    checked_count = result.result.get("element_count", table.row_count) - (result.result.get("missing_count") or 0)
    findings = [_finding(table, meta, row) for row in _ordered(rows, table.keys)]
    return Outcome(table.name, meta["rule"], meta["severity"], meta["field"], config.type, checked_count, findings)


def _exception(info: Mapping[str, Any]) -> str | None:
    """Return what was raised while a rule was evaluated; it stands under the rule, or under each of its metrics."""
    for part in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if part.get("raised_exception"):
            return str(part.get("exception_message"))
    return None


def _failing_rows(
    connection: duckdb.DuckDBPyConnection, table: str, given: str | None, result: "ExpectationValidationResult"
) -> list[dict[str, Any]]:
    """Fetch all failing rows from the database: Great Expectations itself hands over samples only.

    Its query of the failing rows forgets the rule's condition, so that is said again.
    """
    arguments = result.expectation_config.kwargs if result.expectation_config else {}
    if "unexpected_rows_query" in arguments:
        sql = arguments["unexpected_rows_query"].format(batch=f'(select * from "{table}") as batch')
    else:
        sql = f"select * from ({result.result['unexpected_index_query'].rstrip(';')})"
        sql += f' where "{given}" is not null' if given else ""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _ordered(rows: Iterable[dict[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    def place(row: dict[str, Any]) -> list[tuple[bool, Any]]:
        return [(row.get(key) is None, 0 if row.get(key) is None else row[key]) for key in keys]

    return sorted(rows, key=place)


def _finding(table: _Table, meta: Mapping[str, Any], row: Mapping[str, Any]) -> Finding:
    is_sent = tuple(table.keys) == ROW_KEYS
    value = row.get(meta["value"])
    arguments = {name: _argument(row[name]) for name in _placeholders(meta)} | meta["constants"]
    if meta["value"]:
        arguments["value"] = _argument(value)
    if not is_sent:
        arguments["key"] = " ".join(str(row[key]) for key in table.keys if key in row)
    message = meta["message"]
    if meta["codelist"] and value is not None:
        suggested = suggest_code(table.codelists, meta["codelist"], row["country_code"], str(value))
        message, arguments = suggested or (message, arguments)
    return Finding(
        row["submission_id"] if is_sent else None,
        meta["severity"],
        meta["rule"],
        message,
        table.name,
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
