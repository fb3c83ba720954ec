"""Validation of tables by Great Expectations, and its result for each rule."""

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
    """A rule could not be evaluated: a fault of our own, which says nothing about the data."""


@dataclass(frozen=True)
class RuleResult:
    """The result of one rule: the query of its failing rows, their number, and that of checked rows (None: all)."""

    failing: FailingRows
    failing_count: int
    checked_count: int | None


def validate(
    connection: duckdb.DuckDBPyConnection, schema: str, suites: Mapping[str, "Suite"], tables: Iterable[str]
) -> Iterator[RuleResult]:
    """Validate tables of a schema in one run; yields the result of each rule, in the order of tables and suites.

    Raises GateError if a rule cannot be evaluated.
    """
    connection.execute(f"set schema = '{schema}'")
    with open_tables(connection, schema) as source:
        for name in tables:
            yield from _validate_table(source, name, suites[name])


def meta_of(part: "Suite | Expectation") -> dict[str, Any]:
    """Return the metadata that we attached to a suite or an expectation."""
    return part.meta or {}


def rule_name(table: str, meta: Mapping[str, Any]) -> str:
    """Return how errors of our own name a rule, by its table and the metadata of its expectation."""
    return f"{table}, {meta['rule']} of {meta['field'] or 'the row'}"


def _validate_table(source: "SQLDatasource", table: str, suite: "Suite") -> list[RuleResult]:
    # Not through the stores of a context, which would write and read back every suite as YAML.
    batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all").get_batch()
    order = [(meta_of(e)["rule"], meta_of(e)["field"]) for e in suite.expectations]
    validated = batch.validate(suite, result_format=_result_format(suite))
    results = [_rule_result(table, meta_of(suite)["keys"], result) for result in validated.results]
    return sorted(results, key=lambda one: order.index((one.failing.meta["rule"], one.failing.meta["field"])))


def _result_format(suite: "Suite") -> dict[str, Any]:
    """Return a format that requests the query of failing rows, with the columns of keys and messages, but no rows.

    The format COMPLETE would fetch these columns of every failing row, for all rules of a table at once.
    """
    columns = dict.fromkeys(meta_of(suite)["keys"])
    for expectation in suite.expectations:
        if not hasattr(expectation, "unexpected_rows_query"):
            meta = meta_of(expectation)
            columns |= dict.fromkeys([*placeholders(meta), *filter(None, [meta["value"], meta["given"]])])
            columns |= {"country_code": None} if meta["codelist"] else {}
    return {
        "result_format": "BASIC",
        "return_unexpected_index_query": True,
        "partial_unexpected_count": 0,
        "unexpected_index_column_names": list(columns),
    }


def _rule_result(table: str, keys: list[str], result: "ExpectationValidationResult") -> RuleResult:
    config = result.expectation_config
    if config is None:
        raise GateError(f"{table}: a result does not say which rule it belongs to")
    meta = config.meta or {}
    if raised := _exception(result.exception_info or {}):
        raise GateError(f"{rule_name(table, meta)}: {raised}")
    values = result.result
    sql = _failing_query(table, meta["given"], config.kwargs, values)
    failing_count = 0 if result.success else values.get("unexpected_count", values.get("observed_value")) or 0
    if not result.success and not failing_count:
        raise GateError(f"{rule_name(table, meta)}: fails, but for no row")
    checked_count = values["element_count"] - (values.get("missing_count") or 0) if "element_count" in values else None
    return RuleResult(FailingRows(table, keys, meta, config.type, sql), failing_count, checked_count)


def _exception(info: Mapping[str, Any]) -> str | None:
    """Return the message of an exception during evaluation: ``info`` is of the rule, or maps its metrics to theirs."""
    for part in (info, *(value for value in info.values() if isinstance(value, Mapping))):
        if part.get("raised_exception"):
            return str(part.get("exception_message"))
    return None


def _failing_query(table: str, given: str | None, arguments: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return the query of all failing rows, of which Great Expectations itself returns a sample only.

    Its query lacks the rule's row condition, which is added again.
    """
    if "unexpected_rows_query" in arguments:
        return str(arguments["unexpected_rows_query"]).format(batch=f'(select * from "{table}") as batch')
    sql = f"select * from ({values['unexpected_index_query'].rstrip(';')})"
    return sql + (f' where "{given}" is not null' if given else "")
