"""A release copied into PostgreSQL, and the proof that the copy is the release."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.progress import each
from warehouse.releases.marts import Column, Mart, read_marts
from warehouse.serving.errors import ServingError
from warehouse.serving.server import SERVE_AGAIN, rows
from warehouse.serving.tables import table
from warehouse.storage.reading import open_beside
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier, literal

if TYPE_CHECKING:
    from warehouse.serving.server import Connection

_SERVER = "shared_server"
# Sums of floating point numbers depend on the order of their terms.
_TOLERANCE = 1e-9


@contextmanager
def release_opened(database: Path, settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Mart]]]:
    """Open the DuckDB file of an edition, with a connection that may write elsewhere, and yield it and its marts."""
    with open_beside({"release": database}) as release:
        release.execute(f"set threads = {settings.threads}")
        release.execute(f"set memory_limit = {literal(settings.memory_limit)}")
        release.execute("use release")
        yield release, read_marts(release, "main")


def member_states_of(release: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-3 codes of the member states that an opened release names, in order."""
    query = "select country_code from release.main.dim_countries where is_member order by all"
    return tuple(code for (code,) in release.execute(query).fetchall())


def copy_rows(release: duckdb.DuckDBPyConnection, marts: Sequence[Mart], address: str, schema: str) -> None:
    """Copy all rows into the tables of a schema, which are there and empty; raises ServingError.

    DuckDB's own client of PostgreSQL writes the binary form of COPY, five times as fast as anything through Python.
    """
    from duckdb_extensions import import_extension

    import_extension("postgres_scanner", con=release)
    release.execute("load postgres_scanner")
    try:
        release.execute(f"attach {literal(address)} as {_SERVER} (type postgres)")
        for mart in each("Loading marts", marts, len(marts)):
            columns = ", ".join(identifier(column.name) for column in mart.columns)
            release.execute(
                f"insert into {_SERVER}.{table(schema, mart.name)} ({columns}) select {columns} from {mart.source}"
            )
        release.execute(f"detach {_SERVER}")
    except duckdb.Error as error:
        reason = str(error).replace(address, "the server").strip().partition("\n")[0]  # an address may hold a password
        raise ServingError(
            f"The release could not be loaded: {reason}. The last one stays served; run `sarai serve` again."
        ) from None


def differences(
    release: duckdb.DuckDBPyConnection, marts: Sequence[Mart], connection: "Connection", schema: str
) -> Iterator[str]:
    """Yield how tables differ from the release: in rows, or in number, sum, first or last of a column's values."""
    from psycopg.errors import UndefinedColumn, UndefinedTable

    for mart in each("Verifying marts", marts, len(marts)):
        wanted = release.execute(f"select {_measures(mart)} from {mart.source}").fetchall()[0]
        try:
            there = rows(connection, f"select {_measures(mart)} from {table(schema, mart.name)} as mart")[0]
        except (UndefinedColumn, UndefinedTable):
            yield f"{mart.name} is not on the server with all its columns"
            continue
        for name, ours, theirs in zip(_names(mart), wanted, there, strict=True):
            if not _is_equal(ours, theirs):
                yield f"{mart.name}: {name} is {theirs} on the server and {ours} in the release"


def verify_copy(
    release: duckdb.DuckDBPyConnection, marts: Sequence[Mart], connection: "Connection", schema: str
) -> None:
    """Compare what was loaded with the release; raises ServingError at a difference."""
    for difference in differences(release, marts, connection, schema):
        raise ServingError(f"{difference}. {SERVE_AGAIN}")


def _is_equal(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        if not (isfinite(ours) and isfinite(theirs)):
            return str(ours) == str(theirs)
        return abs(ours - theirs) <= _TOLERANCE * max(abs(ours), abs(theirs))
    return ours == theirs


def _measures(mart: Mart) -> str:
    """Return what is compared, in SQL that DuckDB and PostgreSQL read alike: number and size of values by column."""
    return ", ".join(["count(*)", *(part for column in mart.columns for part, _ in _compared(column))])


def _names(mart: Mart) -> list[str]:
    return ["the number of rows", *(name for column in mart.columns for _, name in _compared(column))]


def _compared(column: Column) -> Iterator[tuple[str, str]]:
    name = f"mart.{identifier(column.name)}"
    yield f"count({name})", f"the number of values of {column.name}"
    match column.data_type:
        case "DOUBLE":
            yield f"sum({name})", f"the sum of {column.name}"
            yield f"sum(abs({name}))", f"the sum of {column.name} without signs"
        case "BIGINT" | "INTEGER":
            yield f"cast(sum({name}) as varchar)", f"the sum of {column.name}"
        case "VARCHAR":
            yield f"cast(sum(length({name})) as bigint)", f"the number of letters of {column.name}"
        case "BOOLEAN":
            yield f"count(case when {name} then 1 end)", f"the number of true values of {column.name}"
        case _:
            yield f"cast(min({name}) as varchar)", f"the first {column.name}"
            yield f"cast(max({name}) as varchar)", f"the last {column.name}"
