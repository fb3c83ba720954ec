"""A report, its correction and its confirmation: what each answer counts and says of replies is what the sender did."""

from datetime import date, datetime, timedelta

import duckdb
import pytest
from made_ledger import made_ledger, submit
from written_forms import CODELISTS, QUESTIONNAIRE

from warehouse.answers.answer import Progress
from warehouse.answers.listed_findings import Before, Findings
from warehouse.findings.finding import Finding
from warehouse.intake.replies import Reply, understand
from warehouse.ledger.decisions import decide
from warehouse.ledger.rules_in_force import InForce, open_batch
from warehouse.questionnaire.codelists import load_codelist
from warehouse.replies.confirmations import add_replies
from warehouse.reporting.status import count_errors, summarise

MONTH, FIRST = date(2024, 5, 1), datetime(2024, 6, 1)
RULES = InForce("rules", [])
FAULTS = {
    "number": ("error", "value_unreadable"),
    "code": ("error", "code_unknown"),
    "much": ("warning", "implausible"),
}
# File → key of each row → quantity as sent, and which fault it has.
FILES = {
    "A": {"N-1": ("a lot", "number"), "N-2": ("4100", "much"), "N-3": ("7", "code"), "N-4": ("9000", "much")},
    "B": {"N-2": ("4100", "much"), "N-1": ("1", ""), "N-4": ("9000", "much"), "N-5": ("few", "number")},
    "C": {"N-2": ("4100", "much"), "N-1": ("1", ""), "N-4": ("9000", "much"), "N-5": ("5", "")},
    "D": {"N-2": ("4200", "much"), "N-1": ("1", ""), "N-4": ("9000", "much"), "N-5": ("5", "")},
    "E": {"N-1": ("1", "")},
}


def at(name: str) -> datetime:
    return FIRST + timedelta(days=sorted(FILES).index(name))


def send(connection: duckdb.DuckDBPyConnection, name: str, replies: dict[str, str]) -> None:
    """Receive a file with replies (reference → text), and decide on it a minute later."""
    rows = FILES[name]
    submit(connection, name, "KAZ", MONTH, at(name), {"seizures": (len(rows), 0)}, None)
    findings = []
    for row, (key, (quantity, fault)) in enumerate(rows.items(), start=2):
        connection.execute(
            "insert into raw.seizures by name select ? as submission_id, '' as sheet, ? as source_row, "
            "? as record_id, 'opium' as drug, ? as quantity",
            [name, row, key, quantity],
        )
        if fault:
            severity, rule = FAULTS[fault]
            field = "drug" if fault == "code" else "quantity"
            findings.append(Finding(name, severity, rule, "wrong", "seizures", "", row, field, quantity))  # type: ignore[arg-type]
    known = load_codelist(CODELISTS, "replies")
    add_replies(connection, name, at(name), [
        Reply(reference, "", "", text, understand(text, known), "Instructions", number)
        for number, (reference, text) in enumerate(replies.items(), start=7)
    ])  # fmt: skip
    open_batch(connection, QUESTIONNAIRE, RULES)
    decide(connection, findings, RULES, at(name) + timedelta(minutes=1), 0.05)


def found(connection: duckdb.DuckDBPyConnection, name: str) -> Findings:
    before = {"B": "A", "C": "B", "D": "C", "E": "D"}.get(name)
    minute = timedelta(minutes=1)
    earlier = Before(before, before, at(before), at(before) + minute) if before else None
    return Findings(connection, name, at(name) + minute, earlier)


def references(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    keys = list(FILES[name])
    return {keys[(f.source_row or 0) - 2]: f.reference for f in found(connection, name).recorded}


def empty_ledger() -> duckdb.DuckDBPyConnection:
    connection = made_ledger()
    connection.execute("create schema staging")
    for table in QUESTIONNAIRE.tables:
        connection.execute(f'create view staging."stg_{table.name}" as from raw."{table.name}"')
    return connection


@pytest.fixture(scope="module")
def ledger() -> duckdb.DuckDBPyConnection:
    """A report; B corrects, confirms, removes; C confirms in the workbook of A; D changes what was confirmed."""
    connection = empty_ledger()
    send(connection, "A", {})
    first = references(connection, "A")
    send(connection, "B", {
        first["N-2"]: "Да, верно", first["N-4"]: "we will check", first["N-3"]: "removed", "3f9a": "да",
        "0123456789": "confirmed", "": "see our letter",
    })  # fmt: skip
    send(connection, "C", {first["N-4"]: "подтверждаю"})
    send(connection, "D", {first["N-2"]: "confirmed"})
    send(connection, "E", {})
    return connection


def counts(progress: Progress | None) -> dict[str, int]:
    assert progress is not None
    return {key.removesuffix("_count"): value for key, value in progress if key.endswith("_count") and value}


def test_progress_counts_what_the_sender_did_with_this_file(ledger: duckdb.DuckDBPyConnection) -> None:
    assert found(ledger, "A").progress() is None
    every = {"fixed": 1, "removed": 1, "confirmed": 1, "left": 1, "new": 1}
    assert counts(found(ledger, "B").progress()) == every
    assert counts(found(ledger, "C").progress()) == {"fixed": 1, "confirmed": 1}
    assert counts(found(ledger, "D").progress()) == {"new": 1}
    assert counts(found(ledger, "E").progress()) == {"removed": 1}


def test_a_run_and_its_answers_count_the_same_errors(ledger: duckdb.DuckDBPyConnection) -> None:
    """The finding that a file was rejected for its errors is none of them, and a confirmed warning is closed."""
    told = {}
    for name in FILES:
        listed = found(ledger, name).listed(QUESTIONNAIRE)
        errors = sum(finding.severity == "error" for finding in listed)
        warnings = sum(finding.severity == "warning" and finding.state == "open" for finding in listed)
        decided_at = at(name) + timedelta(minutes=1)
        assert count_errors(ledger, [decided_at]) == errors
        assert summarise(ledger, [decided_at]).splitlines()[-1].split()[-2:] == [str(errors), str(warnings)]
        told[name] = (found(ledger, name).is_too_bad, errors, warnings)
    assert told == {"A": (True, 2, 2), "B": (False, 1, 1), "C": (False, 0, 0), "D": (False, 0, 1), "E": (False, 0, 0)}


def test_every_reply_is_beside_its_finding_or_said(ledger: duckdb.DuckDBPyConnection) -> None:
    replies = {}
    for name in FILES:
        findings = found(ledger, name)
        beside = [(f.reply, f.is_reply_understood, f.state) for f in findings.listed(QUESTIONNAIRE) if f.reply]
        replies[name] = beside, [(reply.text, reply.reason) for reply in findings.replies.unused(QUESTIONNAIRE)]
    assert replies == {
        "A": ([], []),
        "B": (
            [("we will check", False, "open"), ("Да, верно", True, "confirmed")],
            [
                ("removed", "settled"), ("да", "reference_unreadable"), ("confirmed", "reference_unknown"),
                ("see our letter", "not_understood"), ("see our letter", "reference_unreadable"),
            ],
        ),
        "C": ([("подтверждаю", True, "confirmed")], []),
        "D": ([("confirmed", True, "open")], []),
        "E": ([], []),
    }  # fmt: skip
    said = {reply.reason: reply.message for reply in found(ledger, "B").replies.unused(QUESTIONNAIRE)}
    assert said["not_understood"].en == (
        'sheet "Instructions", row 12: your reply "see our letter" is not understood. If the value is right, write '
        "“confirmed” there and nothing else; if it is wrong, correct it in its table."
    )
    assert "пусто, а в наших метках знаков: 10" in said["reference_unreadable"].ru


def test_a_later_no_takes_a_confirmation_back_and_a_later_yes_gives_it_again() -> None:
    ledger = empty_ledger()
    send(ledger, "A", {})
    first = references(ledger, "A")
    send(ledger, "B", {first["N-2"]: "да", first["N-4"]: "верно"})
    send(ledger, "C", {first["N-2"]: "нет", first["N-4"]: "это ошибка"})
    send(ledger, "D", {first["N-4"]: "подтверждаем, данные проверены"})
    states = {
        name: [(f.value, f.reply, f.is_denied, f.state) for f in found(ledger, name).listed(QUESTIONNAIRE)]
        for name in "BCD"
    }
    assert states["B"][1:] == [("4100", "да", False, "confirmed"), ("9000", "верно", False, "confirmed")]
    assert states["C"] == [("4100", "нет", True, "open"), ("9000", "это ошибка", True, "open")]
    confirmed = ("9000", "подтверждаем, данные проверены", False, "confirmed")
    assert states["D"] == [("4200", None, False, "open"), confirmed]
    assert ledger.execute("select distinct reply_submission_id from raw.confirmations where submission_id = 'D'"
    ).fetchall() == [("D",)]  # fmt: skip
