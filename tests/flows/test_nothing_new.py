"""Where nothing is new, commands see it before they start anything heavy, and only there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_with_another_mart, fill_inbox

from flows.nothing_new import is_all_taken_in, is_published
from warehouse.ledger.clock import now
from warehouse.releases.catalogue import current_release
from warehouse.releases.inputs import digest_inputs
from warehouse.releases.publication import find_same
from warehouse.storage.database import open_database, writing
from warehouse.storage.settings import Settings

HEAVY = {"prefect", "dbt", "great_expectations", "pandas", "scipy"}  # numpy hashes rows that were not proven before
COMMANDS = """
import sys
from flows.commands.cli import main
for command in ("ingest", "publish"):
    try:
        main([command])
    except SystemExit as ended:
        print(command, ended.code)
print(*set(sys.modules) & {heavy})
"""
READING = """
import sys
from click.testing import CliRunner
from flows.commands.cli import main
for command in sys.argv[1:]:
    print(command, CliRunner().invoke(main, command.split()).exit_code)
print(*set(sys.modules) & {heavy})
"""


def test_commands_end_without_starting_anything(warehouse: Settings) -> None:
    code = COMMANDS.replace("{heavy}", repr(HEAVY))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "Found 6 files: 0 new, 6 known.",
        "Nothing waits for a decision.",
        "ingest 0",
        "Release 1 says all this already; no new one was written.",
        "publish 0",
        "",
    ]
    assert [path.name for path in warehouse.releases.iterdir() if path.name.isdecimal()] == ["1"]


def test_commands_that_read_import_no_heavy_tool(warehouse: Settings, tmp_path: Path) -> None:
    """DuckDB imports pandas for the first parameter of a query, unless it is kept from that."""
    commands = ["status", "trace rpt_seizures_by_month country_code=UZB", "reconcile", f"backup {tmp_path / 'backup'}"]
    code = READING.replace("{heavy}", repr(HEAVY))
    done = subprocess.run([sys.executable, "-c", code, *commands], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == [*(f"{command} 0" for command in commands), ""]
    assert warehouse.last_backup.exists()


def test_a_new_file_is_left_to_the_flow(warehouse: Settings) -> None:
    assert is_all_taken_in(warehouse, [warehouse.inbox])
    fill_inbox(warehouse.inbox, {"TKM/TKM_2024-01.csv": "Record number;Drug\n"})
    assert not is_all_taken_in(warehouse, [warehouse.inbox])


def test_a_decision_that_is_due_is_left_to_the_flow(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARAI_REJECTION_RATIO", "0.5")
    other = Settings()
    assert other.root == warehouse.root
    assert not is_all_taken_in(other, [other.inbox])


CHANGES = (
    "update staging.stg_seizures set quantity_kg = 10 * quantity_kg",
    "delete from marts.fct_seizures",
    "update marts.rpt_seizures_by_month set quantity_kg = 10 * quantity_kg",
    "delete from marts.rpt_seizures_by_year",
    "create table marts.more as select 1 as a",
    "insert into raw.chain select 1 + max(position), 'decision', 'x', 'y', 'z' from raw.chain",
)


def test_a_changed_database_is_left_to_the_flow(warehouse: Settings, tmp_path: Path) -> None:
    assert is_published(warehouse)
    proven = shutil.copytree(warehouse.root, tmp_path / "proven", symlinks=True)
    unnoticed = []
    for change in CHANGES:
        shutil.rmtree(warehouse.root)
        shutil.copytree(proven, warehouse.root, symlinks=True)
        with open_database(warehouse) as connection:
            connection.execute(change)
        unnoticed += [change] if is_published(warehouse) else []
    assert unnoticed == []
    shutil.rmtree(warehouse.root)
    shutil.copytree(proven, warehouse.root, symlinks=True)
    assert is_published(warehouse)


def test_a_run_that_writes_is_left_to_the_flow(warehouse: Settings) -> None:
    """The flow waits for it."""
    with writing(warehouse):
        assert not is_published(warehouse)


def test_a_damaged_release_is_left_to_the_flow(warehouse: Settings) -> None:
    release = current_release(warehouse)
    assert release
    path = release.path / "gate" / "results.json"
    path.chmod(0o600)
    path.write_text("{}")
    assert not is_published(warehouse)


def test_inputs_are_the_ledger_our_sources_kept_rates_and_the_year(warehouse: Settings, tmp_path: Path) -> None:
    project = copy_with_another_mart(tmp_path / "dbt_project")
    today = now().date()
    rates = tmp_path / "exchange_rates.csv"
    rates.write_text("currency_code,period,units_per_usd,source\nKZT,2026-03,512.25,Bank of Kazakhstan\n")
    with open_database(warehouse) as connection:
        digests = [
            digest_inputs(connection, warehouse, today),
            digest_inputs(connection, warehouse, today.replace(year=today.year + 1)),
            digest_inputs(connection, Settings(home=warehouse.home, dbt_project=project), today),
            digest_inputs(connection, Settings(home=warehouse.home, exchange_rates=rates), today),
        ]
        assert len(set(digests)) == 4
        same = find_same(connection, warehouse, inputs=digests[0])
        assert same == current_release(warehouse)
        assert [find_same(connection, warehouse, inputs=digest) for digest in digests[1:]] == [None, None, None]
