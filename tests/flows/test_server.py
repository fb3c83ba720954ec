"""The temporary Prefect server: it answers, and it ends with the command however that ends."""

import json
import logging
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import BinaryIO
from urllib.request import urlopen

import pytest

from flows.runs.server import _database, connect, write_logs
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_server_answers(prefect_api: str) -> None:
    with urlopen(f"{prefect_api}/health", timeout=120) as answer:  # noqa: S310 - this machine
        assert json.load(answer) is True
    with urlopen(f"{prefect_api}/admin/settings", timeout=30) as answer:  # noqa: S310 - this machine
        assert json.load(answer)["server"]["analytics_enabled"] is False


@pytest.mark.parametrize("name", ["дом", "a b", "50%", "a%20b", "a?b=c"])
def test_the_database_of_the_server_lies_in_any_home(name: str) -> None:
    from sqlalchemy import make_url

    home = f"/srv/{name}/prefect"
    address = _database({"PREFECT_HOME": home}).get("PREFECT_SERVER_DATABASE_CONNECTION_URL")
    # Without one Prefect makes it itself, of the path as it is.
    url = make_url(address or f"sqlite+aiosqlite:///{home}/prefect.db")
    assert (url.database, dict(url.query)) == (f"{home}/prefect.db", {})
    assert _database({"PREFECT_HOME": home, "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql://"}) == {}


def kept_by(url: str) -> Path:
    """Return the database that is kept in the cache of the tests, once the server of the run answers."""
    with urlopen(f"{url}/health", timeout=120) as answer:  # noqa: S310 - this machine
        assert json.load(answer) is True
    [kept] = (Settings().cache / "prefect").glob("*.db")
    return kept


def definitions(database: Path) -> list[tuple[str, ...]]:
    """Return what a database consists of, but for its rows."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("select type, name, sql from sqlite_master order by 1, 2").fetchall()


def keep_another(kept: Path, cache: Path) -> Path:
    """Keep a copy of the kept database in another cache, with a table more to know it by."""
    copy = Path(shutil.copyfile(kept, cache / "copy"))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("create table known_by_this (id int)")
    return copy.rename(cache / "prefect" / kept.name.replace(kept.stem[-64:], file_sha256(copy)))


def start_parent(home: Path, cache: Path) -> "subprocess.Popen[bytes]":
    """Start a process that has a server of its own, says where, and stays."""
    code = (
        "import os, sys; from flows.runs.server import connect; from warehouse.storage.settings import Settings; "
        "connect(Settings()); print(os.environ['PREFECT_API_URL'], flush=True); sys.stdin.read()"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "SARAI_HOME": str(home), "SARAI_CACHE": str(cache)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def url_of(parent: "subprocess.Popen[bytes]") -> str:
    """Return the address of its server, which answers."""
    assert parent.stdout
    url = parent.stdout.readline().decode().strip()
    with urlopen(f"{url}/health", timeout=120) as answer:  # noqa: S310 - this machine
        assert json.load(answer) is True
    return url


def test_the_kept_database_is_what_migrations_alone_leave(prefect_api: str) -> None:
    kept = kept_by(prefect_api)
    assert definitions(kept) == definitions(Path(os.environ["PREFECT_HOME"]) / "prefect.db")
    with closing(sqlite3.connect(kept)) as connection:
        tables = [name for kind, name, _ in definitions(kept) if kind == "table"]
        rows = {name: connection.execute(f'select count(*) from "{name}"').fetchone() for name in tables}
    assert {name: count for name, count in rows.items() if count != (0,)} == {"alembic_version": (1,)}


def test_two_first_servers_at_once_both_answer_and_end_even_when_a_parent_is_killed(
    prefect_api: str, tmp_path: Path
) -> None:
    """Each would create the database of Prefect in the same new file; the first copies the kept one."""
    (tmp_path / "cache" / "prefect").mkdir(parents=True)
    kept = keep_another(kept_by(prefect_api), tmp_path / "cache")
    parents = [start_parent(tmp_path / "home", kept.parent.parent) for _ in range(2)]
    try:
        urls = {url_of(parent) for parent in parents}
        assert len(urls) == len(parents)
        for parent in parents:
            parent.send_signal(signal.SIGKILL)
    finally:
        for parent in parents:
            parent.communicate()
    assert definitions(tmp_path / "home" / "prefect" / "prefect.db") == definitions(kept)
    ports, deadline = [int(url.split(":")[2].split("/")[0]) for url in urls], time.monotonic() + 30
    while any(map(is_open, ports)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_open, ports))


def test_a_server_that_was_named_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_keywords: pytest.fail("a server was started"))
    connect(Settings(home=tmp_path))
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:9/api"


def test_a_full_log_of_the_server_is_begun_anew_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*_arguments: object, stdout: BinaryIO, **_keywords: object) -> None:
        stdout.write(b"one line more")

    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(subprocess, "Popen", start)
    settings = Settings(home=tmp_path)
    settings.logs.mkdir()
    (settings.logs / "prefect-server.log").write_bytes(b"x" * (10 << 20))
    for _ in range(2):
        monkeypatch.delenv("PREFECT_API_URL", raising=False)
        connect(settings)
    assert (settings.logs / "prefect-server.log").read_bytes() == b"one line more" * 2
    assert (settings.logs / "prefect-server.log.1").stat().st_size == 10 << 20
    assert not (settings.logs / "prefect-server.log.2").exists()


def test_a_full_log_is_begun_anew(tmp_path: Path) -> None:
    log, settings = logging.getLogger("prefect"), Settings(home=tmp_path)
    before = list(log.handlers)
    settings.logs.mkdir()
    (settings.logs / "prefect.log").write_text("x" * (10 << 20), encoding="utf-8")
    for _ in range(2):  # a command may run two flows
        write_logs(settings)
    try:
        log.error("one line more")
    finally:
        (handler,) = [handler for handler in log.handlers if handler not in before]
        log.removeHandler(handler)
        handler.close()
    assert (settings.logs / "prefect.log").stat().st_size < 1000
    assert (settings.logs / "prefect.log.1").stat().st_size == 10 << 20
