"""Revisions of a month: every accepted submission about it in turn, and on an earlier day just those that had come."""

from datetime import date
from typing import Any

import duckdb
from conftest import Warehouse

from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import build_models

TOLD = "drug_code, revision_number, is_current, seizures_count, round(quantity_kg, 6), round(revision_kg, 6)"


def revisions(connection: duckdb.DuckDBPyConnection, table: str, condition: str = "true") -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {TOLD} from {table} where country_code = 'KAZ' and {condition} order by all"
    ).fetchall()


def test_a_correction_is_a_revision_of_what_was_first_reported(published: Warehouse) -> None:
    with duckdb.connect(str(published.release.database), read_only=True) as marts:
        assert revisions(marts, "rpt_revisions") == [
            ("HEROIN", 0, False, 1, 2.5, None),
            ("HEROIN", 1, True, 2, 3.0, 0.5),
            ("OPIUM", 0, False, 1, 0.7, None),
            ("OPIUM", 1, True, 1, 0.75, 0.05),
        ]
        # One of the files was received and rejected: it is no revision.
        told = marts.execute("select distinct country_code from rpt_revisions order by all").fetchall()
        assert told == [("KAZ",), ("UZB",)]


def test_as_of_shows_the_revisions_of_that_day_and_no_others(warehouse: Settings) -> None:
    with open_database(warehouse) as connection:
        for table, column in (("submissions", "received_at"), ("decisions", "decided_at")):
            connection.execute(
                f"update raw.{table} set {column} = case when sent.file_name like '%KAZ_2024-01.csv' "
                "then timestamp '2024-02-09 23:59:59' else timestamp '2024-02-10 00:00:00' end "
                f"from raw.submissions as sent where sent.submission_id = {table}.submission_id"
            )
    build_models(warehouse, "intermediate rpt_submissions rpt_revisions", as_of=date(2024, 2, 9))
    with open_database(warehouse) as connection:
        then = revisions(connection, "marts.rpt_revisions", "superseded_at is null")
        assert then == [("HEROIN", 0, True, 1, 2.5, None), ("OPIUM", 0, True, 1, 0.7, None)]
        assert connection.execute("select count(*) from marts.rpt_revisions").fetchone() == (len(then),)
