"""Answer: what a country gets to know about its submission, as the page shows it and as programs read it.

These models are the schema of ``answer.json``; times are UTC, counts are rows unless their name says otherwise.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from warehouse.answers.history import History
from warehouse.findings.finding import Severity
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import Language
from warehouse.replies.acceptances import CONTRADICTED

SCHEMA_NAME = "answer.schema.json"


class Part(BaseModel):
    """A part of an answer; it never changes once it is made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnsweredSubmission(Part):
    """The submission that is answered."""

    submission_id: str
    file_name: str = Field(description="Folder and name under which the file came")
    sha256: str = Field(description="SHA-256 of the received bytes, hexadecimal")
    country_code: str | None = Field(description="ISO 3166-1 alpha-3; null if the file does not state it")
    country: Words | None
    reporting_month: date | None = Field(description="First day of the month reported on")
    received_at: datetime
    decided_at: datetime
    file_format: str | None = Field(
        description="xlsx, ods, xls, xlsb, csv, json or zip; null if the file could not be read"
    )
    revision: int | None = Field(description="Number of the correction as the cover states it")
    language: Language | None = Field(description="First language of the headings; null if it is unclear")
    contact: str | None = Field(None, description="Whom to ask about the report, as the cover states it")
    time_zone: str | None = Field(None, description="Time zone of the country (IANA); null where it is not one")


class ProposedFix(Part):
    """What the row of a finding should probably hold; it counts once the sender accepts it."""

    rule: str = Field(description="Why it is proposed")
    cells: dict[str, str] = Field(description="Field and the text to write there; empty texts are empty cells")
    leaves_row_out: bool = Field(description="The row is to be left out")
    heading: str = Field("", description="The field whose heading the column is to have")
    words: Words


class AnswerFinding(Part):
    """One finding. ``cell`` is its place in the return workbook, ``source_row`` its row in the submitted file."""

    number: str = Field(description="E01, E02 … to correct, W03 … to confirm, C01 … confirmed or left out")
    reference: str = Field(description="Name of the finding; replies in a return workbook refer to it")
    severity: Severity
    state: Literal["open", "confirmed", "accepted"] = Field(
        description="A confirmed warning and a row left out as was proposed are not asked about again"
    )
    is_held: bool = Field(default=False, description="The row is in no figure until its sender confirms it")
    rule: str
    message: Words = Field(description="Where, what is wrong, and the next step")
    advice: Words = Field(description="What is wrong and the next step, without the place")
    template: str = Field(description="The advice in English before it is filled; names the message in the catalogue")
    arguments: dict[str, Any] = Field(description="What fills the template; words are in every language")
    table: str | None = None
    sheet: str | None = Field(None, description="Sheet of the sent file; empty for a file without sheets")
    source_row: int | None = Field(None, description="Row of the sent file, as its program numbers it")
    field: str | None = None
    value: str | None = Field(None, description="What was sent")
    proposal: ProposedFix | None = Field(None, description="Null where no one value is likely")
    cell: str | None = Field(None, description="Sheet and cell of the return workbook")
    stood_before: bool = Field(default=False, description="The submission before had the same finding")
    reply: str | None = Field(None, description="What the sender wrote beside it in the return workbook")
    is_reply_understood: bool = Field(default=False, description="The reply says that the value is right")
    is_denied: bool = Field(default=False, description="The reply says that the value is wrong")
    is_accepting: bool = Field(default=False, description="The reply accepts what is proposed")

    @property
    def repeated_reply(self) -> str:
        """The reply that the next workbook shows again: none that can be understood there, as it would be given unread.

        What a reply contradicts is another question than it answered, and a plain yes means something else beside it.
        """
        is_understood = self.is_reply_understood or self.is_denied or self.is_accepting
        return "" if is_understood or self.rule == CONTRADICTED else self.reply or ""


class UnusedReply(Part):
    """A reply in the sent workbook that closes no question and answers none of the findings of this answer."""

    text: str
    reference: str = Field(description="As it stood beside the reply; may be anything")
    sheet: str | None = Field(description="Sheet of the sent file; null if it is not known")
    source_row: int | None = Field(description="Row of that sheet, as its program numbers it; null if it is not known")
    reason: Literal["not_understood", "reference_unreadable", "reference_unknown", "settled"]
    message: Words = Field(description="Where, why it closes nothing, and the next step")


class DrugSum(Part):
    """Seizures of one drug, as we understood the rows without errors."""

    drug_code: str | None = Field(description="Null where the drug is not known")
    name: Words
    rows_count: int
    measured_count: int = Field(description="Rows whose quantity is known")
    quantity_kg: float | None
    quantity_litres: float | None
    quantity_count: float | None = Field(description="Tablets, plants and other pieces")


class FieldSum(Part):
    """The sum of one counted field over the rows without errors."""

    field: str
    total: float


class FieldRange(Part):
    """The amounts of one field in one unit, as we understood the rows without errors."""

    field: str
    unit: str | None = Field(description="Codes of currency and unit, such as USD/G; null where the row has none")
    values_count: int
    minimum: float
    maximum: float
    total: float | None = Field(description="Null where amounts do not add up, as prices and shares")


class LateRows(Part):
    """Rows without errors that are dated before the month of the report and count in their own month."""

    month: date = Field(description="First day of the month in which they count")
    rows_count: int
    source_rows: tuple[int, ...] = Field(description="The first of them, as the program of the sender numbers them")


class TableRead(Part):
    """One table of the submission: its rows and what we understood of those without errors."""

    table: str
    outcome: Literal["accepted", "rejected"] = Field(description="A rejected table counts nothing, others may count")
    reason: Words | None = Field(None, description="Why it was rejected; null where the file was rejected as a whole")
    received_count: int
    accepted_count: int
    quarantined_count: int
    sums: tuple[FieldSum, ...] = ()
    ranges: tuple[FieldRange, ...] = ()
    drugs: tuple[DrugSum, ...] = ()
    late: tuple[LateRows, ...] = ()


class TableInForce(Part):
    """The submission in force for a table of the month after this decision."""

    table: str
    submission_id: str
    file_name: str
    received_at: datetime
    rows_count: int
    is_this: bool


class Progress(Part):
    """What the sender did with this file about the submission before it, for the same country, month and tables.

    Counted are findings that were open in that submission, unless said otherwise: each of them is fixed, removed, left
    or confirmed.
    """

    submission_id: str
    file_name: str
    received_at: datetime
    fixed_count: int = Field(description="Found no more or open no more, in rows that are still there or in no row")
    removed_count: int = Field(0, description="In rows that this file does not have any more")
    confirmed_count: int = Field(description="Warnings that replies in this file confirm, of any submission before")
    accepted_count: int = Field(0, description="Of those fixed, removed or left out: as was proposed")
    left_count: int = Field(description="Open again in this file")
    new_count: int = Field(description="Open in this file, and not open in the submission before")


class Answer(Part):
    """The whole answer to the sender of one submission."""

    schema_version: Literal["1"] = "1"
    submission: AnsweredSubmission
    outcome: Literal["accepted", "rejected"]
    state: Literal["current", "partly_current", "replaced", "rejected"] = Field(
        description="Whether this submission is in force for its tables of the month"
    )
    received_count: int
    accepted_count: int
    quarantined_count: int
    error_count: int = Field(description="Findings to be corrected")
    warning_count: int = Field(description="Findings to be confirmed or corrected")
    confirmed_count: int = Field(description="Warnings that the sender has confirmed, with this file or one before")
    is_too_bad: bool = Field(description="Rejected because too large a share of the rows has errors")
    findings: tuple[AnswerFinding, ...]
    tables: tuple[TableRead, ...]
    standing: tuple[TableInForce, ...]
    progress: Progress | None
    unused_replies: tuple[UnusedReply, ...] = ()
    history: History | None = Field(None, description="Null where no other month is in force")
    keepers_contact: str | None = Field(None, description="Whom to ask about the answer; null if nobody is named")
    file_months: tuple[date, ...] = Field(
        (), description="Months that the file holds, each of which has an answer of its own; empty for one month"
    )
    unsaid_tables: tuple[str, ...] = Field(
        (), description="Tables without rows and without a nil return, of the form or of other months of the file"
    )
    return_workbook: str | None = Field(None, description="File name of the return workbook; null if there is none")
    return_language: Language | None = Field(None, description="First language of the return workbook")
    is_excerpt: bool = Field(
        default=False, description="The workbook holds only rows with findings and cannot be sent back"
    )

    @property
    def rejected_tables(self) -> tuple[TableRead, ...]:
        """The tables that were rejected, each with its reason, of a submission that was not rejected as a whole."""
        return tuple(part for part in self.tables if part.reason)

    @property
    def to_correct(self) -> tuple[AnswerFinding, ...]:
        """The errors, without rows that wait for a confirmation or were left out."""
        return tuple(f for f in self.findings if f.severity == "error" and f.state == "open" and not f.is_held)

    @property
    def to_confirm(self) -> tuple[AnswerFinding, ...]:
        """The warnings and the rows held that nobody has confirmed."""
        return tuple(f for f in self.findings if f.state == "open" and (f.severity == "warning" or f.is_held))

    @property
    def confirmed(self) -> tuple[AnswerFinding, ...]:
        """The warnings that the sender has confirmed, and the rows left out as was proposed."""
        return tuple(finding for finding in self.findings if finding.state != "open")
