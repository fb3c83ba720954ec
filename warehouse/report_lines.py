"""Reports in words: a line per country and month for a terminal, a record for programs."""

from collections.abc import Sequence
from typing import Any

from warehouse.layout import lay_out
from warehouse.reports import Report

REPORT_HEADINGS = (
    "country", "month", "state", "due", "received", "days late", "revision", "tables", "rows accepted", "quarantined",
    "open warnings", "remark",
)  # fmt: skip


def describe_reports(reports: Sequence[Report]) -> str:
    """Return a line per country and month: state, due and received day (UTC), days late, revision in force, rows.

    A state is reported, partial (tables are missing), nil, missing (the due day has passed), awaited (it has not),
    rejected (nothing is in force) or pending (no decision yet).
    """
    return lay_out(REPORT_HEADINGS, [_line(report) for report in reports])


def _line(report: Report) -> tuple[object, ...]:
    values = report_values(report)
    revisions = "+".join(map(str, values["revisions_in_force"])) or "none"
    asked = len(report.asked)
    counts = [values[name] for name in ("accepted_count", "quarantined_count", "open_warnings_count")]
    return (
        report.country_code, f"{report.month:%Y-%m}", report.state, report.due_date,
        report.received_at.date() if report.received_at else None, report.days_late,
        f"{revisions} of {len(report.received)}" if report.received else None,
        f"{asked - len(report.missing_tables)} of {asked}" if asked else len(report.in_force),
        *(counts if report.in_force else (None, None, None)), _remark(report),
    )  # fmt: skip


def _remark(report: Report) -> str:
    remarks = []
    if report.in_force and report.last_rejected:
        remarks.append(f"the last, {report.last_rejected.file_name}, was rejected")
    if waiting := sum(sent.outcome is None for sent in report.received):
        remarks.append(f"{waiting} without decision")
    return "; ".join(remarks)


def report_values(report: Report) -> dict[str, Any]:
    """Return the report for programs: rows are counted, times are UTC; revisions are numbered by receipt."""
    in_force = report.sent_in_force
    return {
        "country_code": report.country_code,
        "month": f"{report.month:%Y-%m}",
        "state": report.state,
        "due_date": report.due_date,
        "received_at": report.received_at,
        "days_late": report.days_late,
        "revisions_in_force": [sent.number for sent in in_force],
        "submissions": [
            {"submission_id": sent.submission_id, "file_name": sent.file_name, "received_at": sent.received_at,
             "outcome": sent.outcome, "is_in_force": sent in in_force, "revision": sent.number,
             "stated_revision": sent.stated}
            for sent in report.received
        ],
        "accepted_count": sum(part.row_count - part.quarantined_count for part in report.in_force),
        "quarantined_count": sum(part.quarantined_count for part in report.in_force),
        "open_warnings_count": sum(sent.open_warnings_count for sent in in_force),
        "missing_tables": list(report.missing_tables),
    }  # fmt: skip
