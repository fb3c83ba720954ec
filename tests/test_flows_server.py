"""The deployments of prefect.yaml on a real Prefect server: a worker takes a run, and rows are in the warehouse."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from conftest import INBOX, fill_inbox

from warehouse.database import open_database
from warehouse.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(url: str, **question: Any) -> Any:
    """Post a question to the server's API, or get the address when there is none."""
    data = json.dumps(question).encode() if question else None
    request = Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310 - this machine
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - this machine
        return json.load(answer)


@contextmanager
def running_server(environment: dict[str, str], port: int, log: Path) -> Iterator[None]:
    """Start `prefect server start` and stop it for sure."""
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            wait_for(server, f"http://127.0.0.1:{port}/api/health", log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            assert ask(url) is True
        except (URLError, ConnectionError):
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"the server did not answer: {log.read_text()}")


def test_a_worker_runs_the_ingest_deployment(tmp_path: Path) -> None:
    settings, port = Settings(home=tmp_path / "var"), free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {
        "SARAI_HOME": str(settings.root),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }

    def prefect(*arguments: str) -> None:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    fill_inbox(settings.inbox, {name: INBOX[name] for name in ("KAZ/KAZ_2024-01.csv", "UZB/UZB_2024-01.csv")})
    with running_server(environment, port, tmp_path / "server.log"):
        prefect("work-pool", "create", "sarai", "--type", "process")
        prefect("work-pool", "set-concurrency-limit", "sarai", "1")
        prefect("deploy", "--all")
        deployments = ask(f"{api}/deployments/filter", limit=10)
        limits = {d["name"]: d["global_concurrency_limit"]["limit"] for d in deployments}
        assert limits == {"inbox": 1, "nightly": 1, "reminders": 1}
        prefect("deployment", "run", "ingest/inbox")
        prefect("worker", "start", "--pool", "sarai", "--limit", "1", "--run-once")
        runs = ask(f"{api}/flow_runs/filter", flow_runs={"state": {"type": {"not_any_": ["SCHEDULED"]}}})
        assert [run["state"]["name"] for run in runs] == ["Completed"]
        logs = ask(f"{api}/logs/filter", logs={"flow_run_id": {"any_": [runs[0]["id"]]}}, limit=200)
    assert any("Found 2 files: 2 new, 0 known." in entry["message"] for entry in logs)
    with open_database(settings) as connection:
        landed = connection.execute("select count(*) from raw.seizures").fetchone()
        decided = connection.execute("select sum(accepted_count) from raw.decisions").fetchone()
    assert (landed, decided) == ((4,), (3,))
