"""Clients that are programs of their own: each gets the queries as lines, and writes what it read as CSV."""

import csv
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clients.drivers import Rows
from clients.release_rows import VisibleRows

HERE = Path(__file__).parent
# LibreOffice and QGIS bring their modules to the Python of the system.
SYSTEM_PYTHON = "/usr/bin/python3"
JDBC_DRIVER = "/usr/share/java/postgresql.jar"
LIMIT_S = 300
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


@dataclass(frozen=True)
class Login:
    """How an analyst reaches the server from another machine; ``keys`` tell the rows of a mart apart."""

    port: int
    user: str
    password: str
    keys: Mapping[str, Sequence[str]]
    host: str = "127.0.0.1"
    database: str = "sarai"


@dataclass(frozen=True)
class Read:
    """What a client says of itself, and what it read, by mart."""

    version: str
    rows: Mapping[str, Rows]


def read_by_jdbc(login: Login, marts: Sequence[VisibleRows]) -> Read:
    """Read by pgjdbc."""
    address = f"jdbc:postgresql://{login.host}:{login.port}/{login.database}"
    program = ["java", "-cp", JDBC_DRIVER, str(HERE / "ReadMarts.java"), address, login.user, login.password]
    return _read(program, _queries(marts))


def read_by_r(login: Login, marts: Sequence[VisibleRows]) -> Read:
    """Read by RPostgreSQL."""
    return _read(["Rscript", str(HERE / "read_marts.R"), *_place(login)], _queries(marts))


def read_by_qgis(login: Login, marts: Sequence[VisibleRows]) -> Read:
    """Read views as layers without geometry, each with its key named."""
    lines = [
        "\t".join((one.mart, ",".join(f'"{key}"' for key in login.keys[one.mart]), ",".join(dict(one.columns))))
        for one in marts
    ]
    return _read([SYSTEM_PYTHON, str(HERE / "read_by_qgis.py"), *_place(login)], lines)


def read_by_office(login: Login, marts: Sequence[VisibleRows]) -> Read:
    """Read by the driver of LibreOffice Base, in an office without a window."""
    with tempfile.TemporaryDirectory(prefix="sarai-office-", ignore_cleanup_errors=True) as home, _office(home) as pipe:
        return _read([SYSTEM_PYTHON, str(HERE / "read_by_office.py"), pipe, *_place(login)], _queries(marts))


@contextmanager
def _office(home: str) -> Iterator[str]:
    pipe = Path(home).name
    command = [
        "soffice", "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;",
        f"-env:UserInstallation={Path(home).as_uri()}",
    ]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield pipe
    finally:
        subprocess.run(["kill", "--", f"-{running.pid}"], check=False, capture_output=True)
        running.wait()


def _place(login: Login) -> list[str]:
    return [login.host, str(login.port), login.user, login.password]


def _queries(marts: Sequence[VisibleRows]) -> list[str]:
    return [f"{one.mart}\t{one.query}" for one in marts]


def _read(command: Sequence[str], lines: Sequence[str]) -> Read:
    """Run a program on lines; raises CalledProcessError and TimeoutExpired."""
    with tempfile.TemporaryDirectory(prefix="sarai-client-") as folder:
        done = subprocess.run(
            [*command, folder],
            input="\n".join(lines) + "\n",
            env=ENVIRONMENT | {"HOME": folder},
            check=True, capture_output=True, text=True, timeout=LIMIT_S,
        )  # fmt: skip
        rows = {}
        for line in lines:
            mart = line.partition("\t")[0]
            with (Path(folder) / f"{mart}.csv").open(encoding="utf-8", newline="") as file:
                rows[mart] = [*csv.reader(file)]
    return Read(done.stdout.strip().splitlines()[0].strip(), rows)
