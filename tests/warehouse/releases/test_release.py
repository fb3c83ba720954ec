"""Releases: what is in one, when one is written, and which one is current."""

import os
import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from made_ledger import chain_anew
from made_marts import change

from warehouse.releases.catalogue import Release, current_release, list_releases, verify_release
from warehouse.releases.errors import ReleaseError
from warehouse.releases.last_release import load_last_release
from warehouse.releases.publication import describe_release, find_same, write_release
from warehouse.releases.rollback import rollback
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.safekeeping.release_check import compare_releases
from warehouse.safekeeping.repair import repair
from warehouse.storage.settings import Settings


def test_frictionless_accepts_schema_and_data(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    from frictionless import validate

    release = write_release(connection, settings, gate_results=gate)
    report = validate(str(release.path / "datapackage.json"))
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
    assert package["waivers"] == []
    assert package["rules_versions"] == ["rules-a", "rules-b"]
    assert [(s["submission_id"], s["country_code"], s["month"], s["outcome"]) for s in package["sources"]] == [
        ("sub2", "KAZ", "2012-03", "accepted"),
        ("sub1", "UZB", "2012-03", "rejected"),
    ]


def test_the_names_of_files_are_those_that_a_mart_shows(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    connection.execute(
        "create table marts.rpt_submissions (submission_id varchar primary key, file_name varchar);"
        "insert into marts.rpt_submissions values ('sub2', '[withheld: personal data]')"
    )
    release = write_release(connection, settings, gate_results=gate)
    assert [(source["title"], source["file_name"]) for source in release.package["sources"]] == [
        ("KAZ 2012-03: [withheld: personal data]", "[withheld: personal data]"), ("UZB 2012-03: sub1", None),
    ]  # fmt: skip


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


def test_what_only_our_duckdb_reads_stays_in_the_working_database(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    tags = "select tags['storage_version'] from duckdb_databases() where not internal"
    with duckdb.connect(str(settings.releases / "current" / "marts.duckdb"), read_only=True) as reader:
        assert reader.execute(tags).fetchall() == [("v1.0.0+",)]
    assert connection.execute(tags).fetchall() == [("v1.5.0+",)]


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


def test_inputs_that_change_no_figure_are_known_the_next_time(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    first = write_release(connection, settings, gate_results=gate, inputs="a")
    again = write_release(connection, settings, gate_results=gate, inputs="b")
    assert (again.number, again.is_new) == (1, False)
    assert again.path == first.path
    assert [find_same(connection, settings, inputs=inputs) for inputs in "abc"] == [again, again, None]
    assert list(compare_releases(connection, settings)) == []
    change(connection)
    write_release(connection, settings, gate_results=gate, inputs="c")
    assert [find_same(connection, settings, inputs=inputs) is None for inputs in "abc"] == [True, True, False]


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
    kept = write_release(connection, settings, gate_results=gate, inputs="b")
    assert kept == Release(1, settings.releases / "1")
    assert [find_same(connection, settings, inputs=inputs) for inputs in "ba"] == [kept, None]
    assert re.match(r"Release 1 stays after a rollback. `sarai rollback 2`", describe_release(kept))
    assert rollback(settings, 2).number == 2
    assert describe_release(write_release(connection, settings, gate_results=gate)).startswith("Release 2 says all")
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
    os.mkfifo(release.path / "csv" / "pipe.csv")
    (release.path / "more").symlink_to("/etc")
    (release.path / "gate" / ".broken").symlink_to("/nowhere")
    (release.path / "public").mkdir()
    results = release.path / "gate" / "results.json"
    results.rename(gate / "moved.json")
    results.symlink_to(gate / "moved.json")
    problems = "\n".join(verify_release(release))
    for expected in (
        "index.html has changed", "fct_seizures.csv has 0 bytes", "fct_seizures.parquet is missing",
        "notes.txt does not belong", "csv/pipe.csv does not", "more does not", "gate/.broken does not",
        "gate/results.json is missing", "public does not belong",
    ):  # fmt: skip
        assert expected in problems
    assert len(verify_release(release)) == 9


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
    # What somebody puts in the place of what a killed run leaves is removed like that, and stops nobody.
    (settings.releases / ".building-2").symlink_to(gate)
    (settings.releases / ".new-current").mkdir()
    change(connection)
    shutil.rmtree(write_release(connection, settings, gate_results=gate).path)
    with pytest.raises(ReleaseError, match="Release 2 is current, but"):
        current_release(settings)
    assert write_release(connection, settings, gate_results=gate).number == 3
    assert rollback(settings).number == 1


def test_release_that_only_lacked_the_switch_is_finished(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    killed = (settings.releases / ".finished").read_text()
    change(connection)
    second = write_release(connection, settings, gate_results=gate)
    (settings.releases / "current").unlink()
    (settings.releases / "current").symlink_to("1")
    (settings.releases / ".finished").write_text(killed)
    assert write_release(connection, settings, gate_results=gate) == Release(2, second.path)
    assert current_release(settings) == Release(2, second.path)


def test_files_are_read_only(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    release = write_release(connection, settings, gate_results=gate)
    files = [path for path in release.path.rglob("*") if path.is_file()]
    assert len(files) == 8
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o440"}


def test_failure_leaves_nothing_behind(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    write_release(connection, settings, gate_results=gate)
    with pytest.raises(ReleaseError, match=r"no results\.json"):
        write_release(connection, settings, gate_results=tmp_path / "none")
    connection.execute("alter table marts.rpt_seizures_by_month add column numbers integer[]")
    with pytest.raises(ReleaseError, match=r"marts.rpt_seizures_by_month, numbers: the type INTEGER\[\] has no place"):
        write_release(connection, settings, gate_results=gate)
    assert sorted(path.name for path in settings.releases.iterdir()) == [".finished", "1", "current"]
    connection.execute("drop schema marts cascade")
    with pytest.raises(ReleaseError, match="no marts to release"):
        write_release(connection, settings, gate_results=gate)


def test_a_table_that_no_model_makes_is_in_no_release_and_is_removed_by_repair(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chain_anew(connection)
    caplog.clear()
    connection.execute("create table marts.mine as select 1 as a; create view marts.seen as from marts.mine")
    with caplog.at_level("WARNING", "sarai"):
        package = write_release(connection, settings, gate_results=gate).package
    assert {resource["name"] for resource in package["resources"] if resource["path"].startswith("csv/")} == {
        "fct_seizures.csv", "rpt_seizures_by_month.csv",
    }  # fmt: skip
    problems = [f"marts.{name}: no model makes it, so it is in no release. `sarai repair` removes it." for name in
                ("mine", "seen")]  # fmt: skip
    assert caplog.messages == problems
    connection.close()
    assert [text for text in reconcile(settings) if text in problems] == problems
    assert repair(settings) == problems
    assert [text for text in reconcile(settings) if text in problems] == []


def test_a_release_has_one_name(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> None:
    write_release(connection, settings, gate_results=gate)
    for name in ("01", "\u0661", "\u00b2", "draft"):
        (settings.releases / name).mkdir()
    assert [release.number for release in list_releases(settings)] == [1]


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
