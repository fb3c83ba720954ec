"""Late rows: whoever speaks for their own month decides with them whether they count there, whatever comes when."""

from datetime import date, datetime, timedelta

import duckdb
import pytest
from made_ledger import made_ledger, submit

from warehouse.findings.finding import Finding
from warehouse.ledger.decisions import decide
from warehouse.ledger.rules_in_force import InForce, dated_tables, is_late, list_pending, open_batch, waiting
from warehouse.questionnaire.definition import Table, load_questionnaire
from warehouse.storage.settings import REPOSITORY

RULES, START = InForce("rules"), datetime(2024, 9, 10)
JULY, AUGUST = date(2024, 7, 1), date(2024, 8, 1)


def receive(connection: duckdb.DuckDBPyConnection, number: int, name: str, month: date, day: date) -> None:
    """Receive and type a report of one seizure of this day."""
    submit(connection, name, "KAZ", month, START + timedelta(days=number), {"seizures": (1, 0)}, None)
    connection.execute(
        "insert into staging.stg_seizures by name select ? as submission_id, '' as sheet, 2 as source_row, "
        "'KAZ' as country_code, ? as reporting_month, ? as seizure_date",
        [name, month, day],
    )


def judge(connection: duckdb.DuckDBPyConnection, number: int, *rejected: str) -> list[str]:
    """Decide on all that waits; returns what that was."""
    names = list_pending(connection, RULES)
    found = [Finding(name, "error", "period_unknown", "wrong") for name in rejected]
    decide(connection, found, RULES, START + timedelta(days=number, hours=1), 0.05)
    return sorted(names)


@pytest.fixture
def ledger() -> duckdb.DuckDBPyConnection:
    connection = made_ledger()
    connection.execute("create schema staging")
    for table in load_questionnaire().tables:
        connection.execute(
            f"create table staging.stg_{table.name} (submission_id varchar, sheet varchar, source_row bigint, "
            f"country_code varchar, reporting_month date, {table.period} date, {table.period}_problem varchar, "
            f"{table.period}_exchanged date)"
        )
    return connection


def test_a_report_with_late_rows_is_decided_anew_when_another_speaks_for_their_month(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    receive(ledger, 1, "august", AUGUST, date(2024, 7, 20))
    receive(ledger, 1, "september", date(2024, 9, 1), date(2024, 9, 2))
    assert judge(ledger, 1) == ["august", "september"]
    assert waiting(ledger, RULES) == []
    # The report on the month of the late row comes, and is corrected: both are judged together.
    for number, name in ((2, "july"), (3, "july corrected")):
        receive(ledger, number, name, JULY, date(2024, 7, 3))
        assert waiting(ledger, RULES) == [name]
        assert judge(ledger, number) == ["august", name]
        assert waiting(ledger, RULES) == []
    # A correction that is rejected does not speak after all: the next run judges by what does.
    receive(ledger, 4, "july wrong", JULY, date(2024, 7, 3))
    assert judge(ledger, 4, "july wrong") == ["august", "july wrong"]
    assert judge(ledger, 5) == ["august"]
    assert waiting(ledger, RULES) == []
    # What is about a month that the late row has nothing to do with changes nothing.
    receive(ledger, 6, "june", date(2024, 6, 1), date(2024, 6, 3))
    assert judge(ledger, 6) == ["june"]


def test_of_reports_with_late_rows_only_those_that_speak_are_decided_anew(ledger: duckdb.DuckDBPyConnection) -> None:
    """What was replaced or rejected gets no second answer because another report came."""
    for number, name in ((1, "august"), (2, "august corrected"), (3, "august wrong")):
        receive(ledger, number, name, AUGUST, date(2024, 7, 20))
        assert judge(ledger, number, "august wrong") == [name]
    receive(ledger, 4, "july", JULY, date(2024, 7, 3))
    assert judge(ledger, 4) == ["august corrected", "july"]
    assert waiting(ledger, RULES) == []


@pytest.mark.parametrize("day", [date(2024, 7, 20), date(2023, 7, 20)])  # the second is what is wrong with the row
def test_a_report_with_late_rows_is_decided_anew_when_the_rows_that_held_them_back_turn_out_wrong(
    ledger: duckdb.DuckDBPyConnection, day: date
) -> None:
    receive(ledger, 1, "july", JULY, day)
    receive(ledger, 1, "august", AUGUST, date(2024, 7, 20))
    receive(ledger, 1, "september", date(2024, 9, 1), date(2024, 8, 20))
    wrong = Finding("july", "error", "value_unreadable", "wrong", "seizures", "", 2, "quantity", "much")
    # All come in one run, and the record of the late row, for which it was held back, is in no figure after all.
    assert list_pending(ledger, RULES) == ["august", "july", "september"]
    decide(ledger, [wrong], RULES, START + timedelta(days=1, hours=1), 0.05)
    assert waiting(ledger, RULES) == ["august"]
    assert judge(ledger, 2) == ["august"]
    assert waiting(ledger, RULES) == []


def test_a_late_row_that_is_held_back_holds_others_back(ledger: duckdb.DuckDBPyConnection) -> None:
    """Else both count in the month at once when the report on it loses the record."""
    receive(ledger, 1, "august", AUGUST, date(2024, 7, 20))
    receive(ledger, 1, "september", date(2024, 9, 1), date(2024, 7, 20))
    list_pending(ledger, RULES)
    held = [
        Finding(name, "error", rule, "wrong", "seizures", "", 2)
        for name, rule in (("august", "row_is_reported"), ("september", "value_unreadable"))
    ]
    decide(ledger, held, RULES, START + timedelta(days=1, hours=1), 0.05)
    open_batch(ledger, load_questionnaire(), RULES)
    assert ledger.execute("select submission_id from audit.spoken_seizures").fetchall() == [("august",)]


@pytest.mark.parametrize("table", dated_tables(), ids=lambda table: table.name)
def test_late_rows_of_each_table_with_a_day_count_in_their_own_month(table: Table) -> None:
    (model,) = (REPOSITORY / "dbt_project" / "models" / "marts").glob(f"*/fct_{table.name}.sql")
    month = f"{{{{ counted_month('accepted', '{table.period}') }}}} as reporting_month"
    assert month in model.read_text(encoding="utf-8")


@pytest.mark.parametrize(("day", "late"), [
    ("2024-07-31", True), ("2022-09-01", True), ("2022-08-31", False), ("2022-07-31", False), ("2023-08-04", False),
    ("2024-08-01", False), ("2024-09-01", False), (None, False),
])  # fmt: skip
def test_a_row_is_late_up_to_two_years_back_unless_it_is_probably_a_slip(day: str | None, late: bool) -> None:  # noqa: FBT001
    row = (
        "select ?::date as day, date '2024-08-01' as reporting_month, null as day_problem, null::date as day_exchanged"
    )
    assert duckdb.execute(f"select coalesce({is_late('day')}, false) from ({row})", [day]).fetchone() == (late,)
    exchanged = row.replace("null::date", "date '2024-08-07'")
    assert duckdb.execute(f"select coalesce({is_late('day')}, false) from ({exchanged})", [day]).fetchone() == (False,)
