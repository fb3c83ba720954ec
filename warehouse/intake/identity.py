"""Identity: which country and month a file is about, and who says so: its folder, its name, its cover, its records."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.questionnaire.cover import parse_month
from warehouse.words.catalogue import N_

# Who says something, as a text of the catalogue; the number is that of a record.
Place = tuple[str, int | None]
FOLDER: Place = (N_("the folder"), None)
FILE_NAME: Place = (N_("the file name"), None)
COVER: Place = (N_("the cover"), None)
_RECORD = N_("record {number}")


@dataclass(frozen=True)
class Statement:
    """What one place says: who says it, country (alpha-3), month (its first day).

    ``unclear`` holds what is not understood: the key of the cover's question and the answer.
    """

    said_by: Place
    country_code: str | None = None
    month: date | None = None
    unclear: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """Two places that say different things: the attribute, then who says what."""

    attribute: str
    one_place: Place
    one: str
    other_place: Place
    other: str


@dataclass
class Identity:
    """Country and month on which all statements agree, the contradictions between them and what no one understands."""

    country_code: str | None = None
    month: date | None = None
    contradictions: list[Contradiction] = field(default_factory=list)
    unclear: list[tuple[Place, str, str]] = field(default_factory=list)


def path_statements(file_name: str, codelists: Path) -> list[Statement]:
    """Return what folders and name say: ``KAZ/KAZ_2012-12.csv`` names the country twice and the month once.

    A folder may bear any country's code; in a file's name, where 'and' or 'mar' are words, only member states count.
    """
    path, members = PurePosixPath(file_name), member_states(codelists)
    countries = load_codelist(codelists, "countries").entries
    statements = [
        Statement(FOLDER, part.upper() if part.upper() in countries else None, parse_month(part))
        for part in path.parts[:-1]
    ]
    words = re.findall(r"(?<![^\W\d_])[A-Za-z]{3}(?![^\W\d_])", path.stem)
    named: list[str | None] = [word.upper() for word in words if word.upper() in members]
    return statements + [Statement(FILE_NAME, code, parse_month(path.stem)) for code in named or [None]]


def cover_statement(answers: dict[str, str], codelists: Path, record: int | None = None) -> Statement:
    """Return what the cover says, or the record of this number; what is not understood is told, never guessed."""
    country, period = answers.get("country"), answers.get("period")
    code = load_codelist(codelists, "countries").code_of(country) if country else None
    month = parse_month(period) if period else None
    understood = {
        "country": code,
        "period": month,
        "nil_return": says_nil(answers, codelists),
        "revision": stated_revision(answers),
    }
    unclear = ((key, answers[key]) for key, meaning in understood.items() if answers.get(key) and meaning is None)
    return Statement(COVER if record is None else (_RECORD, record), code, month, tuple(unclear))


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
    identity = Identity(unclear=[(s.said_by, *answer) for s in statements for answer in s.unclear])
    for attribute in ("country_code", "month"):
        spoken = [(s.said_by, getattr(s, attribute)) for s in statements if getattr(s, attribute) is not None]
        if not spoken:
            continue
        place, first = spoken[0]
        setattr(identity, attribute, first)
        identity.contradictions += [
            Contradiction(attribute, place, shown(first), said_by, shown(value))
            for said_by, value in dict.fromkeys(spoken[1:])
            if value != first
        ]
    return identity


def shown(value: date | str) -> str:
    """Return a month as 2024-05, a country by its code."""
    return format(value, "%Y-%m") if isinstance(value, date) else value
