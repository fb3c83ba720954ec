"""Doubts about quantities: which warnings question how much was seized, until their sender confirms them."""

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from made_ledger import made_ledger, pend, submit

from warehouse.findings.finding import Finding
from warehouse.intake.replies import Reply
from warehouse.ledger.raw import add_findings
from warehouse.replies.confirmations import add_replies, confirm_findings
from warehouse.replies.doubts import DOUBTING_ROWS, DOUBTING_SHEETS
from warehouse.replies.repeated_findings import read_findings

START, MAY = datetime(2024, 6, 1), date(2024, 5, 1)
OPEN = """
select sheet, row_doubted from ledger.doubts
where submission_id = ? and reference not in (select reference from raw.confirmations where submission_id = ?)
order by all
"""


def warned(submission_id: str) -> list[Finding]:
    """Return warnings of all kinds about a submission; the first two are about a row and about a column."""
    about = [
        ("quantity_implausible", "s", 4, "quantity"), ("column_scaled", "t", None, "quantity"),
        # doubts about another column, a mark behind a number, another table, and an error
        ("column_scaled", "u", None, "purity_pct"), ("number_marked", "s", 5, "quantity"),
    ]  # fmt: skip
    found = [
        Finding(submission_id, "warning", rule, "…", "seizures", sheet, row, field, "4100")
        for rule, sheet, row, field in about
    ]
    return [
        *found,
        Finding(submission_id, "warning", "scale_above", "…", "prices", "v", None, None, "тыс."),
        Finding(submission_id, "error", "quantity_implausible", "…", "seizures", "s", 6, "quantity", "4100"),
    ]


def decide_on(connection: duckdb.DuckDBPyConnection, name: str, day: int) -> datetime:
    time = START + timedelta(days=day)
    submit(connection, name, "KGZ", MAY, time, {"seizures": (6, 0)}, None)
    pend(connection, name)
    add_findings(connection, warned(name), time)
    confirm_findings(connection, time)
    connection.execute("insert into raw.decisions values (?, ?, 'accepted', 'rules', 6, 6, 0)", [name, time])
    return time


def test_a_doubt_is_open_until_it_is_confirmed() -> None:
    connection = made_ledger()
    time = decide_on(connection, "A", 1)
    assert connection.execute(OPEN, ["A", "A"]).fetchall() == [("s", 4), ("t", None)]
    found = read_findings(connection, "A", time)
    assert {row[0] for row in connection.execute("select reference from ledger.doubts").fetchall()} == {
        finding.reference for finding in found[:2]
    }
    replies = [Reply(finding.reference, finding.rule, "4100", "да", "CONFIRMED") for finding in found[:2]]
    submit(connection, "B", "KGZ", MAY, time, {}, None)
    add_replies(connection, "B", time, replies)
    decide_on(connection, "C", 2)
    assert connection.execute(OPEN, ["C", "C"]).fetchall() == []


def test_a_finding_keeps_the_name_under_which_it_was_sent_out() -> None:
    connection = made_ledger()
    found = [
        Finding("KGZ-1", "warning", "note", "…", None, None, None, None, None),
        *[Finding("KGZ-1", "warning", "row_repeated", "…", "seizures", "", 4, "quantity", "12 г")] * 2,
    ]
    add_findings(connection, found, START)
    add_findings(connection, found, START + timedelta(days=1))
    names = ["00ed0e9362", "bc14f80806", "a2cad6703e"]
    for day in range(2):
        time = START + timedelta(days=day)
        assert [finding.reference for finding in read_findings(connection, "KGZ-1", time)] == names


@pytest.mark.parametrize("rule", sorted(DOUBTING_ROWS | DOUBTING_SHEETS))
def test_a_rule_that_doubts_is_one_of_the_rules(rule: str) -> None:
    """A rule that is renamed would doubt nothing any more."""
    from expectations.submissions.suites import table_rules
    from warehouse.intake import remark_findings, sheet_findings
    from warehouse.questionnaire.definition import load_questionnaire

    named = {rule.name for rule in table_rules(load_questionnaire().table("seizures"))}
    texts = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in (remark_findings, sheet_findings)]
    assert rule in named or f'"{rule}"' in "".join(texts)
