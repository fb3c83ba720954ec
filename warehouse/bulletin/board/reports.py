"""What states owe and what of it waits: late reports, rejected files, questions that nobody has answered."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import duckdb

from warehouse.bulletin.board.part import STATE, Part, PartWords, Row, months_in_words
from warehouse.bulletin.edition import Edition
from warehouse.findings.messages import describe_finding
from warehouse.ledger.opened import VERDICTS
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.language import in_language
from warehouse.replies.repeated_findings import read_findings
from warehouse.reporting.reports import Report, read_recent
from warehouse.text_table import printable
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

if TYPE_CHECKING:
    from datetime import date

MONTHS = 12  # that the board looks back on: up to the last full one, or the last that anybody reported
_MOST_TABLES = 4  # that are named
_MONTHS_CAPTION = N_("Months")
_DECIDED = "select max(decided_at) from raw.decisions where submission_id = ?"
_LATE_PART = PartWords(
    "late",
    N_("Late"),
    (STATE, N_("What is missing"), _MONTHS_CAPTION, N_("Days late")),
    N_("Nobody is late."),
    N_("Letters to the offices that owe it, with the file that each has to send:"),
)
_REJECTED_PART = PartWords(
    "rejected",
    N_("Rejected, and nothing newer has come"),
    (STATE, N_("Month"), N_("File"), N_("Why")),
    N_("Of no month was the last file rejected."),
    N_("The answer with every row that is wrong, and the workbook to be sent back, lie in"),
)
_WAITING_PART = PartWords(
    "waiting",
    N_("Questions that wait for an answer"),
    (STATE, N_("Questions"), _MONTHS_CAPTION),
    N_("No question is open."),
    N_("A state confirms or corrects in its own workbook. Where it did not get it, send it from"),
)


def report_parts(connection: duckdb.DuckDBPyConnection, edition: Edition) -> Iterator[Part]:
    """Yield the parts on what was received, as the working database knows it; raises ObligationError."""
    reports = read_recent(connection, edition.source.settings.codelists, MONTHS)
    yield _late(edition, reports)
    yield _rejected(connection, edition, reports)
    yield _waiting(edition, reports)


def _late(edition: Edition, reports: Sequence[Report]) -> Part:
    months: dict[tuple[str, tuple[str, ...]], list[date]] = defaultdict(list)
    days: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    for report in reports:
        missing = tuple(
            name for name in report.missing_tables if report.asked[name].due_date(report.month) < report.today
        )
        if missing:
            owed = report.country_code, missing if report.in_force else ()
            due = min(report.asked[name].due_date(report.month) for name in missing)
            months[owed].append(report.month)
            days[owed] = max(days[owed], (report.today - due).days)
    rows = [
        Row(
            [
                edition.name("countries", country),
                _tables(edition, tables),
                months_in_words(edition, months[country, tables]),
                str(days[country, tables]),
            ],
            is_urgent=not tables,
        )
        for country, tables in sorted(months, key=lambda owed: (bool(owed[1]), owed))
    ]
    return _LATE_PART.part(edition, rows, "sarai remind")


def _tables(edition: Edition, names: Sequence[str]) -> str:
    if not names:
        return edition.say(N_("the whole form"))
    questionnaire = load_questionnaire()
    shown = ", ".join(in_language(questionnaire.table(name).title, edition.language) for name in names[:_MOST_TABLES])
    more = len(names) - _MOST_TABLES
    if more <= 0:
        return shown
    return edition.ngettext("{shown} and {count} more table", "{shown} and {count} more tables", more, shown=shown)


def _rejected(connection: duckdb.DuckDBPyConnection, edition: Edition, reports: Sequence[Report]) -> Part:
    rows = []
    for report in reports:
        if report.last_rejected or report.last_rejected_tables:
            sent = report.received[-1]
            rows.append(
                Row(
                    [
                        edition.name("countries", report.country_code),
                        month_in_words(report.month, edition.language),
                        printable(sent.file_name),
                        _reason(connection, edition, sent.submission_id),
                    ],
                    is_urgent=report.last_rejected is not None,
                )
            )
    return _REJECTED_PART.part(edition, rows, "feedback/")


def _reason(connection: duckdb.DuckDBPyConnection, edition: Edition, submission_id: str) -> str:
    """Return why a submission, or tables of it, were rejected: the verdict of the gate, else the first error."""
    decided = connection.execute(_DECIDED, [submission_id]).fetchone()
    found = read_findings(connection, submission_id, decided[0] if decided else None, is_compared=False)
    errors = [one for one in found if one.severity == "error"]
    errors = [one for one in errors if one.rule in VERDICTS] or errors[:1]
    return " ".join(describe_finding(one, edition.language, load_questionnaire()) for one in errors)


def _waiting(edition: Edition, reports: Sequence[Report]) -> Part:
    questions: dict[str, int] = defaultdict(int)
    months: dict[str, list[date]] = defaultdict(list)
    for report in reports:
        if count := sum(sent.open_warnings_count for sent in report.sent_in_force):
            questions[report.country_code] += count
            months[report.country_code].append(report.month)
    return _WAITING_PART.part(
        edition,
        [
            Row([edition.name("countries", country), str(count), months_in_words(edition, months[country])])
            for country, count in sorted(questions.items())
        ],
        "feedback/",
    )
