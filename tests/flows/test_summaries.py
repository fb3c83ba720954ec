"""What operators see of a run on a real Prefect server: its name, tags and table; and runs that go on without."""

import json
import socket
from typing import Any
from urllib.request import Request, urlopen

import pytest
from conftest import Warehouse

from flows.runs import summaries
from flows.runs.summaries import Summary, show


def ask(api: str, path: str, **question: Any) -> list[dict[str, Any]]:
    request = Request(f"{api}/{path}", json.dumps(question).encode(), {"Content-Type": "application/json"})  # noqa: S310
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - this machine
        found: list[dict[str, Any]] = json.load(answer)
    return found


def test_runs_say_what_happened_whose_data_it_was_and_where_the_answers_are(
    published: Warehouse, prefect_api: str
) -> None:
    [run] = ask(prefect_api, "flow_runs/filter", flow_runs={"name": {"any_": ["ingest · 6 files · 2 rejected"]}})
    assert run["tags"] == ["KAZ", "KGZ", "TJK", "UZB"]
    [table] = ask(prefect_api, "artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    rows = table["data"]
    assert [(row["file"], row["outcome"]) for row in rows if row["country"] == "UZB"] == [
        ("UZB/UZB_2024-01.csv", "accepted, 1 rows held back"), ("UZB/UZB_2024-02.csv", "accepted"),
    ]  # fmt: skip
    left = {row["answer"].partition("/feedback/")[2] for row in rows}
    assert all((published.settings.feedback / folder / "answer.json").is_file() for folder in left)

    runs = ask(prefect_api, "flow_runs/filter", flow_runs={"name": {"any_": ["publish · release 1"]}})
    asked = {"flow_run_id": {"any_": [run["id"] for run in runs]}}
    tables = [one["data"] for one in ask(prefect_api, "artifacts/filter", artifacts=asked)]
    assert tables
    for [row] in tables:
        assert row["release"] == "1"
        assert row["gate"].endswith("/releases/1/gate/index.html")


@pytest.mark.usefixtures("prefect_api")
def test_a_server_that_does_not_answer_costs_a_run_its_name_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect import flow
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setattr(summaries, "_LIMIT_S", 0.3)

    @flow(name="ingest")
    def silent() -> int:
        with socket.create_server(("127.0.0.1", 0)) as listener:  # it takes requests, and answers none
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
            with temporary_settings({PREFECT_API_URL: address}):
                show(Summary(["4 files"], ["KAZ"], [{"file": "a"}]))
        return 4

    assert silent() == 4
    assert "does not show what this run did" in caplog.text


def test_outside_of_a_run_nothing_is_shown() -> None:
    show(Summary(["4 files"]))
