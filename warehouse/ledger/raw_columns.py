"""Whether the tables of schema raw are those that this version of Sarai makes: columns, types, defaults, constraints.

No digest of rows has them, and they decide what becomes of the rows that come next: a column of integers rounds 12.5.
"""

from collections.abc import Iterator, Mapping

import duckdb

from warehouse.storage.errors import SaraiError

# table → what it has → how: columns by name with type and more, constraints and indexes by their text.
Tables = Mapping[str, Mapping[str, str]]

_HAVE = """
select
    table_name, column_name,
    data_type || if(is_nullable, '', ' NOT NULL') || coalesce(' DEFAULT ' || column_default, '')
from duckdb_columns()
where database_name = current_database() and schema_name = 'raw'
union all
select table_name, constraint_text, 'a constraint'
from duckdb_constraints()
where database_name = current_database() and schema_name = 'raw' and constraint_type <> 'NOT NULL'
union all
select table_name, index_name, 'an index'
from duckdb_indexes()
where database_name = current_database() and schema_name = 'raw'
order by all
"""
_KEYS = {"submission_id", "decided_at", "repaired_at"}
_RESTORE = "Find out who wrote to the database, and restore the warehouse from a backup."


class ChangedTableError(SaraiError):
    """A table of schema raw is not as Sarai makes it; the message names tables and columns."""


def read_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Return the tables of schema raw with what they have."""
    tables: dict[str, dict[str, str]] = {}
    for table, name, text in connection.execute(_HAVE).fetchall():
        tables.setdefault(table, {})[name] = text
    return tables


def compare_tables(connection: duckdb.DuckDBPyConnection, made: Tables) -> Iterator[str]:
    """Yield what differs from the tables that are made in an empty warehouse.

    A table or column of a question that is asked no longer stays; the order of columns decides on nothing.
    """
    names = {table.lower(): table for table in made}
    asked = next(has for has in made.values() if "extra" in has)
    for table, has in read_tables(connection).items():
        if table not in made and (name := names.get(table.lower())):
            yield f"raw.{table}: the name of this table is {name}. {_RESTORE}"
        elif table in made or _KEYS & has.keys():
            yield from _compare(table, has, made.get(table, {name: asked[name] for name in _ASKED}))


_ASKED = ("submission_id", "sheet", "source_row", "extra")


def _compare(table: str, has: Mapping[str, str], made: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(has.keys() | made.keys()):
        there, known = has.get(name, "not there"), made.get(name, "not there")
        is_asked_no_longer = name not in made and "extra" in made and there == "VARCHAR"
        if there != known and not is_asked_no_longer:
            yield f"raw.{table}, {name}: it is {there}, and Sarai makes it {known}. {_RESTORE}"


def refuse_changed_tables(connection: duckdb.DuckDBPyConnection, made: Tables) -> None:
    """Raise ChangedTableError when a table differs: what is written to it would not be what was sent."""
    if problems := list(compare_tables(connection, made)):
        raise ChangedTableError("\n".join([*problems, "Nothing was written."]))
