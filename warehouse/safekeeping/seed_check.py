"""Whether the codelists in the working database are those of their files, row by row."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.ledger.derived import read_derived
from warehouse.storage.regular_files import open_text
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier, literal
from warehouse.transform.staging_version import staging_version

# How many rows the file has more than the table, and the table more than the file; a table says of which type each
# column is.
_DIFFERING = """
select
    coalesce(sum(surplus) filter (surplus > 0), 0)::bigint,
    coalesce(-sum(surplus) filter (surplus < 0), 0)::bigint
from (
    select {names}, sum(side) as surplus
    from (
        select 1 as side, {typed} from read_csv({path}, columns = {columns}, header = true, auto_detect = false,
            delim = ',', quote = '"', escape = '"', nullstr = '')
        union all
        select -1 as side, {names} from {table}
    )
    group by {names}
)
"""


def compare_seeds(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Yield each codelist whose rows are not those of its file; nothing while other files are in force.

    After a change of the files the next `sarai ingest` loads them.
    """
    if read_derived(connection).version != staging_version(settings.dbt_project):
        return
    types: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'seeds'"
    ).fetchall():
        types.setdefault(table, {})[column] = data_type
    for path in sorted(settings.codelists.rglob("*.csv")):
        differing = _differing(connection, path, types.get(path.stem, {}))
        if differing != (0, 0):
            yield (
                f"codelists, seeds.{path.stem}: {differing[0]} rows of {path.name} are not there, and {differing[1]} "
                "are there that it does not have. Find out who wrote to the database, then run `sarai repair`."
            )


def _differing(connection: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str]) -> tuple[int, int]:
    with open_text(path) as file:
        names, *rows = [*csv.reader(file)] or [[]]
    if sorted(names) != sorted(types):
        return len(rows), 0
    table = f"seeds.{identifier(path.stem)}"
    texts = ", ".join(f"{identifier(name)}::varchar" for name in names)
    written = Counter(tuple(text or None for text in row) for row in rows)
    if written == Counter(connection.execute(f"select {texts} from {table}").fetchall()):
        return 0, 0  # without casts: a hundred times this query would take ten times as long
    query = _DIFFERING.format(
        typed=", ".join(f"try_cast({identifier(name)} as {types[name]}) as {identifier(name)}" for name in names),
        path=literal(str(path)),
        columns="{" + ", ".join(f"{literal(name)}: 'varchar'" for name in names) + "}",
        names=", ".join(map(identifier, names)),
        table=table,
    )
    row = connection.execute(query).fetchone()
    return (row[0], row[1]) if row else (0, 0)
