"""A ledger made by hand: submissions with their tables and decisions, without files, readers and rules."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import duckdb

from warehouse.ledger.chain import append_links, create_chain
from warehouse.ledger.derived import DERIVED_KINDS
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.reporting.obligations import Obligation

TABLES = ("seizures", "persons")


def made_ledger() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create_tables(connection, load_questionnaire())
    return connection


def chain_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Chain a ledger that a test has changed as it stands now, and what is derived as it was entered before."""
    derived = connection.execute(
        "select kind, entry_key, entry from raw.chain where list_contains(?, kind) order by position",
        [list(DERIVED_KINDS)],
    ).fetchall()
    connection.execute("drop table raw.chain")
    create_chain(connection)
    append_links(connection, derived)


def submit(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    country: str,
    month: date,
    received_at: datetime,
    tables: dict[str, tuple[int, int]],
    outcome: str | None = "accepted",
    warnings: int = 0,
) -> None:
    """Append a submission; ``tables`` gives rows received and rows held back of each."""
    decided_at = received_at + timedelta(minutes=1)
    connection.execute(
        "insert into raw.submissions by name select ? as submission_id, ? as sha256, ? as country_code, "
        "?::date as reporting_month, ?::timestamp as received_at, ? as file_name, 1 as byte_count, ? as contact",
        [name, name, country, month, received_at, f"{name}.csv", f"desk, {name}"],
    )
    for table, (rows, bad) in tables.items():
        connection.execute("insert into raw.landings values (?, ?, '', 1, ?)", [name, table, rows])
        for row in range(bad):
            connection.execute(
                "insert into raw.findings values (?, ?, ?, '', ?, null, 'error', 'rule', null, 'wrong', 'wrong', '{}', "
                "null)",
                [name, decided_at, table, row + 2],
            )
    for row in range(warnings):
        connection.execute(
            "insert into raw.findings values (?, ?, 'seizures', '', ?, null, 'warning', 'rule', null, '', '', '{}', "
            "null)",
            [name, decided_at, row + 2],
        )
    if outcome:
        received, held = (sum(counts[i] for counts in tables.values()) for i in (0, 1))
        connection.execute(
            "insert into raw.decisions values (?, ?, ?, 'rules', ?, ?, ?)",
            [name, decided_at, outcome, received, received - held, held],
        )


def pend(connection: duckdb.DuckDBPyConnection, name: str, *, is_refused: bool = False) -> None:
    """Let one submission wait for its decision."""
    connection.execute("create schema if not exists audit")
    connection.execute(
        "create or replace table audit.pending as select ? as submission_id, ? as is_refused", [name, is_refused]
    )


def receive_of_may(
    connection: duckdb.DuckDBPyConnection, position: int, received_at: datetime, table: str, row_count: int
) -> str:
    """Append a file of KGZ about May 2024 with one table, at this place in the ledger; returns its id."""
    name = f"S{position}"
    connection.execute(
        "insert into raw.submissions by name select ? as submission_id, ? as sha256, 'KGZ' as country_code, "
        "date '2024-05-01' as reporting_month, ?::timestamp as received_at, 'KGZ.xlsx' as file_name, 1 as byte_count, "
        "? as position",
        [name, name, received_at, position],
    )
    connection.execute("insert into raw.landings values (?, ?, '', 1, ?)", [name, table, row_count])
    return name


def obligation(country: str, table: str = "*", due_day: int = 15, **changes: object) -> Obligation:
    return Obligation.model_validate(
        {
            "country_code": country, "table_name": table, "periodicity": "M", "due_day": due_day, "reminder_days": 5,
            "valid_from": date(2024, 1, 1), "valid_to": None, "agency_code": "KZ-MVD", "language": "en",
            "source": "made", **changes,
        }
    )  # fmt: skip


def months(*numbers: int) -> Sequence[date]:
    return [date(2024, number, 1) for number in numbers]
