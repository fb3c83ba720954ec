"""The chain of the ledger: every way to change what was written is found, and the entry is named."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from made_readings import FIRST, HEADINGS, csv_of, reading_of

from warehouse.answers.missing_answers import note_answered
from warehouse.findings.finding import Finding
from warehouse.ledger.chain import (
    Head,
    append_entries,
    append_links,
    create_chain,
    dated,
    link,
    read_entries,
    read_head,
)
from warehouse.ledger.raw import add_findings, create_tables, land
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.safekeeping.chain_check import compare_chain
from warehouse.safekeeping.chain_order import compare_order
from warehouse.storage.settings import Settings

QUESTIONNAIRE = load_questionnaire()
DECIDED_AT = datetime(2024, 7, 1, 10, 30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two submissions of three rows, a decision on one of them with a finding, and the note of its answer."""
    folder = tmp_path_factory.mktemp("made")
    with duckdb.connect(folder / "made.duckdb") as connection:
        create_tables(connection, QUESTIONNAIRE)
        first = reading_of(folder, "KAZ/KAZ_2024-05.csv", csv_of([HEADINGS, FIRST, FIRST]))
        second = reading_of(folder, "UZB/UZB_2024-05.csv", csv_of([HEADINGS, [*FIRST[:2], "3", "кг", ""]]))
        land(connection, [first], QUESTIONNAIRE)
        land(connection, [second], QUESTIONNAIRE)
        sid = first.submission.submission_id
        add_findings(connection, [Finding(sid, "warning", "rule", "m", "seizures", "", 2)], DECIDED_AT)
        connection.execute("insert into raw.decisions values (?, ?, 'accepted', 'rules', 2, 2, 0)", [sid, DECIDED_AT])
        append_entries(connection, "decision", [f"{sid} {dated(DECIDED_AT)}"])
        note_answered(connection, DECIDED_AT, datetime(2024, 7, 1, 10, 31))
    return folder / "made.duckdb"


@pytest.fixture
def connection(made: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of that ledger."""
    with duckdb.connect(shutil.copy(made, tmp_path)) as connection:
        yield connection


def make_release(settings: Settings, head: Head) -> None:
    folder = settings.releases / "1"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps({"as_of": None, "resources": [], "ledger": head._asdict()}))


def forge(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the whole chain anew, as somebody would who knows how it is made."""
    connection.execute("drop table raw.chain")
    create_chain(connection)


CUT_OFF = """
delete from raw.answers; delete from raw.decisions; delete from raw.findings where decided_at is not null;
delete from raw.chain where position > 2
"""
SWAPPED = """
create temp table swapped as select * replace (3 - position as position) from raw.chain where position < 3;
delete from raw.chain where position < 3;
insert into raw.chain from swapped
"""
ROW_INSERTED = """
insert into raw.prices by name
select submission_id, '' as sheet, 9 as source_row from raw.submissions where submission_id like 'UZB%'
"""
REMOVED = """
delete from raw.submissions where submission_id like 'UZB%'; delete from raw.landings where submission_id like 'UZB%';
delete from raw.seizures where submission_id like 'UZB%'; delete from raw.findings where submission_id like 'UZB%'
"""
INSERTED = """
insert into raw.submissions by name
select * replace ('TKM-2024-05-x' as submission_id) from raw.submissions where submission_id like 'UZB%'
"""
DECIDED = """
insert into raw.decisions by name select * replace (decided_at + interval 1 day as decided_at) from raw.decisions
"""
TAMPERINGS = {
    "raw cell": (
        "update raw.seizures set quantity = '7' where submission_id like 'UZB%'",
        "UZB-2024-05.*, raw.seizures: a value in the 1 rows of the submission has been changed. Restore",
    ),
    "one of two equal raw rows": (
        "update raw.seizures set unit = 'г' where submission_id like 'KAZ%' and source_row = 3",
        "KAZ-2024-05.*, raw.seizures: a value in the 2 rows",
    ),
    "raw cell moved to another column": (
        "update raw.seizures set place = unit, unit = null where submission_id like 'UZB%'",
        "UZB-2024-05.*, raw.seizures: a value",
    ),
    "raw row removed": (
        "delete from raw.seizures where submission_id like 'KAZ%' and source_row = 3",
        "KAZ-2024-05.*, raw.seizures: 2 rows were written by the submission and 1 are there",
    ),
    "raw row inserted": (
        ROW_INSERTED,
        "UZB-2024-05.*, raw.prices: 0 rows were written by the submission and 1 are there",
    ),
    "table of raw dropped": ("drop table raw.seizures", "raw.seizures: 2 rows were written by the submission and 0"),
    "ledger cell": (
        "update raw.submissions set received_at = '2020-01-01' where submission_id like 'KAZ%'",
        "KAZ-2024-05.*, raw.submissions: a value",
    ),
    "landing": (
        "update raw.landings set row_count = 0 where submission_id like 'UZB%'", "UZB-2024-05.*, raw.landings: a value",
    ),
    "decision": (
        "update raw.decisions set outcome = 'rejected'", "KAZ-2024-05.*, raw.decisions: a value in the 1 rows of the",
    ),
    "finding": (
        "delete from raw.findings where decided_at is not null",
        "KAZ-2024-05.*, raw.findings: 1 rows were written by the decision and 0 are there",
    ),
    "finding of the reader": (
        "update raw.findings set severity = 'error' where decided_at is null", "raw.findings: a value in the 1 rows",
    ),
    "answer": ("update raw.answers set answered_at = '2030-01-01'", "2024-07-01.*, raw.answers: a value"),
    "submission removed": (
        REMOVED,
        "UZB-2024-05.*: the submission UZB-2024-05.* was written as entry 2 and is gone",
    ),
    "submission inserted": (
        INSERTED,
        "TKM-2024-05-x: this submission stands in the ledger and was written by no run",
    ),
    "decision inserted": (
        DECIDED,
        "KAZ-2024-05.* 2024-07-02T10:30:00.000000: this decision stands in the ledger",
    ),
    "entry removed": ("delete from raw.chain where position = 2", "entry 2 is missing before the decision on KAZ"),
    "entries swapped": (SWAPPED, "raw.chain, entry 1: the submission UZB-2024-05.* does not follow"),
    "entry rewritten": (
        "update raw.chain set entry = replace(entry, ' 2 ', ' 3 ') where position = 1",
        "raw.chain, entry 1: the submission KAZ-2024-05.* does not follow",
    ),
    "entry divided elsewhere": (
        "update raw.chain set entry_key = entry_key || chr(10) || 'members only', entry = '7' where kind = 'restore'",
        "raw.chain, entry 5: a part of it stands in another column",
    ),
    "end cut off": (CUT_OFF, "Release 1 was made from a ledger of 4 entries, and entry 4 is not there"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(connection: duckdb.DuckDBPyConnection, settings: Settings, name: str) -> None:
    make_release(settings, read_head(connection))
    append_links(connection, [("restore", "2024-07-02T10:00:00.000000", "members only\n7")])
    assert list(compare_chain(connection, settings)) == []
    sql, words = TAMPERINGS[name]
    connection.execute(sql)
    problems = list(compare_chain(connection, settings))
    assert any(re.search(words, text) for text in problems), problems


def test_a_chain_that_was_made_anew_is_not_that_of_the_releases(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    make_release(settings, read_head(connection))
    connection.execute("update raw.seizures set quantity = '7' where submission_id like 'UZB%'")
    forge(connection)
    [problem] = compare_chain(connection, settings)
    assert problem.startswith("Release 1 was made from another ledger: entry 4 of raw.chain has been written anew.")


def test_what_no_run_appends_is_named(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    honest = [
        ("retyping", "v1"), ("codelists", "v1"), ("typing", "a"), ("typing", "b"),
        ("retyping", "v2"), ("typing", "a"), ("retyping", "v2"), ("codelists", "v2"), ("typing", "a"), ("typing", "b"),
        ("forecasts", "all"), ("forecasts", "all"), ("edition", "1-a"), ("edition", "2-a"),
    ]  # fmt: skip
    append_links(connection, [(kind, key, "") for kind, key in honest])
    assert list(compare_order(connection)) == []
    forged = {
        ("typing", "a"): "typed of a was entered as entry 13, and nothing",
        ("codelists", "v2"): "the codelists was entered as entry 12, and nothing",
        ("retyping", "v2"): "typed anew, without another version of staging or a repair",
        ("edition", "1-a"): "edition 1-a was taken in as entry 17 already",
        ("release", "1"): "release 1 was entered as deleted, and not by a repair",
        ("repair", "now"): "the repair now was written as entry 19 and is gone",
        ("whatever", "x"): "the whatever x was written as entry 19 and is gone",
    }
    texts = {"release": "removed", "repair": "", "whatever": ""}
    for (kind, key), words in forged.items():
        append_links(connection, [(kind, key, texts.get(kind, "x"))])
        assert [words in text for text in compare_chain(connection, settings)] == [True]
        connection.execute("delete from raw.chain where position = (select max(position) from raw.chain)")
    removed = [("release", number, "removed") for number in "12"]
    append_links(connection, [("repair", "now", ""), *removed, ("retyping", "v2", ""), ("codelists", "v3", "")])
    assert ["those of another version of staging" in text for text in compare_order(connection)] == [True]
    connection.execute(
        "insert into raw.decisions select * replace (decided_at + interval 1 day as decided_at) from raw.decisions"
    )
    assert "is a second one by the same rules" in list(compare_order(connection))[1]


def test_a_new_question_changes_no_entry(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    seizures = QUESTIONNAIRE.table("seizures")
    packaging = seizures.field("place").model_copy(update={"name": "a_packaging"})
    wider = seizures.model_copy(update={"fields": (packaging, *seizures.fields)})
    create_tables(connection, QUESTIONNAIRE.model_copy(update={"tables": (wider,)}))
    assert list(compare_chain(connection, settings)) == []


def test_entries_of_before_digests_by_columns_are_proven_as_they_were_made(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    rows = connection.execute("select entry_key, entry from raw.chain where kind = 'submission'").fetchall()
    assert ["raw.seizures 2 columns:" in entry for _, entry in sorted(rows)] == [True, False]
    [earlier, _] = sorted(key for key, _ in rows)
    written = connection.execute("select kind, entry_key, entry from raw.chain order by position").fetchall()
    [(*_, entry), *_] = read_entries(connection, ["submission"], [earlier], [earlier])
    assert "columns:" not in entry
    connection.execute("delete from raw.chain")
    append_links(connection, [(kind, key, entry if key == earlier else old) for kind, key, old in written])
    assert list(compare_chain(connection, settings)) == []
    connection.execute("update raw.seizures set unit = unit || ' '")
    problems = list(compare_chain(connection, settings))
    assert [re.sub("-[0-9a-f]{12,}", "", text).split(": a value")[0] for text in problems] == [
        "KAZ-2024-05, raw.seizures", "UZB-2024-05, raw.seizures",
    ]  # fmt: skip


def test_what_fails_to_land_leaves_no_entry(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    before = read_head(connection)
    reading = reading_of(tmp_path, "TKM/TKM_2024-05.csv", csv_of([HEADINGS, FIRST]))
    reading.landings[0].path.write_text("cut")
    with pytest.raises((RuntimeError, duckdb.Error)):
        land(connection, [reading], QUESTIONNAIRE)
    assert read_head(connection) == before


def test_a_warehouse_from_before_gets_its_chain_once(
    connection: duckdb.DuckDBPyConnection, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    connection.execute("drop table raw.chain")
    assert read_head(connection) == Head(0, "")
    with caplog.at_level("INFO", "sarai"):
        create_tables(connection, QUESTIONNAIRE)
        create_tables(connection, QUESTIONNAIRE)
    assert caplog.messages == ["The ledger was begun before it had a chain. 4 entries were chained as they stand now."]
    assert list(compare_chain(connection, settings)) == []


def test_entries_are_those_of_another_program(connection: duckdb.DuckDBPyConnection) -> None:
    text = "answered_at 19:2024-07-01 10:31:00decided_at 19:2024-07-01 10:30:00"
    rows = hashlib.sha256(hashlib.sha256(text.encode()).hexdigest().encode()).hexdigest()
    entry = f"raw.answers 1 {rows}"
    assert read_entries(connection, ["answer"]) == [("answer", dated(DECIDED_AT), entry)]
    # printf '%s\n%s\n%s' '' '1 submission KAZ-1' 'raw.submissions 1 ab' | sha256sum
    assert link("", 1, "submission", "KAZ-1", "raw.submissions 1 ab") == (
        "2fd701e68300305150d0f4b48a562d25c56b631300019518cdcf23fe1bb3eb17"
    )
