"""Reconciliation: a sound warehouse adds up, and each kind of tampering is found and named."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import Warehouse
from made_ledger import made_ledger, submit

from warehouse.ledger.chain import append_entries, dated
from warehouse.safekeeping.reconciliation import describe_totals, reconcile
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path


def test_a_sound_warehouse_adds_up(published: Warehouse) -> None:
    assert reconcile(published.settings) == []
    with open_database(published.settings) as connection:
        totals = describe_totals(connection, published.settings)
    assert "seizures: 8 rows received = 4 in force + 2 superseded + 2 quarantined" in totals


def test_a_file_that_was_received_and_never_read_is_said(tmp_path: Path) -> None:
    settings, connection = Settings(home=tmp_path), made_ledger()
    submit(connection, "ab" * 32, "KAZ", date(2024, 1, 1), datetime(2024, 2, 1), {"seizures": (1, 0)})
    for name in ("ab" * 32, "cd" * 32):
        path = vault_path(settings.vault, name)
        path.parent.mkdir(parents=True)
        path.touch()
    (said,) = [line for line in describe_totals(connection, settings).splitlines() if "not in the ledger" in line]
    assert said.startswith(f"not in the ledger: {vault_path(settings.vault, 'cd' * 32)} was received, and its run was")


def run(sql: str) -> Callable[[Settings], None]:
    def change(settings: Settings) -> None:
        with open_database(settings) as connection:
            connection.execute(sql)

    return change


def change_vault_byte(settings: Settings) -> None:
    path = max(settings.vault.glob("*/*"), key=lambda path: path.stat().st_size)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def remove_from_vault(settings: Settings) -> None:
    next(settings.vault.glob("*/*")).unlink()


def edit_release(settings: Settings) -> None:
    path = settings.releases / "1" / "csv" / "rpt_seizures_by_month.csv"
    path.chmod(0o644)
    path.write_text(path.read_text().replace("0.75", "0.57"))


TAMPERINGS = {
    "vault byte": (change_vault_byte, "in the vault have changed"),
    "vault file": (remove_from_vault, "are not in the vault"),
    "raw row": (
        run("delete from raw.seizures where record_id = 'U1'"), "UZB-2024-01.* 2 rows were landed and 1 are in raw",
    ),
    "raw row doubled": (
        run("insert into raw.seizures from raw.seizures where record_id = 'U1'"), "2 rows were landed and 3 are in raw",
    ),
    "raw row of nobody": (
        run("insert into raw.seizures by name select 'X' as submission_id, '' as sheet, 1 as source_row"),
        "X, seizures: 0 rows were landed and 1 are in raw",
    ),
    "raw row of a table that nobody sent": (
        run("insert into raw.stories by name select 'X' as submission_id, '' as sheet, 1 as source_row"),
        "X, stories: 0 rows were landed and 1 are in raw.stories",
    ),
    "staged row": (run("delete from staging.stg_seizures where record_id = 'K1'"), "are in staging.stg_seizures"),
    "finding": (run("delete from raw.findings where source_row = 3"), "1 rows are quarantined and 0 rows have"),
    "reason of a rejection": (
        run("delete from raw.findings where rule = 'file_unreadable'"), "TJK-2024-01.* was rejected and no error",
    ),
    "decision": (run("update raw.decisions set accepted_count = accepted_count + 1"), "rows are not"),
    "landing": (run("delete from raw.landings where submission_id like 'KAZ%'"), "0 were landed"),
    "value of a mart": (
        run("update marts.rpt_seizures_by_month set quantity_kg = 10 * quantity_kg"),
        "marts.rpt_seizures_by_month: its rows are not those that were built. Run `sarai publish`",
    ),
    "mart row": (run("delete from marts.fct_seizures where record_id = 'K3'"), "3 accepted rows are in force and 2"),
    "mart out of force": (
        run("update marts.rpt_submissions set is_current = false, accepted_count = 0 where file_name like '%02.csv'"),
        "UZB-2024-02.*, seizures: marts and ledger differ",
    ),
    "mart row of another table": (
        run("insert into marts.fct_stories by name select 'X' as row_id, 'KAZ' as country_code, 'X' as submission_id, "
            "'' as sheet, 1 as source_row"),
        "X: 0 accepted rows are in force and 1 are in marts.fct_stories",
    ),
    "fact table": (run("drop table marts.fct_staff"), "staff: schema marts has no fact table"),
    "typed table": (
        run("drop table staging.stg_seizures"), "seizures: schema staging has no table of its typed rows",
    ),
    "count of a table in the marts": (
        run("update marts.rpt_submissions set accepted_count = accepted_count - 1, "
            "quarantined_count = quarantined_count + 1 where file_name = 'KAZ/KAZ_2024-01.csv'"),
        "KAZ-2024-01.*, seizures: no decision says what the marts say, 2 rows received, 1 accepted and 1 quarantined",
    ),
    "finding about a row that is not there": (
        run("update raw.findings set source_row = 99 where source_row = 3 and severity = 'error'"),
        "UZB-2024-01.*, seizures: row 99 was found wrong and is not in raw.seizures",
    ),
    "raw cell": (
        run("update raw.seizures set quantity = '7' where record_id = 'U1'"),
        "UZB-2024-01.*, raw.seizures: a value in the 2 rows of the submission has been changed",
    ),
    "release file": (edit_release, "rpt_seizures_by_month.csv has changed"),
}  # fmt: skip


# Of those that touch different things, one reconciliation names each; values are compared where the rows are right.
TOGETHER = [
    ("vault byte", "raw row", "raw row of nobody", "raw row of a table that nobody sent", "staged row",
     "reason of a rejection", "mart row of another table", "fact table", "release file"),
    ("vault file", "raw row doubled", "finding", "decision", "mart row", "mart out of force"),
    ("landing", "raw cell", "typed table", "finding about a row that is not there", "count of a table in the marts"),
    ("value of a mart",),
]  # fmt: skip


@pytest.mark.parametrize("names", TOGETHER)
def test_tampering_is_found(warehouse: Settings, names: tuple[str, ...]) -> None:
    with open_database(warehouse):  # so that none of them opens the file anew
        for name in names:
            TAMPERINGS[name][0](warehouse)
    discrepancies = reconcile(warehouse)
    found = {name: [text for text in discrepancies if re.search(TAMPERINGS[name][1], text)] for name in names}
    assert [name for name in names if not found[name]] == [], discrepancies


def test_every_tampering_is_tried() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(TAMPERINGS)


def test_marts_of_before_the_last_ingest_are_no_discrepancy(warehouse: Settings) -> None:
    with open_database(warehouse) as connection:
        connection.execute(
            "insert into raw.submissions by name select * replace ('KAZ-2024-01-later' as submission_id, "
            "received_at + interval 1 day as received_at) from raw.submissions where file_name = 'UZB/UZB_2024-02.csv'"
        )
        connection.execute(
            "insert into raw.decisions by name select * replace ('KAZ-2024-01-later' as submission_id) "
            "from raw.decisions where received_count = 0 and outcome = 'accepted'"
        )
        append_entries(connection, "submission", ["KAZ-2024-01-later"])
        [(decided_at,)] = connection.execute("select distinct decided_at from raw.decisions").fetchall()
        append_entries(connection, "decision", [f"KAZ-2024-01-later {dated(decided_at)}"])
    assert reconcile(warehouse) == []
