"""Great Expectations at work: the suites of tables, validated in the database, and what it says of each rule."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.gate.failing_rows import FailingRows, placeholders
from expectations.gate.pushdown import open_tables

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
    from great_expectations.expectations.expectation import Expectation

    from expectations.gate.rules import Suite


class GateError(RuntimeError):
    """A rule could not be evaluated, so nobody knows whether the data pass: a fault of ours, never of the data."""


@dataclass(frozen=True)
class Judged:
    """One rule, judged: where its failing rows are, how many they are, and how many were checked (None: all)."""

    failing: FailingRows
    failing_count: int
    checked_count: int | None


def validate(
    connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, "Suite"], tables: Iterable[str]
) -> Iterator[Judged]:
    """Validate tables of a schema in one run, and say how each rule went, in the order of tables and suites.

    Raises GateError when a rule could not be evaluated.
    """
    connection.execute(f"set schema = '{schema}'")
    with open_tables(connection, schema) as source:
        for name in tables:
            yield from _validate_table(source, name, suites[name])


def meta(part: "Suite | Expectation") -> dict[str, Any]:
    """Return what we wrote on a suite or an expectation."""
    return part.meta or {}


def _validate_table(source: "SQLDatasource", table: str, suite: "Suite") -> list[Judged]:
    # Not through the stores of a context, which would write and read back every suite as YAML.
    batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all").get_batch()
    order = [(meta(e)["rule"], meta(e)["field"]) for e in suite.expectations]
    validated = batch.validate(suite, result_format=_result_format(suite))
    judged = [_judged(table, meta(suite)["keys"], result) for result in validated.results]
    return sorted(judged, key=lambda one: order.index((one.failing.meta["rule"], one.failing.meta["field"])))


def _result_format(suite: "Suite") -> dict[str, Any]:
    """Ask for the query of failing rows, with the columns that keys and messages name, and for no rows themselves.

    COMPLETE would fetch these columns of every failing row, all rules of a table at once.
    """
    columns = dict.fromkeys(meta(suite)["keys"])
    for expectation in suite.expectations:
        if not hasattr(expectation, "unexpected_rows_query"):
            said = meta(expectation)
            columns |= dict.fromkeys([*placeholders(said), *filter(None, [said["value"], said["given"]])])
            columns |= {"country_code": None} if said["codelist"] else {}
    return {
        "result_format": "BASIC",
        "return_unexpected_index_query": True,
        "partial_unexpected_count": 0,
        "unexpected_index_column_names": list(columns),
    }


def _judged(table: str, keys: list[str], result: "ExpectationValidationResult") -> Judged:
    config = result.expectation_config
    if config is None:
        raise GateError(f"{table}: a result does not say which rule it belongs to")
    said = config.meta or {}
    if raised := _exception(result.exception_info or {}):
        raise GateError(f"{table}, {said['rule']} of {said['field'] or 'the row'}: {raised}")
    values = result.result
    sql = _failing_query(table, said["given"], config.kwargs, values)
    failing_count = 0 if result.success else values.get("unexpected_count", values.get("observed_value")) or 0
    if not result.success and not failing_count:
        raise GateError(f"{table}, {said['rule']} of {said['field'] or 'the row'}: fails, but for no row")
    checked_count = values["element_count"] - (values.get("missing_count") or 0) if "element_count" in values else None
    return Judged(FailingRows(table, keys, said, config.type, sql), failing_count, checked_count)


def _exception(info: Mapping[str, Any]) -> str | None:
    """Return what was raised while a rule was evaluated; it stands under the rule, or under each of its metrics."""
    for part in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if part.get("raised_exception"):
            return str(part.get("exception_message"))
    return None


def _failing_query(table: str, given: str | None, arguments: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return the query of all failing rows: Great Expectations itself hands over samples only.

    Its query forgets the rule's condition, so that is said again.
    """
    if "unexpected_rows_query" in arguments:
        return str(arguments["unexpected_rows_query"]).format(batch=f'(select * from "{table}") as batch')
    sql = f"select * from ({values['unexpected_index_query'].rstrip(';')})"
    return sql + (f' where "{given}" is not null' if given else "")
