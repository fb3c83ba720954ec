"""Landing: the rows of one file as text, in canonical csv files that the database loads all together.

Records are split here and not by DuckDB's reader: it skips empty lines and refuses ragged ones, and the row
numbers in our answers must be those that the sender sees.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from warehouse.files.detection import Contents, open_contents
from warehouse.files.sheet import UnreadableError
from warehouse.findings.finding import Finding
from warehouse.intake.identity import cover_statement, identify, path_statements, says_nil, stated_revision
from warehouse.intake.records import Record, read_records
from warehouse.intake.replies import Reply, read_replies
from warehouse.intake.sheet_findings import remark_finding, sheet_findings
from warehouse.intake.sheet_scan import Opened, complete_tables, is_cover_alone, look
from warehouse.intake.submission import (
    Submission,
    file_finding,
    identity_findings,
    nil_contradiction,
    submission_id,
    version_findings,
)
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import Questionnaire, load_questionnaire
from warehouse.questionnaire.language import Language
from warehouse.words.catalogue import N_, Argument

# What the finding of a refusal keeps among its arguments: the limit under which the file was not read.
SECONDS, MEMORY_MB = "seconds", "memory_mb"


MAX_ROW_CHARACTERS = 4_000_000
# What a file of a country never holds, however busy the month; a few bytes can unfold to all that a disk takes.
MAX_CHARACTERS = 100_000_000
MAX_SHEETS = 500
MAX_REMARKS = 20_000


@dataclass(frozen=True)
class Request:
    """What to read: the bytes, the name they came under, and the folder for the canonical files.

    ``refused`` are the ids of readings of the same file that failed under lower limits: this one gets another.
    """

    path: Path
    sha256: str
    byte_count: int
    file_name: str
    received_at: datetime
    codelists: Path
    folder: Path
    refused: tuple[str, ...] = ()


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
    """Everything a file says: who and when, its rows, findings about the file as a whole, replies to earlier ones."""

    submission: Submission
    landings: tuple[Landing, ...]
    findings: tuple[Finding, ...]
    replies: tuple[Reply, ...] = ()


def read_file(request: Request) -> Reading:
    """Read one file. Whatever is wrong with it becomes a finding; only a fault of ours raises."""
    questionnaire = load_questionnaire()
    try:
        contents = _few_sheets(open_contents(request.path, questionnaire))
        opened = [look(sheet, questionnaire) for sheet in contents.sheets]
        submission, findings = _identified(request, contents, opened)
        findings += version_findings(submission, questionnaire.version)
        nil = next((part for part in opened if says_nil(part.cover, request.codelists)), None)
        if not (nil and is_cover_alone(opened)):
            findings += sheet_findings(submission, opened)
        landings = _land_all(submission, complete_tables(opened), request.folder, findings)
        if nil and any(part.row_count for part in landings):
            findings.append(nil_contradiction(submission, sum(part.row_count for part in landings)))
        elif nil:
            landings += _land_all(submission, _nil_tables(nil, landings, questionnaire), request.folder, findings)
        replies = _replies(contents, request.codelists)
        _refuse_flood(len(findings) + len(replies))
        return Reading(submission, tuple(landings), tuple(findings), replies)
    except UnreadableError as error:
        return unread(request, error.message, error.arguments)


def unread(request: Request, message: str, arguments: Mapping[str, Argument]) -> Reading:
    """Return the reading of a file that could not be read, or whose reader did not survive it; the message says why."""
    submission, _ = _identified(request, Contents("", ()), [])
    finding = file_finding(submission, "error", "file_unreadable", message, **arguments)
    return Reading(submission, (), (finding,))


def _identified(request: Request, contents: Contents, opened: Sequence[Opened]) -> tuple[Submission, list[Finding]]:
    covers = [part.cover for part in opened if part.cover]
    said = [cover_statement(part.cover, request.codelists, part.sheet.record) for part in opened if part.cover]
    identity = identify(path_statements(request.file_name, request.codelists) + said)
    versions = [answers["version"] for answers in covers if "version" in answers]
    submission = Submission(
        submission_id(identity.country_code, identity.month, request.sha256, request.refused),
        request.sha256,
        identity.country_code,
        identity.month,
        request.received_at,
        request.file_name,
        request.byte_count,
        contents.file_format or None,
        contents.encoding,
        contents.delimiter,
        # Of several versions one that is closed is told: its answers could mean something else.
        next((text for text in versions if text != load_questionnaire().version), versions[0] if versions else None),
        next((number for number in map(stated_revision, covers) if number is not None), None),
        _language(opened),
    )
    return submission, identity_findings(submission, identity, member_states(request.codelists))


def _language(opened: Sequence[Opened]) -> Language | None:
    """Return the language in which most headings speak first; None for a file whose headings are names of fields."""
    excess = sum(part.russian_excess for part in opened)
    return None if excess == 0 else "ru" if excess > 0 else "en"


def _replies(contents: Contents, codelists: Path) -> tuple[Reply, ...]:
    """Return what the sender wrote beside our findings; only a workbook can be a return workbook."""
    sheets = contents.sheets if contents.file_format == "xlsx" else ()
    return tuple(reply for sheet in sheets for reply in read_replies(sheet.rows, codelists))


def _nil_tables(cover: Opened, landings: Sequence[Landing], questionnaire: Questionnaire) -> list[Opened]:
    """Return an empty table for each that the file does not hold: nothing to report means none of them."""
    held = {part.table_name for part in landings}
    return [replace(cover, header=None, table=table) for table in questionnaire.tables if table.name not in held]


def _few_sheets(contents: Contents) -> Contents:
    if len(contents.sheets) > MAX_SHEETS:
        raise UnreadableError(
            N_("the file cannot be read: it has {count} sheets or lists. Keep one for each table and send it anew."),
            count=len(contents.sheets),
        )
    return contents


def _refuse_flood(count: int) -> None:
    """Refuse a file with more remarks than anybody reads: all of them would be kept and answered."""
    if count > MAX_REMARKS:
        raise UnreadableError(
            N_(
                "the file cannot be read: more than {count} of its lines are totals, repeated headings, merged numbers "
                "or replies. Delete all but the single rows and send it anew."
            ),
            count=MAX_REMARKS,
        )


def _land_all(submission: Submission, parts: Sequence[Opened], folder: Path, findings: list[Finding]) -> list[Landing]:
    return [
        _land(submission, part, folder / f"{submission.submission_id}.{part.known_table.name}.{position}.csv", findings)
        for position, part in enumerate(parts)
    ]


def _land(submission: Submission, part: Opened, path: Path, findings: list[Finding]) -> Landing:
    """Write the records of a sheet to a canonical csv file; remarks on its rows are added to the findings."""
    table, count, characters = part.known_table, 0, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for item in read_records(part.rows, part.header, part.sheet.merged) if part.header else ():
            number = item.index + part.sheet.first_row
            if not isinstance(item, Record):
                findings.append(remark_finding(submission, part, item))
                _refuse_flood(len(findings))
                continue
            values = [item.cells.get(field.name, "") for field in table.fields]
            length = len(part.sheet.name) + len(item.extra) + sum(map(len, values))
            characters += length
            if length > MAX_ROW_CHARACTERS or characters > MAX_CHARACTERS:
                file.truncate(0)
                raise UnreadableError(_TOO_LONG_ROW if length > MAX_ROW_CHARACTERS else _TOO_MUCH_TEXT, row=number)
            writer.writerow([submission.submission_id, part.sheet.name, number, *values, item.extra])
            count += 1
    header_row = part.header.index + part.sheet.first_row if part.header else 0
    return Landing(table.name, part.sheet.name, header_row, count, path)


_TOO_LONG_ROW = N_("the file cannot be read: row {row} holds more text than a row can. Move it to another document.")
_TOO_MUCH_TEXT = N_(
    "the file cannot be read: up to row {row} it holds more text than a report can. Shorten the name of the sheet and "
    "headings that hold whole texts, undo merged cells and send it anew."
)
