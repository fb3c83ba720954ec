"""A PostgreSQL server of the tests: its own data folder, reached by a socket in it, gone with the tests."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

SUPERUSER = "postgres"


@dataclass(frozen=True)
class Server:
    """A running server; whoever may reach its socket is trusted to be any role."""

    folder: Path
    programs: Path
    port: int | None = None

    def address(self, role: str, database: str = "sarai") -> str:
        """Return the connection string of a role."""
        return f"host={self.folder} user={role} dbname={database}" + (f" port={self.port}" if self.port else "")

    def connect(self, role: str, database: str = "sarai") -> psycopg.Connection[psycopg.rows.TupleRow]:
        """Connect as a role; each statement is a transaction of its own."""
        return psycopg.connect(self.address(role, database), autocommit=True)

    def administer(self, script: str, database: str = "postgres") -> None:
        """Run a script with psql as an administrator does; raises CalledProcessError."""
        program = [str(self.programs / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", self.address(SUPERUSER, database)]
        subprocess.run(program, input=script, text=True, check=True, capture_output=True)


@contextmanager
def postgres(port: int | None = None) -> Iterator[Server]:
    """Start a server; skips where there is none, and fails there where changes are judged.

    With a port it is reached by it too, from this machine, and passwords are asked there.
    """
    programs = _programs()
    if programs is None:
        miss("PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="sarai-pg-"))  # a socket's path is at most 107 bytes long
    owner = _give(folder)
    data = folder / "data"
    listens = f"-c listen_addresses=127.0.0.1 -c port={port}" if port else "-c listen_addresses=''"
    options = f"-k {folder} {listens} -c fsync=off -c shared_buffers=64MB -c max_wal_size=1GB"
    if has_pgaudit(programs):
        options += " -c shared_preload_libraries=pgaudit"
    control = [*owner, str(programs / "pg_ctl"), "-D", str(data), "-s"]
    try:
        encoded = ["--encoding=UTF8", "--locale=C.UTF-8"]
        trusted = ["--auth-local=trust", "--auth-host=scram-sha-256"]
        initialise = [str(programs / "initdb"), "-D", str(data), "-U", SUPERUSER, "--no-sync", *trusted, *encoded]
        subprocess.run([*owner, *initialise], check=True, capture_output=True)
        subprocess.run([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"], check=True)
        try:
            yield Server(folder, programs, port)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def miss(name: str) -> NoReturn:
    """Skip a test, as what it needs is not installed; fail where changes are judged."""
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not installed, and it must be where changes are judged")
    pytest.skip(f"{name} is not installed")


def _programs() -> Path | None:
    """Return the folder of a server's programs: Debian keeps them out of PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).parent if named else None


def has_pgaudit(programs: Path) -> bool:
    """Return whether pgaudit is installed beside these programs of a server."""
    return (programs.parent / "lib" / "pgaudit.so").exists()


def _give(folder: Path) -> list[str]:
    """Give a folder to a user who may run a server, which root may not; return how that user runs a program."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam(SUPERUSER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", SUPERUSER, "--"]
