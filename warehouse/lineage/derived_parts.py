"""Derived parts: what each row of facts adds to figures that facts do not name, and why that differs."""

from collections.abc import Mapping

import duckdb

from warehouse.lineage.causes import Cause, Causes
from warehouse.lineage.contributions import Change, Row
from warehouse.lineage.derivations import DERIVATIONS, Derivation
from warehouse.lineage.release_pair import AFTER, BEFORE, Table
from warehouse.lineage.row_changes import differing_rows, questionnaire_table

Rows = Mapping[str, Mapping[str, Cause]]  # fact table → id of a row that differs → cause


def derived_parts(
    connection: duckdb.DuckDBPyConnection, mart: Table, rows: Rows, causes: Causes
) -> tuple[Table, list[Change]] | None:
    """Return the parts of a mart as a table, and those that differ; None where the mart has no derivation.

    A part has the cause of the row it follows from, else of the other row that it depends on, else another rule.
    """
    derivation = DERIVATIONS.get(mart.name)
    if derivation is None:
        return None
    parts = Table(f"parts of {mart.name}", ("part_id", *mart.key), (), derivation.sql)
    try:
        columns = [set(_columns(connection, parts, schema)) for schema in (BEFORE, AFTER)]
    except (duckdb.BinderException, duckdb.CatalogException):
        return None  # a release of another time has not all the columns
    parts = Table(parts.name, parts.key, tuple(sorted(columns[0] & columns[1])), derivation.sql)
    pairs = differing_rows(connection, parts)
    return parts, [Change(before, after, _cause(derivation, before, after, rows, causes)) for before, after in pairs]


def _columns(connection: duckdb.DuckDBPyConnection, parts: Table, schema: str) -> list[str]:
    return connection.sql(f"from {parts.source(schema)}").columns


def _cause(derivation: Derivation, before: Row | None, after: Row | None, rows: Rows, causes: Causes) -> Cause:
    told = [row for row in (after, before) if row]
    own, other = rows.get(derivation.facts, {}), rows.get(derivation.other_facts, {})
    for row in told:
        cause = own.get(row["row_id"])
        if cause and derivation.depends_on(cause.columns):
            return cause
    for row in told:
        if cause := other.get(row["other_row_id"]):
            return cause
    differing = {name for name in told[0] if (before or {}).get(name) != (after or {}).get(name)}
    columns = differing - {"part_id", "row_id", "submission_id"} if before and after else set()
    table = questionnaire_table(derivation.facts, causes)
    return causes.of_rule(told[0]["submission_id"], table, columns)
