"""Identity of a file: its country and month, as stated by its folder, its name, its cover and its records."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.questionnaire.cover import parse_month
from warehouse.words.catalogue import N_

# The source of a statement as a message of the catalogue, and the number of the record that fills its placeholder.
StatementSource = tuple[str, int | None]
BY_FOLDER: StatementSource = (N_("the folder"), None)
BY_FILE_NAME: StatementSource = (N_("the file name"), None)
BY_COVER: StatementSource = (N_("the cover"), None)
_BY_RECORD = N_("record {number}")


@dataclass(frozen=True)
class Statement:
    """What one source states: country (alpha-3) and month (its first day), None if it states none.

    ``unclear`` holds answers that are not understood, as pairs of the cover's key and the text.
    """

    source: StatementSource
    country_code: str | None = None
    month: date | None = None
    unclear: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """Two sources that state different values of ``attribute``: country_code or month."""

    attribute: str
    one_source: StatementSource
    one: str
    other_source: StatementSource
    other: str


@dataclass
class Identity:
    """Country (alpha-3) and month by the first statement of each, contradictions to it, and unclear answers.

    An unclear answer is its source, the cover's key and the text.
    """

    country_code: str | None = None
    month: date | None = None
    contradictions: list[Contradiction] = field(default_factory=list)
    unclear: list[tuple[StatementSource, str, str]] = field(default_factory=list)


def path_statements(file_name: str, codelists: Path) -> list[Statement]:
    """Return what folders and file name state: KAZ/KAZ_2012-12.csv states the country twice and the month once.

    In a folder's name any country's code counts; in a file's name, where 'and' or 'mar' are words, only those of member
    states do.
    """
    path, members = PurePosixPath(file_name), member_states(codelists)
    countries = load_codelist(codelists, "countries").entries
    statements = [
        Statement(BY_FOLDER, part.upper() if part.upper() in countries else None, parse_month(part, codelists))
        for part in path.parts[:-1]
    ]
    words = re.findall(r"(?<![^\W\d_])[A-Za-z]{3}(?![^\W\d_])", path.stem)
    named: list[str | None] = [word.upper() for word in words if word.upper() in members]
    return statements + [Statement(BY_FILE_NAME, code, parse_month(path.stem, codelists)) for code in named or [None]]


def cover_statement(answers: dict[str, str], codelists: Path, record: int | None = None) -> Statement:
    """Return what a cover states, or the record of this number; answers that are not understood are kept as unclear."""
    country, period = answers.get("country"), answers.get("period")
    code = load_codelist(codelists, "countries").code_of(country) if country else None
    month = parse_month(period, codelists) if period else None
    understood = {
        "country": code,
        "period": month,
        "nil_return": stated_nil_return(answers, codelists),
        "revision": stated_revision(answers),
    }
    unclear = ((key, answers[key]) for key, meaning in understood.items() if answers.get(key) and meaning is None)
    return Statement(BY_COVER if record is None else (_BY_RECORD, record), code, month, tuple(unclear))


def stated_nil_return(answers: dict[str, str], codelists: Path) -> bool | None:
    """Return whether the cover states that there is nothing to report; None if it has no clear answer."""
    code = load_codelist(codelists, "yes_no").code_of(answers.get("nil_return", ""))
    return None if code is None else code == "YES"


def stated_revision(answers: dict[str, str]) -> int | None:
    """Return the revision number of the cover; None if there is none or it is not a whole number of up to 4 digits."""
    match = re.fullmatch(r"\d{1,4}(?:\.0+)?", answers.get("revision", ""))
    return int(float(match.group())) if match else None


def identify(statements: Sequence[Statement]) -> Identity:
    """Compare statements: the first country and the first month stated count, others that differ are contradictions."""
    identity = Identity(unclear=[(s.source, *answer) for s in statements for answer in s.unclear])
    for attribute in ("country_code", "month"):
        stated = [(s.source, getattr(s, attribute)) for s in statements if getattr(s, attribute) is not None]
        if not stated:
            continue
        first_source, first = stated[0]
        setattr(identity, attribute, first)
        identity.contradictions += [
            Contradiction(attribute, first_source, identity_text(first), source, identity_text(value))
            for source, value in dict.fromkeys(stated[1:])
            if value != first
        ]
    return identity


def identity_text(value: date | str) -> str:
    """Return a month as 2024-05, and a country's code as it is."""
    return format(value, "%Y-%m") if isinstance(value, date) else value
