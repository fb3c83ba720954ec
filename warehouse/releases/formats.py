"""The formats of a release: each is one function that writes all marts into a folder, and one entry in FORMATS.

Rows are in key order, so that the same marts give the same bytes of Parquet and CSV. A DuckDB file contains a random
identifier and differs each time it is written: compare its content, not its bytes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.releases.errors import ReleaseError
from warehouse.releases.marts import Column, Mart
from warehouse.storage.sql import identifier, literal

DATABASE = "marts.duckdb"

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


def write_duckdb(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], folder: Path) -> list[Output]:
    """Write one database with every mart in schema main, with keys and comments.

    The file is attached to the working connection, which must not be inside a transaction: DuckDB writes to one
    database per transaction. Raises ReleaseError.
    """
    connection.execute(f"attach {literal(str(folder / DATABASE))} as release_build")
    try:
        for mart in marts:
            _create(connection, mart)
        connection.execute("checkpoint release_build")
    finally:
        connection.execute("detach release_build")
    return [Output(Path(DATABASE), {"type": "file", "mediatype": "application/vnd.duckdb"})]


def write_parquet(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], folder: Path) -> list[Output]:
    """Write ``parquet/<mart>.parquet``; raises ReleaseError."""
    # "file": frictionless reads Parquet only with an extra, and must not fail for those who do without it
    keywords = {"type": "file", "mediatype": "application/vnd.apache.parquet"}
    outputs = [Output(Path("parquet", f"{mart.name}.parquet"), keywords, mart) for mart in marts]
    (folder / "parquet").mkdir()
    for mart, output in zip(marts, outputs, strict=True):
        _copy(connection, mart, "mart.*", folder / output.path, "format parquet")
    return outputs


def write_csv(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], folder: Path) -> list[Output]:
    """Write ``csv/<mart>.csv``: utf-8, comma, one header row, ISO dates, UTC times, formulas disarmed.

    Text that a spreadsheet would run gets an apostrophe in front; recover_text takes it away. Null is an empty cell,
    an empty text is ``""``. Raises ReleaseError.
    """
    keywords = {"profile": "tabular-data-resource", "mediatype": "text/csv", "encoding": "utf-8"}
    outputs = [Output(Path("csv", f"{mart.name}.csv"), keywords, mart) for mart in marts]
    (folder / "csv").mkdir()
    options = "format csv, header true, delimiter ',', timestampformat '%Y-%m-%dT%H:%M:%S.%fZ'"
    for mart, output in zip(marts, outputs, strict=True):
        _copy(connection, mart, ", ".join(map(_cell, mart.columns)), folder / output.path, options)
    return outputs


FORMATS: dict[str, Format] = {"duckdb": write_duckdb, "parquet": write_parquet, "csv": write_csv}


def recover_text(cell: str) -> str:
    """Return the text behind a csv cell: the inverse of what write_csv does to text."""
    return re.sub(_GUARDED, r"\1", cell)


def _create(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    table = f"release_build.main.{identifier(mart.name)}"
    for statement in mart.definition(table):
        connection.execute(statement)
    _expect(mart, connection.execute(f"insert into {table} select mart.* from {mart.source} {mart.order}"))


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart, cells: str, path: Path, options: str) -> None:
    query = f"select {cells} from {mart.source} {mart.order}"
    _expect(mart, connection.execute(f"copy ({query}) to {literal(str(path))} ({options})"))


def _expect(mart: Mart, written: duckdb.DuckDBPyConnection) -> None:
    row = written.fetchone()
    if row is None or row[0] != mart.row_count:
        raise ReleaseError(f"{mart.name} has {mart.row_count} rows, {row and row[0]} were written. Publish again.")


def _cell(column: Column) -> str:
    name = identifier(column.name)
    if column.data_type != "VARCHAR":
        return f"mart.{name}"
    return rf"regexp_replace(mart.{name}, {literal(_FORMULA)}, '\1''\2', 'g') as {name}"
