"""Alerts: what is left and sent when a run fails, on a real server and to a real webhook."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import orjson
import pytest


@pytest.mark.usefixtures("prefect_api")
def test_a_failed_run_leaves_a_file_and_calls_the_webhook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect import flow

    from flows.runs.alerts import alert

    received = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

    @flow(name="publish", on_failure=[alert])
    def closed() -> None:
        raise RuntimeError("KAZ: the gate is closed")

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
        monkeypatch.setenv("SARAI_ALERT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/alerts")
        with pytest.raises(RuntimeError, match="the gate is closed"):
            closed()
        server.shutdown()
    with pytest.raises(RuntimeError, match="the gate is closed"):
        closed()  # nobody answers at the webhook any more
    first, second = (orjson.loads(path.read_bytes()) for path in sorted((tmp_path / "var" / "alerts").iterdir()))
    assert (first["flow"], first["state"]) == ("publish", "Failed")
    assert "KAZ: the gate is closed" in first.pop("reason")
    assert received == [first]
    assert second["run"] != first["run"]


@pytest.mark.usefixtures("prefect_api")
def test_every_flow_that_is_deployed_alerts() -> None:
    from flows.ingest import ingest
    from flows.publish import publish
    from flows.remind import remind
    from flows.runs.alerts import alert

    for flow in (ingest, publish, remind):
        assert flow.on_failure_hooks == [alert]
        assert flow.on_crashed_hooks == [alert]
        assert flow.on_cancellation_hooks == [alert]
