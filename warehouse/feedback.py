"""Feedback: what a country gets back for a submission, as a page for its focal point and as JSON for programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson

from warehouse.vault import sync_folder

TEMPLATE = Path(__file__).with_name("feedback.html.j2")


@dataclass(frozen=True)
class Answer:
    """A decided submission with its findings, in the order of its rows; counts are rows, times UTC."""

    submission: dict[str, Any]
    findings: list[dict[str, Any]]

    @property
    def folder(self) -> Path:
        """Where the answer belongs, from the feedback folder: country, month, submission."""
        month = self.submission["reporting_month"]
        return Path(
            self.submission["country_code"] or "UNKNOWN",
            f"{month:%Y-%m}" if month else "UNKNOWN",
            self.submission["submission_id"],
        )


def read_answers(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> list[Answer]:
    """Return the answers to all submissions that were decided at this time."""
    submissions = _rows(
        connection,
        """
        select
            submissions.submission_id, country_code, reporting_month, file_name, sha256, received_at, decided_at,
            outcome, received_count, accepted_count, quarantined_count
        from raw.decisions
        inner join raw.submissions on decisions.submission_id = submissions.submission_id
        where decided_at = ?
        order by country_code, reporting_month, file_name
        """,
        decided_at,
    )
    findings: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(
        connection,
        """
        select submission_id, severity, rule, message, table_name, sheet, source_row, field, value
        from raw.findings
        where (decided_at is null or decided_at = ?) and submission_id is not null
        order by severity, table_name nulls first, sheet, source_row nulls first, rule, field
        """,
        decided_at,
    ):
        findings.setdefault(row.pop("submission_id"), []).append(row)
    return [Answer(row, findings.get(row["submission_id"], [])) for row in submissions]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, decided_at: datetime) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, [decided_at])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write_answers(answers: Iterable[Answer], feedback: Path) -> list[Path]:
    """Write ``findings.json`` and ``findings.html`` of each answer below the feedback folder; returns the folders."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    folders = []
    for answer in answers:
        folder = feedback / answer.folder
        folder.mkdir(parents=True, exist_ok=True)
        content = {**answer.submission, "findings": answer.findings}
        _write(folder / "findings.json", orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        page = template.render(submission=answer.submission, findings=answer.findings)
        _write(folder / "findings.html", page.encode())
        folders.append(folder)
    if folders:
        sync_folder(feedback)
    return folders


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole: whoever collects feedback meanwhile gets the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
