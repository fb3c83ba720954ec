"""A submission: one received file, and the findings about its country, month and questionnaire version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from warehouse.findings.finding import Finding, Severity, shortened
from warehouse.intake.identity import MAX_MONTHS, Contradiction, Identity, StatementSource, identity_text, period_text
from warehouse.questionnaire.language import Language
from warehouse.words.catalogue import N_, Argument, in_every_language
from warehouse.words.form_words import EXCERPT_SUFFIX

_CONTRADICTED = {
    "country_code": N_(
        "{one_place} says country {one}, {other_place} says {other}. Correct the wrong one and send it again."
    ),
    "month": N_("{one_place} says period {one}, {other_place} says {other}. Correct the wrong one and send it again."),
}
_UNCLEAR = {
    "country": N_(
        '{place} says country "{value}", which is not understood. Write the country by its name or its code.'
    ),
    "period": N_('{place} says period "{value}", which is not understood. Write year and month, for example 2024-05.'),
    "nil_return": N_('{place} answers "Nothing to report" with "{value}", which is not understood. Write yes or no.'),
    "revision": N_(
        '{place} says revision number "{value}", which is not understood. Write a whole number, for example 1.'
    ),
}

# Country (alpha-3) and month that a submission is about.
Subject = tuple[str | None, date | None]


@dataclass(frozen=True)
class Submission:
    """One received file, or one month of it; ``submission_id``: country, month and the first 32 digits of its sha256.

    The month is part of the id because nil returns of different months can be the same bytes; ids in ledgers of before
    have 12 digits. ``received_at`` and ``modified_at``, when the file was last changed, are UTC without a zone.
    ``revision`` is the number that the sender states; see warehouse.ledger.receipts for which submission counts.
    ``language`` is that of its headings, None if neither prevails. ``contact`` is what the cover says about whom to
    ask; it may be personal data and is shown to its own country and to the keepers alone. ``unsaid_tables`` are those
    that a form asks about and that have neither rows nor a nil return: no answer.
    """

    submission_id: str
    sha256: str
    country_code: str | None
    reporting_month: date | None
    received_at: datetime
    file_name: str
    byte_count: int
    file_format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    questionnaire_version: str | None = None
    revision: int | None = None
    language: Language | None = None
    modified_at: datetime | None = None
    contact: str | None = None
    unsaid_tables: tuple[str, ...] = ()


def submission_id(country_code: str | None, month: date | None, sha256: str, taken: Collection[str] = ()) -> str:
    """Return the id, with the suffix -2, -3 … if it is among those ``taken``.

    An example is KAZ-2012-12-3fa9c1d2e4b70a6b8c1d9e2f3a4b5c6d.
    """
    own = f"{country_code or 'UNKNOWN'}-{identity_text(month) if month else 'UNKNOWN'}-{sha256[:32]}"
    return next(name for name in (own, *(f"{own}-{number + 2}" for number in range(len(taken)))) if name not in taken)


def file_finding(submission: Submission, severity: Severity, rule: str, message: str, **arguments: Argument) -> Finding:
    """Return a finding about a file as a whole, whose place is the file's name; ``value`` becomes its value."""
    value = arguments.get("value")
    filled = {name: shortened(text) if isinstance(text, str) else text for name, text in arguments.items()}
    return Finding(
        submission.submission_id,
        severity,
        rule,
        message,
        value=None if value is None else str(value),
        arguments={**filled, "file_name": submission.file_name},
    )


def identity_findings(submission: Submission, identity: Identity, members: Collection[str]) -> list[Finding]:
    """Return the findings about country and month: contradictory, unclear, unknown, or a month that has not begun."""
    contradictions = [
        file_finding(submission, "error", "identity_contradicted", _CONTRADICTED[one.attribute], **_sides(one))
        for one in identity.contradictions
    ]
    unclear = [
        file_finding(submission, "warning", "cover_unclear", _UNCLEAR[key], value=answer, place=_words(source))
        for source, key, answer in identity.unclear
    ]
    findings = contradictions + unclear
    if submission.country_code not in members:
        findings.append(_country_finding(submission, members))
    return findings + (_months_findings(submission, identity) if identity.months else month_findings(submission))


def _sides(contradiction: Contradiction) -> dict[str, Argument]:
    return {
        "one_place": _words(contradiction.one_source),
        "one": contradiction.one,
        "other_place": _words(contradiction.other_source),
        "other": contradiction.other,
    }


def _words(source: StatementSource) -> Argument:
    text, number = source
    return in_every_language(text, number=number)


def _country_finding(submission: Submission, members: Collection[str]) -> Finding:
    code = submission.country_code
    message = (
        N_("the country is {value}, which is no member state. Put the file into the folder of its country ({members}).")
        if code
        else N_("the country is not said. Put the file into the folder of its country ({members}).")
    )
    return file_finding(submission, "error", "country_unknown", message, value=code, members=", ".join(members))


def sheet_month_findings(submission: Submission, of_sheets: Mapping[str, date]) -> list[Finding]:
    """Return a warning for each sheet with a table where all that name a month name another one than the file."""
    message = N_(
        'the sheet "{sheet}" is named after {named}, and its rows were read as those of {month}. If they are of '
        "{named}, send them in a file of that month."
    )
    month = submission.reporting_month
    return [
        file_finding(
            submission, "warning", "sheet_of_other_month", message, sheet=sheet, named=identity_text(named),
            month=identity_text(month),
        )
        for sheet, named in of_sheets.items()
        if month and set(of_sheets.values()) == {named} != {month}
    ]  # fmt: skip


def _months_findings(submission: Submission, identity: Identity) -> list[Finding]:
    if len(identity.months) <= MAX_MONTHS or identity.period_source is None:
        return []
    message = N_(
        "{place} says period {period}. These are {count} months, and a file holds {most} at most. Correct the period, "
        "or send each year in a file of its own."
    )
    place, period, count = _words(identity.period_source), period_text(identity.months), len(identity.months)
    return [
        file_finding(
            submission, "error", "period_too_long", message, place=place, period=period, count=count, most=MAX_MONTHS
        )
    ]


def month_findings(submission: Submission) -> list[Finding]:
    """Return the findings about the month of a submission: it is not known, or has not begun."""
    month = submission.reporting_month
    if month is None:
        message = N_(
            "the reporting month is not said, or several are. Name the file like {example} or, if it holds several "
            'months, like {several}, or fill in "Reporting period" on the cover.'
        )
        example, several = (f"{submission.country_code or 'KAZ'}_2024-{part}" for part in ("05", "Q1"))
        return [file_finding(submission, "error", "period_unknown", message, example=example, several=several)]
    if month > submission.received_at.date():
        message = N_("the reporting month {value} has not begun. Correct the month in the file name or on the cover.")
        return [file_finding(submission, "error", "period_in_future", message, value=f"{month:%Y-%m}")]
    return []


def version_findings(submission: Submission, open_version: str) -> list[Finding]:
    """Return the finding about an excerpt or a closed questionnaire version; none if no version is stated."""
    stated = submission.questionnaire_version
    if stated is None or stated == open_version:
        return []
    if stated.endswith(EXCERPT_SUFFIX):
        message = N_(
            "the workbook is an excerpt: it holds only rows with findings and would replace all others. Correct your "
            "own file and send that."
        )
        return [file_finding(submission, "error", "excerpt_returned", message)]
    message = N_(
        "the form is of questionnaire version {value}, and version {open_version} is in force. Ask for the current "
        "form and copy your answers into it."
    )
    return [file_finding(submission, "error", "version_closed", message, value=stated, open_version=open_version)]
