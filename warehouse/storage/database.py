"""The one way to open the working database, and the lock of its one writer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from warehouse.storage.continuity import is_as_left, note_closing, note_left, note_opening
from warehouse.storage.errors import SaraiError
from warehouse.storage.permissions import PRIVATE_FILE, close_home, private_files
from warehouse.storage.reading import ALONE, Config, shut_in
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier, literal

# Connections whose queries interrupt_queries interrupts; a cursor that runs long queries has to be added.
OPEN_CONNECTIONS: set[duckdb.DuckDBPyConnection] = set()

# Of a new database. Most columns fill no block of DuckDB's, which are four times as large; a large database takes as
# much. In DuckDB's default format of 0.10, what it knows of the distinct values of a column takes 3 kB, also where
# there are none, and reading that is half of an opening; none but the pinned DuckDB reads this one.
_NEW: Config = {"default_block_size": 65_536, "storage_compatibility_version": "v1.5.0"}

# What can answer two questions about the same rows differently: macros take the place of functions of DuckDB, a view or
# a generated column can look at the question, a collation makes two texts one, and a schema named like a database takes
# the place of that. All names in full, because a macro could take their place. Two models of staging are views;
# a killed run of dbt leaves one with a suffix.
_FOREIGN = """
select 'macro', schema_name, function_name from system.main.duckdb_functions() where not internal
union all
select 'type', schema_name, type_name from system.main.duckdb_types() where not internal
union all
select 'view', schema_name, view_name from system.main.duckdb_views()
where not internal and not temporary
    and (
        schema_name in ('raw', 'seeds', 'forecasts', 'kept')
        or (
            schema_name = 'staging'
            and not system.main.regexp_full_match(view_name, 'stg_(landings|submissions)(__dbt_.*)?')
        )
    )
union all
select if(contains(sql, ' COLLATE '), 'collated column in', 'generated column in'), schema_name, table_name
from system.main.duckdb_tables()
where not internal and (contains(sql, ' COLLATE ') or contains(sql, ' GENERATED ALWAYS AS'))
union all
select 'schema', database_name, schema_name from system.main.duckdb_schemas()
where not internal and schema_name in ('temp', 'system', current_database())
"""


class ForeignFunctionError(SaraiError):
    """The database holds what may change the answer to a question: a macro, a type, a view, a collation."""


class WriterBusyError(SaraiError):
    """Another process writes to this warehouse and did not finish in time."""


@contextmanager
def open_database(settings: Settings, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the working database for reading and writing and close it again; only processes of a run read alone.

    One configuration everywhere: DuckDB refuses a second one in the same process. No statement reaches a file outside
    of ``SARAI_HOME`` and the codelists, or the network, or makes DuckDB load an extension; nor can one change that.
    Raises duckdb.IOException when another process has the file open, ForeignFunctionError when the database holds
    macros, types, generated or collated columns, views where we have tables, or a schema named like a database: none
    of them is ours.
    """
    close_home(settings)
    with private_files():
        connection = _connect(settings, read_only=read_only)
        OPEN_CONNECTIONS.add(connection)
        note_opening(settings.database)
        try:
            _enclose(connection, settings)
            yield connection
            _keep(settings, read_only=read_only)
        except BaseException:
            close_kept(settings)
            raise
        finally:
            _close(connection, settings)
        note_left(settings.database)


def _connect(settings: Settings, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    config: Config = {"memory_limit": settings.memory_limit, "threads": settings.threads, **_NEW, **ALONE}
    return duckdb.connect(str(settings.database), read_only=read_only, config=config)


# Databases that are kept open between two openings → what keeps them open, None before the first.
_KEPT: dict[Path, duckdb.DuckDBPyConnection | None] = {}
# Bytes of a file up to which it is kept open.
_SMALL = 256 << 20


@contextmanager
def kept_open(settings: Settings) -> Iterator[None]:
    """Keep the database open from its first opening inside to the end: opening takes as long as a step of a small run.

    A large one is closed each time: its cached blocks are given back, and others can read it between two steps. So is
    one in which something was raised, which DuckDB may not let anybody use before it is opened anew.
    """
    _KEPT[settings.database] = None
    try:
        yield
    finally:
        close_kept(settings)
        del _KEPT[settings.database]


def close_kept(settings: Settings) -> None:
    """Close the database that is kept open, if it is, until somebody opens it again: others can read it meanwhile."""
    if connection := _KEPT.get(settings.database):
        _KEPT[settings.database] = None
        _close(connection, settings)
        note_left(settings.database)


def _close(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    OPEN_CONNECTIONS.discard(connection)
    connection.close()
    note_closing(settings.database)


def _keep(settings: Settings, *, read_only: bool) -> None:
    if (path := settings.database).stat().st_size > _SMALL:
        close_kept(settings)
    elif not read_only and path in _KEPT and not _KEPT[path]:
        _KEPT[path] = kept = _connect(settings)  # a cursor is closed with its connection
        OPEN_CONNECTIONS.add(kept)
        note_opening(path)


def empty_database() -> duckdb.DuckDBPyConnection:
    """Open a database in memory, for what is too small to spill."""
    return duckdb.connect()


def _enclose(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Forbid SQL from reaching other files or the network.

    DuckDB accepts these three settings only in this order and only after opening. They hold for every connection of
    this process to the file, those that dbt opens among them. What this process left is not searched again.
    """
    if connection.execute("select current_setting('lock_configuration')").fetchone() == (True,):
        return  # the file is open already
    for kind, schema, name in [] if is_as_left(settings.database) else connection.execute(_FOREIGN).fetchall():
        raise ForeignFunctionError(
            f"{settings.database} holds the {kind} {schema}.{name}, which Sarai does not make and which may change "
            "what every query returns. Restore the warehouse from a backup."
        )
    folders = ", ".join(literal(str(path.resolve())) for path in (settings.root, settings.codelists))
    connection.execute(f"set allowed_directories = [{folders}]")
    shut_in(connection)


def interrupt_queries() -> None:
    """Interrupt the queries of this process on the working database, so that it can be closed."""
    for connection in list(OPEN_CONNECTIONS):
        connection.interrupt()


@contextmanager
def writing(settings: Settings) -> Iterator[None]:
    """Hold the writer's lock; waits ``lock_timeout_s`` seconds, then raises WriterBusyError.

    What is created meanwhile is private; see warehouse.storage.permissions.
    """
    close_home(settings)
    lock = FileLock(settings.lock, timeout=settings.lock_timeout_s, mode=PRIVATE_FILE)
    try:
        lock.acquire()
    except Timeout as error:
        raise WriterBusyError(
            f"Another run writes to {settings.root}. Wait until it has ended and start this one again."
        ) from error
    try:
        with private_files():
            yield
    finally:
        lock.release()


def replace_view(connection: duckdb.DuckDBPyConnection, schema: str, name: str, sql: str) -> None:
    """Make a view; see replace_views."""
    replace_views(connection, schema, {name: sql})


def replace_views(connection: duckdb.DuckDBPyConnection, schema: str, views: Mapping[str, str]) -> None:
    """Make views of queries, by name, also where somebody put tables of these names."""
    _make_way(connection, "table", schema, views)
    for name, sql in views.items():
        connection.execute(f"create or replace view {schema}.{identifier(name)} as {sql}")


def replace_table(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, sql: str, parameters: Sequence[Any] = ()
) -> None:
    """Make a table, of ``(columns)`` or ``as`` a query, also where somebody put a view of its name."""
    _make_way(connection, "view", schema, [name])
    connection.execute(f"create or replace table {schema}.{identifier(name)} {sql}", list(parameters))


def _make_way(connection: duckdb.DuckDBPyConnection, kind: str, schema: str, names: Iterable[str]) -> None:
    rows = connection.execute(
        f"select {kind}_name from duckdb_{kind}s() where database_name = current_database() "
        f"and schema_name = ? and list_contains(?, lower({kind}_name))",
        [schema, [name.lower() for name in names]],
    ).fetchall()
    for (name,) in rows:
        connection.execute(f"drop {kind} {schema}.{identifier(name)}")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what is executed inside, or roll all of it back when anything is raised, an interrupt among it."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def rows_as_dicts(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return all rows of an executed query, each as column name → value."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def append_rows(
    connection: duckdb.DuckDBPyConnection, table: str, kinds: Mapping[str, str], rows: Sequence[Sequence[Any]]
) -> None:
    """Append rows to a table in one statement; ``kinds`` are its columns in the order of the values, with their types.

    One statement per row takes a minute for the findings of one bad file of 50,000 rows.
    """
    if rows:
        lists = ", ".join(f"unnest(?::{kind}[])" for kind in kinds.values())
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"insert into {table} ({', '.join(map(identifier, kinds))}) select {lists}", columns)
