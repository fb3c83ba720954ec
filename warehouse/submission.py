"""A submission: one received file, the country and the month it is about, and who says so."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from warehouse.codelists import load_codelist, member_states
from warehouse.cover import parse_month
from warehouse.findings import Finding


@dataclass(frozen=True)
class Statement:
    """What one place says: who says it, country (alpha-3), month (its first day), what is unclear."""

    said_by: str
    country_code: str | None = None
    month: date | None = None
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One received file; ``submission_id`` is country, month and the head of the sha256 of its bytes.

    The month belongs to the id because two nil returns of different months can be the same bytes. ``received_at`` is
    UTC without a zone. ``revision`` is the number that the sender gives; the day of receipt decides which one counts.
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


@dataclass
class Identity:
    """Country and month on which all statements agree, the contradictions between them and what no one understands."""

    country_code: str | None = None
    month: date | None = None
    contradictions: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def path_statements(file_name: str, codelists: Path) -> list[Statement]:
    """Return what folders and name say: ``KAZ/KAZ_2012-12.csv`` names the country twice and the month once.

    A folder may bear any country's code; in a file's name, where 'and' or 'mar' are words, only member states count.
    """
    path, members = PurePosixPath(file_name), member_states(codelists)
    countries = load_codelist(codelists, "countries").entries
    statements = [
        Statement("the folder", part.upper() if part.upper() in countries else None, parse_month(part))
        for part in path.parts[:-1]
    ]
    words = re.findall(r"(?<![^\W\d_])[A-Za-z]{3}(?![^\W\d_])", path.stem)
    named: list[str | None] = [word.upper() for word in words if word.upper() in members]
    return statements + [Statement("the file name", code, parse_month(path.stem)) for code in named or [None]]


def cover_statement(answers: dict[str, str], codelists: Path, said_by: str = "the cover") -> Statement:
    """Return what the cover says; an answer of another kind than its question is told as unclear, never guessed."""
    country, period = answers.get("country"), answers.get("period")
    code = load_codelist(codelists, "countries").code_of(country) if country else None
    month = parse_month(period) if period else None
    unclear = [f"country {country!r}"] if country and not code else []
    unclear += [f"period {period!r}"] if period and not month else []
    nil, revision = answers.get("nil_return"), answers.get("revision")
    unclear += [f"nothing to report {nil!r}"] if nil and says_nil(answers, codelists) is None else []
    unclear += [f"revision number {revision!r}"] if revision and stated_revision(answers) is None else []
    return Statement(said_by, code, month, tuple(unclear))


def says_nil(answers: dict[str, str], codelists: Path) -> bool | None:
    """Return whether the cover says that there is nothing to report; None if it does not say."""
    code = load_codelist(codelists, "yes_no").code_of(answers.get("nil_return", ""))
    return None if code is None else code == "YES"


def stated_revision(answers: dict[str, str]) -> int | None:
    """Return the revision number of the cover; None if there is none or it is no whole number."""
    match = re.fullmatch(r"\d{1,4}(?:\.0+)?", answers.get("revision", ""))
    return int(float(match.group())) if match else None


def identify(statements: Sequence[Statement]) -> Identity:
    """Compare all statements; the first one that speaks gives the value, each that differs is a contradiction."""
    identity = Identity(unclear=[f"{s.said_by} says {words}" for s in statements for words in s.unclear])
    for attribute, word in (("country_code", "country"), ("month", "period")):
        spoken = [(s.said_by, getattr(s, attribute)) for s in statements if getattr(s, attribute) is not None]
        if not spoken:
            continue
        setattr(identity, attribute, spoken[0][1])
        for said_by, value in dict.fromkeys(spoken[1:]):
            if value != spoken[0][1]:
                identity.contradictions.append(
                    f"{spoken[0][0]} says {word} {_shown(spoken[0][1])}, {said_by} says {_shown(value)}"
                )
    return identity


def _shown(value: object) -> str:
    return format(value, "%Y-%m") if isinstance(value, date) else str(value)


def submission_id(country_code: str | None, month: date | None, sha256: str) -> str:
    """Return the id, e.g. ``KAZ-2012-12-3fa9c1d2e4b7``."""
    return f"{country_code or 'UNKNOWN'}-{_shown(month) if month else 'UNKNOWN'}-{sha256[:12]}"


def identity_findings(submission: Submission, identity: Identity, members: Collection[str]) -> list[Finding]:
    """Return findings about country and month: contradicted, unclear, unknown or not begun."""
    name, sid = submission.file_name, submission.submission_id
    findings = [
        Finding(sid, "error", "identity_contradicted", f"{name}: {words}. Correct the wrong one and send it again.")
        for words in identity.contradictions
    ] + [
        Finding(sid, "warning", "cover_unclear", f"{name}: {words}, which is not understood. "
                "Write the country by its name or code, the period like 2024-05, the revision as a number, "
                "and yes or no where that is asked.")
        for words in identity.unclear
    ]  # fmt: skip
    if submission.country_code not in members:
        code = submission.country_code
        told = f"is {code}, which is no member state" if code else "is not said"
        message = f"{name}: the country {told}. Put the file into the folder of its country ({', '.join(members)})."
        findings.append(Finding(sid, "error", "country_unknown", message, value=code))
    return findings + _month_findings(submission)


def nil_contradiction(submission: Submission, row_count: int) -> Finding:
    """Return the finding about a cover that says there is nothing to report, above ``row_count`` rows."""
    message = (
        f"{submission.file_name}: the cover says that there is nothing to report, and {row_count} rows were read and "
        "count. Correct the cover; if the rows are not of this month, delete them and send the file again."
    )
    return Finding(submission.submission_id, "warning", "nil_contradicted", message)


def _month_findings(submission: Submission) -> list[Finding]:
    name, sid, month = submission.file_name, submission.submission_id, submission.reporting_month
    if month is None:
        message = (
            f"{name}: the reporting month is not said, or several are. "
            f"Name the file like {submission.country_code or 'KAZ'}_2024-05, or fill in Period on the cover."
        )
        return [Finding(sid, "error", "period_unknown", message)]
    if month > submission.received_at.date():
        message = f"{name}: the reporting month {month:%Y-%m} has not begun. Correct the month in name or cover."
        return [Finding(sid, "error", "period_in_future", message, value=f"{month:%Y-%m}")]
    return []


def version_findings(submission: Submission, open_version: str) -> list[Finding]:
    """Return the finding about a form of a closed questionnaire version; a file that states none is open."""
    stated = submission.questionnaire_version
    if stated is None or stated == open_version:
        return []
    message = (
        f"{submission.file_name}: it answers questionnaire version {stated}; version {open_version} is open. "
        "Ask for the current form and copy your answers into it."
    )
    return [Finding(submission.submission_id, "error", "version_closed", message, value=stated)]
