"""Rows that are probably totals: they are in no figure, reject nothing, and count once their sender confirms them."""

from datetime import datetime, timedelta

import duckdb
from made_ledger import made_ledger, pend, receive_of_may

from warehouse.findings.finding import Finding
from warehouse.intake.replies import Reply
from warehouse.ledger.decisions import Decision, decide
from warehouse.ledger.in_force import create_arrivals
from warehouse.ledger.opened import OPENED
from warehouse.ledger.rules_in_force import InForce
from warehouse.replies.confirmations import add_replies, confirm_as_written
from warehouse.replies.repeated_findings import read_findings

START = datetime(2024, 6, 1)
HELD = {2: "row_is_total", 3: "row_is_sum", 4: "row_is_wider"}


def decide_on(connection: duckdb.DuckDBPyConnection, number: int) -> Decision:
    """Receive a file of six rows, of which three are taken for totals, and decide on it."""
    time = START + timedelta(days=number)
    name = receive_of_may(connection, number, time, "persons", 6)
    connection.execute(
        "insert into raw.persons by name select ? as submission_id, '' as sheet, row as source_row, "
        "row::varchar as persons_count from range(2, 8) as t (row)",
        [name],
    )
    pend(connection, name)
    found = [
        Finding(name, "error", rule, "…", "persons", "", row, "persons_count", str(row)) for row, rule in HELD.items()
    ]
    [decision] = decide(connection, found, InForce("rules"), time, 0.05)
    return decision


def reply_to(connection: duckdb.DuckDBPyConnection, number: int, word: str) -> None:
    """Let the file that comes after this one answer each of its findings."""
    time = START + timedelta(days=number)
    found = read_findings(connection, f"S{number}", time)
    replies = [Reply(finding.reference, finding.rule, finding.value or "", word, word) for finding in found]
    add_replies(connection, f"S{number + 1}", time, replies)


def test_rows_taken_for_totals_are_kept_out_until_they_are_confirmed() -> None:
    connection = made_ledger()
    create_arrivals(connection)
    first = decide_on(connection, 1)
    assert (first.outcome, first.accepted_count, first.quarantined_count) == ("accepted", 3, 3)
    reply_to(connection, 1, "CONFIRMED")
    # "All together" stays a total whatever anybody replies.
    assert decide_on(connection, 2).accepted_count == 5
    assert [(f.rule, f.severity) for f in read_findings(connection, "S2", START + timedelta(days=2))] == [
        ("row_is_total", "error"), ("row_is_sum", "warning"), ("row_is_wider", "warning"),
    ]  # fmt: skip
    assert decide_on(connection, 3).accepted_count == 5
    reply_to(connection, 3, "DENIED")
    assert decide_on(connection, 4).accepted_count == 3


def test_a_row_that_a_workbook_confirms_counts_where_the_workbook_is_only_checked() -> None:
    connection = made_ledger()
    create_arrivals(connection)
    decide_on(connection, 1)
    time = START + timedelta(days=1)
    add_replies(connection, "S1", time, [
        Reply("unknown", HELD[row], str(row), "confirmed", "CONFIRMED") for row in (2, 3)
    ])  # fmt: skip
    confirm_as_written(connection, time)
    counts = connection.execute("select accepted_count, quarantined_count from raw.decisions").fetchall()
    assert counts == [(4, 2)]
    assert connection.execute(f"with {OPENED} select * exclude (submission_id, decided_at) from opened").fetchall() == [
        (1, 1, 1)  # the total in words, the wider row, and the sum that is confirmed
    ]
