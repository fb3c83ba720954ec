"""Alerts: what is left and sent when a run fails, on a real server and to a real webhook."""

import os
import socket
import threading
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from webhook import webhook

from warehouse.ledger.clock import now
from warehouse.safekeeping.notes import last_success
from warehouse.storage.settings import Settings


@pytest.mark.usefixtures("prefect_api")
def test_a_failed_run_leaves_a_file_and_calls_the_webhook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect import flow

    from flows.runs.alerts import FLOW_OPTIONS, alert

    @flow(name="publish", on_failure=[alert])
    def closed() -> None:
        raise RuntimeError("KAZ: the gate is closed")

    with webhook() as (address, received):
        monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
        monkeypatch.setenv("SARAI_ALERT_WEBHOOK", f"{address}/s3cret")
        with pytest.raises(RuntimeError, match="the gate is closed"):
            closed()
    with pytest.raises(RuntimeError, match="the gate is closed"):
        closed()  # nobody answers at the webhook any more
    assert "The webhook of alerts at 127.0.0.1 did not take it: URLError" in caplog.text
    assert "s3cret" not in caplog.text
    first, second = (orjson.loads(path.read_bytes()) for path in sorted((tmp_path / "var" / "alerts").iterdir()))
    assert (first["flow"], first["state"]) == ("publish", "Failed")
    assert "KAZ: the gate is closed" in first.pop("reason")
    assert received == [first]
    assert second["run"] != first["run"]
    assert last_success(Settings(), "publish") is None

    @flow(name="publish", **FLOW_OPTIONS)
    def opened() -> str:
        return "published"

    before = now()
    opened()
    ended_at = last_success(Settings(), "publish")
    assert ended_at
    assert ended_at >= before


@dataclass(frozen=True)
class Named:
    """As much as an alert needs of a flow, a run and a state."""

    name: str
    message: str = "closed"
    id: str = "1"


def refuse(hook: socket.socket, answer: bytes) -> None:
    """Take a call, and answer it with these bytes."""
    connection, _ = hook.accept()
    with connection:
        connection.recv(10_000)
        connection.sendall(answer)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(b"HTTP/1.1 404 s3cret\r\nContent-Length: 0\r\n\r\n", "HTTP 404"), (b"s3cret\r\n\r\n", "BadStatusLine")],
)
def test_a_webhook_that_refuses_is_logged_without_its_address_or_words(
    answer: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from flows.runs.alerts import alert

    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    with socket.create_server(("127.0.0.1", 0)) as hook:
        monkeypatch.setenv("SARAI_ALERT_WEBHOOK", f"http://127.0.0.1:{hook.getsockname()[1]}/s3cret?t=s3cret")
        threading.Thread(target=refuse, args=[hook, answer], daemon=True).start()
        alert(Named("publish"), Named("small-fox"), Named("Failed"))
    assert f"The webhook of alerts at 127.0.0.1 did not take it: {reason}" in caplog.text
    assert "s3cret" not in caplog.text
    assert len(list((tmp_path / "var" / "alerts").iterdir())) == 1


def test_the_webhook_is_called_also_when_no_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from flows.runs.alerts import alert

    (tmp_path / "var").write_text("no folder")
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    with socket.create_server(("127.0.0.1", 0)) as hook:
        monkeypatch.setenv("SARAI_ALERT_WEBHOOK", f"http://127.0.0.1:{hook.getsockname()[1]}/")
        called = threading.Thread(target=refuse, args=[hook, b"HTTP/1.1 204 Taken\r\n\r\n"])
        called.start()
        alert(Named("publish"), Named("small-fox"), Named("Failed"))
        called.join(10)
        assert not called.is_alive()
    assert "The alert could not be written" in caplog.text
    assert "did not take it" not in caplog.text


@pytest.mark.usefixtures("prefect_api")
def test_every_flow_that_is_deployed_alerts() -> None:
    from flows.board import board
    from flows.bulletin import bulletin
    from flows.ingest import ingest
    from flows.kits import kits
    from flows.publish import publish
    from flows.remind import remind
    from flows.runs.alerts import alert, alert_unless_stopped
    from flows.serve import serve

    for flow in (board, bulletin, ingest, kits, publish, remind, serve):
        assert flow.on_failure_hooks == [alert]
        assert flow.on_crashed_hooks == [alert_unless_stopped]
        assert flow.on_cancellation_hooks == []


def test_an_alert_is_private_whatever_the_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.runs.alerts import alert

    monkeypatch.setenv("SARAI_HOME", str(tmp_path))
    umask = os.umask(0)  # that of a worker, which starts runs by itself, is not ours
    try:
        alert(Named("publish"), Named("run"), Named("Failed"))
    finally:
        os.umask(umask)
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "alerts", *(tmp_path / "alerts").iterdir())] == [
        0o700, 0o600,
    ]  # fmt: skip
