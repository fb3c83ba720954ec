"""A submission: one received file, the country and the month it is about, and who says so."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath

from warehouse.headings import heading_key

COVER_LABELS = {
    "country": ("country", "reporting country", "страна", "отчитывающаяся страна"),
    "period": ("period", "reporting period", "month", "период", "отчетный период", "месяц"),
    "version": ("version", "questionnaire version", "form version", "версия", "версия вопросника"),
}
_COVER_KEYS = {heading_key(label): key for key, labels in COVER_LABELS.items() for label in labels}

# Year first ('2012-12', '2012_12', '201212') or month first ('12.2012'); digits on either side would be another number.
_PERIODS = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-_. ]?(?P<month>0[1-9]|1[0-2])(?:-\d\d)?(?!\d)"),
    re.compile(r"(?<!\d)(?P<month>0[1-9]|1[0-2])[-_./ ](?P<year>20\d\d)(?!\d)"),
)


@dataclass(frozen=True)
class Statement:
    """What one place says about a submission: who says it, country (alpha-3) and month (its first day)."""

    said_by: str
    country_code: str | None = None
    month: date | None = None


@dataclass(frozen=True)
class Submission:
    """One received file; ``submission_id`` is country, month and the head of the sha256 of its bytes.

    The month belongs to the id because two nil returns of different months can be the same bytes.
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


@dataclass
class Identity:
    """Country and month on which all statements agree, and the contradictions between them."""

    country_code: str | None = None
    month: date | None = None
    contradictions: list[str] = field(default_factory=list)


def parse_month(text: str) -> date | None:
    """Return the first day of the month that a file name or a cover names; None if it names none or several."""
    found = {
        date(int(match["year"]), int(match["month"]), 1)
        for pattern in _PERIODS
        for match in pattern.finditer(text)
    }
    return found.pop() if len(found) == 1 else None


def path_statements(file_name: str, members: Iterable[str]) -> list[Statement]:
    """Return what folder and name say: ``KAZ/KAZ_2012-12.csv`` names the country twice and the month once."""
    path = PurePosixPath(file_name)
    members = set(members)
    statements = [
        Statement("the folder", country_code=part.upper()) for part in path.parts[:-1] if part.upper() in members
    ]
    named = [word for word in re.findall(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])", path.stem) if word.upper() in members]
    countries: list[str | None] = [word.upper() for word in named] or [None]
    return statements + [Statement("the file name", country, parse_month(path.stem)) for country in countries]


def cover_data(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return cover answers (country, period, version): the cell right of its label, first one wins."""
    answers: dict[str, str] = {}
    for row in rows:
        filled = [cell.strip() for cell in row if cell.strip()]
        for label, answer in zip(filled, filled[1:], strict=False):
            for part in re.split(r"\s*[/|\n]\s*", label.rstrip(":")):
                key = _COVER_KEYS.get(heading_key(part))
                if key:
                    answers.setdefault(key, answer)
    return answers


def identify(statements: Sequence[Statement]) -> Identity:
    """Compare all statements; the first one that speaks gives the value, each that differs is a contradiction."""
    identity = Identity()
    for attribute, word in (("country_code", "country"), ("month", "period")):
        spoken = [(s.said_by, getattr(s, attribute)) for s in statements if getattr(s, attribute) is not None]
        if not spoken:
            continue
        setattr(identity, attribute, spoken[0][1])
        for said_by, value in spoken[1:]:
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
