"""Which tables of a file are answered without rows and which are not, and findings about what covers say of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from warehouse.findings.finding import Finding
from warehouse.intake.submission import Submission, file_finding
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.nil_return import NilReturn
from warehouse.words.catalogue import N_

_WHOLE_CONTRADICTED = N_(
    "the cover says that there is nothing to report, and {count} rows were read and count. Correct the cover; if the "
    "rows are not of this month, delete them and send the file again."
)
_TABLE_CONTRADICTED = N_(
    "the cover says that there is nothing to report in this table, and {count} rows of it were read and count. Correct "
    "the cover; if the rows are not of this month, delete them and send the file again."
)
_UNCLEAR = N_(
    'the cover answers "Nothing to report in the table" with "{value}", which is not understood. Write yes, or leave '
    "it empty where the table has rows."
)
_NOTHING_ANSWERED = N_(
    "the form has no rows and does not say that there is nothing to report, so it answers nothing. Fill in the tables; "
    'where there was nothing, answer "Nothing to report in the table" beside it on the cover with yes, or "Nothing to '
    'report" once for all, and send the form again.'
)

# A sheet that was read: its table, its name, and how many rows it has.
ReadSheet = tuple[str, str, int]


def nil_findings(submission: Submission, nil: NilReturn, read: Sequence[ReadSheet]) -> list[Finding]:
    """Return the findings about nil returns that rows contradict, and answers to that question that nobody understands.

    Of a table that is said to have none, all rows contradict it, of a sheet those on it.
    """
    count = sum(rows for _, _, rows in read)
    findings = [file_finding(submission, "warning", "nil_contradicted", _WHOLE_CONTRADICTED, count=count)]
    findings = findings if nil.whole and count else []
    for table in load_questionnaire().tables:
        own = [rows for name, sheet, rows in read if name == table.name and nil.names(table.name, sheet)]
        if sum(own):
            findings.append(_about(submission, table.name, "nil_contradicted", _TABLE_CONTRADICTED, count=sum(own)))
    unclear = (_about(submission, table, "cover_unclear", _UNCLEAR, value=text) for table, text in nil.unclear)
    return [*findings, *unclear]


def _about(submission: Submission, table: str, rule: str, message: str, **arguments: str | int) -> Finding:
    return replace(file_finding(submission, "warning", rule, message, **arguments), table_name=table)


def unsaid_tables(nil: NilReturn, read: Sequence[ReadSheet], findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the tables that a cover asks about and that are not answered: neither by rows nor as nil.

    A table about which there is an error, or a remark on a row, is answered: its sheet is not empty.
    """
    noticed = {one.table_name or "" for one in findings if one.severity == "error" or one.source_row is not None}
    answered = {table for table, sheet, rows in read if rows or nil.covers(table, sheet)}
    answered |= {table for table in nil.asked if nil.covers(table, "")}
    return tuple(sorted(nil.asked - answered - noticed))


def nothing_answered(submission: Submission) -> Finding:
    """Return the error about a form in which nothing is filled in: it must not pass for a month without anything."""
    return file_finding(submission, "error", "nothing_answered", _NOTHING_ANSWERED)
