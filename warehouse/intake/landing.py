"""Landing: one file is read into a submission, findings, and canonical files that the database loads in bulk.

Records are split here and not by DuckDB's reader, which skips empty lines and refuses ragged ones: the row numbers in
our answers must be those that the sender sees. It may read what has neither; see warehouse.intake.bulk_landing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from warehouse.files.sheet import UnreadableError
from warehouse.findings.finding import Finding
from warehouse.intake.bulk_landing import land_in_bulk, suits_bulk
from warehouse.intake.identity import MAX_MONTHS, identify_file, stated_revision
from warehouse.intake.nil_findings import cover_lost, nil_findings, nothing_answered, question_words, unsaid_tables
from warehouse.intake.records import Record, read_records
from warehouse.intake.remark_findings import quotes_findings, read_meaning, refuse_flood, remark_finding
from warehouse.intake.replies import Reply, contents_replies
from warehouse.intake.sheet_findings import sheet_findings, totals_alone_finding
from warehouse.intake.submission import (
    Subject,
    Submission,
    file_finding,
    identity_findings,
    sheet_month_findings,
    submission_id,
    version_findings,
)
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.detection import Contents, open_contents
from warehouse.sheets.nil_return import NilReturn, read_nil_return
from warehouse.sheets.sheet_parts import split_sheet
from warehouse.sheets.sheet_scan import SheetScan, complete_tables, is_cover_alone, language_of, scan_sheet
from warehouse.storage.durable import file_sha256
from warehouse.words.catalogue import N_, Argument

# Arguments of the finding about a file that was not read within a limit, in seconds or MB.
SECONDS, MEMORY_MB = "seconds", "memory_mb"

MAX_ROW_CHARACTERS = 4_000_000
# Far above what a country reports in its busiest month; a small file can expand to fill the disk.
MAX_FILE_CHARACTERS = 100_000_000


@dataclass(frozen=True)
class Request:
    """A file to be read: its copy in the vault, the name it was received under, and the folder for canonical files.

    ``received_at`` and ``modified_at``, when the file was last changed, are UTC without a zone. ``taken`` holds the ids
    of earlier submissions with the same bytes; this reading gets another id. ``placed_at`` (UTC) is when the file came
    to its place as it is, whatever its modification time says; None where that is not known. ``settled``: months of
    the file about which nothing changes, so that they are not read again.
    """

    path: Path
    sha256: str
    byte_count: int
    file_name: str
    received_at: datetime
    codelists: Path
    folder: Path
    taken: tuple[str, ...] = ()
    modified_at: datetime | None = None
    placed_at: datetime | None = None
    settled: frozenset[Subject] = frozenset()


@dataclass(frozen=True)
class Landing:
    """The rows of one sheet for one table, in a canonical CSV or Parquet file.

    Zero rows are a nil return, unless the cover asks of each table and the submission leaves it unsaid.
    ``header_row`` is the number of the last header row in the sender's program, 0 if there is none. ``is_nil``: a cover
    says that there are no rows.
    """

    table_name: str
    sheet: str
    header_row: int
    row_count: int
    path: Path
    is_nil: bool = False


@dataclass(frozen=True)
class Span:
    """What a file of several months says of them: those it covers, and the month of a sheet that names one."""

    months: tuple[date, ...]
    of_sheets: Mapping[str, date]


@dataclass(frozen=True)
class Reading:
    """Everything read from a file: the submission, its rows, findings about it, and replies to earlier findings.

    ``span`` is that of a file of several months, which warehouse.intake.months divides.
    """

    submission: Submission
    landings: tuple[Landing, ...]
    findings: tuple[Finding, ...]
    replies: tuple[Reply, ...] = ()
    span: Span | None = None


def read_file(request: Request) -> Reading:
    """Read one file. Whatever is wrong with it becomes a finding; only a fault of our own raises.

    So does a copy in the vault that is not what was received: others may have written there, before or after.
    """
    questionnaire = load_questionnaire()
    if file_sha256(request.path) != request.sha256:
        raise RuntimeError(f"{request.path} does not hold the bytes that were received. Restore it from a backup")
    try:
        contents = open_contents(request.path, questionnaire)
        sheets = [part for sheet in contents.sheets for part in split_sheet(sheet, questionnaire)]
        scans = [scan_sheet(sheet, questionnaire) for sheet in sheets]
        submission, findings, span = _identified(request, contents, scans)
        findings += version_findings(submission, questionnaire.version)
        scans, meant = read_meaning(submission, scans, request.codelists)
        nil = read_nil_return(scans, request.codelists)
        if any(scan.table for scan in scans) or not (nil.is_stated and is_cover_alone(scans)):
            findings += sheet_findings(submission, scans) + meant
        landings = _land_all(request, submission, complete_tables(scans), findings)
        submission, landings = _settle_nil(request, submission, nil, landings, findings)
        is_unsaid = bool(nil.asked or submission.unsaid_tables)
        if is_unsaid and not (landings or span or any(finding.severity == "error" for finding in findings)):
            findings.append(nothing_answered(submission))
        replies = contents_replies(contents, request.codelists)
        refuse_flood(len(findings) + len(replies))
        return Reading(submission, tuple(landings), tuple(findings), replies, span)
    except UnreadableError as error:
        return unread(request, error.message, error.arguments)


def unread(request: Request, message: str, arguments: Mapping[str, Argument]) -> Reading:
    """Return the reading of a file that could not be read or that killed its reader; ``message`` says why."""
    submission, _, _ = _identified(request, Contents("", ()), [])
    finding = file_finding(submission, "error", "file_unreadable", message, **arguments)
    return Reading(submission, (), (finding,))


def _identified(
    request: Request, contents: Contents, scans: Sequence[SheetScan]
) -> tuple[Submission, list[Finding], Span | None]:
    """Return the submission, the findings about its country and month, and its months if it covers several."""
    covers = [scan.cover for scan in scans if scan.cover]
    identity, of_sheets = identify_file(request.file_name, scans, request.codelists)
    versions = [answers["version"] for answers in covers if "version" in answers]
    submission = Submission(
        submission_id(identity.country_code, identity.month, request.sha256, request.taken),
        request.sha256,
        identity.country_code,
        identity.month,
        request.received_at,
        request.file_name,
        request.byte_count,
        contents.file_format or None,
        contents.encoding,
        contents.delimiter,
        # Of several versions a closed one counts, since its answers could mean something else.
        next((text for text in versions if text != load_questionnaire().version), versions[0] if versions else None),
        next((number for number in map(stated_revision, covers) if number is not None), None),
        language_of(scans),
        request.modified_at,
        "; ".join(dict.fromkeys(answers["contact"] for answers in covers if "contact" in answers)) or None,
    )
    findings = identity_findings(submission, identity, member_states(request.codelists))
    findings += sheet_month_findings(submission, of_sheets)
    span = Span(identity.months, of_sheets) if 1 < len(identity.months) <= MAX_MONTHS else None
    return submission, findings, span


def _land_all(
    request: Request, submission: Submission, scans: Sequence[SheetScan], findings: list[Finding]
) -> list[Landing]:
    return [_land(request, submission, scan, position, findings) for position, scan in enumerate(scans)]


def _settle_nil(
    request: Request, submission: Submission, nil: NilReturn, landings: Sequence[Landing], findings: list[Finding]
) -> tuple[Submission, list[Landing]]:
    """Land what is nil, and leave out the empty sheets of tables that are not answered; adds findings about both."""
    read = [(landing.table_name, landing.sheet, landing.row_count) for landing in landings]
    findings += nil_findings(submission, nil, read)
    if any(landing.row_count for landing in landings):  # what rows contradict is said of no other table either
        nil = replace(nil, whole=None)
    question_words(nil, read, findings, request.codelists)
    unsaid = unsaid_tables(nil, read, findings)
    if nil.lost_cover and unsaid:
        findings.append(cover_lost(submission, unsaid))
    settled = [
        replace(landing, is_nil=not landing.row_count and nil.covers(landing.table_name, landing.sheet))
        for landing in landings if landing.table_name not in unsaid
    ]  # fmt: skip
    added = nil.added_tables({landing.table_name for landing in landings}, load_questionnaire())
    settled += [replace(landing, is_nil=True) for landing in _land_all(request, submission, list(added), findings)]
    return replace(submission, unsaid_tables=unsaid), settled


def _land(request: Request, submission: Submission, scan: SheetScan, position: int, findings: list[Finding]) -> Landing:
    """Write the records of a sheet to a canonical file; remarks on its rows are added to the findings."""
    path = request.folder / f"{submission.submission_id}.{scan.known_table.name}.{position}.csv"
    header_row = scan.header.index + scan.sheet.first_row if scan.header else 0
    landing = Landing(scan.known_table.name, scan.sheet.name, header_row, 0, path)
    if scan.header and scan.sheet.source and suits_bulk(scan.sheet.source):
        parquet, limits = path.with_suffix(".parquet"), (MAX_ROW_CHARACTERS, MAX_FILE_CHARACTERS)
        count = land_in_bulk(scan, submission.submission_id, parquet, limits, request.codelists)
        if count is not None:
            return replace(landing, row_count=count, path=parquet)
    before, count = len(findings), _write_rows(scan, landing, request.codelists, submission, findings)
    if not count and any(finding.rule == "total_row" for finding in findings[before:]):
        findings.append(totals_alone_finding(submission, scan))
    return replace(landing, row_count=count)


def _write_rows(
    scan: SheetScan, landing: Landing, codelists: Path, submission: Submission, findings: list[Finding]
) -> int:
    """Write the records of a sheet to the canonical CSV file of a landing, one at a time; returns how many they are."""
    table, count, characters = scan.known_table, 0, 0
    with landing.path.open("w", encoding="utf-8", newline="") as file:
        for item in read_records(scan.rows, scan.header, codelists, scan.sheet.merged) if scan.header else ():
            number = item.index + scan.sheet.first_row
            if not isinstance(item, Record):
                findings.append(remark_finding(submission, scan, item))
                refuse_flood(len(findings))
                continue
            findings += quotes_findings(submission, scan, item.index)
            refuse_flood(len(findings))
            values = [item.cells.get(field.name, "") for field in table.fields]
            characters += (length := len(scan.sheet.name) + len(item.extra) + sum(map(len, values)))
            if length > MAX_ROW_CHARACTERS or characters > MAX_FILE_CHARACTERS:
                file.truncate(0)
                raise UnreadableError(_TOO_LONG_ROW if length > MAX_ROW_CHARACTERS else _TOO_MUCH_TEXT, row=number)
            cells = (submission.submission_id, scan.sheet.name, str(number), *values, item.extra)
            quoted = '","'.join([cell.replace('"', '""') for cell in cells])  # csv takes long for long ones
            file.write(f'"{quoted}"\n')
            count += 1
    return count


_TOO_LONG_ROW = N_("the file cannot be read: row {row} holds more text than a row can. Move it to another document.")
_TOO_MUCH_TEXT = N_(
    "the file cannot be read: up to row {row} it holds more text than a report can. Shorten the name of the sheet and "
    "headings that hold whole texts, undo merged cells and send it anew."
)
