"""Databases other than the working one, opened to be read: what a query spills to disk lies in a folder of its own.

DuckDB would put it beside the file, so into a release, which is immutable, or into the current folder.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from warehouse.storage.sql import identifier, literal

Config = dict[str, str | bool | int | float | list[str]]

# Nothing is fetched to open a database or to ask it.
ALONE: Config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


@contextmanager
def open_release(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the DuckDB file of a release, whose tables are in schema main; raises duckdb.Error."""
    with _opened(str(database), read_only=True) as connection:
        yield connection


@contextmanager
def open_beside(databases: Mapping[str, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB files side by side, each under its name and for reading only; raises duckdb.Error."""
    with _opened(":memory:", read_only=False) as connection:
        for name, path in databases.items():
            connection.execute(f"attach {literal(str(path))} as {identifier(name)} (read_only)")
        yield connection


def shut_in(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what is asked from files and addresses that are not open yet, to the end of the connection."""
    connection.execute("set enable_external_access = false; set lock_configuration = true")


@cache
def open_scratch() -> duckdb.DuckDBPyConnection:
    """Return the one empty database in memory of this process: a single thread, and nothing that is spilled to disk."""
    connection = duckdb.connect(":memory:", config={"threads": 1, "temp_directory": "", **ALONE})
    connection.execute("set enable_progress_bar = false")
    return connection


@contextmanager
def _opened(database: str, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix="sarai-") as folder:
        config: Config = {"temp_directory": folder, **ALONE}
        with duckdb.connect(database, read_only=read_only, config=config) as connection:
            yield connection
