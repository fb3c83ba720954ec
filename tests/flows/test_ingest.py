"""The flow from files to decisions: every file goes its own way, and nothing happens twice."""

import json
import shutil
from collections import Counter
from typing import Any

import duckdb
import pytest
from conftest import HEADINGS, INBOX, Warehouse, fill_inbox

from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.database import OPEN_CONNECTIONS, open_database
from warehouse.storage.settings import Settings


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with open_database(settings) as connection:
        return connection.execute(sql).fetchall()


def test_every_file_is_decided_on_and_one_bad_file_stops_no_other(published: Warehouse) -> None:
    decided = rows(
        published.settings,
        "select file_name, outcome, received_count, accepted_count, quarantined_count "
        "from raw.decisions natural join raw.submissions order by file_name",
    )
    assert decided == [
        ("KAZ/KAZ_2024-01.csv", "accepted", 2, 2, 0),
        ("KAZ/KAZ_2024-01_revised.csv", "accepted", 3, 3, 0),
        ("KGZ/UZB_2024-03.csv", "rejected", 1, 0, 1),
        ("TJK/TJK_2024-01.xlsx", "rejected", 0, 0, 0),
        ("UZB/UZB_2024-01.csv", "accepted", 2, 1, 1),
        ("UZB/UZB_2024-02.csv", "accepted", 0, 0, 0),
    ]
    assert published.ingested.has_errors
    assert published.ingested.problems == []


def test_files_stay_in_the_inbox_and_their_bytes_are_in_the_vault(published: Warehouse) -> None:
    inbox, vault = published.settings.inbox, published.settings.vault
    sent = {path.relative_to(inbox).as_posix(): path.read_bytes() for path in inbox.rglob("*") if path.is_file()}
    assert sent == {name: text.encode() for name, text in INBOX.items()}
    assert Counter(path.read_bytes() for path in vault.glob("*/*")) == Counter(set(sent.values()))


def test_every_country_gets_an_answer(published: Warehouse) -> None:
    folders = {path.parent for path in published.settings.feedback.rglob("answer_ru.html")}
    assert sorted(folder.parent.relative_to(published.settings.feedback).as_posix() for folder in folders) == [
        "KAZ/2024-01", "KAZ/2024-01", "KGZ/2024-03", "TJK/2024-01", "UZB/2024-01", "UZB/2024-02",
    ]  # fmt: skip
    (answer,) = (published.settings.feedback / "UZB" / "2024-01").glob("*/answer.json")
    content = json.loads(answer.read_text(encoding="utf-8"))
    assert (content["outcome"], content["accepted_count"], content["quarantined_count"]) == ("accepted", 1, 1)
    assert [finding["source_row"] for finding in content["findings"] if finding["severity"] == "error"] == [3]
    assert "much" in answer.with_name("answer_ru.html").read_text(encoding="utf-8")


def test_a_new_home_whose_inbox_is_empty_has_nothing_to_decide(
    settings: Settings, prefect_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.ingest import Ingested, ingest

    assert prefect_api
    monkeypatch.setenv("SARAI_HOME", str(settings.root))
    assert ingest() == Ingested([], [], has_errors=False)
    assert reconcile(settings) == []


def test_a_second_run_changes_nothing(warehouse: Settings) -> None:
    from flows.ingest import ingest

    ledger = (
        "select (select count(*) from raw.submissions), (select count(*) from raw.seizures), "
        "(select count(*) from raw.decisions), (select count(*) from raw.findings)"
    )
    before = rows(warehouse, ledger)
    result = ingest()
    assert (result.decisions, result.problems, result.has_errors) == ([], [], False)
    assert rows(warehouse, ledger) == before


def test_only_new_files_are_typed_and_judged_and_a_run_opens_the_database_twice(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.ingest import ingest

    openings = []
    connect = duckdb.connect

    def counted(*arguments: Any, **keywords: Any) -> duckdb.DuckDBPyConnection:
        if not OPEN_CONNECTIONS and arguments == (str(warehouse.database),):
            openings.append(arguments)
        return connect(*arguments, **keywords)

    untouched = (
        "select rowid, submission_id from staging.stg_seizures where submission_id like 'KAZ-2024-01%' order by 1"
    )
    before = rows(warehouse, untouched)
    models = warehouse.root / "dbt" / "compiled"
    shutil.rmtree(models)
    fill_inbox(warehouse.inbox, {"KAZ/KAZ_2024-02.csv": INBOX["KAZ/KAZ_2024-01.csv"].replace(".01.2024", ".02.2024")})
    with monkeypatch.context() as patch:
        patch.setattr(duckdb, "connect", counted)
        result = ingest()
    assert len(openings) == 2, "before files are read, and after"
    assert not OPEN_CONNECTIONS
    assert [(d.submission_id[:11], d.outcome, d.accepted_count) for d in result.decisions] == [
        ("KAZ-2024-02", "accepted", 2)
    ]
    assert not result.has_errors
    assert rows(warehouse, untouched) == before
    assert [path.stem for path in models.rglob("*.sql")] == ["stg_seizures"]


def test_one_run_takes_a_correction_back_and_frees_a_late_row_by_finding_the_row_wrong_that_held_it_back(
    warehouse: Settings,
) -> None:
    from flows.ingest import ingest

    january = "T1;05.01.2024;;Opium;much;kg;\nT2;06.01.2024;;Opium;1;kg;\n"
    february = "T1;05.01.2024;;Opium;2;kg;\nT3;05.02.2024;;Opium;1;kg;\n"
    files = {"TJK/TJK_2024-01.csv": HEADINGS + january, "TJK/TJK_2024-02.csv": HEADINGS + february}
    fill_inbox(warehouse.inbox, files | {"KAZ/KAZ_2024-01 right.csv": INBOX["KAZ/KAZ_2024-01.csv"]})
    result = ingest()
    decided = {decision.submission_id: (decision.outcome, decision.accepted_count) for decision in result.decisions}
    (again,) = (name for name in decided if name.startswith("KAZ-2024-01"))
    assert (again[-2:], decided.pop(again)) == ("-2", ("accepted", 2))
    assert {(name[:11], *how) for name, how in decided.items()} == {
        ("TJK-2024-01", "accepted", 1), ("TJK-2024-02", "accepted", 2),
    }  # fmt: skip
    assert result.has_errors
    ((said,),) = rows(warehouse, "select message from raw.findings where rule = 'sent_again'")
    assert "holds what KAZ/KAZ_2024-01.csv did and counts again, in place of KAZ/KAZ_2024-01_revised.csv." in str(said)
    assert ingest().decisions == []
    assert reconcile(warehouse) == []


def test_the_same_bytes_under_another_name_are_no_new_submission(warehouse: Settings) -> None:
    from flows.ingest import ingest

    copy = "KAZ/copy\nof KAZ_2024-01_revised.csv"
    fill_inbox(warehouse.inbox, {copy: INBOX["KAZ/KAZ_2024-01_revised.csv"]})
    assert ingest().decisions == []
    assert rows(warehouse, "select count(*) from raw.submissions") == [(len(INBOX),)]
    ((own,),) = rows(warehouse, f"select submission_id from raw.copies where file_name = '{copy}'")
    answer = (warehouse.feedback / "KAZ" / "2024-01" / str(own) / "received_again.txt").read_text(encoding="utf-8")
    assert answer.count("KAZ/copy\\nof KAZ") == len(answer.splitlines()) == 2  # one line in each language
    assert reconcile(warehouse) == []


def test_a_run_that_was_cut_off_after_landing_is_finished_by_the_next(warehouse: Settings) -> None:
    from flows.ingest import ingest

    with open_database(warehouse) as connection:
        connection.execute("delete from raw.findings where decided_at is not null")
        connection.execute("delete from raw.decisions")
        connection.execute("delete from staging.stg_seizures")
        connection.execute("delete from raw.chain where kind in ('typing', 'decision')")
    (warehouse.root / ".sarai-reading-left").mkdir()
    assert len(ingest().decisions) == len(INBOX)
    assert not list(warehouse.root.glob(".sarai-reading-*"))


def test_answers_that_a_run_no_longer_wrote_are_written_by_the_next(warehouse: Settings) -> None:
    from flows.ingest import ingest

    written = {path.relative_to(warehouse.feedback) for path in warehouse.feedback.rglob("*")}
    shutil.rmtree(warehouse.feedback)
    with open_database(warehouse) as connection:
        connection.execute("delete from raw.answers")
    assert ingest().decisions == []
    assert {path.relative_to(warehouse.feedback) for path in warehouse.feedback.rglob("*")} == written
    shutil.rmtree(warehouse.feedback)
    ingest()
    assert not warehouse.feedback.exists()  # what was answered is not answered again


def test_a_path_that_is_not_there(warehouse: Settings) -> None:
    from flows.ingest import ingest

    with pytest.raises(FileNotFoundError, match="is not there"):
        ingest([str(warehouse.root / "nowhere")])
