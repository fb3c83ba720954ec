"""Landing: the rows of one file as text, in canonical csv files that the database loads all together.

Records are split here and not by DuckDB's reader: it skips empty lines and refuses ragged ones, and the row
numbers in our answers must be those that the sender sees.
"""

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from warehouse.codelists import load_codelist, member_states
from warehouse.contents import Contents, open_contents
from warehouse.findings import Finding, place_of
from warehouse.headings import SEARCH_DEPTH, Header, find_header, named_table
from warehouse.questionnaire import Questionnaire, Table, load_questionnaire
from warehouse.sheets import Row, Sheet, UnreadableError
from warehouse.submission import (
    Statement,
    Submission,
    cover_data,
    identify,
    parse_month,
    path_statements,
    submission_id,
)


@dataclass(frozen=True)
class Request:
    """What to read: the bytes, the name they came under, and the folder for the canonical files."""

    path: Path
    sha256: str
    byte_count: int
    file_name: str
    received_at: datetime
    codelists: Path
    folder: Path


@dataclass(frozen=True)
class Landing:
    """Rows of one sheet for one table; no rows are a nil return."""

    table_name: str
    sheet: str
    header_row: int
    row_count: int
    path: Path


@dataclass(frozen=True)
class Reading:
    """Everything a file says: who and when, its rows, and findings about the file as a whole."""

    submission: Submission
    landings: tuple[Landing, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Opened:
    """A sheet whose first rows were looked at; ``rows`` still yields all of them."""

    sheet: Sheet
    rows: Iterator[Row]
    header: Header | None
    table: Table | None
    cover: dict[str, str]
    is_empty: bool


def read_file(request: Request) -> Reading:
    """Read one file. Whatever is wrong with it becomes a finding; only a fault of ours raises."""
    questionnaire = load_questionnaire()
    try:
        contents = open_contents(request.path, questionnaire)
        opened = [_look(sheet, questionnaire) for sheet in contents.sheets]
        submission, findings = _identified(request, contents, opened)
        findings += _sheet_findings(submission, opened) + _version_findings(submission, questionnaire)
        landings = tuple(
            _land(submission, part.table, part, position, request.folder)
            for position, part in enumerate(opened)
            if part.table and not (part.header and part.header.missing)
        )
        return Reading(submission, landings, tuple(findings))
    except UnreadableError as error:
        return unread(request, str(error))


def unread(request: Request, why: str) -> Reading:
    """Return the reading of a file that could not be read, or whose reader did not survive it."""
    submission, _ = _identified(request, Contents("", ()), [])
    message = f"{request.file_name} cannot be read: {why}"
    return Reading(submission, (), (Finding(submission.submission_id, "error", "file_unreadable", message),))


def _look(sheet: Sheet, questionnaire: Questionnaire) -> _Opened:
    rows = iter(sheet.rows)
    first = list(itertools.islice(rows, SEARCH_DEPTH + 2))
    header = find_header(sheet.name, first, questionnaire)
    is_empty = not any(cell.strip() for row in first for cell in row)
    # A JSON table without records has no headings to recognise: its name makes it a nil return.
    table = header.table if header else named_table(sheet.name, questionnaire) if is_empty else None
    cover = cover_data(first[: header.index] if header else first)
    return _Opened(sheet, itertools.chain(first, rows), header, table, cover, is_empty)


def _identified(
    request: Request, contents: Contents, opened: Sequence[_Opened]
) -> tuple[Submission, list[Finding]]:
    members = member_states(request.codelists)
    answers = [contents.cover, *(part.cover for part in opened)]
    statements = path_statements(request.file_name, members)
    statements += [_cover_statement(answer, request.codelists) for answer in answers]
    identity = identify(statements)
    submission = Submission(
        submission_id(identity.country_code, identity.month, request.sha256),
        request.sha256,
        identity.country_code,
        identity.month,
        request.received_at,
        request.file_name,
        request.byte_count,
        contents.file_format or None,
        contents.encoding,
        contents.delimiter,
        next((answer["version"] for answer in answers if "version" in answer), None),
    )
    return submission, _identity_findings(submission, identity.contradictions, members)


def _cover_statement(answers: dict[str, str], codelists: Path) -> Statement:
    country = answers.get("country")
    code = load_codelist(codelists, "countries").code_of(country) if country else None
    return Statement("the cover", code or country, parse_month(answers.get("period", "")))


def _identity_findings(
    submission: Submission, contradictions: Iterable[str], members: Sequence[str]
) -> list[Finding]:
    name, sid = submission.file_name, submission.submission_id
    findings = [
        Finding(sid, "error", "identity_contradicted", f"{name}: {words}. Correct the wrong one and send it again.")
        for words in contradictions
    ]
    if submission.country_code not in members:
        told = f"names {submission.country_code}, which is no member state" if submission.country_code else "is not said"
        findings.append(
            Finding(sid, "error", "country_unknown", f"{name}: the country {told}. "
                    f"Put the file into the folder of its country ({', '.join(members)}).")
        )
    if submission.reporting_month is None:
        findings.append(
            Finding(sid, "error", "period_unknown", f"{name}: the reporting month is not said. "
                    f"Name the file like {submission.country_code or 'KAZ'}_2024-05, or fill in Period on the cover.")
        )
    elif submission.reporting_month > submission.received_at.date():
        findings.append(
            Finding(sid, "error", "period_in_future", f"{name}: the reporting month "
                    f"{submission.reporting_month:%Y-%m} has not begun. Correct the month in name or cover.")
        )
    return findings


def _version_findings(submission: Submission, questionnaire: Questionnaire) -> list[Finding]:
    stated = submission.questionnaire_version
    if stated is None or stated == questionnaire.version:
        return []
    message = (
        f"{submission.file_name}: it answers questionnaire version {stated}; version {questionnaire.version} is open. "
        "Ask for the current form and copy your answers into it."
    )
    return [Finding(submission.submission_id, "error", "version_closed", message, value=stated)]


def _sheet_findings(submission: Submission, opened: Sequence[_Opened]) -> list[Finding]:
    findings = [finding for part in opened for finding in _header_findings(submission, part)]
    if not any(part.table for part in opened):
        message = (
            f"{submission.file_name}: no table of the questionnaire was recognised. "
            "One row must hold the headings, for example: Date of seizure, Drug or substance, Quantity, Unit."
        )
        findings = [Finding(submission.submission_id, "error", "table_unknown", message)]
    return findings


def _header_findings(submission: Submission, part: _Opened) -> list[Finding]:
    sid, sheet, header = submission.submission_id, part.sheet.name, part.header
    if header is None:
        if part.is_empty or part.cover or part.table:
            return []
        message = f"sheet {sheet!r}: no headings of the questionnaire were recognised, so the sheet was not read."
        return [Finding(sid, "warning", "sheet_unknown", message, sheet=sheet)]
    name, findings = header.table.name, []
    for missing in header.missing:
        title = header.table.field(missing).title.en
        message = f"{place_of(name, None, title)}: the column is missing. Add it with this heading and send the file again."
        findings.append(Finding(sid, "error", "column_missing", message, name, sheet, field=missing))
    for heading in header.repeated:
        message = f"{name}: a second column is called {heading!r}. The first was read; keep one of the two."
        findings.append(Finding(sid, "warning", "column_repeated", message, name, sheet, value=heading))
    unknown = [text for text in header.extra.values() if text not in header.repeated]
    if unknown:
        message = f"{name}: columns that the questionnaire does not have were kept but not read: {', '.join(unknown)}."
        findings.append(Finding(sid, "warning", "column_unknown", message, name, sheet, value=", ".join(unknown)))
    return findings


def _land(submission: Submission, table: Table, part: _Opened, position: int, folder: Path) -> Landing:
    path = folder / f"{table.name}.{submission.submission_id}.{position}.csv"
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, cells, extra in _records(part):
            values = [cells.get(field.name, "") for field in table.fields]
            writer.writerow([submission.submission_id, part.sheet.name, number, *values, extra])
            count += 1
    header_row = part.header.index + part.sheet.first_row if part.header else 0
    return Landing(table.name, part.sheet.name, header_row, count, path)


def _records(part: _Opened) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield row number, field → text and the JSON of all other filled cells, for each row that is not empty."""
    if part.header is None:
        return
    columns, headings = part.header.columns, part.header.extra
    for index, row in enumerate(part.rows):
        if index <= part.header.index or not any(cell.strip() for cell in row):
            continue
        cells = {columns[i]: cell for i, cell in enumerate(row) if i in columns}
        extra = {
            headings.get(i, f"column {i + 1}"): cell for i, cell in enumerate(row) if i not in columns and cell.strip()
        }
        yield index + part.sheet.first_row, cells, orjson.dumps(extra).decode() if extra else ""

