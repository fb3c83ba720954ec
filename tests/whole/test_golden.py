"""From golden submissions to golden marts, through the real flows; and the tests of our SQL on what they built.

The two countries that report are invented: all there is of them is the row in countries.csv that README names.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from golden_submissions import GOLDEN

from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import prove_models

# What depends on the hour of receipt or on the bytes of a workbook; the file's name stands in its place.
_VOLATILE = (
    "seizure_id", "row_id", "submission_id", "sha256", "received_at", "superseded_at", "timeliness_days",
    "months_after_count", "file_name",
)  # fmt: skip
# Seizures of other submissions; their ids are shown without the part that depends on the bytes.
_PAIRED = (
    "seizure_id_a", "seizure_id_b", "duplicate_seizure_id", "largest_seizure_id", "counted_seizure_id", "event_id",
)  # fmt: skip
_MARTS = sorted(path.stem for path in (GOLDEN / "marts").glob("*.csv"))


def _sorted_rows(relation: duckdb.DuckDBPyRelation) -> list[tuple[str, ...]]:
    return sorted(tuple("" if value is None else _text(value) for value in row) for row in relation.fetchall())


def _text(value: object) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def _golden_rows(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(tuple(row) for row in list(csv.reader(file))[1:])


@pytest.fixture
def ledger(golden: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database."""
    with open_database(golden) as connection:
        yield connection


def test_every_submission_has_the_outcome_it_must_have(ledger: duckdb.DuckDBPyConnection) -> None:
    decided = ledger.sql("""
        select file_name, outcome, received_count, accepted_count, quarantined_count
        from raw.decisions join raw.submissions using (submission_id)""")
    assert _sorted_rows(decided) == _golden_rows(GOLDEN / "outcomes.csv")


def test_every_planted_problem_is_found_and_nothing_else(ledger: duckdb.DuckDBPyConnection) -> None:
    found = ledger.sql("""
        select file_name, table_name, sheet, source_row, field, severity, rule, value
        from raw.findings join raw.submissions using (submission_id)""")
    assert _sorted_rows(found) == _golden_rows(GOLDEN / "findings.csv")


def test_every_golden_row_is_accounted_for(golden: Settings) -> None:
    """Among them a story that was accepted and is not cleared, so that no mart has it."""
    assert reconcile(golden) == []


def test_whom_to_ask_is_kept_and_in_no_release(golden: Settings, ledger: duckdb.DuckDBPyConnection) -> None:
    """Neither in a file of any edition, nor in a table that dbt makes."""
    contacts = ledger.sql("select distinct contact from raw.submissions where contact is not null").fetchall()
    assert contacts == [("Дежурная часть, desk@example.org",)]
    shown = [path.name for path in (golden.releases / "1").rglob("*") if b"desk@example" in _bytes(path)]
    tables = ledger.sql("from duckdb_columns() select schema_name where column_name = 'contact'").fetchall()
    assert (shown, tables) == ([], [("raw",)])


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_a_check_before_sending_finds_what_the_gate_finds(golden: Settings, judged: tuple[Settings, list[str]]) -> None:
    """The rules without dbt and Great Expectations, against the gate itself: the same words about each file.

    That those of other countries were checked beside them changes nothing.
    """
    offline, answered = judged
    said = []
    for settings in (golden, offline):
        with open_database(settings) as connection:
            findings = connection.sql("""
                select findings.* exclude (submission_id, decided_at), decided_at is null as is_of_reader, file_name
                from raw.findings join raw.submissions using (submission_id) order by all""").fetchall()
            outcomes = connection.sql("""
                select file_name, outcome, received_count, accepted_count, quarantined_count
                from raw.decisions join raw.submissions using (submission_id) order by all""").fetchall()
            said.append((findings, outcomes))
    names = {outcome[0] for outcome in said[0][1]}
    assert len(names) == sum(name in names for name in answered) == len(_golden_rows(GOLDEN / "outcomes.csv"))
    assert said[0] == ([row for row in said[1][0] if row[-1] in names], [row for row in said[1][1] if row[0] in names])


@pytest.mark.parametrize("table", sorted(path.stem for path in (GOLDEN / "staging").glob("*.csv")))
def test_staging_makes_the_golden_values_of_the_whole_form(table: str, ledger: duckdb.DuckDBPyConnection) -> None:
    path = GOLDEN / "staging" / f"{table}.csv"
    columns = path.read_text(encoding="utf-8").split("\n", 1)[0]
    typed = ledger.sql(f"""
        select {columns} from staging.stg_{table} join raw.submissions using (submission_id)
        where submissions.reporting_month = date '2024-05-01'""")
    assert _sorted_rows(typed) == _golden_rows(path)


def _named_by_file(marts: duckdb.DuckDBPyConnection, mart: str) -> duckdb.DuckDBPyRelation:
    columns = marts.table(mart).columns
    shown = ", ".join(
        f"regexp_replace({column}, '-[0-9a-f]+:', ':') as {column}" if column in _PAIRED else column
        for column in columns
        if column not in _VOLATILE
    )
    if "submission_id" not in columns:
        return marts.sql(f"select {shown} from {mart}")
    return marts.sql(f"""
        select {shown}, source_file
        from {mart}
        left join (
            select distinct submission_id, file_name as source_file from rpt_submissions
        ) using (submission_id)""")


@pytest.mark.parametrize("mart", _MARTS)
def test_a_mart_holds_its_golden_values(mart: str, marts: duckdb.DuckDBPyConnection) -> None:
    assert _sorted_rows(_named_by_file(marts, mart)) == _golden_rows(GOLDEN / "marts" / f"{mart}.csv")


def test_every_mart_of_figures_has_golden_values(marts: duckdb.DuckDBPyConnection) -> None:
    assert [row[0] for row in marts.sql("show tables").fetchall() if not row[0].startswith("dim_")] == _MARTS


def test_our_sql_passes_its_own_tests(golden: Settings) -> None:
    prove_models(golden)
