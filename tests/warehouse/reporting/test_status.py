"""Status: what each country has sent and what became of it."""

import json
import re

import pytest
from click.testing import CliRunner
from conftest import Warehouse

from expectations.submissions.rules_version import rules_version
from flows.commands.cli import main
from warehouse.ledger.rules_in_force import InForce, waiting
from warehouse.reporting.status import describe_status, summarise
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


def lines(text: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]


def test_a_line_per_country_and_the_current_release(published: Warehouse) -> None:
    with open_database(published.settings) as connection:
        table, release = describe_status(connection, published.settings, "en").split("\n\n")
    assert {row[0]: row[1:-1] for row in lines(table)[1:]} == {
        "KAZ": ["1", "0", "1", "2", "1", "5", "0"],
        "KGZ": ["0", "0", "2", "1", "0", "0", "1"],
        "TJK": ["0", "0", "2", "1", "0", "0", "0"],
        "UZB": ["1", "1", "0", "2", "2", "1", "1"],
    }
    assert re.fullmatch(r"Release 1 of \S+ is current \(1 kept, the last is 1\)\.", release)


def test_the_summary_of_a_run(published: Warehouse) -> None:
    with open_database(published.settings) as connection:
        summary = lines(summarise(connection, [published.ingested.decisions[0].decided_at]))
    assert summary[0] == [
        "country", "submissions", "accepted", "rejected", "rows accepted", "quarantined", "errors", "warnings",
    ]  # fmt: skip
    counts = {row[0]: row[1:6] for row in summary[1:]}
    assert counts["KAZ"] == ["2", "2", "0", "5", "0"]
    assert counts["UZB"] == ["2", "2", "0", "1", "1"]
    assert counts["all"] == ["6", "4", "2", "6", "2"]


def test_submissions_wait_when_the_rules_change(published: Warehouse) -> None:
    with open_database(published.settings) as connection:
        assert waiting(connection, InForce(rules_version(Settings()))) == []
        assert len(waiting(connection, InForce("other rules"))) == 6


def test_the_command_tells_each_month_in_words_and_for_programs(
    published: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARAI_HOME", str(published.settings.root))
    arguments = ["status", "--country", "kaz", "--until", "2024-01", "--months", "1"]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0
    assert re.match(r"country +month .*\nKAZ +2024-01  partial  2024-02-15 .* 2 of 2 +1 of 12 ", shown.output)
    assert "Release 1 of" in shown.output
    russian = CliRunner().invoke(main, [*arguments, "--language", "ru"])
    assert re.match(r"страна +месяц .*\nKAZ +2024-01  частично +2024-02-15 .* 2 из 2 +1 из 12 ", russian.output)
    assert "Действует выпуск 1 от" in russian.output
    (report,) = json.loads(CliRunner().invoke(main, [*arguments, "--format", "json"]).output)
    assert [(sent["file_name"], sent["is_in_force"]) for sent in report["submissions"]] == [
        ("KAZ/KAZ_2024-01.csv", False),
        ("KAZ/KAZ_2024-01_revised.csv", True),
    ]
    assert (report["accepted_count"], report["due_date"]) == (3, "2024-02-15")
