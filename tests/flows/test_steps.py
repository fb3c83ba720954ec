"""A run is one value, and Prefect does not look into what its steps hand on."""

from pathlib import Path
from typing import Any

import pytest
from made_waiver import WAIVER

from flows.steps import begin_run
from warehouse.findings.finding import Finding
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


def test_a_run_collects_garbage_rarely_whoever_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker starts a flow in a process of its own, in which no command has said so."""
    asked: list[tuple[int, ...]] = []
    monkeypatch.setattr("gc.set_threshold", lambda *thresholds: asked.append(thresholds))
    begin_run(Settings())
    assert [young > 100_000 for young, *_ in asked] == [True]


def test_prefect_does_not_look_into_findings() -> None:
    from prefect.utilities.collections import visit_collection

    from flows.ingest import Judged

    seen: list[Any] = []
    findings = [Finding("KAZ-1", "error", "value_missing", "wrong")]
    visit_collection({"findings": findings, "judged": Judged(findings)}, visit_fn=seen.append, max_depth=-1)
    assert [type(part).__name__ for part in seen].count("Finding") == 1
