"""The formats of a release: each is one function that writes all marts into a folder, and one entry in FORMATS.

Rows are put in key order once, in the DuckDB file, from which the others are written as they lie there: the same marts
give the same bytes of Parquet and CSV. A DuckDB file contains a random identifier and differs each time it is written:
compare its content, not its bytes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from warehouse.progress import each
from warehouse.releases.errors import ReleaseError
from warehouse.releases.marts import Column, Mart
from warehouse.storage.sql import identifier, literal

DATABASE = "marts.duckdb"
_BUILD = "release_build"
# Of rows in a table that is worth a look whether they are in order already: sorting them takes a gigabyte a million.
_MANY_ROWS = 100_000

# A spreadsheet runs a cell as a formula when it begins with one of these, also the full-width ones. The separators are
# there because a program set to Russian splits lines at semicolons: "Ош;=1+1" would become two cells. The apostrophe is
# guarded too: only so can every value be recovered.
_FORMULA = "(^|[;\t\r\n])([ \u00a0]*['=+@＝＋－＠-])"
_GUARDED = "(^|[;\t\r\n])'"


@dataclass(frozen=True)
class Output:
    """A file of a release: path inside it, its keywords in datapackage.json, the mart that it holds (None: several)."""

    path: Path
    keywords: dict[str, str]
    mart: Mart | None = None


Format = Callable[[duckdb.DuckDBPyConnection, Sequence[Mart], Path], list[Output]]


def write_formats(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    folder: Path,
    keep_equal: Callable[[Sequence[Mart]], None] | None = None,
) -> list[Output]:
    """Write all marts in every format.

    ``keep_equal`` gets them as they stand in the DuckDB file, in key order, before other formats are written, and may
    put files of theirs into their places: those are not written again. The connection must not be inside a transaction:
    DuckDB writes to one database per transaction. Raises ReleaseError.
    """
    outputs = write_duckdb(connection, marts, folder)
    for name in TABLE_FORMATS:
        (folder / name).mkdir()
    with _attached(connection, folder / DATABASE, "(read_only)"):
        ordered = [replace(mart, schema=f"{_BUILD}.main") for mart in marts]
        if keep_equal:
            keep_equal(ordered)
        for write in TABLE_FORMATS.values():
            outputs += write(connection, ordered, folder)
    return outputs


def write_duckdb(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], folder: Path) -> list[Output]:
    """Write one database with every mart in schema main, in key order, with keys and comments; raises ReleaseError."""
    # Without a log of changes, which costs more than the marts: a file that a killed run leaves is never opened. With
    # blocks of the size, and in the format, that every version of DuckDB from 1.1 reads (1.0 none with keys).
    options = "(recovery_mode no_wal_writes, block_size 262144, storage_version 'v1.0.0')"
    with _attached(connection, folder / DATABASE, options):
        for mart in each("Writing marts", marts, len(marts)):
            _create(connection, mart)
        connection.execute(f"checkpoint {_BUILD}")
    return [Output(Path(DATABASE), {"type": "file", "mediatype": "application/vnd.duckdb"})]


def write_parquet(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], folder: Path) -> list[Output]:
    """Write ``parquet/<mart>.parquet`` of marts in key order, unless it is there; raises ReleaseError."""
    # "file": frictionless reads Parquet only with an extra, and must not fail for those who do without it
    keywords = {"type": "file", "mediatype": "application/vnd.apache.parquet"}
    outputs = [Output(file_of(mart, "parquet"), keywords, mart) for mart in marts]
    for mart, output in each("Writing marts as Parquet", zip(marts, outputs, strict=True), len(marts)):
        _copy(connection, mart, "mart.*", folder / output.path, "format parquet")
    return outputs


def write_csv(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], folder: Path) -> list[Output]:
    """Write ``csv/<mart>.csv`` of marts in key order, unless it is there.

    That is utf-8, comma, one header row, ISO dates, UTC times, formulas disarmed. Text that a spreadsheet would run
    gets an apostrophe in front; recover_text takes it away. Null is an empty cell, an empty text is ``""``. Raises
    ReleaseError.
    """
    keywords = {"profile": "tabular-data-resource", "mediatype": "text/csv", "encoding": "utf-8"}
    outputs = [Output(file_of(mart, "csv"), keywords, mart) for mart in marts]
    options = "format csv, header true, delimiter ',', timestampformat '%Y-%m-%dT%H:%M:%S.%fZ'"
    for mart, output in each("Writing marts as CSV", zip(marts, outputs, strict=True), len(marts)):
        _copy(connection, mart, ", ".join(map(_cell, mart.columns)), folder / output.path, options)
    return outputs


# Those with a file, and a folder, for each mart; the folder has the name of the format.
TABLE_FORMATS: dict[str, Format] = {"parquet": write_parquet, "csv": write_csv}
FORMATS: dict[str, Format] = {"duckdb": write_duckdb, **TABLE_FORMATS}


def file_of(mart: Mart, name: str) -> Path:
    """Return the place of a mart's file in a format of TABLE_FORMATS, inside of a release."""
    return Path(name, f"{mart.name}.{name}")


def recover_text(cell: str) -> str:
    """Return the text behind a csv cell: the inverse of what write_csv does to text."""
    return re.sub(_GUARDED, r"\1", cell)


def disarm_text(text: str) -> str:
    """Return a text of which a spreadsheet runs nothing as a formula, as write_csv writes it."""
    return re.sub(_FORMULA, r"\1'\2", text)


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path, options: str = "") -> Iterator[None]:
    connection.execute(f"attach {literal(str(path))} as {_BUILD} {options}")
    try:
        yield
    finally:
        connection.execute(f"detach {_BUILD}")


def _create(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    table = f"{_BUILD}.main.{identifier(mart.name)}"
    for statement in mart.definition(table):
        connection.execute(statement)
    order = "" if _is_in_order(connection, mart) else mart.order
    _expect(mart, connection.execute(f"insert into {table} select mart.* from {mart.source} {order}"))
    for statement in mart.constraint(table):
        connection.execute(statement)


def _is_in_order(connection: duckdb.DuckDBPyConnection, mart: Mart) -> bool:
    """Return whether a large table lies in key order; what is small is sorted sooner than looked at."""
    if mart.row_count < _MANY_ROWS or not mart.primary_key:
        return False
    key = f"row({', '.join(f'mart.{identifier(name)}' for name in mart.primary_key)})"
    row = connection.execute(
        f"select coalesce(bool_and(earlier is null or earlier < here), true) "
        f"from (select {key} as here, lag(here) over () as earlier from {mart.source})"
    ).fetchone()
    return row is not None and bool(row[0])


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart, cells: str, path: Path, options: str) -> None:
    if not path.exists():
        query = f"select {cells} from {mart.source}"
        _expect(mart, connection.execute(f"copy ({query}) to {literal(str(path))} ({options})"))


def _expect(mart: Mart, written: duckdb.DuckDBPyConnection) -> None:
    row = written.fetchone()
    if row is None or row[0] != mart.row_count:
        raise ReleaseError(f"{mart.name} has {mart.row_count} rows, {row and row[0]} were written. Publish again.")


def _cell(column: Column) -> str:
    name = identifier(column.name)
    if column.data_type != "VARCHAR":
        return f"mart.{name}"
    return f"{disarmed(f'mart.{name}')} as {name}"


def disarmed(text: str) -> str:
    """Return a text, in SQL, of which a spreadsheet runs nothing as a formula; see write_csv."""
    return rf"regexp_replace({text}, {literal(_FORMULA)}, '\1''\2', 'g')"
