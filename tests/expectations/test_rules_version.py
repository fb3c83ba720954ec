"""The version of the rules: it changes with what decides on submissions, and with nothing else."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from expectations.gate.rules import Rule, not_among, query
from expectations.submissions import rules_version as version
from expectations.submissions.rules_version import rule_values, rules_version
from expectations.submissions.suites import table_rules
from warehouse.ledger.in_force import last_decisions
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform.staging_version import sql_words, staging_version

RULE = Rule("too_old", "error", "the row is old", "seizure_date", failing=query("select * from {batch} where a < 1"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "dbt_project", tmp_path / "dbt_project"))


def changed_version(project: Path, pattern: str, change: Callable[[str], str]) -> bool:
    """Whether the version of staging changes with the text of the file of a pattern."""
    before = staging_version(project)
    (path,) = project.glob(pattern)
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    staging_version.cache_clear()
    return staging_version(project) != before


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("**/stg_seizures.sql", lambda text: text.replace("'quantity': 'quantity'", "'quantity': 'number'")),
        ("**/spelling_key.sql", lambda text: text.replace("'ё', 'е'", "'ё', 'ё'")),
        ("**/drugs_spellings.csv", lambda text: text + "HEROIN,new word,,a test,S\n"),
        ("**/quantity_conversions.csv", lambda text: text.replace("0.001", "0.002")),
    ],
)
def test_a_changed_model_macro_spelling_or_factor_changes_it(
    project: Path, pattern: str, change: Callable[[str], str]
) -> None:
    assert changed_version(project, pattern, change)


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("**/stg_conversions.sql", lambda text: f"-- A comment: it's new.\n{text}"),
        ("**/stg_conversions.sql", lambda text: text.replace("\n    ", "\n        ")),
        ("**/typed_rows.sql", lambda text: f"{{#- Another comment. -#}}\n{text}"),
        ("**/drugs_spellings.csv", lambda text: text.replace("\n", "\r\n")),
        ("**/rpt_routes.sql", lambda text: f"{text}, 1 as one"),
        ("**/stg_seizures.yml", lambda text: f"{text}# A comment.\n"),
    ],
)
def test_a_comment_a_layout_or_a_mart_does_not_change_it(
    project: Path, pattern: str, change: Callable[[str], str]
) -> None:
    assert not changed_version(project, pattern, change)


def test_quoted_text_is_no_comment_and_no_layout() -> None:
    assert sql_words("select '--  a', \"b  --\" -- c\n , 'd''  e'  {# f #}\n") == "select '--  a', \"b  --\" , 'd''  e'"


@pytest.mark.parametrize(
    "changed",
    [
        replace(RULE, severity="warning"),
        replace(RULE, field="record_id"),
        replace(RULE, failing=query("select * from {batch} where a < 2")),
        replace(RULE, failing=not_among("seizure_date", ["a  b"])),
    ],
)
def test_a_changed_rule_has_other_values(changed: Rule) -> None:
    assert rule_values([changed]) != rule_values([RULE])


def test_words_layout_and_order_of_rules_are_no_values() -> None:
    other = replace(RULE, name="other")
    rewritten = replace(RULE, message="this row is old", failing=query("select *\n from {batch}  where a < 1 -- old"))
    assert rule_values([other, rewritten]) == rule_values([RULE, other])


def test_how_the_ledger_is_asked_for_decisions_is_no_value() -> None:
    values = [rule_values(table_rules(table)) for table in load_questionnaire().tables]
    assert "copy_of_other_country" in str(values)
    assert sql_words(last_decisions()) not in str(values)


def test_it_covers_every_rule_of_gate_1(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_version(Settings())
    monkeypatch.setattr("expectations.submissions.rules_version.table_rules", lambda table: table_rules(table)[1:])
    version._version.cache_clear()
    assert rules_version(Settings()) != before
    monkeypatch.undo()
    version._version.cache_clear()
    assert rules_version(Settings()) == before


def test_it_covers_the_share_of_bad_rows_and_the_project(project: Path) -> None:
    (project / "models" / "staging" / "stg_persons.sql").unlink()
    versions = {
        rules_version(settings)
        for settings in (Settings(), Settings(rejection_ratio=0.06), Settings(dbt_project=project))
    }
    assert len(versions) == 3


def test_where_code_stands_and_what_it_comments_do_not_change_it(tmp_path: Path) -> None:
    """The same product, copied elsewhere with a comment in every module, has the same version."""
    for folder in ("warehouse", "expectations", "dbt_project"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    for path in tmp_path.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}\n\n# A comment, at the end of every module.\n", encoding="utf-8")
    code = (
        "from expectations.submissions.rules_version import rules_version\n"
        "from warehouse.storage.settings import Settings\n"
        "print(rules_version(Settings()))"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert printed.stdout.strip() == rules_version(Settings())
