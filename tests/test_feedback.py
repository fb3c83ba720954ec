"""Feedback: what a country reads is complete, escaped, and whole at any time."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from conftest import Warehouse

from warehouse.database import open_database
from warehouse.feedback import Answer, read_answers, write_answers

SUBMISSION: dict[str, Any] = {
    "submission_id": "KAZ-2024-01-abc", "country_code": "KAZ", "reporting_month": date(2024, 1, 1),
    "file_name": "KAZ/<script>.csv", "sha256": "abc", "received_at": datetime(2024, 2, 1, 8),
    "decided_at": datetime(2024, 2, 1, 9),
    "outcome": "accepted", "received_count": 2, "accepted_count": 1, "quarantined_count": 1,
}  # fmt: skip
FINDING: dict[str, Any] = {
    "severity": "error", "rule": "unreadable", "message": "seizures, row 3: <b>5</b> & кг", "table_name": "seizures",
    "sheet": "", "source_row": 3, "field": "quantity", "value": "<b>5</b>",
}  # fmt: skip


def test_a_page_says_the_outcome_and_escapes_what_was_sent(tmp_path: Path) -> None:
    (folder,) = write_answers([Answer(SUBMISSION, [FINDING])], tmp_path)
    assert folder == tmp_path / "KAZ" / "2024-01" / "KAZ-2024-01-abc"
    page = (folder / "findings.html").read_text(encoding="utf-8")
    assert "Accepted: 1 of 2 rows" in page
    assert "Принято строк: 1 из 2" in page
    assert "row 3: &lt;b&gt;5&lt;/b&gt; &amp; кг" in page
    assert "<script>" not in page
    assert "src=" not in page
    assert "href=" not in page
    content = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert content["findings"] == [FINDING]
    assert content["reporting_month"] == "2024-01-01"


def test_a_file_of_nobody_has_a_place_too(tmp_path: Path) -> None:
    unknown = {**SUBMISSION, "country_code": None, "reporting_month": None, "outcome": "rejected"}
    (folder,) = write_answers([Answer(unknown, [])], tmp_path)
    assert folder.parent == tmp_path / "UNKNOWN" / "UNKNOWN"
    page = (folder / "findings.html").read_text(encoding="utf-8")
    assert "none of the 2 rows is used" in page
    assert "Nothing was found" in page


def test_answers_hold_what_reader_and_gate_found(published: Warehouse) -> None:
    with open_database(published.settings) as connection:
        answers = read_answers(connection, published.ingested.decisions[0].decided_at)
    found = {answer.submission["file_name"]: [f["rule"] for f in answer.findings] for answer in answers}
    assert "file_unreadable" in found["TJK/TJK_2024-01.xlsx"]
    assert "identity_contradicted" in found["KGZ/UZB_2024-03.csv"]
    assert len(found["UZB/UZB_2024-01.csv"]) == 1
