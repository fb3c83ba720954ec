"""The gate itself: all failing rows, nothing hidden, nothing left open, results to read."""

import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from expectations.gate import failing_rows as failing
from expectations.gate.judge import judge
from expectations.gate.rules import Rule, Suite, empty, query, rows_where
from expectations.gate.run import check, find_unjudged
from expectations.gate.verdicts import GateError, read_verdicts
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

KEYS = ("submission_id", "sheet", "source_row")

FILLED = Rule(
    "value_missing", "error", "the cell is empty. Fill it in.", "drug", "drug",
    failing=empty("drug"),
)  # fmt: skip
SMALL = Rule(
    "value_too_large", "warning", "{value} g of {drug} are more than {limit}.", "grams", "grams",
    failing=rows_where("grams > 5"), constants={"limit": 5},
)  # fmt: skip
LISTED = Rule(
    "code_unknown", "warning", '"{value}" is not known.', "code", "drug",
    failing=empty("code", given="drug"),
)  # fmt: skip
ONCE = Rule(
    "drug_repeated", "error", "{drug} stands twice.", "drug", "drug",
    failing=query("select * from {batch} qualify count(*) over (partition by drug) > 1"),
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse with one audited table: 300 good rows of submission A, nothing else."""
    settings = Settings(home=tmp_path / "home")
    with open_database(settings) as connection:
        connection.execute("""
            create schema audit;
            create table audit.seizures as
            select 'A' as submission_id, 'Изъятия' as sheet, i as source_row, 'drug' || i as drug, 'D' as code,
                cast(i % 5 as double) as grams
            from range(300) as numbers (i)""")
    return settings


def change(settings: Settings, sql: str) -> None:
    """Run one statement in the warehouse."""
    with open_database(settings) as connection:
        connection.execute(sql)


def run(settings: Settings, *rules: Rule, keys: tuple[str, ...] = KEYS, **options: Any) -> list[Finding]:
    """Check ``audit.seizures`` with some rules."""
    suites = {"seizures": Suite("seizures", keys, rules, **options)}
    return check(settings, "audit", suites, settings.root / "results")


def results(settings: Settings) -> Mapping[str, Any]:
    """Read what the gate wrote for programs."""
    content: Mapping[str, Any] = orjson.loads((settings.root / "results" / "results.json").read_bytes())
    return content


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (FILLED, "drug = null"),
        (LISTED, "code = null"),
        (SMALL, "grams = 12.5"),
        (ONCE, "drug = 'twice'"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_failing_row_is_a_finding(settings: Settings, rule: Rule, broken: str) -> None:
    """All of them, each once, in their order."""
    assert run(settings, rule) == []
    change(settings, f"update audit.seizures set {broken} where source_row >= 10")
    found = run(settings, rule)
    assert [finding.source_row for finding in found] == list(range(10, 300))
    assert {(f.submission_id, f.sheet, f.table_name, f.rule, f.severity) for f in found} == {
        ("A", "Изъятия", "seizures", rule.name, rule.severity)
    }


def test_a_query_is_run_where_a_row_is_a_suspect(settings: Settings) -> None:
    failing = query("select * from {batch} where error('it was run')", suspects="drug is null")
    rule = replace(FILLED, failing=failing)
    assert run(settings, rule) == []
    change(settings, "update audit.seizures set drug = null where source_row = 10")
    with pytest.raises(GateError, match="it was run"):
        run(settings, rule)


def test_of_very_many_rows_the_first_are_named_and_the_others_counted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each submission by itself; the error about all the others stands for the file, and so rejects it."""
    monkeypatch.setattr(failing, "MAX_NAMED_ROWS", 3)
    change(settings, "update audit.seizures set submission_id = 'B' where source_row >= 298")
    change(settings, "update audit.seizures set drug = null where source_row >= 10")
    found = run(settings, FILLED)
    assert [(f.submission_id, f.source_row) for f in found] == [
        ("A", 10), ("A", 11), ("A", 12), ("B", 298), ("B", 299), ("A", None),
    ]  # fmt: skip
    assert (found[-1].rule, found[-1].field, found[-1].severity) == ("value_missing", "drug", "error")
    assert describe_finding(found[-1], "en", load_questionnaire()).startswith(
        "Seizures, Drug or substance: 285 more rows have the same error as row 10."
    )
    assert [rule["failing_count"] for rule in results(settings)["suites"][0]["rules"]] == [290]
    assert "and 285 more" in (settings.root / "results" / "index.html").read_text(encoding="utf-8")


def test_condition_holds_for_fetched_rows_too(settings: Settings) -> None:
    """A row without a text has no unknown code."""
    change(settings, "update audit.seizures set code = null where source_row < 4")
    change(settings, "update audit.seizures set drug = null where source_row < 3")
    assert [finding.source_row for finding in run(settings, LISTED)] == [3]


def test_message_is_filled_with_what_was_sent(settings: Settings) -> None:
    """Text and numbers of the row, and constants of the rule; braces in a value are just text."""
    change(settings, "update audit.seizures set grams = 12.5, drug = '{limit} & <b>' where source_row = 7")
    (found,) = run(settings, SMALL)
    assert found == Finding(
        "A", "warning", "value_too_large", SMALL.message, "seizures", "Изъятия", 7, "grams", "12.5",
        {"value": 12.5, "drug": "{limit} & <b>", "limit": 5},
    )  # fmt: skip
    assert (
        describe_finding(found, "en", load_questionnaire())
        == "Seizures, row 7: 12.5 g of {limit} & <b> are more than 5."
    )


def test_long_text_is_quoted_by_its_beginning(settings: Settings) -> None:
    """A cell may hold a page; the finding's value keeps all of it."""
    change(settings, "update audit.seizures set code = null, drug = repeat('я', 200) where source_row = 7")
    (found,) = run(settings, LISTED)
    assert (len(found.value or ""), found.arguments["value"]) == (200, 80 * "я" + "…")


def test_mart_rows_are_named_by_their_key(settings: Settings) -> None:
    """A finding in a mart has no submission; the key of the row is its place."""
    change(settings, "update audit.seizures set grams = 6 where source_row = 7")
    (found,) = run(settings, SMALL, keys=("code", "source_row"))
    assert (found.submission_id, found.source_row) == (None, None)
    assert describe_finding(found, "en", load_questionnaire()) == "Seizures, D 7: 6 g of drug7 are more than 5."


@pytest.mark.parametrize(
    "rule",
    [
        Rule("x", "error", "no", failing=rows_where("no_such_column > 1")),
        Rule("x", "error", "no", failing=query("select * from {batch} where cast(drug as integer) > 1")),
        Rule("x", "error", "no", failing=empty("no_such_column")),
        Rule("x", "error", "{no_such_column}", failing=rows_where("grams > 0")),
    ],
)  # fmt: skip
def test_rule_that_cannot_be_evaluated_is_loud(settings: Settings, rule: Rule) -> None:
    """A fault in a rule is no clean bill for the data."""
    with pytest.raises(GateError, match="seizures, "):
        run(settings, FILLED, rule)


def test_rows_that_change_between_count_and_fetch_are_loud(settings: Settings) -> None:
    """What was counted is what is reported, or nothing is."""
    change(settings, "create sequence audit.numbers")
    rule = Rule("x", "error", "no", failing=rows_where("nextval('audit.numbers') < 350"))
    with pytest.raises(GateError, match="were counted"):
        run(settings, rule)


@pytest.mark.parametrize("kept", [[0], [0, 1, 1], []], ids=["passed over", "twice", "none"])
def test_verdicts_that_are_not_those_of_all_rules_are_loud(settings: Settings, kept: list[int]) -> None:
    """A rule without a verdict is no rule that passed."""
    suites = {"seizures": Suite("seizures", KEYS, (FILLED, LISTED))}
    with open_database(settings) as connection:
        verdicts = list(read_verdicts(connection, "audit", suites))
    assert judge(verdicts, 2) == [False, False]
    with pytest.raises(GateError, match="not those of all rules"):
        judge([verdicts[number] for number in kept], 2)


def test_great_expectations_names_the_rules_that_fail(settings: Settings) -> None:
    """Errors and warnings by their row in the table of verdicts, also when all fail."""
    change(settings, "update audit.seizures set drug = null, grams = 6 where source_row = 7")
    suites = {"seizures": Suite("seizures", KEYS, (LISTED, SMALL, FILLED))}
    with open_database(settings) as connection:
        verdicts = list(read_verdicts(connection, "audit", suites))
    assert [(verdict.checked_count, verdict.failing_count) for verdict in verdicts] == [(299, 0), (300, 1), (300, 1)]
    assert judge(verdicts, 3) == [False, True, True]
    assert judge(verdicts[1:], 2) == [True, True]


def test_findings_without_the_judge_are_the_same(settings: Settings) -> None:
    """`sarai check` does not start Great Expectations, and says what the gate says."""
    change(settings, "update audit.seizures set drug = null, grams = 6 where source_row % 9 = 7")
    suites = {"seizures": Suite("seizures", KEYS, (FILLED, SMALL, LISTED, ONCE))}
    with open_database(settings) as connection:
        unjudged = find_unjudged(connection, "audit", suites, settings.codelists)
    assert unjudged == check(settings, "audit", suites, settings.root / "results") != []


def test_suite_with_a_rule_twice_is_refused() -> None:
    """The results of two rules with one name and field could not be distinguished."""
    with pytest.raises(ValueError, match="value_missing"):
        Suite("seizures", KEYS, (FILLED, FILLED))


def test_empty_table_has_no_findings(settings: Settings) -> None:
    """A mart without rows is checked like any other; a table that need not be there costs no time."""
    change(settings, "delete from audit.seizures")
    assert run(settings, FILLED, SMALL, LISTED, ONCE) == []
    assert [rule["checked_count"] for rule in results(settings)["suites"][0]["rules"]] == [0, 0, 0, 0]
    assert run(settings, FILLED, may_be_absent=True) == []
    assert results(settings)["suites"] == []


@pytest.mark.parametrize("drop", ["drop table audit.seizures", "drop schema audit cascade"])
def test_missing_table(settings: Settings, drop: str) -> None:
    """Where a table may be absent nothing is found; where it may not, that is the finding."""
    change(settings, drop)
    assert run(settings, FILLED, may_be_absent=True) == []
    (found,) = run(settings, FILLED)
    assert (found.severity, found.rule, found.table_name) == ("error", "table_missing", "seizures")


def test_views_are_checked_like_tables(settings: Settings) -> None:
    """What gate 1 audits are views of the staged rows."""
    change(settings, "alter table audit.seizures rename to staged")
    change(settings, "create view audit.seizures as from audit.staged")
    change(settings, "update audit.staged set drug = null where source_row = 3")
    assert [finding.source_row for finding in run(settings, FILLED)] == [3]


def test_database_is_closed_afterwards(settings: Settings) -> None:
    """Another configuration of the file would be refused while a connection is open."""
    run(settings, FILLED)
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        assert connection.execute("select count(*) from audit.seizures").fetchone() == (300,)


def test_connection_of_the_caller_stays_usable(settings: Settings) -> None:
    """The gate runs beside a connection that the flow holds open."""
    with open_database(settings) as connection:
        connection.execute("update audit.seizures set drug = null where source_row = 3")
        assert len(run(settings, FILLED)) == 1
        assert connection.execute("select count(*) from audit.seizures").fetchone() == (300,)


def test_quiet_offline_and_tidy(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No word on the screen, no connection, no file but the two results and the database."""

    def refuse(*_: object) -> None:
        raise AssertionError("the gate opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for variable in ("HOME", "TMPDIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    change(settings, "update audit.seizures set drug = null")
    run(settings, FILLED, SMALL)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {"home/warehouse.duckdb", "home/results/results.json", "home/results/index.html"}
    assert capfd.readouterr() == ("", "")


def test_results_count_what_was_checked(settings: Settings) -> None:
    """Each rule has the numbers of checked and failing rows; warnings do not close the gate."""
    change(settings, "update audit.seizures set grams = 6, code = null where source_row < 2")
    change(settings, "update audit.seizures set drug = null where source_row >= 200")
    run(settings, SMALL, LISTED)
    content = results(settings)
    rules = content["suites"][0]["rules"]
    assert (content["schema"], content["success"], content["warnings_count"]) == ("audit", True, 4)
    assert [(r["rule"], r["checked_count"], r["failing_count"], r["success"]) for r in rules] == [
        ("value_too_large", 300, 2, False),
        ("code_unknown", 200, 2, False),
    ]
    run(settings, FILLED)
    assert not results(settings)["success"]
    assert results(settings)["great_expectations_version"].startswith("1.")


def test_page_is_self_contained_and_escaped(settings: Settings) -> None:
    """Nothing that was sent becomes markup, and nothing is asked from elsewhere."""
    change(settings, "update audit.seizures set grams = 6, drug = '<script src=http://x>' where source_row < 7")
    run(settings, SMALL)
    page = (settings.root / "results" / "index.html").read_text(encoding="utf-8")
    assert "&lt;script src=http://x&gt;" in page
    assert "and 2 more" in page
    for forbidden in ("<script", "<link", "<img", 'src="', "url(", "@import"):
        assert forbidden not in page
