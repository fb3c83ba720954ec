"""Proposals that senders follow: by the cell, by leaving a row out, by a word; what is recorded, and what is not."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import duckdb
import pytest
from made_ledger import made_ledger, pend, receive_of_may

from warehouse.findings.finding import Finding
from warehouse.findings.proposal import AS_READ, LEAVE_OUT, Proposal
from warehouse.intake.replies import Reply
from warehouse.ledger.chain import read_entries
from warehouse.ledger.decisions import Decision, decide
from warehouse.ledger.in_force import create_arrivals
from warehouse.ledger.opened import OPENED
from warehouse.ledger.rules_in_force import InForce
from warehouse.replies.acceptances import CONTRADICTED
from warehouse.replies.confirmations import add_replies
from warehouse.replies.repeated_findings import Recorded, read_findings

START = datetime(2024, 6, 1)
Row = dict[str, str]
# Rows of a first report; what was found in each, and what was proposed.
FIRST: list[Row] = [
    {"record_id": "1", "drug": "герион", "quantity": "500 г"},
    {"record_id": "2", "drug": "опий", "quantity": "3 кг", "unit": "кг"},
    {"drug": "опий", "quantity": "4839.21", "unit": "г"},
    {"drug": "опий", "quantity": "4839.21", "unit": "г"},
    *({"record_id": f"R{number}", "drug": "опий", "quantity": "1", "unit": "кг"} for number in range(40)),
]
FOUND = [
    (2, "error", "code_unknown", "drug", Proposal("spelling", {"drug": "героин"})),
    (2, "warning", "unit_in_quantity", "quantity", Proposal("unit_apart", {"quantity": "500", "unit": "г"})),
    (3, "warning", "unit_in_quantity", "quantity", Proposal("unit_apart", {"quantity": "3", "unit": "кг"})),
    (5, "warning", "row_repeated", None, LEAVE_OUT),
]


def receive(
    connection: duckdb.DuckDBPyConnection, number: int, rows: list[Row], found: list[Finding],
    replies: Mapping[str, str | None] | None = None, *, is_refused: bool = False,
) -> Decision:  # fmt: skip
    """Receive a file with replies (reference → code) and decide on it a day later than on the one before."""
    time = START + timedelta(days=number)
    name = receive_of_may(connection, number, time, "seizures", len(rows))
    for row, answers in enumerate(rows, start=2):
        columns = "".join(f", ? as {field}" for field in answers)
        connection.execute(
            f"insert into raw.seizures by name select ? as submission_id, '' as sheet, ? as source_row{columns}",
            [name, row, *answers.values()],
        )
    add_replies(connection, name, time, [Reply(ref, "", "", str(code), code) for ref, code in (replies or {}).items()])
    pend(connection, name, is_refused=is_refused)
    [decision] = decide(connection, found, InForce("rules"), time, 0.05)
    return decision


def findings(number: int, rows: list[Row], *places: int) -> list[Finding]:
    """Return those of FOUND, by their index, about a file."""
    return [
        Finding(f"S{number}", severity, rule, "…", "seizures", "", row, field,  # type: ignore[arg-type]
                rows[row - 2].get(field or ""), {}, proposal)
        for row, severity, rule, field, proposal in (FOUND[place] for place in places)
    ]  # fmt: skip


@pytest.fixture
def ledger() -> duckdb.DuckDBPyConnection:
    """A ledger with the first report."""
    connection = made_ledger()
    create_arrivals(connection)
    note = Finding("S1", "warning", "table_further", "…", "seizures", "", proposal=AS_READ)
    receive(connection, 1, FIRST, [*findings(1, FIRST, 0, 1, 2, 3), note])
    return connection


def asked(connection: duckdb.DuckDBPyConnection, number: int) -> dict[tuple[str, int | None], Recorded]:
    found = read_findings(connection, f"S{number}", START + timedelta(days=number))
    return {(finding.rule, finding.source_row): finding for finding in found}


def accepted(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = connection.execute(
        "select rule, source_row, proposal_submission_id, proposal ->> '$.rule', reply from raw.acceptances "
        "where submission_id = ? order by all",
        [f"S{number}"],
    ).fetchall()
    return rows


def test_a_heading_is_followed_once_its_question_is_answered(ledger: duckdb.DuckDBPyConnection) -> None:
    headed = Proposal("heading", heading="place")
    for number, place in ((2, ""), (4, "Ош")):
        note = Finding(f"S{number}", "warning", "column_unknown", "…", "seizures", "", value="Мксто", proposal=headed)
        receive(ledger, number, FIRST, [note])
        receive(ledger, number + 1, [{**FIRST[0], "place": place}, *FIRST[1:]], [])
    assert [row for number in (3, 5) for row in accepted(ledger, number) if row[0] == "column_unknown"] == [
        ("column_unknown", None, "S4", "heading", None)
    ]


def test_cells_left_as_proposed_and_rows_left_out_are_recorded(ledger: duckdb.DuckDBPyConnection) -> None:
    rows = [
        {"record_id": "1", "drug": "героин", "quantity": "500", "unit": "г"},
        {"record_id": "2", "drug": "опий", "quantity": "3000", "unit": "г"},  # corrected otherwise
        *(row for row in FIRST[3:]),
    ]
    replies = {asked(ledger, 1)["code_unknown", 2].reference: "ACCEPTED"}
    receive(ledger, 2, rows, [], replies)
    assert accepted(ledger, 2) == [
        ("code_unknown", None, "S1", "spelling", "ACCEPTED"), ("row_repeated", None, "S1", "row_left_out", None),
        ("table_further", None, "S1", "as_read", None), ("unit_in_quantity", None, "S1", "unit_apart", None),
    ]  # fmt: skip
    [(_, _, entry)] = read_entries(ledger, ["decision"], [f"S2 {(START + timedelta(days=2)).isoformat()}.000000"])
    assert "raw.acceptances 4 " in entry
    receive(ledger, 3, rows, [])
    assert accepted(ledger, 3) == []  # nothing was proposed for what is sent again


def test_a_file_that_is_refused_accepts_nothing(ledger: duckdb.DuckDBPyConnection) -> None:
    receive(ledger, 2, FIRST[4:], [], is_refused=True)  # the workbook of another month
    assert accepted(ledger, 2) == []


def exchanged(number: int, field: str) -> Finding:
    proposal = Proposal("columns_exchanged", {"drug": "опий", "place": "Ош"})
    return Finding(f"S{number}", "error", "code_unknown", "…", "seizures", "", 2, field, "", {}, proposal)


@pytest.mark.parametrize(
    ("codes", "held_count"), [(("ACCEPTED", None), 0), (("DENIED", "DENIED"), 2), ((None, None), 2)]
)
def test_one_fix_that_two_findings_propose_is_accepted_beside_either(
    codes: tuple[str | None, str | None], held_count: int
) -> None:
    ledger = made_ledger()
    create_arrivals(ledger)
    receive(ledger, 1, [{"drug": "Ош", "place": "опий"}, *FIRST[5:]], [exchanged(1, "drug"), exchanged(1, "place")])
    first = read_findings(ledger, "S1", START + timedelta(days=1))
    replies = {finding.reference: code for finding, code in zip(first, codes, strict=True)}
    receive(ledger, 2, [{"drug": "опий", "place": "Ош"}, *FIRST[5:]], [], replies)
    assert (len(held(ledger, 2)), len(accepted(ledger, 2))) == (held_count, 2 - held_count)


def test_nothing_is_accepted_by_sending_the_same_again(ledger: duckdb.DuckDBPyConnection) -> None:
    note = Finding("S2", "warning", "table_further", "…", "seizures", "", proposal=AS_READ)
    receive(ledger, 2, FIRST, [*findings(2, FIRST, 0, 1, 2, 3), note])
    assert accepted(ledger, 2) == []


def test_a_row_is_left_out_by_a_word_and_rejects_nothing(ledger: duckdb.DuckDBPyConnection) -> None:
    first = asked(ledger, 1)
    replies = {first["row_repeated", 5].reference: "ACCEPTED", first["code_unknown", 2].reference: "ACCEPTED"}
    again = receive(ledger, 2, FIRST, findings(2, FIRST, 0, 1, 2, 3), replies)
    # The cell that still holds what was sent is no row to be left out, whatever is replied.
    assert (again.outcome, again.accepted_count) == ("accepted", len(FIRST) - 2)
    assert accepted(ledger, 2) == [
        ("row_repeated", 5, "S1", "row_left_out", "ACCEPTED"), ("table_further", None, "S1", "as_read", None),
    ]  # fmt: skip
    assert opened(ledger, 2) == (1, 2)
    assert receive(ledger, 3, FIRST, findings(3, FIRST, 3)).accepted_count == len(FIRST) - 1
    assert opened(ledger, 3) == (0, 0)
    # A later "confirmed" takes the row in again.
    replies = {asked(ledger, 3)["row_repeated", 5].reference: "CONFIRMED"}
    assert receive(ledger, 4, FIRST, findings(4, FIRST, 3), replies).accepted_count == len(FIRST)


def opened(connection: duckdb.DuckDBPyConnection, number: int) -> tuple[int, int] | None:
    row: tuple[int, int] | None = connection.execute(
        f"with {OPENED} select errors_count, warnings_count from opened where submission_id = ?", [f"S{number}"]
    ).fetchone()
    return row


def held(connection: duckdb.DuckDBPyConnection, number: int) -> list[tuple[int | None, str | None, object]]:
    found = read_findings(connection, f"S{number}", START + timedelta(days=number))
    return [(f.source_row, f.value, f.arguments["reply"]) for f in found if f.rule == CONTRADICTED]


@pytest.mark.parametrize("code", ["DENIED", "CONFIRMED", None])
def test_a_cell_left_as_proposed_is_held_back_where_the_reply_beside_it_does_not_accept(
    ledger: duckdb.DuckDBPyConnection, code: str | None
) -> None:
    first = asked(ledger, 1)
    rows = [
        *FIRST[5:],  # the rows have moved
        {"record_id": "1", "drug": "героин", "quantity": "500", "unit": "г"},
        {"record_id": "2", "drug": "опий", "quantity": "3", "unit": "кг"},
        *FIRST[2:4],
    ]
    place = 2 + len(FIRST[5:])
    # What a warning proposes was read so: nothing is counted against the word of who confirms it.
    words = {("code_unknown", 2): code, ("unit_in_quantity", 3): code}
    both = [(place, "героин", str(code)), *[(place + 1, "3", "None")] * (code == "DENIED")]
    decision = receive(ledger, 2, rows, [], {first[key].reference: code for key, code in words.items()})
    assert [row[:2] for row in held(ledger, 2)] == [row[:2] for row in both]
    assert (decision.outcome, decision.accepted_count) == ("accepted", len(rows) - len(both))
    assert "code_unknown" not in {rule for rule, *_ in accepted(ledger, 2)}
    # Without another word it stays so; "confirmed" counts it, and a changed cell asks nothing.
    assert receive(ledger, 3, rows, []).accepted_count == len(rows) - len(both)
    said = asked(ledger, 3)[CONTRADICTED, place].reference
    assert receive(ledger, 4, rows, [], {said: "CONFIRMED"}).accepted_count == len(rows) - len(both) + 1
    rows[place - 2]["drug"], rows[place - 1]["quantity"] = "опий", "4"
    assert receive(ledger, 5, rows, []).accepted_count == len(rows)
