"""What is derived from the ledger and kept: typed rows, codelists, forecasts, marts. The chain has a digest of each.

What was typed of a submission is one entry, so are all codelists of a version of staging, all forecasts, and all marts.
The last entry counts. Before everything is typed anew an entry says so, and none before it counts: a run that is killed
then leaves nothing that anybody relies on. So it is with marts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from warehouse.ledger.chain import append_links
from warehouse.storage.database import transaction
from warehouse.storage.sql import identifier, literal

RETYPING, CODELISTS, TYPING, _FORECASTS, _MARTS = DERIVED_KINDS = (
    "retyping", "codelists", "typing", "forecasts", "marts",
)  # fmt: skip
# Key of the entry of marts that show all that is known, and not what was known on a day.
ALL_KNOWN = "all"

# schema and name of a table → its columns with their types, by name.
_Tables = Mapping[tuple[str, str], list[tuple[str, str]]]


@dataclass
class Derived:
    """What the chain says last: the entries of the typed rows by submission, of the codelists, and of the forecasts.

    ``version`` is that of staging; None before anything was typed, and after a run that did not finish typing anew.
    ``marts`` is empty before they were first built, and after a run that did not finish building them; ``marts_of`` is
    the day whose knowledge they show, or "all".
    """

    version: str | None = None
    codelists: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    forecasts: str | None = None
    marts: str = ""
    marts_of: str = ""


def read_derived(connection: duckdb.DuckDBPyConnection) -> Derived:
    """Return what was entered last of all that is derived."""
    derived = Derived()
    for kind, key, entry in connection.execute(
        "select kind, entry_key, entry from raw.chain where list_contains(?, kind) order by position",
        [list(DERIVED_KINDS)],
    ).fetchall():
        if kind == RETYPING:
            derived = Derived()
        elif kind == CODELISTS:
            derived.version, derived.codelists = key, entry
        elif kind == TYPING:
            derived.typed[key] = entry
        elif kind == _FORECASTS:
            derived.forecasts = entry
        else:
            derived.marts_of, derived.marts = key, entry
    return derived


def begin_typing(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Enter that everything is about to be derived anew, by this version of staging: what is there counts no more."""
    append_links(connection, [(RETYPING, version, "")])


def forget_unproven(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete typed rows of which the chain has no entry, left by a run that was killed: they are typed anew.

    So are rows of no submission, beside which none would be typed: a list with a null in it lacks nothing for sure.
    """
    typed = list(read_derived(connection).typed)
    for schema, table in _typed_tables(connection):
        connection.execute(
            f"delete from {schema}.{identifier(table)} "
            "where submission_id is null or submission_id not in (select unnest(?::varchar[]))",
            [typed],
        )


def tables_to_type(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Return those of the tables of the questionnaire that hold rows without typed ones, or have no typed table."""
    typed = {name for _, name in _typed_tables(connection)}
    return [name for name in tables if f"stg_{name}" not in typed or _has_untyped_rows(connection, name)]


def _has_untyped_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    row = connection.execute(
        f"""
        select 1
        from raw.{identifier(table)}
        where submission_id in (
            select submission_id from raw.submissions
            except
            select submission_id from staging.{identifier(f"stg_{table}")}
        )
        limit 1
        """
    ).fetchone()
    return row is not None


def enter_typed(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Enter the codelists if that was not done since typing began, and all typed rows that have no entry yet."""
    known = read_derived(connection)
    found = digest_typed(connection, _untyped(connection, known))
    links = [(TYPING, submission_id, entry) for submission_id, entry in sorted(found.items())]
    if known.version is None:
        links.insert(0, (CODELISTS, version, digest_codelists(connection)))
    with transaction(connection):
        append_links(connection, links)


def enter_forecasts(connection: duckdb.DuckDBPyConnection) -> None:
    """Enter the forecasts as they are now, in the transaction that wrote them."""
    append_links(connection, [(_FORECASTS, "all", digest_forecasts(connection))])


def begin_marts(connection: duckdb.DuckDBPyConnection, as_of: date | None) -> None:
    """Enter that the marts are about to be built: what is there counts no more."""
    append_links(connection, [(_MARTS, str(as_of or ALL_KNOWN), "")])


def enter_marts(connection: duckdb.DuckDBPyConnection, as_of: date | None, names: Collection[str]) -> None:
    """Enter the marts of these names as they are now."""
    append_links(connection, [(_MARTS, str(as_of or ALL_KNOWN), digest_marts(connection, names))])


def unfinished(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the submissions that were decided on and whose rows were not typed, as far as the chain knows."""
    known = read_derived(connection)
    rows = connection.execute(
        """
        select distinct submission_id
        from raw.landings
        where row_count > 0 and submission_id in (select submission_id from raw.decisions)
            and 'stg_' || table_name in (select table_name from duckdb_tables() where schema_name = 'staging')
        order by all
        """
    ).fetchall()
    return [name for (name,) in rows if name not in known.typed]


def digest_typed(connection: duckdb.DuckDBPyConnection, submissions: Collection[str] | None = None) -> dict[str, str]:
    """Return submission_id → entry of its typed rows as they are, of these submissions or of all that have any."""
    return _digest(connection, _typed_tables(connection), "submission_id", submissions)


def digest_codelists(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the entry of the codelists as they are, with the spellings and conversions that staging makes of them."""
    tables = _tables(connection, ("seeds", "staging"))
    typed = _typed_tables(connection)
    return _digest(connection, {name: tables[name] for name in tables if name not in typed}, "''").get("", "")


def digest_forecasts(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the entry of the forecasts as they are."""
    return _digest(connection, _tables(connection, ("forecasts",)), "''").get("", "")


def digest_marts(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> str:
    """Return the entry of the marts of these names as they are."""
    tables = _tables(connection, ("marts",))
    return _digest(connection, {name: tables[name] for name in tables if name[1] in names}, "''").get("", "")


def _untyped(connection: duckdb.DuckDBPyConnection, known: Derived) -> list[str]:
    rows = connection.execute("select submission_id from raw.submissions order by all").fetchall()
    return [name for (name,) in rows if name not in known.typed]


# Rows without a submission, which nobody of ours writes.
_NOBODY = "no submission"


def foreign_tables(connection: duckdb.DuckDBPyConnection, dbt_project: Path) -> list[str]:
    """Return the tables of schema staging that no model makes."""
    models = {path.stem for path in (dbt_project / "models" / "staging").glob("*.sql")}
    return sorted(table for _, table in _tables(connection, ("staging",)) if table not in models)


def _typed_tables(connection: duckdb.DuckDBPyConnection) -> _Tables:
    tables = _tables(connection, ("staging",))
    return {name: columns for name, columns in tables.items() if "submission_id" in dict(columns)}


def _tables(connection: duckdb.DuckDBPyConnection, schemas: Iterable[str]) -> _Tables:
    """Return the tables of schemas; a view is none of them, because dbt makes each again before anything reads it."""
    rows = connection.execute(
        """
        select schema_name, table_name, list([column_name, data_type] order by column_name)
        from duckdb_columns()
        where database_name = current_database() and list_contains(?, schema_name)
            and table_oid in (select table_oid from duckdb_tables() where database_name = current_database())
        group by all
        order by all
        """,
        [list(schemas)],
    ).fetchall()
    return {(schema, table): [(name, kind) for name, kind in columns] for schema, table, columns in rows}


def _digest(
    connection: duckdb.DuckDBPyConnection, tables: _Tables, key: str, keys: Collection[str] | None = None
) -> dict[str, str]:
    """Return key → entry: for each table its name, its number of rows, and a sha256 over columns, types and rows.

    A row is the JSON array of its values, which has every figure to its last bit; the order of rows is no part of it.
    A table without rows has a line only where ``key`` is a constant.
    """
    asked = "" if keys is None else f"where {key} in (select unnest($keys::varchar[]))"
    lines: dict[str, list[str]] = {}
    for (schema, table), columns in tables.items():
        values = ", ".join(identifier(name) for name, _ in columns)
        header = literal("\n".join(f"{name} {kind}" for name, kind in columns))
        rows = connection.execute(
            f"""
            select entry_key, count(*), sha256({header} || chr(10) || string_agg(row_sha256, '' order by row_sha256))
            from (
                select {key} as entry_key, sha256(json_array({values})::varchar) as row_sha256
                from {schema}.{identifier(table)}
                {asked}
            )
            group by entry_key
            """,
            {} if keys is None else {"keys": list(keys)},
        ).fetchall()
        for entry_key, count, sha256 in rows:
            lines.setdefault(_NOBODY if entry_key is None else entry_key, []).append(
                f"{schema}.{table} {count} {sha256}"
            )
    return {entry_key: "\n".join(parts) for entry_key, parts in lines.items()}
