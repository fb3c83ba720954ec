"""The difference of two releases in words and for programs, and the command that tells it."""

import json
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from made_releases import Seizure, Submission, made_release

from flows.commands.cli import main
from warehouse.lineage.comparison import compare_releases
from warehouse.lineage.comparison_text import describe_difference
from warehouse.storage.settings import Settings

DBT_PROJECT = Settings().dbt_project
JANUARY = date(2024, 1, 1)
HEROIN, OPIUM = Seizure("HEROIN", 2.5), Seizure("OPIUM", 0.7)
FIRST = Submission("first", "KAZ", JANUARY, [HEROIN, OPIUM])
SECOND = Submission("second", "KAZ", JANUARY, [HEROIN, replace(OPIUM, quantity=0.75)])
OTHER = Submission("other", "UZB", JANUARY, [OPIUM])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases that nobody changes."""
    folder = tmp_path_factory.mktemp("made") / "releases"
    made_release(folder, 1, [FIRST])
    made_release(folder, 2, [FIRST, SECOND, OTHER], rules_versions=["new rules"])
    (folder / "current").symlink_to("2")
    return folder


@pytest.fixture
def releases(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path))
    return Path(shutil.copytree(made, tmp_path / "releases", symlinks=True))


def sarai(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["diff", *arguments])


def test_figures_with_their_causes(releases: Path) -> None:
    assert releases.is_dir()
    result = sarai("1", "2")
    assert (result.exit_code, result.output) == (0, """\
Release 1 → release 2
  made with other rules: rules → new rules

KAZ 2024-01 seizures: second.csv replaces first.csv
UZB 2024-01 seizures: other.csv is new

rpt_seizures_by_month
KAZ 2024-01 OPIUM: quantity_kg 0.7 → 0.75 (+0.05), reporting_countries_count 1 → 2 (+1)
    second.csv replaces first.csv: +0.05 quantity_kg
UZB 2024-01 OPIUM (added): seizures_count 1, known_quantity_count 1, quantity_kg 0.7
    other.csv is new: +1 seizures_count, +1 known_quantity_count, +0.7 quantity_kg
1 row otherwise only by rounding or by what others have reported: reporting_countries_count

fct_seizures: 2 rows added, 1 row removed, 1 row the same in another file
rpt_seizures_by_drug: 1 row changed
rpt_seizures_by_size: 1 row added
rpt_seizures_by_year: 1 row added, 1 row changed
rpt_submissions: 2 rows added, 1 row changed
""")  # fmt: skip


def test_the_rows_of_another_mart(releases: Path) -> None:
    assert releases.is_dir()
    assert "\nrpt_seizures_by_drug\nOPIUM: seizures_count 1 → 2 (+1), quantity_kg 0.7 → 1.45 (+0.75)\n" in (
        sarai("1", "current", "--mart", "rpt_seizures_by_drug").output
    )
    by_size = sarai("1", "2", "--mart", "rpt_seizures_by_size").output
    assert "\nUZB SMALL (added): seizures_count 1\n    may follow from: other.csv is new\n" in by_size
    facts = sarai("2", "1", "--mart", "fct_seizures").output
    assert "second:3 (removed): country_code KAZ, drug_code OPIUM, " in facts
    assert "    second.csv is not known any more; first.csv speaks instead\n" in facts


def test_nothing_differs(releases: Path) -> None:
    assert releases.is_dir()
    assert sarai("2").output == (
        "Release 2 → release 2\n\nThe same submissions are in force.\n\nrpt_seizures_by_month: no difference.\n"
    )


def test_parts_for_programs_add_up_as_decimals(releases: Path) -> None:
    assert releases.is_dir()
    told = json.loads(sarai("1", "2", "--format", "json").output)
    assert (told["before"]["number"], told["after"]["rules_versions"]) == (1, ["new rules"])
    figures = [f for mart in told["marts"] for row in mart["rows"] for f in row["figures"] if f["parts"]]
    assert len(figures) > 3
    for figure in figures:
        assert sum(Decimal(part["amount"]) for part in figure["parts"]) == Decimal(figure["change"])
    assert {part["cause"]["words"] for f in figures for part in f["parts"]} == {
        "other.csv is new",
        "second.csv replaces first.csv",
    }


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["1", "9"], 1, "There is no release 9. There are: 1, 2."),
        (["first"], 1, "There is no release first."),
        (["1", "--mart", "dim_drugs"], 2, "dim_drugs cannot be compared. These can: fct_seizures"),
        ([], 2, "Missing argument"),
    ],
)
def test_questions_without_an_answer(releases: Path, arguments: list[str], status: int, words: str) -> None:
    assert releases.is_dir()
    result = sarai(*arguments)
    assert (result.exit_code, words in result.output) == (status, True)


def test_before_the_first_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path))
    result = sarai("current")
    assert (result.exit_code, "There are: none; run `sarai publish`" in result.output) == (1, True)


def test_last_digits_alone_are_counted_and_not_told(tmp_path: Path) -> None:
    """0.1 + 0.2 + 0.3 has another last digit in another order; both are the sum of the same rows."""
    rows = [Seizure("HEROIN", kg) for kg in (0.1, 0.2, 0.3)]
    before = made_release(tmp_path, 1, [Submission("a", "KAZ", JANUARY, rows)])
    after = made_release(tmp_path, 2, [Submission("a", "KAZ", JANUARY, rows[::-1])])
    shown = describe_difference(compare_releases(before, after, DBT_PROJECT))
    assert "1 row otherwise only by rounding or by what others have reported: quantity_kg" in shown


def test_columns_and_marts_of_one_release_are_named(releases: Path) -> None:
    with duckdb.connect(str(releases / "2" / "marts.duckdb")) as connection:
        connection.execute("alter table rpt_seizures_by_month add column share double")
        connection.execute("alter table fct_seizures drop column record_id")
        connection.execute("drop table rpt_seizures_by_drug")
    shown = sarai("1", "2").output
    assert "reporting_countries_count\nnew columns share\n" in shown
    assert "the same in another file, without columns record_id\n" in shown
    assert "rpt_seizures_by_drug: one release has no such table, or another key\n" in shown
