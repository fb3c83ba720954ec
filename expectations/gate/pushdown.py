"""Great Expectations on an open DuckDB connection: checks run in the database, which returns counts and failures."""

import enum
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from warehouse.storage.database import OPEN_CONNECTIONS

if TYPE_CHECKING:
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource


class _Dialect(enum.StrEnum):
    """The dialect of DuckDB, which Great Expectations does not list, as a member of the type of those it lists."""

    DUCKDB = "duckdb"


@contextmanager
def open_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> Iterator["SQLDatasource"]:
    """Open the tables of a schema to Great Expectations, through cursors of the connection that are closed at the end.

    Great Expectations gets cursors and not the file, because DuckDB refuses a second configuration of an open file. It
    gets no schema name, with which it would not find the columns of a table: the schema is the cursors' current one.
    """
    from duckdb_engine import ConnectionWrapper

    context = _open_context()
    cursors: list[duckdb.DuckDBPyConnection] = []

    def connect() -> ConnectionWrapper:
        cursors.append(connection.cursor())
        OPEN_CONNECTIONS.add(cursors[-1])
        cursors[-1].execute(f"set schema = '{schema}'")
        return ConnectionWrapper(cursors[-1])

    tables = context.data_sources.add_sql(
        "warehouse",
        connection_string="duckdb:///:memory:",
        create_temp_table=False,
        kwargs={"creator": connect},  # type: ignore[call-arg]  # its stub lacks it
    )
    try:
        yield tables
    finally:
        execution = tables.get_execution_engine()
        with execution.get_connection() as kept:
            kept.close()
        execution.close()
        for cursor in cursors:
            OPEN_CONNECTIONS.discard(cursor)
            cursor.close()


def _open_context() -> "EphemeralDataContext":
    """Return a context that keeps everything in memory, prints no progress and sends no usage statistics."""
    import great_expectations
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    _keep_connections()
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return great_expectations.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )


def _keep_connections() -> None:
    """Make Great Expectations read results before it closes the connection, as it does for SQLite."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine as execution

    name = "_PERSISTED_CONNECTION_DIALECTS"
    kept = getattr(execution, name)
    if _Dialect.DUCKDB not in kept:
        setattr(execution, name, (*kept, _Dialect.DUCKDB))
