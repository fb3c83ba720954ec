"""A rehearsal: changed rules on all past submissions, without a trace in the warehouse."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.commands.cli import main
from flows.offline.retype import compare_retyped
from warehouse.ledger.derived import enter_typed
from warehouse.safekeeping.derived_check import compare_derived
from warehouse.storage.database import open_database
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform.staging_version import staging_version


@pytest.fixture
def untouched(warehouse: Settings) -> Iterator[Settings]:
    """A warehouse all of whose files are the same, to the byte, when the test is over."""
    before = _contents(warehouse.root)
    yield warehouse
    assert _contents(warehouse.root) == before


def _contents(folder: Path) -> dict[Path, str]:
    return {path: file_sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.usefixtures("untouched")
def test_with_the_rules_in_force_nobody_newly_fails() -> None:
    result = CliRunner().invoke(main, ["rehearse"])
    same = "0 would newly fail or lose rows and 0 would newly pass or gain rows; 6 have the same findings as before.\n"
    assert (result.exit_code, result.stdout) == (0, f"Of 6 submissions decided before, {same}")


@pytest.mark.usefixtures("untouched")
def test_changed_rules_name_who_fails_and_who_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(REPOSITORY / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    with (project / "seeds" / "spellings" / "missing_values_spellings.csv").open("a", encoding="utf-8") as spellings:
        spellings.write("much,NOT_STATED,,en,invented\n")
    # neither g nor its Russian letter is a unit any more
    seeds = project / "seeds"
    units, spelled = seeds / "codelists" / "units.csv", seeds / "spellings" / "units_spellings.csv"
    for path, before, after in ((units, "\nG,", "\nGRAM,"), (spelled, "\nг,", "\nгр-м,"), (spelled, ",G,", ",GRAM,")):
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
    monkeypatch.setenv("SARAI_DBT_PROJECT", str(project))
    result = CliRunner().invoke(main, ["rehearse"])
    assert result.exit_code == 1, result.output
    *told, summary = re.sub(r" \(.*?\)", "", result.stdout).splitlines()
    assert "2 would newly fail or lose rows and 1 would newly pass or gain rows; 3 have the same" in summary
    assert told == [
        "KAZ 2024-01 KAZ/KAZ_2024-01.csv: accepted -> accepted, 1 rows newly quarantined, 0 newly accepted",
        "  error code_unknown seizures.unit: +1 -0",
        "KAZ 2024-01 KAZ/KAZ_2024-01_revised.csv: accepted -> rejected, 3 rows newly quarantined, 0 newly accepted",
        "  error code_unknown seizures.unit: +2 -0",
        "UZB 2024-01 UZB/UZB_2024-01.csv: accepted -> accepted, 0 rows newly quarantined, 1 newly accepted",
        "  error value_unreadable seizures.quantity: +0 -1",
        "",
        "severity  rule              about              raised  gone  submissions",
        "error     code_unknown      seizures.unit           3     0            2",
        "error     value_unreadable  seizures.quantity       0     1            1",
        "",
    ]


def test_a_warehouse_that_received_nothing_has_nobody_to_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_HOME", str(tmp_path / "var"))
    result = CliRunner().invoke(main, ["rehearse"])
    assert (result.exit_code, list(tmp_path.iterdir())) == (0, [])
    assert result.stdout.startswith("Of 0 submissions decided before, 0 would newly fail")


def test_what_the_ledger_says_was_typed_is_what_follows_from_the_rows_that_were_sent(warehouse: Settings) -> None:
    with open_database(warehouse) as connection:
        connection.execute("update staging.stg_seizures set quantity_kg = 10 * quantity_kg where record_id = 'K3'")
        connection.execute("delete from raw.chain where kind = 'typing'")
        enter_typed(connection, staging_version(warehouse.dbt_project))
        assert list(compare_derived(connection)) == []
    (found,) = compare_retyped(warehouse)
    assert re.match(r"KAZ-2024-01-\w+, staging.stg_seizures: what was typed does not follow from what was sent", found)
