"""Clients that a test can run beside others: psql, ODBC, and SQLAlchemy with pandas."""

import csv
import io
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from clients.release_rows import NULL

# Debian's package odbc-postgresql brings it under this name.
ODBC_DRIVER = "PostgreSQL Unicode"

Rows = Sequence[Sequence[object]]


def read_by_psql(program: Path, address: str, query: str) -> Rows:
    """Read what psql prints as CSV, of which nothing says what is not there but a word of its own."""
    command = [str(program), "-X", "--csv", "--tuples-only", "--pset", f"null={NULL}", "-c", query, address]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [*csv.reader(io.StringIO(done.stdout, newline=""))]


def read_by_odbc(connection: Any, query: str) -> Rows:
    """Read through a connection of pyodbc, as a BI tool reads through the driver."""
    return [*connection.execute(query).fetchall()]


def read_by_pandas(connection: Any, query: str) -> Rows:
    """Read a data frame through a connection of SQLAlchemy; numbers that are not there are NaN in it."""
    import pandas as pd

    frame = pd.read_sql(query, connection)
    return [[None if pd.isna(value) else value for value in row] for row in frame.itertuples(index=False)]


def odbc_connection(host: str, user: str, database: str, *, port: int = 5432, password: str = "") -> Any:
    """Connect by psqlodbc: without BoolsAsChar=0 truth comes as text."""
    import pyodbc

    parts = {
        "Driver": ODBC_DRIVER, "Servername": host, "Port": port, "Username": user, "Password": password,
        "Database": database, "BoolsAsChar": 0,
    }  # fmt: skip
    return pyodbc.connect(";".join(f"{name}={value}" for name, value in parts.items()), readonly=True)


def joins_of(inspector: Any, schema: str, table: str) -> Iterator[tuple[str, str]]:
    """Yield column and table of each foreign key that SQLAlchemy's inspector sees."""
    for key in inspector.get_foreign_keys(table, schema=schema):
        yield key["constrained_columns"][0], key["referred_table"]
