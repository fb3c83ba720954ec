"""Clients read, as a country's analyst, what the release file holds for that country, and see keys and descriptions."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clients.drivers import joins_of, odbc_connection, read_by_odbc, read_by_pandas, read_by_psql
from clients.release_rows import MARTS, difference, visible_rows
from conftest import members_database
from made_release import make_edition
from postgres import Server, miss

from warehouse.serving.loading import release_opened
from warehouse.serving.serve import Edition, serve
from warehouse.storage.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

ANALYST, COUNTRY, DATABASE = "bek", "UZB", "asked"
DIMENSIONS = ("dim_countries", "dim_drugs")
TABLES = "release_1_tables"


@pytest.fixture(scope="module")
def edition(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    """Release 1, which a database serves."""
    folder = tmp_path_factory.mktemp("release") / "1"
    with members_database(database_server, DATABASE) as address:
        made = make_edition(folder, 1, address, names=(*MARTS, *DIMENSIONS))
        serve(made, Settings())
        yield made


@pytest.fixture(scope="module")
def connected(database_server: Server) -> Iterator["Connection"]:
    from sqlalchemy import create_engine

    place = f"postgresql+psycopg://{ANALYST}@/{DATABASE}?host={database_server.folder}"
    with create_engine(place).connect() as connection:
        yield connection


def test_psql_reads_what_may_be_seen(database_server: Server, edition: Edition) -> None:
    for mart in MARTS:
        wanted = visible_rows(edition.database, mart, COUNTRY)
        assert wanted.cyrillic_count
        found = read_by_psql(
            database_server.programs / "psql", database_server.address(ANALYST, DATABASE), wanted.query
        )
        assert difference(wanted, found) is None


def test_odbc_reads_what_may_be_seen(database_server: Server, edition: Edition) -> None:
    if find_library("odbc") is None or not [*Path("/usr/lib").glob("*/odbc/psqlodbcw.so")]:
        miss("ODBC or its driver of PostgreSQL")
    with odbc_connection(str(database_server.folder), ANALYST, DATABASE) as connection:
        for mart in MARTS:
            wanted = visible_rows(edition.database, mart, COUNTRY)
            assert difference(wanted, read_by_odbc(connection, wanted.query)) is None


def test_pandas_reads_what_may_be_seen(connected: "Connection", edition: Edition) -> None:
    for mart in MARTS:
        wanted = visible_rows(edition.database, mart, COUNTRY)
        assert difference(wanted, read_by_pandas(connected, wanted.query)) is None


def test_sqlalchemy_sees_descriptions_keys_and_joins(connected: "Connection", edition: Edition) -> None:
    from sqlalchemy import inspect

    with release_opened(edition.database, Settings()) as (_, marts):
        seizures = next(mart for mart in marts if mart.name == "fct_seizures")
    inspector = inspect(connected)
    described = {one.name: one.comment for one in seizures.columns}

    for schema, name in ((TABLES, seizures.name), ("sarai", seizures.name)):
        columns = inspector.get_columns(name, schema=schema)
        assert {one["name"]: one["comment"] for one in columns}.items() <= described.items()
        assert inspector.get_table_comment(name, schema=schema) == {"text": seizures.comment}
    assert inspector.get_pk_constraint(seizures.name, schema=TABLES)["constrained_columns"] == ["seizure_id"]
    assert {*joins_of(inspector, TABLES, seizures.name)} >= {
        ("country_code", "dim_countries"), ("drug_code", "dim_drugs"), ("border_point_code", "dim_border_points"),
    }  # fmt: skip


def test_a_difference_is_found(edition: Edition) -> None:
    wanted = visible_rows(edition.database, "fct_seizures", COUNTRY)
    names = [name for name, _ in wanted.columns]
    rows = [[*row] for row in wanted.rows]
    place = names.index("quantity_kg")

    assert difference(wanted, rows) is None
    assert difference(wanted, rows[1:]) == "fct_seizures: 1 rows, and 2 may be seen"
    rows[0][place] = "2.500000001"
    assert difference(wanted, rows) == "fct_seizures.quantity_kg: '2.500000001' was read, and the release has '2.5'"
    rows[0][names.index("seizure_date")] = "2024-01-06 00:00:00"
    assert difference(wanted, rows) == "fct_seizures: seizure_date is a date, and came as '2024-01-06 00:00:00'"


def _shown(language: str) -> str:
    """Return the block of docs/connecting.md for the shared server that is in a language."""
    page = (REPOSITORY / "docs" / "connecting.md").read_text(encoding="utf-8").partition("## The shared server")[2]
    [block] = re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return str(block)


def test_what_the_page_on_connecting_shows_runs(database_server: Server, edition: Edition, tmp_path: Path) -> None:
    place = f"postgresql+psycopg://{ANALYST}@/{DATABASE}?host={database_server.folder}"
    path = f"{database_server.programs}:{os.environ['PATH']}"
    address = database_server.address(ANALYST, DATABASE)
    psql = _shown("console").replace("host=db.example user=NAME dbname=sarai", address).replace("rpt_routes", MARTS[1])
    python = [sys.executable, "-c", _shown("python server")]
    printed = subprocess.run(python, env={"DATABASE": place}, check=True, capture_output=True, text=True).stdout
    subprocess.run(["bash", "-ec", psql], cwd=tmp_path, env={"PATH": path}, check=True)

    assert re.fullmatch(r"10 \S.*\n", printed)
    lines = (tmp_path / "routes.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(visible_rows(edition.database, MARTS[1], COUNTRY).rows)
