"""Releases: what is in one, when one is written, which one readers see, and what a kill leaves behind."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import frictionless
import pytest

from warehouse.database import open_database
from warehouse.questionnaire import load_questionnaire
from warehouse.raw import create_tables
from warehouse.release import (
    Release,
    ReleaseError,
    current_release,
    list_releases,
    load_last_release,
    rollback,
    verify_release,
    write_release,
)
from warehouse.settings import Settings

MARTS = """
create schema if not exists marts;
create or replace table marts.fct_seizures (
    seizure_id varchar primary key, country_code varchar not null, place varchar, quantity_kg double,
    decided_at timestamp, is_large boolean, amount decimal(10, 3), submission_id varchar
);
create or replace table marts.rpt_seizures_by_month (
    country_code varchar, month_date date, drug_code varchar, seizures_count bigint, quantity_kg double,
    primary key (country_code, month_date, drug_code)
);
insert into marts.fct_seizures values
    ('s2', 'KAZ', '=cmd|'' /c calc''!A1', 0.1, '2012-04-01 10:00:00.5', true, 1.5, 'sub2'),
    ('s1', 'UZB', 'Сурхандарья; -2', null, null, false, null, 'sub1');
insert into marts.rpt_seizures_by_month values
    ('UZB', '2012-03-01', 'heroin', 1, null), ('KAZ', '2012-03-01', 'heroin', 1, 0.1);
comment on table marts.fct_seizures is 'One row per seizure: the state''s own words';
comment on column marts.fct_seizures.quantity_kg is 'Bulk mass in kg';
"""

SUBMISSIONS = """
insert into raw.submissions by name
    select 'sub' || i as submission_id, 'sha' || i as sha256, if(i = 1, 'UZB', 'KAZ') as country_code,
        date '2012-03-01' as reporting_month, timestamp '2012-04-01' as received_at, 'file' || i || '.csv' as file_name,
        10 as byte_count, '1' as questionnaire_version
    from range(1, 4) as numbers (i);
insert into raw.decisions values
    ('sub1', '2012-04-02', 'accepted', 'rules-a', 1, 1, 0), ('sub1', '2012-05-02', 'rejected', 'rules-b', 1, 0, 1),
    ('sub2', '2012-04-02', 'accepted', 'rules-a', 1, 1, 0);
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    folder = tmp_path / "gate"
    folder.mkdir()
    (folder / "results.json").write_text('{"success": true}\n')
    (folder / "index.html").write_text("<p>passed</p>\n")
    return folder


@pytest.fixture
def connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(settings) as opened:
        create_tables(opened, load_questionnaire())
        opened.execute(SUBMISSIONS)
        opened.execute(MARTS)
        yield opened


def change(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update marts.rpt_seizures_by_month set seizures_count = seizures_count + 1")


def test_frictionless_accepts_schema_and_data(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    release = write_release(connection, settings, gate_results=gate)
    report = frictionless.validate(str(release.path / "datapackage.json"))
    assert report.valid, report.to_summary()
    checked = {task.name: task.stats["rows"] for task in report.tasks if task.type == "table"}
    assert checked == {"fct_seizures.csv": 2, "rpt_seizures_by_month.csv": 2}


def test_package_tells_tables_and_origin(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    package = write_release(connection, settings, gate_results=gate).package
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert set(resources) == {
        "marts.duckdb", "fct_seizures.parquet", "rpt_seizures_by_month.parquet", "fct_seizures.csv",
        "rpt_seizures_by_month.csv", "results.json", "index.html",
    }  # fmt: skip
    seizures = resources["fct_seizures.csv"]
    assert seizures["description"] == "One row per seizure: the state's own words"
    assert seizures["row_count"] == 2
    assert seizures["schema"]["primaryKey"] == ["seizure_id"]
    assert {field["name"]: field["type"] for field in seizures["schema"]["fields"]} == {
        "seizure_id": "string", "country_code": "string", "place": "string", "quantity_kg": "number",
        "decided_at": "datetime", "is_large": "boolean", "amount": "number", "submission_id": "string",
    }  # fmt: skip
    assert seizures["schema"]["fields"][3]["description"] == "Bulk mass in kg"
    assert resources["rpt_seizures_by_month.parquet"]["schema"]["primaryKey"] == [
        "country_code", "month_date", "drug_code",
    ]  # fmt: skip
    assert (package["version"], package["as_of"], package["duckdb_version"]) == ("1", None, duckdb.__version__)
    assert package["rules_versions"] == ["rules-a", "rules-b"]
    assert [(s["submission_id"], s["country_code"], s["month"], s["outcome"]) for s in package["sources"]] == [
        ("sub2", "KAZ", "2012-03", "accepted"),
        ("sub1", "UZB", "2012-03", "rejected"),
    ]


def test_database_of_a_release_has_keys_comments_and_order(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    with duckdb.connect(str(settings.releases / "current" / "marts.duckdb"), read_only=True) as reader:
        assert reader.execute("select seizure_id, place from fct_seizures").fetchall() == [
            ("s1", "Сурхандарья; -2"),
            ("s2", "=cmd|' /c calc'!A1"),
        ]
        assert reader.execute("select comment from duckdb_tables() where table_name = 'fct_seizures'").fetchall() == [
            ("One row per seizure: the state's own words",)
        ]
        assert reader.execute("select comment from duckdb_columns() where column_name = 'quantity_kg' "
                              "and table_name = 'fct_seizures'").fetchall() == [("Bulk mass in kg",)]  # fmt: skip
        assert reader.execute("select constraint_column_names from duckdb_constraints() "
                              "where constraint_type = 'PRIMARY KEY' order by all").fetchall() == [
            (["country_code", "month_date", "drug_code"],), (["seizure_id"],),
        ]  # fmt: skip


def test_same_data_give_same_bytes_whatever_the_order_of_rows(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    first = write_release(connection, settings, gate_results=gate)
    connection.execute("create table marts.copied as from marts.fct_seizures order by seizure_id")
    connection.execute("delete from marts.fct_seizures")
    connection.execute("insert into marts.fct_seizures from marts.copied")
    connection.execute("drop table marts.copied")
    assert write_release(connection, settings, gate_results=gate).path == first.path
    change(connection)
    second = write_release(connection, settings, gate_results=gate)
    for name in ("csv/fct_seizures.csv", "parquet/fct_seizures.parquet"):
        assert (second.path / name).read_bytes() == (first.path / name).read_bytes()


def test_unchanged_marts_are_not_written_again(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    assert write_release(connection, settings, gate_results=gate).is_new
    again = write_release(connection, settings, gate_results=gate)
    assert (again.number, again.is_new) == (1, False)
    assert sorted(path.name for path in settings.releases.iterdir()) == [".finished", "1", "current"]
    connection.execute("comment on column marts.fct_seizures.place is 'Where'")
    assert write_release(connection, settings, gate_results=gate).number == 2


def test_new_submission_with_the_same_figures_is_a_new_release(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    first = write_release(connection, settings, gate_results=gate)
    connection.execute("update marts.fct_seizures set submission_id = 'sub3' where submission_id = 'sub2'")
    second = write_release(connection, settings, gate_results=gate)
    assert second.is_new
    assert [r.package["sources"][0]["submission_id"] for r in (first, second)] == ["sub2", "sub3"]


def test_as_of_release_is_kept_apart(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    write_release(connection, settings, gate_results=gate)
    day = date(2012, 4, 30)
    past = write_release(connection, settings, gate_results=gate, as_of=day)
    assert (past.number, past.is_new, past.as_of) == (2, True, day)
    assert [source["outcome"] for source in past.package["sources"]] == ["accepted", "accepted"]
    assert current_release(settings) == list_releases(settings)[0]
    assert write_release(connection, settings, gate_results=gate, as_of=day).is_new is False
    assert write_release(connection, settings, gate_results=gate, as_of=date(2012, 5, 1)).number == 3
    assert write_release(connection, settings, gate_results=gate) == Release(1, settings.releases / "1")
    with pytest.raises(ReleaseError, match="what was known on 2012-04-30"):
        rollback(settings, 2)
    change(connection)
    assert write_release(connection, settings, gate_results=gate).number == 4
    assert rollback(settings).number == 1


def test_rollback_holds_until_the_marts_change(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    change(connection)
    write_release(connection, settings, gate_results=gate)
    assert rollback(settings).number == 1
    assert current_release(settings) == Release(1, settings.releases / "1")
    with pytest.raises(ReleaseError, match="none before it"):
        rollback(settings)
    assert write_release(connection, settings, gate_results=gate) == Release(1, settings.releases / "1")
    assert rollback(settings, 2).number == 2
    rollback(settings)
    change(connection)
    assert write_release(connection, settings, gate_results=gate).number == 3
    assert current_release(settings) == Release(3, settings.releases / "3")


def test_rollback_refuses_what_is_not_there_or_damaged(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    with pytest.raises(ReleaseError, match="no release yet"):
        rollback(settings)
    first = write_release(connection, settings, gate_results=gate)
    change(connection)
    write_release(connection, settings, gate_results=gate)
    with pytest.raises(ReleaseError, match=r"There is no release 9\. There are: 1, 2"):
        rollback(settings, 9)
    (first.path / "csv" / "fct_seizures.csv").unlink()
    with pytest.raises(ReleaseError, match=r"Release 1 is damaged.*csv is missing"):
        rollback(settings)
    assert current_release(settings) == Release(2, settings.releases / "2")


def test_verify_names_every_difference(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    release = write_release(connection, settings, gate_results=gate)
    assert verify_release(release) == []
    page, table = release.path / "gate" / "index.html", release.path / "csv" / "fct_seizures.csv"
    for path in (page, table):
        path.chmod(0o644)
    page.write_text("<p>PASSED</p>\n")
    table.write_text("")
    (release.path / "parquet" / "fct_seizures.parquet").unlink()
    (release.path / "notes.txt").write_text("x")
    problems = "\n".join(verify_release(release))
    for expected in (
        "index.html has changed", "fct_seizures.csv has 0 bytes", "fct_seizures.parquet is missing",
        "notes.txt does not belong",
    ):  # fmt: skip
        assert expected in problems
    assert len(verify_release(release)) == 4


def test_damaged_releases_do_not_stop_the_next(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    first = write_release(connection, settings, gate_results=gate)
    (first.path / "csv" / "fct_seizures.csv").unlink()
    second = write_release(connection, settings, gate_results=gate)
    assert (second.number, second.is_new) == (2, True)
    (first.path / "datapackage.json").chmod(0o644)
    (first.path / "datapackage.json").write_text("{")
    assert "cannot be read" in verify_release(Release(1, first.path))[0]
    assert write_release(connection, settings, gate_results=gate) == Release(2, second.path)


def test_numbers_are_never_given_twice(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    write_release(connection, settings, gate_results=gate)
    change(connection)
    shutil.rmtree(write_release(connection, settings, gate_results=gate).path)
    with pytest.raises(ReleaseError, match="Release 2 is current, but"):
        current_release(settings)
    assert write_release(connection, settings, gate_results=gate).number == 3
    assert rollback(settings).number == 1


def test_files_are_read_only(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    release = write_release(connection, settings, gate_results=gate)
    files = [path for path in release.path.rglob("*") if path.is_file()]
    assert len(files) == 8
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o444"}


def test_failure_leaves_nothing_behind(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    with pytest.raises(ReleaseError, match=r"no results\.json"):
        write_release(connection, settings, gate_results=tmp_path / "none")
    connection.execute("create table marts.odd as select [1, 2] as numbers")
    with pytest.raises(ReleaseError, match=r"marts.odd, numbers: the type INTEGER\[\] has no place"):
        write_release(connection, settings, gate_results=gate)
    assert sorted(path.name for path in settings.releases.iterdir()) == [".finished", "1", "current"]
    connection.execute("drop schema marts cascade")
    with pytest.raises(ReleaseError, match="no marts to release"):
        write_release(connection, settings, gate_results=gate)


def test_last_release_is_loaded(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    load_last_release(connection, settings)
    assert connection.execute("select count(*) from audit.last_release_by_month").fetchone() == (0,)
    write_release(connection, settings, gate_results=gate)
    change(connection)
    load_last_release(connection, settings)
    assert connection.execute("from audit.last_release_by_month").fetchall() == [
        ("KAZ", date(2012, 3, 1), "heroin", 1, 0.1),
        ("UZB", date(2012, 3, 1), "heroin", 1, None),
    ]
    connection.execute("drop table marts.rpt_seizures_by_month")
    write_release(connection, settings, gate_results=gate)
    load_last_release(connection, settings)
    assert connection.execute("select count(*) from audit.last_release_by_month").fetchone() == (0,)


# Each round forks: DuckDB is loaded once and opened only in children, one of which is killed.
KILLED = """
import json, os, random, signal, sys, time
from pathlib import Path
import duckdb
from warehouse.database import open_database
from warehouse.release import current_release, list_releases, verify_release, write_release
from warehouse.settings import Settings

settings, gate = Settings(), Path(sys.argv[1])

def publish(value):
    with open_database(settings) as connection:
        connection.execute("delete from marts.rpt_seizures_by_month")
        connection.execute(f"insert into marts.rpt_seizures_by_month select 'KAZ', '2012-01-01', 'd' || i, {value}, 1 "
                           "from range(2000) as numbers (i)")
        connection.execute("checkpoint")
        started.append(True)
        write_release(connection, settings, gate_results=gate)

def kill_at(step):
    left = [step]
    def watch(event, arguments):
        if started and any(name in str(arguments) for name in (".building-", ".new-")):
            left[0] -= 1
            if left[0] == -1:  # once: os.kill is an event too
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)

def inspect(value):
    current = current_release(settings)
    problems = [problem for release in list_releases(settings) for problem in verify_release(release)]
    seen = None
    if current:
        with duckdb.connect(str(settings.releases / "current" / "marts.duckdb"), read_only=True) as reader:
            seen = reader.execute("select count(*), min(seizures_count), max(seizures_count) "
                                  "from rpt_seizures_by_month").fetchone()
    print(json.dumps({"value": value, "problems": problems, "current": current and current.number, "seen": seen,
                      "numbers": [release.number for release in list_releases(settings)]}), flush=True)

def in_child(work, *arguments, delay=None):
    child = os.fork()
    if child == 0:
        work(*arguments)
        os._exit(0)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]

def stepped(value):
    kill_at(value)
    publish(value)

started, value = [], 0
while (status := in_child(stepped, value)) == signal.SIGKILL:
    in_child(inspect, value)
    value += 1
assert status == 0, status
in_child(inspect, value)
value += 1
begin = time.monotonic()
in_child(publish, value)
usual = time.monotonic() - begin
random.seed(12)
for _ in range(15):
    value += 1
    in_child(publish, value, delay=usual * random.uniform(0.2, 2))
    in_child(inspect, value)
in_child(publish, value + 1)
in_child(inspect, value + 1)
"""


def test_kill_at_any_point_leaves_whole_releases_or_none(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    connection.close()
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    environment = {"SARAI_HOME": str(settings.home), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [sys.executable, str(script), str(gate)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    rounds = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rounds) > 40, result.stderr
    assert [entry["problems"] for entry in rounds if entry["problems"]] == []
    for before, after in pairwise(rounds):
        assert after["numbers"][: len(before["numbers"])] == before["numbers"]
        assert (after["current"] or 0) >= (before["current"] or 0)
    for entry in rounds:
        if entry["seen"]:
            count, lowest, highest = entry["seen"]
            assert (count, lowest) == (2000, highest)
    last = rounds[-1]
    assert (last["seen"][1], last["current"]) == (last["value"], last["numbers"][-1])
    assert [path.name for path in settings.releases.iterdir() if path.name.startswith((".building", ".new"))] == []


READER = """
import sys, time
from pathlib import Path
import duckdb
current, stop = Path(sys.argv[1]) / "current", Path(sys.argv[2])
print("ready", flush=True)
while not stop.exists():
    with duckdb.connect(str(current / "marts.duckdb"), read_only=True) as reader:
        rows = reader.execute("select count(*), min(seizures_count), max(seizures_count) from rpt_seizures_by_month")
        count, lowest, highest = rows.fetchone()
        facts = reader.execute("select count(*) from fct_seizures").fetchone()[0]
    print(count, lowest == highest, facts, lowest, flush=True)
"""


def test_reader_of_current_sees_only_complete_releases(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    stop = tmp_path / "stop"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(settings.releases), str(stop)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for _ in range(10):
            change(connection)
            assert write_release(connection, settings, gate_results=gate).is_new
            assert reader.stdout.readline()
        stop.touch()
        output, errors = reader.communicate(timeout=60)
    assert (reader.returncode, errors) == (0, "")
    lines = [line.split() for line in output.splitlines()]
    assert {tuple(line[:3]) for line in lines} == {("2", "True", "2")}
    assert lines[-1][3] in {"10", "11"}
