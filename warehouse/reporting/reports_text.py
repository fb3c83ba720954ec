"""Reports in words: a line per country and month for a terminal, a record for programs."""

from collections.abc import Sequence
from typing import Any

from warehouse.questionnaire.language import Language
from warehouse.reporting.reports import Report, State
from warehouse.text_table import lay_out
from warehouse.words.catalogue import N_, Argument, fill, translate

REPORT_HEADINGS = (
    N_("country"), N_("month"), N_("state"), N_("due"), N_("received"), N_("days late"), N_("revision"), N_("tables"),
    N_("rows accepted"), N_("quarantined"), N_("open warnings"), N_("remark"),
)  # fmt: skip
_STATES: dict[State, str] = {
    "reported": N_("reported"), "partial": N_("partial"), "nil": N_("nil"), "pending": N_("pending"),
    "rejected": N_("rejected"), "awaited": N_("awaited"), "missing": N_("missing"),
}  # fmt: skip
_OF = N_("{part} of {whole}")
_NONE = N_("none")
_LAST_REJECTED = N_("the last, {file_name}, was rejected")
_TABLES_REJECTED = N_("of the last, {file_name}, these tables were rejected: {tables}")
_UNDECIDED = N_("{count} without decision")


def describe_reports(reports: Sequence[Report], language: Language) -> str:
    """Return a line per country and month: state, due and received day (UTC), days late, revision in force, rows.

    A state is reported, partial (tables are missing), nil, missing (the due day has passed), awaited (it has not),
    rejected (nothing is in force) or pending (no decision yet).
    """
    headings = [translate(heading, language) for heading in REPORT_HEADINGS]
    return lay_out(headings, [_line(report, language) for report in reports])


def _line(report: Report, language: Language) -> tuple[object, ...]:
    values = report_values(report)
    revisions = "+".join(map(str, values["revisions_in_force"])) or translate(_NONE, language)
    asked = len(report.asked)
    counts = [values[name] for name in ("accepted_count", "quarantined_count", "open_warnings_count")]
    return (
        report.country_code, f"{report.month:%Y-%m}", translate(_STATES[report.state], language), report.due_date,
        report.received_at.date() if report.received_at else None, report.days_late,
        fill(_OF, {"part": revisions, "whole": len(report.received)}, language) if report.received else None,
        fill(_OF, {"part": asked - len(report.missing_tables), "whole": asked}, language)
        if asked else len(report.in_force),
        *(counts if report.in_force else (None, None, None)), _remark(report, language),
    )  # fmt: skip


def _remark(report: Report, language: Language) -> str:
    remarks = []
    if report.in_force and report.last_rejected:
        remarks.append(fill(_LAST_REJECTED, {"file_name": report.last_rejected.file_name}, language))
    if rejected := report.last_rejected_tables:
        arguments: dict[str, Argument] = {"file_name": report.received[-1].file_name, "tables": ", ".join(rejected)}
        remarks.append(fill(_TABLES_REJECTED, arguments, language))
    if waiting := sum(sent.outcome is None for sent in report.received):
        remarks.append(fill(_UNDECIDED, {"count": waiting}, language))
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
             "outcome": sent.outcome, "rejected_tables": list(sent.rejected_tables),
             "is_in_force": sent in in_force, "revision": sent.number,
             "stated_revision": sent.stated, "contact": sent.contact}
            for sent in report.received
        ],
        "accepted_count": sum(part.row_count - part.quarantined_count for part in report.in_force),
        "quarantined_count": sum(part.quarantined_count for part in report.in_force),
        "open_warnings_count": sum(sent.open_warnings_count for sent in in_force),
        "missing_tables": list(report.missing_tables),
    }  # fmt: skip


def report_rows(reports: Sequence[Report]) -> tuple[list[str], list[list[object]]]:
    """Return the headings and rows of reports for programs that read tables: report_values without submissions."""
    values = [report_values(report) for report in reports]
    names = [name for name in values[0] if name != "submissions"] if values else []
    return names, [[one[name] for name in names] for one in values]
