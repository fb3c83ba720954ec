"""Trace: from a figure of a mart back to the files, sheets and rows that it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.lineage.fact_keys import SAME, YEAR, join_condition, shared_keys
from warehouse.lineage.parts import PARTS, parts_query
from warehouse.lineage.release_pair import read_columns, read_tables
from warehouse.lineage.row_changes import questionnaire_table
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import Release
from warehouse.storage.errors import SaraiError
from warehouse.storage.reading import open_beside
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier, literal
from warehouse.storage.vault import vault_path
from warehouse.text_table import lay_out

FACTS = "fct_seizures"
SENT_SHOWN = ("drug", "quantity", "unit", "seizure_date")
ORIGIN_HEADINGS = ("file", "table", "sheet", "row", *SENT_SHOWN, "in_the_vault")
# Marts that compare sums of another, whose figures are those to trace.
_COMPARING = {"rpt_changes": "rpt_seizures_by_month"}
# Marts that put figures of several facts side by side.
_JOINING = {"rpt_offices_by_month": "fct_staff, fct_equipment, fct_throughput, fct_contraband and fct_seizures"}
_PUBLISHED = "published"  # the name under which the release is attached


class TraceError(SaraiError):
    """The question cannot be answered: no such mart, column or row; the message says which there are."""


@dataclass(frozen=True)
class Origin:
    """A row as it was sent: file, sheet and row as the sender numbers it, and each filled cell, field → text."""

    submission_id: str
    file_name: str
    sha256: str
    vault_path: Path
    table_name: str
    sheet: str
    source_row: int
    sent: dict[str, str]


def trace(
    connection: duckdb.DuckDBPyConnection, settings: Settings, release: Release, mart: str, criteria: Mapping[str, str]
) -> list[Origin]:
    """Return the rows as sent behind the rows of a mart that meet all criteria (column → value as text).

    ``connection`` is the working database, which has the raw rows; the mart is that of the release. A month may be
    written YYYY-MM. Raises TraceError.
    """
    with open_beside({_PUBLISHED: release.database}) as marts:
        condition, values = _condition(mart, _columns(marts, mart), criteria)
        found = marts.execute(f"select 1 from {_PUBLISHED}.{identifier(mart)} as mart where {condition}", values)
        if found.fetchone() is None:
            raise TraceError(f"{mart} of release {release.number} has no row with {_words(criteria)}.")
        keys = _read_lineage(marts, release, mart, _lineage(marts, settings.dbt_project, mart, condition), values)
    return [origin for table, part in _by_table(keys).items() for origin in _read(connection, settings, table, part)]


def _read_lineage(
    connection: duckdb.DuckDBPyConnection, release: Release, mart: str, query: str, values: Sequence[str]
) -> list[tuple[str, str | None, str | None, int | None]]:
    """Run the SQL of the lineage, whose formulas are those of today; raises TraceError for a release of others."""
    try:
        return connection.execute(query, values).fetchall()
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise TraceError(
            f"{mart} of release {release.number} was made by other formulas than those in force, so it cannot be "
            "traced by them. Run `sarai publish`, then trace the new release."
        ) from error


def _columns(connection: duckdb.DuckDBPyConnection, mart: str) -> list[str]:
    columns = read_columns(connection, _PUBLISHED)
    if mart not in columns:
        raise TraceError(f"There is no mart {mart}. There are: {', '.join(sorted(columns))}.")
    return columns[mart]


def _condition(mart: str, columns: Sequence[str], criteria: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the SQL of the criteria and its parameters; values are compared as text, so none is misread."""
    unknown = [name for name in criteria if name not in columns]
    if unknown:
        raise TraceError(f"{mart} has no column {unknown[0]}. It has: {', '.join(columns)}.")
    parts = [
        f"(cast(mart.{identifier(name)} as varchar) = ? or cast(mart.{identifier(name)} as varchar) = ? || '-01')"
        for name in criteria
    ]
    return " and ".join(parts) or "true", [value for value in criteria.values() for _ in range(2)]


def _words(criteria: Mapping[str, str]) -> str:
    return " and ".join(f"{name} {value}" for name, value in criteria.items()) or "any value"


def _lineage(connection: duckdb.DuckDBPyConnection, dbt_project: Path, mart: str, condition: str) -> str:
    """Return the SQL for table, submission, sheet and row behind the mart; null sheet and row mean the whole table."""
    if mart in _JOINING:
        raise TraceError(f"{mart} joins figures of {_JOINING[mart]}; trace those.")
    if compared := _COMPARING.get(mart):
        raise TraceError(
            f"{mart} compares months of {compared}; trace these: sarai trace {compared} month_date=YYYY-MM."
        )
    columns = _columns(connection, mart)
    source = f"{_PUBLISHED}.{identifier(mart)} as mart"
    if "source_row" in columns:
        return f"select {_table_of(mart)}, submission_id, sheet, source_row from {source} where {condition}"
    if "submission_id" in columns:
        # Revisions are those of seizures; the other marts name the table.
        table = "table_name" if "table_name" in columns else "'seizures'"
        return f"select distinct {table}, submission_id, null, null from {source} where {condition}"
    facts, joined = _joined_parts(connection, dbt_project, mart) if mart in PARTS else _joined_facts(connection, mart)
    return f"""
        select distinct {_table_of(facts)}, facts.submission_id, facts.sheet, facts.source_row
        from {source} {joined}
        where {condition}
    """


def _table_of(facts: str) -> str:
    """Return the table of the questionnaire that a mart holds rows of, as a literal of SQL."""
    return literal(questionnaire_table(facts, (table.name for table in load_questionnaire().tables)))


def _joined_parts(connection: duckdb.DuckDBPyConnection, dbt_project: Path, mart: str) -> tuple[str, str]:
    """Return the facts of the parts that the mart is the sum of, and the SQL that joins them to it."""
    facts, tables = PARTS[mart].facts, read_tables(connection, _PUBLISHED)
    keys = " and ".join(f"parts.{identifier(name)} = mart.{identifier(name)}" for name in tables[mart].key)
    return facts, (
        f"inner join ({parts_query(dbt_project, mart, _PUBLISHED)}) as parts on {keys} "
        f"inner join {_PUBLISHED}.{facts} as facts on parts.row_id = facts.{identifier(tables[facts].key[0])}"
    )


def _joined_facts(connection: duckdb.DuckDBPyConnection, mart: str) -> tuple[str, str]:
    """Return the facts that the mart is named after, else those of seizures, and the SQL that joins them to it."""
    stems = {name: name.removeprefix("fct_") for name in read_tables(connection, _PUBLISHED)}
    facts = next((name for name, stem in stems.items() if name != stem and mart.startswith(f"rpt_{stem}")), FACTS)
    names = [name for name in _columns(connection, mart) if name in {*SAME, YEAR} or name.endswith("_code")]
    keys = shared_keys(names, _columns(connection, facts))
    if not keys:
        raise TraceError(f"{mart} is not made of submitted rows, so there is nothing to trace.")
    return facts, f"inner join {_PUBLISHED}.{facts} as facts on {join_condition(keys)}"


def _by_table(keys: Sequence[tuple[str, str | None, str | None, int | None]]) -> dict[str, list[tuple[object, ...]]]:
    """Group lineage by table, leaving out what no submission speaks for (a missing month) or no table holds."""
    tables = {table.name for table in load_questionnaire().tables}
    grouped: dict[str, list[tuple[object, ...]]] = {}
    for table, *place in keys:
        if table in tables and place[0] is not None:
            grouped.setdefault(table, []).append(tuple(place))
    return grouped


def _read(
    connection: duckdb.DuckDBPyConnection, settings: Settings, table: str, places: Sequence[tuple[object, ...]]
) -> list[Origin]:
    fields = [field.name for field in load_questionnaire().table(table).fields]
    submissions, sheets, rows = (list(column) for column in zip(*places, strict=True))
    cursor = connection.execute(
        f"""
        with wanted as (
            select
                unnest(?::varchar[]) as submission_id,
                unnest(?::varchar[]) as sheet,
                unnest(?::bigint[]) as source_row
        )
        select
            submissions.submission_id, submissions.file_name, submissions.sha256, sent.sheet, sent.source_row,
            {", ".join(f"sent.{identifier(name)}" for name in fields)}
        from wanted
        inner join raw.{identifier(table)} as sent
            on wanted.submission_id = sent.submission_id
            -- Any sheet, where the release withholds a name.
            and (coalesce(wanted.sheet, sent.sheet) = sent.sheet or starts_with(wanted.sheet, '[withheld: '))
            and coalesce(wanted.source_row, sent.source_row) = sent.source_row
        inner join raw.submissions as submissions on sent.submission_id = submissions.submission_id
        order by submissions.file_name, sent.sheet, sent.source_row
        """,
        [submissions, sheets, rows],
    )
    return [
        Origin(
            submission_id, name, sha256, vault_path(settings.vault, sha256), table, sheet, row,
            {field: text for field, text in zip(fields, texts, strict=True) if text},
        )
        for submission_id, name, sha256, sheet, row, *texts in cursor.fetchall()
    ]  # fmt: skip


def origin_rows(origins: Sequence[Origin]) -> list[tuple[object, ...]]:
    """Return the rows as they were sent, under ORIGIN_HEADINGS."""
    return [
        (o.file_name, o.table_name, o.sheet, o.source_row, *(o.sent.get(name) for name in SENT_SHOWN), o.vault_path)
        for o in origins
    ]


def describe_origins(origins: Sequence[Origin]) -> str:
    """Return the rows as a table, as they were sent, and below it the files with their place in the vault."""
    rows = [row[:-1] for row in origin_rows(origins)]
    files = {(o.file_name, o.sha256): (o.file_name, o.vault_path) for o in origins}
    parts = [lay_out(ORIGIN_HEADINGS[:-1], rows)] if rows else []
    parts.append(f"{len(rows)} rows of {len(files)} files.")
    if files:
        parts.append(lay_out(("file", "in the vault"), files.values()))
    return "\n\n".join(parts)
