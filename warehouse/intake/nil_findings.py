"""Which tables of a file are answered without rows and which are not, and findings about what covers say of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from warehouse.findings.finding import Finding
from warehouse.intake.submission import Submission, file_finding
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.nil_return import NilReturn
from warehouse.sheets.nil_words import says_nil
from warehouse.words.catalogue import N_, listed

# Rules of the words below the headings of a table: taken for a note, or asking what is meant.
_NOTE, _WORDS = "note", "words_alone"

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
_WORDS_ALONE = N_(
    '"{value}" stands below the headings of a table without rows and does not say that there was nothing to report, so '
    'the table is not answered. Fill in its rows; where there was nothing, write "nothing to report" there and send '
    "the file again."
)
_COVER_LOST = N_(
    "the form came without its cover, which says of which tables there was nothing to report; its empty tables are not "
    "answered: {titles}. Send the form with its cover, on which they are answered with yes, or with their rows."
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


def question_words(nil: NilReturn, read: Sequence[ReadSheet], findings: list[Finding], codelists: Path) -> None:
    """Exchange the notes of tables without rows, of which no cover says nil either, for findings about those words.

    Where any of them says that there was nothing, all stay notes: the table is answered.
    """
    notes = [one for one in findings if one.rule == _NOTE]
    said = {one.table_name for one in notes if says_nil(one.value or "", codelists)}
    doubted = {table for table, _, _ in read} - _answered(nil, read) - said
    for place, one in enumerate(findings):
        if one.rule == _NOTE and one.table_name in doubted:
            findings[place] = replace(one, rule=_WORDS, message=_WORDS_ALONE, proposal=None)


def unsaid_tables(nil: NilReturn, read: Sequence[ReadSheet], findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the tables that a cover asks about, or below which words stand, and that neither rows nor a nil answer.

    Rows that are all struck through answer none either. A table about which there is an error, or a note that says nil,
    is answered: its sheet is not empty.
    """
    about = {(one.table_name or "", "error" if one.severity == "error" else one.rule) for one in findings}
    doubted = {table for table, _, _ in read if (table, _WORDS) in about or (table, "row_struck") in about}
    said = {table for table, rule in about if rule in ("error", _NOTE)}
    return tuple(sorted((nil.asked | doubted) - _answered(nil, read) - said))


def _answered(nil: NilReturn, read: Sequence[ReadSheet]) -> set[str]:
    answered = {table for table, sheet, rows in read if rows or nil.covers(table, sheet)}
    return answered | {table for table in nil.asked if nil.covers(table, "")}


def cover_lost(submission: Submission, unsaid: Collection[str]) -> Finding:
    """Return the finding about a form without its cover, some of whose tables are thereby not answered."""
    titles = listed(table.title for table in load_questionnaire().tables if table.name in unsaid)
    return file_finding(submission, "warning", "cover_lost", _COVER_LOST, titles=titles)


def nothing_answered(submission: Submission) -> Finding:
    """Return the error about a form in which nothing is filled in: it must not pass for a month without anything."""
    return file_finding(submission, "error", "nothing_answered", _NOTHING_ANSWERED)
