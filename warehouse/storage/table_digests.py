"""Entries of the chain about tables of the working database: their names, columns, types, numbers of rows, a digest."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import duckdb

from warehouse.storage.digests import ALL, Digests, Rows, digest_rows
from warehouse.storage.sql import identifier, is_one_of, literal

# schema and name of a table → its columns with their types, by name.
Tables = Mapping[tuple[str, str], list[tuple[str, str]]]
# Stands before a digest of warehouse.storage.digests.
BY_COLUMNS = "columns:"
# Stands before a digest of the digests of the owners of rows.
BY_OWNERS = "owners:"
# Rows without an owner where others have one, which nobody of ours writes.
_NOBODY = "no submission"


def read_entry(entry: str) -> dict[str, tuple[int, str]]:
    """Return name of a table → its number of rows and their digest, as an entry says."""
    return {name: (int(count), digest) for name, count, digest in map(str.split, entry.splitlines())}


def is_earlier(entry: str) -> bool:
    """Return whether an entry was made before there were digests by columns, or has no rows that are digested so."""
    return f" {BY_COLUMNS}" not in entry


def read_tables(connection: duckdb.DuckDBPyConnection, schemas: Iterable[str]) -> Tables:
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


def tables_in(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    """Return the names of the tables and views of a schema."""
    found = connection.execute("select table_name from information_schema.tables where table_schema = ?", [schema])
    return {name for (name,) in found.fetchall()}


def filled_tables(connection: duckdb.DuckDBPyConnection, places: Iterable[str]) -> set[str]:
    """Return those of some tables, named as in SQL, that have rows."""
    rows = " union all ".join(f"(select {literal(place)} from {place} limit 1)" for place in places)
    return {place for (place,) in connection.execute(rows).fetchall()} if rows else set()


def digest_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: Tables,
    owner: str,
    owners: Collection[str] | None = None,
    *,
    is_keyed: bool = False,
) -> dict[str, str]:
    """Return owner → entry: for each table its name, its number of rows, and a sha256 over columns, types and rows.

    ``owner`` is a column, or ALL: then a table without rows has a line too. Of ``owners`` nobody is left out if None.
    The rows of an owner are in the order of sheets and rows where they have these, unless the table ``is_keyed``.
    """
    condition = "true" if owners is None else is_one_of(owner, owners)
    orders = _orders(connection, tables, is_keyed=is_keyed)
    alike = _digest_alike(connection, {one: tables[one] for one in tables if not orders[one]}) if owner == ALL else {}
    lines: dict[str, list[str]] = {}
    for (schema, table), columns in tables.items():
        asked = Rows(_place(schema, table), columns, owner, orders[schema, table], condition)
        found = alike[schema, table] if (schema, table) in alike else digest_rows(connection, asked)
        if owner == ALL and not found:
            found = {"": (0, "")}
        header = "".join(f"{name} {kind}\n" for name, kind in columns)
        for name, (count, rows) in found.items():
            digest = hashlib.sha256(f"{header}{rows}".encode()).hexdigest()
            line = f"{schema}.{table} {count} {BY_COLUMNS}{digest}"
            lines.setdefault(_NOBODY if name is None else name, []).append(line)
    return {name: "\n".join(parts) for name, parts in lines.items()}


def _digest_alike(connection: duckdb.DuckDBPyConnection, tables: Tables) -> dict[tuple[str, str], Digests]:
    """Return the digests of tables that have their columns in common with another: one query costs less than a hundred.

    Rows of each belong to nobody, and have no order.
    """
    groups: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
    for one, columns in tables.items():
        groups.setdefault(tuple(columns), []).append(one)
    found: dict[tuple[str, str], Digests] = {}
    for names, alike in groups.items():
        if len(alike) == 1:
            continue
        own = "_" * (1 + max(len(name) for name, _ in names))  # longer than the name of any column
        columns_of = ", ".join(identifier(name) for name, _ in names)
        places = {_place(*one): one for one in alike}
        union = " union all ".join(f"select {literal(place)} as {own}, {columns_of} from {place}" for place in places)
        digests = digest_rows(connection, Rows(f"({union})", names, own))
        found |= {one: {"": digests[place]} if place in digests else {} for place, one in places.items()}
    return found


def digest_owners(
    connection: duckdb.DuckDBPyConnection,
    table: tuple[str, str],
    columns: list[tuple[str, str]],
    owner: str,
    kept: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, dict[str, str]]:
    """Return the line of a table with a key, made of those of its owners, and owner → line.

    Those that are ``kept`` are not made again; one whose rows are gone must not be among them.
    """
    asked = _owners(connection, table, owner) - kept.keys() if kept else None
    found = {} if asked == set() else digest_tables(connection, {table: columns}, owner, asked, is_keyed=True)
    lines = dict(sorted({**kept, **found}.items()))
    count = sum(int(line.split(" ")[1]) for line in lines.values())
    digest = hashlib.sha256("\n".join(f"{one} {line}" for one, line in lines.items()).encode()).hexdigest()
    return f"{table[0]}.{table[1]} {count} {BY_OWNERS}{digest}", lines


def _owners(connection: duckdb.DuckDBPyConnection, table: tuple[str, str], owner: str) -> set[str]:
    rows = connection.execute(f"select distinct {owner} from {table[0]}.{identifier(table[1])}").fetchall()
    return {name for (name,) in rows}


def _place(schema: str, table: str) -> str:
    return f"{schema}.{identifier(table)}"


def _orders(
    connection: duckdb.DuckDBPyConnection, tables: Tables, *, is_keyed: bool
) -> dict[tuple[str, str], list[str]]:
    """Return the columns by which the rows of an owner follow each other in each table."""
    keys = _keys(connection)
    numbered = {one for one in tables if not is_keyed and {"sheet", "source_row"} <= dict(tables[one]).keys()}
    return {one: ["sheet", "source_row"] if one in numbered else keys.get(one, []) for one in tables}


def _keys(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """Return schema and name of each table that has a primary key → the columns of that."""
    rows = connection.execute(
        "select schema_name, table_name, constraint_column_names from duckdb_constraints() "
        "where database_name = current_database() and constraint_type = 'PRIMARY KEY'"
    ).fetchall()
    return {(schema, table): names for schema, table, names in rows}


def digest_each_row(
    connection: duckdb.DuckDBPyConnection, tables: Tables, key: str, keys: Collection[str] | None = None
) -> dict[str, str]:
    """Return key → entry: for each table its name, its number of rows, and a sha256 over columns, types and rows.

    So it was before there were digests by columns. A row is the JSON array of its values, which has every figure to its
    last bit; the order of rows is no part of it.
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
