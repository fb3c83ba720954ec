"""The columns of the ledger, which no digest of rows has, are compared with an empty warehouse before any writing."""

import re
from pathlib import Path

import duckdb
import pytest
from made_readings import FIRST, HEADINGS, csv_of, reading_of

from warehouse.ledger.raw import LEDGER, create_tables, land
from warehouse.ledger.raw_columns import ChangedTableError
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

QUESTIONNAIRE = load_questionnaire()
CHANGES = {
    "type": ("alter table raw.prices alter price_typical type bigint",
             "raw.prices, price_typical: it is BIGINT, and Sarai makes it VARCHAR"),
    "default": ("alter table raw.landings alter row_count set default 7",
                "raw.landings, row_count: it is BIGINT NOT NULL DEFAULT"),
    "null": ("alter table raw.repairs alter problem drop not null", "raw.repairs, problem: it is VARCHAR, and"),
    "column": ("alter table raw.decisions add column more varchar", "raw.decisions, more: it is VARCHAR, and Sarai"),
    "names": ("alter table raw.answers rename answered_at to x", "raw.answers, x: it is TIMESTAMP NOT NULL, and"),
    "case": ('alter table raw.findings rename to "Findings"', "raw.Findings: the name of this table is findings."),
    "index": ("create unique index one on raw.prices (price_typical)", "raw.prices, one: it is an index"),
    "constraint": (
        "drop table raw.repairs; create table raw.repairs (repaired_at timestamp, problem varchar check (true))",
        "raw.repairs, CHECK(CAST('t' AS BOOLEAN)): it is a constraint, and Sarai makes it not there"),
    "table": ("create table raw.gifts (submission_id varchar, number integer)", "raw.gifts, number: it is INTEGER"),
}  # fmt: skip


def test_a_changed_column_is_named_before_anything_is_written(tmp_path: Path) -> None:
    for name, (sql, words) in CHANGES.items():
        settings = Settings(home=tmp_path / name)
        with open_database(settings) as connection:
            create_tables(connection, QUESTIONNAIRE)
            connection.execute(sql)
            with pytest.raises(ChangedTableError, match=f"{re.escape(words)}(.|\n)*restore the warehouse"):
                create_tables(connection, QUESTIONNAIRE)
        assert words in "\n".join(reconcile(settings))


def test_questions_of_before_and_any_order_of_columns_are_no_change(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        create_tables(connection, QUESTIONNAIRE)
        backwards = ", ".join(reversed(LEDGER["submissions"].split(", ")))
        for sql in (
            'alter table raw.prices add column "asked before" varchar',
            "alter table raw.stories rename to tales",
            "create table raw.staged (version varchar)",
            f"drop table raw.submissions; create table raw.submissions ({backwards})",
        ):
            connection.execute(sql)
        create_tables(connection, QUESTIONNAIRE)
        reading = reading_of(tmp_path, "KAZ/KAZ_2024-05.csv", csv_of([HEADINGS, FIRST]))
        land(connection, [reading], QUESTIONNAIRE)
        found = connection.execute("select received_at, modified_at from raw.submissions").fetchone()
        assert found == (reading.submission.received_at, reading.submission.modified_at)
