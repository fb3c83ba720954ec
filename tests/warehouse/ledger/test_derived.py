"""What is derived from the ledger: which tables hold rows that are not typed yet, and the entry of the marts."""

from datetime import date, datetime

import duckdb
from made_ledger import TABLES, made_ledger, submit

from warehouse.ledger.derived import digest_marts, enter_marts, read_derived, tables_to_type


def receive(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    submit(connection, name, "KAZ", date(2024, 1, 1), datetime(2024, 2, 5), {"seizures": (1, 0)})
    connection.execute(
        f"insert into raw.seizures by name select '{name}' as submission_id, '' as sheet, 2 as source_row"
    )


def test_tables_with_new_rows_and_those_that_are_no_typed_tables_are_typed() -> None:
    connection = made_ledger()
    receive(connection, "first")
    connection.execute("create schema staging")
    assert tables_to_type(connection, TABLES) == [*TABLES]
    connection.execute("create table staging.stg_seizures as select submission_id from raw.seizures")
    connection.execute("create view staging.stg_persons as select submission_id from raw.persons")
    assert tables_to_type(connection, TABLES) == ["persons"]
    connection.execute("drop view staging.stg_persons")
    connection.execute("create table staging.stg_persons as select submission_id from raw.persons")
    assert tables_to_type(connection, TABLES) == []
    receive(connection, "second")
    assert tables_to_type(connection, TABLES) == ["seizures"]


MARTS = """
create schema marts; create schema intermediate;
create table marts.fct_seizures (
    seizure_id varchar primary key, submission_id varchar, sheet varchar, source_row bigint, quantity double
);
create table marts.rpt_seizures_by_month as select 'KAZ' as country_code, 1 as seizures_count;
create table intermediate.fct_seizures_changed (slice_key varchar)
"""
NAMES = ("fct_seizures", "rpt_seizures_by_month")


def seize(connection: duckdb.DuckDBPyConnection, submission: str, *quantities: float) -> None:
    for row, quantity in enumerate(quantities, start=9):  # keys are text: :10 stands before :9
        connection.execute(
            "insert into marts.fct_seizures values (?, ?, '', ?, ?)", [f"{submission}:{row}", submission, row, quantity]
        )


def test_seizures_that_have_not_changed_keep_their_part_of_the_entry_of_the_marts() -> None:
    connection = made_ledger()
    connection.execute(MARTS)
    for submission in ("B", "A", "C"):
        seize(connection, submission, 1, 2)
    enter_marts(connection, None, NAMES)
    first = read_derived(connection).marts
    assert [line.split(" ")[:2] for line in first.splitlines()] == [
        [f"marts.{NAMES[0]}", "6"],
        [f"marts.{NAMES[1]}", "1"],
    ]

    connection.execute("insert into intermediate.fct_seizures_changed values ('A'), ('C'), ('D')")
    connection.execute("delete from marts.fct_seizures where submission_id in ('A', 'C')")
    seize(connection, "D", 3)
    seize(connection, "A", 1, 2.5)
    enter_marts(connection, None, NAMES, only_changes=True)
    changed = read_derived(connection).marts
    assert changed == digest_marts(connection, NAMES) != first

    # Whatever was written where nothing has changed is not seen before everything is compared.
    connection.execute("update marts.fct_seizures set quantity = 7 where submission_id = 'B'")
    enter_marts(connection, None, NAMES, only_changes=True)
    assert read_derived(connection).marts == changed != digest_marts(connection, NAMES)
    enter_marts(connection, None, NAMES)
    assert read_derived(connection).marts == digest_marts(connection, NAMES)


def test_marts_of_an_earlier_version_are_compared_as_they_were_entered() -> None:
    connection = made_ledger()
    connection.execute(MARTS)
    seize(connection, "A", 1, 2)
    assert digest_marts(connection, NAMES, "marts.fct_seizures 2 columns:0").splitlines() == [
        "marts.fct_seizures 2 columns:39bf1f52ac32e2d9d0ffeb78f536e18962e3d4aaa8e0aab47cdb5b6210d51181",
        "marts.rpt_seizures_by_month 1 columns:047740fd0cfb00272265bc6e6e55a30f55bcb87b7d507d00dfe4a1e0aa60fe4c",
    ]
