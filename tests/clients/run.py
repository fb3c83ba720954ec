"""Let clients read the shared server and kits as a country's analyst, and compare what they read with the release file.

``python tests/clients/run.py`` takes the current release of SARAI_HOME, and prints a line for each client: version, how
many rows, dates and texts in Cyrillic it read as the release has them, seconds, and what differs. Exit status 1 if
anything does, or if a client cannot be installed.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import duckdb
from debian_packages import install
from demo_release import demo_release
from postgres import Server, postgres

from clients.drivers import odbc_connection, read_by_odbc, read_by_pandas, read_by_psql
from clients.kits import Opened, open_gis_kit
from clients.powerbi import MONO, open_powerbi_kit
from clients.programs import Login, Read, read_by_jdbc, read_by_office, read_by_qgis, read_by_r
from clients.release_rows import MARTS, VisibleRows, difference, visible_rows
from warehouse.questionnaire.codelists import member_states
from warehouse.releases.catalogue import Release
from warehouse.serving.loading import release_opened
from warehouse.serving.roles import setup_statements
from warehouse.serving.serve import Edition, serve
from warehouse.storage.settings import Settings

T = TypeVar("T")

COUNTRY, ANALYST, PASSWORD = "KAZ", "analyst", "invented"


def _psql(login: Login, marts: Sequence[VisibleRows]) -> Read:
    address = f"host={login.host} port={login.port} user={login.user} dbname={login.database} password={login.password}"
    printed = subprocess.run(["psql", "--version"], check=True, capture_output=True, text=True).stdout
    rows = {one.mart: read_by_psql(Path("psql"), address, one.query) for one in marts}
    return Read(printed.split()[2], rows)


def _odbc(login: Login, marts: Sequence[VisibleRows]) -> Read:
    import pyodbc

    with odbc_connection(
        login.host, login.user, login.database, port=login.port, password=login.password
    ) as connection:
        driver = connection.getinfo(pyodbc.SQL_DRIVER_VER)
        return Read(str(driver), {one.mart: read_by_odbc(connection, one.query) for one in marts})


def _pandas(login: Login, marts: Sequence[VisibleRows]) -> Read:
    import sqlalchemy

    address = f"{login.user}:{login.password}@{login.host}:{login.port}/{login.database}"
    with sqlalchemy.create_engine(f"postgresql+psycopg://{address}").connect() as connection:
        rows = {one.mart: read_by_pandas(connection, one.query) for one in marts}
    return Read(f"{version('sqlalchemy')}, {version('pandas')}", rows)


def _duckdb(login: Login, marts: Sequence[VisibleRows]) -> Read:
    from duckdb_extensions import import_extension

    with duckdb.connect() as connection:
        import_extension("postgres_scanner", con=connection)
        address = f"host={login.host} port={login.port} user={login.user} dbname={login.database}"
        connection.execute("load postgres_scanner")
        connection.execute(f"attach '{address} password={login.password}' as server (type postgres, read_only)")
        connection.execute("use server.sarai")
        rows = {one.mart: connection.execute(one.query).fetchall() for one in marts}
    return Read(duckdb.__version__, rows)


@dataclass(frozen=True)
class Client:
    """A client: its name, how it reads, and the packages of Debian that it needs."""

    name: str
    read: Callable[[Login, Sequence[VisibleRows]], Read]
    packages: tuple[str, ...] = ()


QGIS = ("python3-qgis",)
CLIENTS = (
    Client("psql", _psql, ("postgresql-client",)),
    Client("psqlodbc (pyodbc)", _odbc, ("odbc-postgresql", "unixodbc")),
    Client("SQLAlchemy, pandas", _pandas),
    Client("DuckDB postgres", _duckdb),
    Client("pgjdbc", read_by_jdbc, ("libpostgresql-jdbc-java", "default-jdk-headless")),
    Client("R RPostgreSQL", read_by_r, ("r-cran-rpostgresql",)),
    Client("LibreOffice Base", read_by_office, ("libreoffice-base", "libreoffice-sdbc-postgresql", "python3-uno")),
    Client("QGIS", read_by_qgis, QGIS),
)


def main() -> None:
    """Serve the current release, and let each client read it."""
    settings = Settings()
    release = demo_release(settings)
    failures = install(("postgresql",))
    if failures:
        sys.exit(failures)
    marts = [visible_rows(release.database, mart, COUNTRY) for mart in MARTS]
    print(f"{'client':<20}{'version':<22}{'rows':>6}{'dates':>7}{'Cyrillic':>10}{'seconds':>9}  outcome")
    with postgres(_free_port()) as server:
        login = _serve(server, release, settings)
        wrong = [client.name for client in CLIENTS if not _try(client, login, marts)]
    kits = [
        _try_kit("QGIS, GIS kit", QGIS, lambda: open_gis_kit(release, settings, COUNTRY)),
        _try_kit("Power BI kit", MONO, lambda: open_powerbi_kit(release, settings)),
    ]
    sys.exit(1 if wrong or not all(kits) else 0)


def _outcome(packages: Sequence[str], read: Callable[[], T]) -> tuple[T | None, float, str]:
    """Return what is read, seconds, and why it could not be, if so; installs packages before."""
    problem, begin = install(packages), time.monotonic()
    if problem:
        return None, 0, problem
    try:
        return read(), time.monotonic() - begin, ""
    except subprocess.CalledProcessError as error:
        problem = f"ended with {error.returncode}: {(error.stderr or '').strip()[-300:]}"
    except Exception as error:  # noqa: BLE001 - whatever a client raises is its outcome
        problem = f"{type(error).__name__}: {str(error).strip()[:300]}"
    return None, time.monotonic() - begin, problem


def _try_kit(name: str, packages: Sequence[str], open_kit: Callable[[], Opened]) -> bool:
    """Open a kit in what it is for, and print a line as of the clients of the server."""
    found, seconds, problem = _outcome(packages, open_kit)
    said, counts, problem = (found.version, found.counts, found.problem) if found else ("", (0, 0, 0), problem)
    _print_line(name, said, counts, seconds, problem)
    return not problem


def _try(client: Client, login: Login, marts: Sequence[VisibleRows]) -> bool:
    def read_all() -> tuple[str, str]:
        read = client.read(login, marts)
        return read.version, next((found for one in marts if (found := difference(one, read.rows[one.mart]))), "")

    read, seconds, problem = _outcome(client.packages, read_all)
    said, problem = read or ("", problem)
    right = [] if problem else marts
    rows, dates, texts = (sum(counts) for counts in zip(*map(_counts, right), strict=True)) if right else (0, 0, 0)
    _print_line(client.name, said, (rows, dates, texts), seconds, problem)
    return not problem


def _print_line(name: str, said: str, counts: tuple[int, int, int], seconds: float, problem: str) -> None:
    rows, dates, texts = counts
    print(f"{name:<20}{said:<22}{rows:>6}{dates:>7}{texts:>10}{seconds:>9.1f}  {problem or 'same'}", flush=True)


def _counts(mart: VisibleRows) -> tuple[int, int, int]:
    return len(mart.rows), mart.dates_count, mart.cyrillic_count


def _serve(server: Server, release: Release, settings: Settings) -> Login:
    """Set the server up, serve the release there, and let an analyst in by a password."""
    server.administer("\n".join(setup_statements(member_states(settings.codelists))))
    server.administer(f"create role {ANALYST} login password '{PASSWORD}' in role sarai_{COUNTRY.lower()};")
    address = server.address("sarai_loader")
    serve(Edition(release.number, release.path, release.database, address, is_public=False), settings)
    with release_opened(release.database, settings) as (_, marts):
        keys = {mart.name: mart.primary_key for mart in marts}
    return Login(server.port or 0, ANALYST, PASSWORD, keys)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
