"""What is derived from the ledger: which tables hold rows that are not typed yet."""

from datetime import date, datetime

import duckdb
from made_ledger import TABLES, made_ledger, submit

from warehouse.ledger.derived import tables_to_type


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
