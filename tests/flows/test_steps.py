"""A run is one value, and a step opens the working database once."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import INBOX, fill_inbox
from made_waiver import WAIVER

from flows.steps import begin_run
from warehouse.findings.finding import Finding
from warehouse.storage.database import OPEN_CONNECTIONS
from warehouse.storage.settings import Settings


def test_a_run_keeps_the_rules_with_which_it_began(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yml"
    path.write_text("waivers: []", encoding="utf-8")
    settings = Settings(home=tmp_path / "var", waivers=path)
    run = begin_run(settings)
    assert run.rules.waivers == []
    path.write_text(f"waivers:{WAIVER}".replace("2024-05-31", "2999-12-31"), encoding="utf-8")
    assert run.rules.waivers == []
    assert [waiver.country_code for waiver in begin_run(settings).rules.waivers] == ["KAZ"]


def test_a_step_opens_the_working_database_once(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.ingest import ingest

    openings = []
    connect = duckdb.connect

    def counted(*arguments: Any, **keywords: Any) -> duckdb.DuckDBPyConnection:
        if not OPEN_CONNECTIONS and arguments == (str(warehouse.database),):
            openings.append(arguments)
        return connect(*arguments, **keywords)

    monkeypatch.setattr(duckdb, "connect", counted)
    fill_inbox(warehouse.inbox, {"KAZ/KAZ_2024-02.csv": INBOX["KAZ/KAZ_2024-01.csv"].replace(".01.2024", ".02.2024")})
    assert [decision.outcome for decision in ingest().decisions] == ["accepted"]
    # receive, land, what waits, stage, check, time of the decisions, decide, answer, summary
    assert len(openings) == 9


def test_prefect_does_not_look_into_findings() -> None:
    from prefect.utilities.collections import visit_collection

    from flows.ingest import Judged

    seen: list[Any] = []
    findings = [Finding("KAZ-1", "error", "value_missing", "wrong")]
    visit_collection({"findings": findings, "judged": Judged(findings)}, visit_fn=seen.append, max_depth=-1)
    assert [type(part).__name__ for part in seen].count("Finding") == 1
