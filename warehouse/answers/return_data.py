"""Returned form: the return workbook of one submission, filled from the raw rows, and the cells of its findings."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from warehouse.answers.answer import Answer, AnswerFinding
from warehouse.answers.filled_proposals import Index, fill_proposals, row_of
from warehouse.answers.listed_findings import advise
from warehouse.answers.return_workbook import Answers, Mark, write_return_workbook
from warehouse.findings import return_sheet_words as words
from warehouse.forms.edition import FormEdition
from warehouse.forms.table_sheet import FIRST_ROW, Texts
from warehouse.ledger.decisions import MORE_ERRORS
from warehouse.ledger.in_force import ABOUT_FILE
from warehouse.proposals.proposing import OTHER_ROW
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import Questionnaire, Table, Words, load_questionnaire
from warehouse.reporting.obligations import language_of, load_obligations
from warehouse.storage.durable import replacing
from warehouse.words.form_words import EXCERPT_SUFFIX

MAX_ROWS = 20_000
MAX_MARKS = 2_000

# A file with one of these errors was read whole all the same; after any other error of its reader rows are missing.
_ABOUT_IDENTITY = frozenset(
    {"identity_contradicted", "country_unknown", "period_unknown", "period_in_future", "version_closed"}
)


class Returned(NamedTuple):
    """What the workbook is made of: its form, its rows and marks, and which findings the marks are."""

    edition: FormEdition
    answers: Answers
    findings: tuple[AnswerFinding, ...]


def write_returned_form(connection: duckdb.DuckDBPyConnection, answer: Answer, codelists: Path, folder: Path) -> Answer:
    """Write the return workbook into the folder; returns the answer with its name and the cells of its findings.

    Nothing is written for a file of no member state, and a table of which not every row was read is left out: sent
    back, such a form would replace rows that nobody has seen. Above MAX_ROWS rows it is an excerpt of those with
    findings.
    """
    if not is_returnable(answer, codelists):
        return answer
    returned = _assemble(connection, answer, codelists)
    month = answer.submission.reporting_month
    name = f"return_{answer.submission.country_code}_{f'{month:%Y-%m}' if month else 'YYYY-MM'}.xlsx"
    with replacing(folder / name) as draft:
        places = write_return_workbook(draft, returned.edition, returned.answers)
    cells = dict(zip((f.reference for f in returned.findings), places, strict=True))
    findings = tuple(f.model_copy(update={"cell": cells.get(f.reference)}) for f in answer.findings)
    returned_parts = {"findings": findings, "return_workbook": name, "return_language": returned.edition.order[0]}
    return answer.model_copy(update={**returned_parts, "is_excerpt": is_excerpt(answer)})


def is_returnable(answer: Answer, codelists: Path) -> bool:
    """Return whether all rows of the submission are known and a form can be made for its country."""
    is_member = answer.submission.country_code in member_states(codelists)
    return is_member and None not in _unread(answer) and bool(_whole_tables(answer))


def _unread(answer: Answer) -> set[str | None]:
    """Return the tables of which not every row was read; None for the whole file."""
    return {
        None if finding.rule in ABOUT_FILE else finding.table for finding in answer.findings
        if finding.severity == "error" and finding.source_row is None
        and finding.rule not in _ABOUT_IDENTITY and finding.template != MORE_ERRORS
    }  # fmt: skip


def _whole_tables(answer: Answer) -> list[str]:
    """Return the tables of which every row is known."""
    unread = _unread(answer)
    return [part.table for part in answer.tables if part.table not in unread]


def is_excerpt(answer: Answer) -> bool:
    """Return whether the submission has more rows than a return workbook holds."""
    return answer.received_count > MAX_ROWS


def _assemble(connection: duckdb.DuckDBPyConnection, answer: Answer, codelists: Path) -> Returned:
    """Fill the form of the tables that were sent, and of no others, with a nil return of those without rows.

    The language of the file comes first, else that of the letters to the country.
    """
    sent, questionnaire = answer.submission, load_questionnaire()
    findings = (*answer.to_correct, *answer.to_confirm)[:MAX_MARKS]
    names = _whole_tables(answer)
    tables = tuple(table for table in questionnaire.tables if table.name in names)
    country = sent.country_code or ""
    edition = FormEdition(
        country, sent.reporting_month, "both", _of_tables(questionnaire, tables, excerpt=is_excerpt(answer)), codelists,
        first=sent.language or language_of(load_obligations(codelists), country),
    )  # fmt: skip
    places: dict[str, Index] = {}
    texts: dict[str, Texts] = {}
    for table in tables:
        wanted = {(f.sheet or "", f.source_row) for f in findings if f.table == table.name and f.source_row is not None}
        places[table.name], texts[table.name] = _read_rows(
            connection, table.name, sent.submission_id, wanted if is_excerpt(answer) else None
        )
    filled = {} if is_excerpt(answer) else fill_proposals(findings, places, texts)
    marks = [_mark(finding, places, filled.get(finding.reference, {})) for finding in findings]
    unlisted = answer.error_count + answer.warning_count - len(findings)
    notices = [words.EXCERPT_NOTICE] * is_excerpt(answer) + [words.more_findings(unlisted)] * bool(unlisted)
    notices += [words.MONTH_NOTICE] if answer.file_months else []
    notices += [words.whom_to_ask(answer.keepers_contact)] if answer.keepers_contact else []
    notices += [
        words.table_rejected(questionnaire.table(part.table).title, part.reason, is_here=part.table in names)
        for part in answer.rejected_tables if part.reason
    ]  # fmt: skip
    revision = _next_revision(connection, answer)
    nil = [part.table for part in answer.tables if part.table in names and not part.received_count]
    return Returned(edition, Answers(texts, marks, revision, notices, sent.contact or "", nil), findings)


def _of_tables(questionnaire: Questionnaire, tables: tuple[Table, ...], *, excerpt: bool) -> Questionnaire:
    version = questionnaire.version + EXCERPT_SUFFIX if excerpt else questionnaire.version
    return questionnaire.model_copy(update={"tables": tables, "version": version})


def _read_rows(
    connection: duckdb.DuckDBPyConnection, table: str, submission_id: str, wanted: Collection[tuple[str, int]] | None
) -> tuple[Index, Texts]:
    """Return the rows of a table as they were sent, those with errors too: where each stood, and its texts.

    Only those at the places ``wanted``, unless it is None: a million rows are not read for an excerpt of some.
    """
    cursor = connection.execute(
        f"""
        select sheet, source_row, coalesce(columns(* exclude (submission_id, sheet, source_row, extra)), '')
        from raw."{table}"
        where submission_id = $submission_id and (
            not $is_excerpt
            or (sheet, source_row) in (select (unnest($sheets::varchar[]), unnest($numbers::bigint[])))
        )
        order by sheet, source_row
        """,
        {
            "submission_id": submission_id,
            "is_excerpt": wanted is not None,
            "sheets": [sheet for sheet, _ in wanted or ()],
            "numbers": [number for _, number in wanted or ()],
        },
    )
    texts: dict[str, Any] = {name: column.tolist() for name, column in cursor.fetchnumpy().items()}
    stood = zip(texts.pop("sheet"), texts.pop("source_row"), strict=True)
    return {place: index for index, place in enumerate(stood)}, texts


def _mark(finding: AnswerFinding, places: Mapping[str, Index], filled: Mapping[str, str]) -> Mark:
    """Return the mark of a finding."""
    severity = "warning" if finding.is_held else finding.severity
    known = places.get(finding.table or "", {})
    return Mark(
        severity, finding.rule, _advice(finding, known), finding.table if finding.table in places else None,
        row_of(finding, places), finding.field, finding.value, finding.repeated_reply, finding.reference,
        finding.proposal.words if finding.proposal else None, filled,
    )  # fmt: skip


def _advice(finding: AnswerFinding, known: Index) -> Words:
    """Return what is wrong; another row that it names is that of the workbook, which may be another than was sent."""
    other = known.get((finding.sheet or "", finding.arguments.get(OTHER_ROW)))
    if other is None:
        return finding.advice
    return advise(finding.template, {**finding.arguments, OTHER_ROW: FIRST_ROW + 1 + other})


def _next_revision(connection: duckdb.DuckDBPyConnection, answer: Answer) -> int:
    """Return a number above every one that the country has used for the month."""
    sent = answer.submission
    row = connection.execute(
        "select coalesce(max(revision), 0) + 1 from raw.submissions where country_code = ? and reporting_month = ?",
        [sent.country_code, sent.reporting_month],
    ).fetchone()
    return int(row[0]) if row else 1
