"""Files refused for want of time or memory: read again when the limit has risen, and not before."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from conftest import INBOX, fill_inbox
from made_ledger import chain_anew
from made_readings import reading_of

from warehouse.intake.landing import MEMORY_MB, SECONDS, Reading, Request, read_file, unread
from warehouse.ledger.raw import create_tables, land
from warehouse.ledger.rereading import refused_files
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.reporting.status import COVERAGE
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.database import open_database
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import build_models

KAZ = "KAZ/KAZ_2024-02.csv"
# Empty lines keep a reader busy for longer than the limit below, however fast the machine.
CONTENT = INBOX["KAZ/KAZ_2024-01.csv"].replace(".01.2024", ".02.2024") + ";\n" * 300_000

# The mart that says what counts, and what it is made of.
SUBMISSIONS = (
    "int_landings_current int_landings_judged int_landings_rejected int_rows_quarantined int_submissions_decided "
    "rpt_submissions"
)


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with open_database(settings) as connection:
        return connection.execute(sql).fetchall()


def decided(settings: Settings) -> list[tuple[object, ...]]:
    return rows(
        settings,
        "select decisions.submission_id, outcome, accepted_count from raw.decisions natural join raw.submissions "
        f"where file_name = '{KAZ}' order by decided_at",
    )


def answers(settings: Settings) -> dict[str, str]:
    paths = (settings.feedback / "KAZ" / "2024-02").glob("*/answer.json")
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8"))["state"] for path in paths}


def shown(settings: Settings) -> list[tuple[object, ...]]:
    return rows(
        settings,
        "select submission_id, table_name, outcome, accepted_count, is_current from marts.rpt_submissions "
        f"where file_name = '{KAZ}'",
    )


def test_a_file_refused_under_a_low_limit_is_read_again_when_the_limit_rises(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from flows.ingest import ingest

    fill_inbox(warehouse.inbox, {KAZ: CONTENT})
    monkeypatch.setenv("SARAI_READER_TIMEOUT_S", "0.05")
    assert [d.outcome for d in ingest().decisions] == ["rejected"]
    ((refused, *_),) = decided(warehouse)
    assert answers(warehouse) == {refused: "rejected"}
    assert ingest().decisions == []

    monkeypatch.delenv("SARAI_READER_TIMEOUT_S")
    (warehouse.inbox / KAZ).unlink()  # the vault has its bytes
    assert [(d.submission_id, d.outcome, d.accepted_count) for d in ingest().decisions] == [
        (f"{refused}-2", "accepted", 2)
    ]
    assert f"{KAZ} was refused under a lower limit of the reader and is read again." in caplog.messages
    assert answers(warehouse) == {f"{refused}-2": "current"}
    assert rows(warehouse, f"select distinct received_at from raw.submissions where file_name = '{KAZ}'")[1:] == []
    fill_inbox(warehouse.inbox, {KAZ: CONTENT})
    assert ingest().decisions == []
    assert [row[4] for row in rows(warehouse, COVERAGE) if row[0] == "KAZ"] == [3]

    assert reconcile(warehouse) == []
    build_models(warehouse, SUBMISSIONS)
    assert shown(warehouse) == [(f"{refused}-2", "seizures", "accepted", 2, True)]

    with open_database(warehouse) as connection:  # as if it had been refused before yesterday
        connection.execute("update raw.submissions set received_at = received_at - interval 2 days")
        for table in ("decisions", "findings"):
            connection.execute(
                f"update raw.{table} set decided_at = decided_at - interval 2 days where submission_id not like '%-2'"
            )
        chain_anew(connection)
    build_models(warehouse, SUBMISSIONS, as_of=datetime.now(UTC).date() - timedelta(days=1))
    assert shown(warehouse) == [(refused, "none", "rejected", 0, False)]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create_tables(connection, load_questionnaire())
    return connection


def landed(connection: duckdb.DuckDBPyConnection, *readings: Reading) -> list[str]:
    return [reading.submission.submission_id for reading in land(connection, readings, load_questionnaire())]


def test_only_a_limit_above_those_that_refused_a_file_lets_it_be_read_again(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first = Request(
        tmp_path / "x", "ab" * 32, 9, "KAZ/KAZ_2024-02.csv", datetime(2024, 3, 1), Settings().codelists, tmp_path
    )

    def again(seconds: float, memory_mb: int) -> list[tuple[str, ...]]:
        limits = Settings(home=tmp_path, reader_timeout_s=seconds, reader_memory_mb=memory_mb)
        return [request.taken for request in refused_files(connection, limits, tmp_path)]

    (own,) = landed(connection, unread(first, "after {seconds} seconds", {SECONDS: 1.5}))
    assert (again(1.5, 9000), again(1.6, 300)) == ([], [(own,)])
    (request,) = refused_files(connection, Settings(reader_timeout_s=2), tmp_path)
    assert (request.received_at, request.file_name) == (first.received_at, first.file_name)
    (second,) = landed(connection, unread(request, "too big", {MEMORY_MB: 300}))
    assert (again(1.6, 300), again(1.5, 301), again(1.6, 301)) == ([], [], [(own, second)])
    assert second == f"{own}-2"


def test_what_is_wrong_with_a_file_itself_is_not_read_again(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    landed(connection, reading_of(tmp_path, "TJK/TJK_2024-05.xlsx", b"PK\x03\x04"))
    assert refused_files(connection, Settings(reader_timeout_s=1e6, reader_memory_mb=10**6), tmp_path) == []


def test_a_file_that_did_not_say_its_month_in_its_name_gets_the_id_that_its_cover_says(tmp_path: Path) -> None:
    content = b"Country;Kazakhstan\nReporting period;2024-05\nDate;Drug;Quantity;Unit\n2024-05-01;heroin;1;kg\n"
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    sha256 = file_sha256(path)
    request = Request(path, sha256, len(content), "x.csv", datetime(2024, 6, 1), Settings().codelists, tmp_path)
    refused = unread(request, "too big", {MEMORY_MB: 300}).submission.submission_id
    again = Request(**{**vars(request), "taken": (refused,)})
    assert (refused, read_file(again).submission.submission_id) == (
        f"UNKNOWN-UNKNOWN-{sha256[:32]}", f"KAZ-2024-05-{sha256[:32]}",
    )  # fmt: skip
