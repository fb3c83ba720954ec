"""Changes of parts: which parts of a mart two releases do not have alike, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.lineage.causes import Cause, Causes
from warehouse.lineage.contributions import RowChange
from warehouse.lineage.fact_keys import Row
from warehouse.lineage.parts import OTHER_FACTS, PART_COLUMNS, PARTS, Parts, parts_query
from warehouse.lineage.release_pair import AFTER, BEFORE, MartTable
from warehouse.lineage.row_changes import differing_rows, questionnaire_table

RowCauses = Mapping[str, Mapping[str, Cause]]  # fact table → id of a row that differs → cause


def changed_parts(
    connection: duckdb.DuckDBPyConnection, mart: MartTable, dbt_project: Path, row_causes: RowCauses, causes: Causes
) -> tuple[MartTable, list[RowChange]] | None:
    """Return the parts of a mart as a table, and those that differ; None where a release lacks what they are made of.

    A part has the cause of the row it follows from, else of the other row that it depends on, else another rule.
    """
    if mart.name not in PARTS:
        return None
    table = parts_table(connection, mart, dbt_project)
    if table is None:
        return None
    attribution = _Attribution(PARTS[mart.name], row_causes, causes)
    pairs = differing_rows(connection, table)
    return table, [RowChange(before, after, attribution.cause(before, after)) for before, after in pairs]


def parts_table(connection: duckdb.DuckDBPyConnection, mart: MartTable, dbt_project: Path) -> MartTable | None:
    """Return the parts of a mart as a table; None where a release lacks what they are made of."""
    queries = {schema: parts_query(dbt_project, mart.name, schema) for schema in (BEFORE, AFTER)}
    try:
        columns = [connection.sql(query).columns for query in queries.values()]
    except (duckdb.BinderException, duckdb.CatalogException):
        return None  # a release of another time has not all the columns
    shared = {*columns[0]} & {*columns[1]} & {*PART_COLUMNS, *mart.columns}
    identity = "part_id" if "part_id" in shared else "row_id"
    return MartTable(f"parts of {mart.name}", (identity, *mart.key), tuple(sorted(shared)), queries)


@dataclass(frozen=True)
class _Attribution:
    """What is needed to find the cause of a changed part."""

    parts: Parts
    row_causes: RowCauses
    causes: Causes

    def cause(self, before: Row | None, after: Row | None) -> Cause:
        rows = [row for row in (after, before) if row]
        own, other = self.row_causes.get(self.parts.facts, {}), self.row_causes.get(OTHER_FACTS, {})
        for row in rows:
            cause = own.get(row["row_id"])
            if cause and self.parts.depend_on(cause.columns):
                return cause
        for row in rows:
            if cause := other.get(row.get("other_row_id") or ""):
                return cause
        differing = {name for name in rows[0] if (before or {}).get(name) != (after or {}).get(name)}
        columns = differing - PART_COLUMNS if before and after else set()
        table = questionnaire_table(self.parts.facts, self.causes.tables)
        return self.causes.of_rule(rows[0]["submission_id"], table, columns)
