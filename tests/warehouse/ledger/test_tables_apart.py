"""The tables of a submission are judged apart: a bad one is rejected, and the others count."""

from datetime import date, datetime
from typing import NamedTuple

import duckdb
import pytest
from made_ledger import made_ledger, submit

from warehouse.findings.finding import Finding
from warehouse.ledger.decisions import decide
from warehouse.ledger.in_force import COUNTED, LATEST, create_arrivals
from warehouse.ledger.rules_in_force import InForce, list_pending

MONTH, RECEIVED, DECIDED = date(2024, 5, 1), datetime(2024, 6, 1), datetime(2024, 6, 2)
TABLES = {"seizures": 8, "persons": 40, "prices": 0}
BEFORE, AFTER = ("before", "seizures"), ("new", "persons")


class Told(NamedTuple):
    """An error: about which table and row, by which rule, and whether the reader found it."""

    table: str | None
    row: int | None = None
    rule: str = "value_unreadable"
    by_reader: bool = False


class Case(NamedTuple):
    """What was found, and what must come of it: outcome, accepted rows, verdicts (rule, table), tables in force."""

    found: list[Told]
    outcome: str
    accepted: int
    verdicts: list[tuple[str, str | None]]
    speaking: set[tuple[str, str]]


ALL_NEW = {("new", "seizures"), AFTER, ("new", "prices")}
ALL_OLD = {("before", table) for table in TABLES}
CASES = {
    "nothing is wrong": Case([], "accepted", 48, [], ALL_NEW),
    "one bad row of eight": Case([Told("seizures", 2)], "accepted", 47, [], ALL_NEW),
    "two bad rows of eight": Case(
        [Told("seizures", 2), Told("seizures", 3)], "accepted", 40, [("table_rejected", "seizures")],
        {BEFORE, AFTER, ("new", "prices")},
    ),
    "two bad rows of forty": Case([Told("persons", 2), Told("persons", 3)], "accepted", 46, [], ALL_NEW),
    "bad rows of both": Case(
        [Told(table, row) for table in ("seizures", "persons") for row in (2, 3, 4)], "rejected", 0,
        [("submission_rejected", None)], ALL_OLD,
    ),
    "rows that are probably totals": Case(
        [Told("seizures", row, "row_is_total") for row in (2, 3)], "accepted", 46, [], ALL_NEW,
    ),
    "very many errors": Case([Told("seizures")], "accepted", 40, [], {BEFORE, AFTER, ("new", "prices")}),
    "a missing column": Case(
        [Told("seizures", rule="column_missing", by_reader=True), Told("persons", 2)], "accepted", 39, [],
        {BEFORE, AFTER, ("new", "prices")},
    ),
    "totals alone in an empty table": Case(
        [Told("prices", rule="totals_alone", by_reader=True)], "accepted", 48, [],
        {("new", "seizures"), AFTER, ("before", "prices")},
    ),
    "no table with rows is left": Case(
        [Told("seizures", rule="column_missing", by_reader=True), *(Told("persons", row) for row in range(2, 9))],
        "rejected", 0, [("table_rejected", "persons")], ALL_OLD,
    ),
    "another country": Case([Told("seizures", rule="provinces_abroad")], "rejected", 0, [], ALL_OLD),
    "rows of an unknown table": Case(
        [Told("seizures", 9, "table_below", by_reader=True)], "rejected", 0, [], ALL_OLD,
    ),
    "another month": Case([Told(None, rule="identity_contradicted", by_reader=True)], "rejected", 0, [], ALL_OLD),
}  # fmt: skip


@pytest.fixture(scope="module")
def ledger() -> duckdb.DuckDBPyConnection:
    connection = made_ledger()
    create_arrivals(connection)
    counted = {table: (rows, 0) for table, rows in TABLES.items()}
    submit(connection, "before", "TJK", MONTH, datetime(2024, 5, 9), counted)
    submit(connection, "new", "TJK", MONTH, RECEIVED, counted, None)
    return connection


@pytest.mark.parametrize("name", CASES)
def test_a_bad_table_is_rejected_and_the_others_count(name: str, ledger: duckdb.DuckDBPyConnection) -> None:
    case = CASES[name]
    ledger.execute("begin")
    for told in case.found:
        if told.by_reader:
            ledger.execute(
                "insert into raw.findings values "
                "('new', null, ?, '', ?, null, 'error', ?, null, 'wrong', 'wrong', '{}', null)",
                [told.table, told.row, told.rule],
            )
    ledger.execute("commit")
    list_pending(ledger, InForce("rules"))
    found = [Finding("new", "error", t.rule, "wrong", t.table, "", t.row) for t in case.found if not t.by_reader]
    try:
        [decision] = decide(ledger, found, InForce("rules"), DECIDED, 0.05)
        assert (decision.outcome, decision.accepted_count) == (case.outcome, case.accepted)
        assert decision.received_count == decision.accepted_count + decision.quarantined_count == 48
        verdicts = "from raw.findings select rule, table_name where rule like '%_rejected' order by all"
        assert ledger.execute(verdicts).fetchall() == case.verdicts
        speaking = ledger.execute(f"with {LATEST} select submission_id, table_name from parts where is_current")
        assert set(speaking.fetchall()) == case.speaking
        held = f"with {LATEST}, {COUNTED} select sum(held_count)::bigint from counted where submission_id = 'new'"
        assert ledger.execute(held).fetchone() == (decision.quarantined_count,)
    finally:
        ledger.execute("delete from raw.findings; delete from raw.decisions where submission_id = 'new'; ")
        ledger.execute("delete from raw.chain where kind = 'decision'")


def test_a_verdict_on_a_table_says_what_stays_in_force(ledger: duckdb.DuckDBPyConnection) -> None:
    list_pending(ledger, InForce("rules"))
    found = [Finding("new", "error", "value_unreadable", "wrong", "seizures", "", row) for row in (2, 3)]
    decide(ledger, found, InForce("rules"), DECIDED, 0.05)
    said = ledger.execute("select message from raw.findings where rule = 'table_rejected'").fetchall()
    words = (
        "Seizures: more than 5% of the rows of this table have errors, so none of its 8 rows was used and what was "
        "accepted of it before stays in force. Correct the rows named here and send the table again."
    )
    assert said == [(words,)]
