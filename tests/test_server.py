"""The temporary Prefect server: it answers, and it ends with the command however that ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from flows.server import connect
from warehouse.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_server_answers(prefect_api: str) -> None:
    with urlopen(f"{prefect_api}/health", timeout=120) as answer:  # noqa: S310 - this machine
        assert json.load(answer) is True
    with urlopen(f"{prefect_api}/admin/settings", timeout=30) as answer:  # noqa: S310 - this machine
        assert json.load(answer)["server"]["analytics_enabled"] is False


def test_the_server_ends_even_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys; from flows.server import connect; from warehouse.settings import Settings; "
        "connect(Settings()); print(os.environ['PREFECT_API_URL'], flush=True); sys.stdin.read()"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "SARAI_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout
    url = parent.stdout.readline().decode().strip()
    with urlopen(f"{url}/health", timeout=120) as answer:  # noqa: S310 - this machine
        assert json.load(answer) is True
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    port, deadline = int(url.split(":")[2].split("/")[0]), time.monotonic() + 30
    while is_open(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_open(port)


def test_a_server_that_was_named_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_keywords: pytest.fail("a server was started"))
    connect(Settings(home=tmp_path))
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:9/api"
