"""Identity of a file: its country and month, as stated by its folder, its name, its cover and its records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from warehouse.questionnaire.codelists import load_codelist, means_yes, member_states
from warehouse.questionnaire.periods import named_month, parse_month, parse_period
from warehouse.sheets.sheet_scan import SheetScan
from warehouse.words.catalogue import N_

# The source of a statement as a message of the catalogue, and the number of the record that fills its placeholder.
StatementSource = tuple[str, int | None]
BY_FOLDER: StatementSource = (N_("the folder"), None)
BY_FILE_NAME: StatementSource = (N_("the file name"), None)
BY_COVER: StatementSource = (N_("the cover"), None)
BY_SHEETS: StatementSource = (N_("the naming of the sheets"), None)
_BY_RECORD = N_("record {number}")

YEAR_MONTHS = 12
MAX_MONTHS = 24  # of one file; nobody reports on more at once, and each has an answer of its own


@dataclass(frozen=True)
class Statement:
    """What one source states: country (alpha-3), None if it states none, and months (their first days).

    ``unclear`` holds answers that are not understood, as pairs of the cover's key and the text.
    """

    source: StatementSource
    country_code: str | None = None
    months: tuple[date, ...] = ()
    unclear: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """Two sources that state different values of ``attribute``: country_code or month, which may be several."""

    attribute: str
    one_source: StatementSource
    one: str
    other_source: StatementSource
    other: str


@dataclass
class Identity:
    """Country (alpha-3) and month as they are stated, contradictions to that, and unclear answers.

    An unclear answer is its source, the cover's key and the text. ``months`` are those of a file of several, which has
    no one month; ``period_source`` says which they are, or which month it is.
    """

    country_code: str | None = None
    month: date | None = None
    contradictions: list[Contradiction] = field(default_factory=list)
    unclear: list[tuple[StatementSource, str, str]] = field(default_factory=list)
    months: tuple[date, ...] = ()
    period_source: StatementSource | None = field(default=None, compare=False)


def path_statements(file_name: str, codelists: Path) -> list[Statement]:
    """Return what folders and file name state: KAZ/KAZ_2012-12.csv states the country twice and the month once.

    In a folder's name any country's code counts; in a file's name, where 'and' or 'mar' are words, only those of member
    states do. Folders named after years hold reports of months, and say nothing about any of them.
    """
    path, members = PurePosixPath(file_name), member_states(codelists)
    countries = load_codelist(codelists, "countries").entries
    statements = [
        Statement(BY_FOLDER, part.upper() if part.upper() in countries else None, _part_of_year(part, codelists))
        for part in path.parts[:-1]
    ]
    words = re.findall(r"(?<![^\W\d_])[A-Za-z]{3}(?![^\W\d_])", path.stem)
    named: list[str | None] = [word.upper() for word in words if word.upper() in members]
    return statements + [Statement(BY_FILE_NAME, code, parse_period(path.stem, codelists)) for code in named or [None]]


def _part_of_year(text: str, codelists: Path) -> tuple[date, ...]:
    months = parse_period(text, codelists)
    return months if len(months) < YEAR_MONTHS else ()


def cover_statement(answers: dict[str, str], codelists: Path, record: int | None = None) -> Statement:
    """Return what a cover states, or the record of this number; answers that are not understood are kept as unclear."""
    country, period = answers.get("country"), answers.get("period")
    code = load_codelist(codelists, "countries").code_of(country) if country else None
    months = parse_period(period, codelists) if period else ()
    understood = {
        "country": code,
        "period": months or None,
        "nil_return": means_yes(answers.get("nil_return", ""), codelists),
        "revision": stated_revision(answers),
    }
    unclear = ((key, answers[key]) for key, meaning in understood.items() if answers.get(key) and meaning is None)
    return Statement(BY_COVER if record is None else (_BY_RECORD, record), code, months, tuple(unclear))


def stated_revision(answers: dict[str, str]) -> int | None:
    """Return the revision number of the cover; None if there is none or it is not a whole number of up to 4 digits."""
    match = re.fullmatch(r"\d{1,4}(?:\.0+)?", answers.get("revision", ""))
    return int(float(match.group())) if match else None


def identify(statements: Sequence[Statement]) -> Identity:
    """Compare statements: the first country and the narrowest period stated count, others that differ contradict them.

    A wider period contradicts no month in it if it is that of a folder, or a whole year: reports are kept by them.
    """
    identity = Identity(unclear=[(s.source, *answer) for s in statements for answer in s.unclear])
    countries = [(s.source, s.country_code) for s in statements if s.country_code]
    if countries:
        first_source, identity.country_code = countries[0]
        identity.contradictions += [
            Contradiction("country_code", first_source, identity_text(countries[0][1]), source, identity_text(code))
            for source, code in dict.fromkeys(countries[1:])
            if code != identity.country_code
        ]
    if periods := [(s.source, s.months) for s in statements if s.months]:
        source, months = min(periods, key=lambda period: len(period[1]))
        _set_period(identity, source, months)
        identity.contradictions += [
            _contradiction(source, months, other, stated)
            for other, stated in dict.fromkeys(periods)
            if stated != months and not (_is_wide(other, stated) and set(months) <= set(stated))
        ]
    return identity


def _set_period(identity: Identity, source: StatementSource, months: tuple[date, ...]) -> None:
    identity.month, identity.months = (months[0], ()) if len(months) == 1 else (None, months)
    identity.period_source = source


def _is_wide(source: StatementSource, months: tuple[date, ...]) -> bool:
    return source == BY_FOLDER or len(months) >= YEAR_MONTHS


def _contradiction(
    source: StatementSource, months: tuple[date, ...], other: StatementSource, stated: tuple[date, ...]
) -> Contradiction:
    return Contradiction("month", source, period_text(months), other, period_text(stated))


def identify_file(file_name: str, scans: Sequence[SheetScan], codelists: Path) -> tuple[Identity, dict[str, date]]:
    """Return what a file states by its path, covers and sheets, and the months that sheets with a table name."""
    above = _months_above(scans, codelists)
    statements = path_statements(file_name, codelists)
    for scan in scans:
        # Covers above the tables of several months speak for their sheets alone.
        is_of_sheet = scan.sheet.name in above and len(set(above.values())) > 1
        kept = {key: answer for key, answer in scan.cover.items() if not (is_of_sheet and key == "period")}
        statements += [cover_statement(kept, codelists, scan.sheet.record)] if kept else []
    identity = identify(statements)
    of_sheets = _sheet_months(scans, identity, above, codelists)
    _add_sheets(identity, of_sheets)
    return identity, of_sheets


def _months_above(scans: Sequence[SheetScan], codelists: Path) -> dict[str, date]:
    """Return the month that the cover above the table of a sheet names, by the name of the sheet."""
    periods = {scan.sheet.name: scan.cover["period"] for scan in scans if scan.table and "period" in scan.cover}
    found = {name: parse_month(period, codelists) for name, period in periods.items()}
    return {name: month for name, month in found.items() if month}


def _sheet_months(
    scans: Sequence[SheetScan], identity: Identity, above: Mapping[str, date], codelists: Path
) -> dict[str, date]:
    """Return the month that each sheet with a table names, in the cover above it or in its own name.

    A name without a year is one of the months that the file covers, or else of the year of the first.
    """
    stated = identity.months or ((identity.month,) if identity.month else ())
    found = dict(above)
    for name in {scan.sheet.name for scan in scans if scan.table} - found.keys():
        year, number = named_month(name, codelists) or (None, None)
        if number is None or not (year or stated):
            continue
        own = [month for month in stated if month.month == number and year in (None, month.year)]
        if len(own) < 2:  # noqa: PLR2004 - of two years nobody knows which is meant
            found[name] = own[0] if own else date(year or stated[0].year, number, 1)
    return found


def _add_sheets(identity: Identity, of_sheets: Mapping[str, date]) -> None:
    """Compare what sheets name with what the file states: it counts where nothing else does, and else must lie in it.

    One sheet that is named after another month than the file is left for a warning: names of sheets are left over.
    """
    months = tuple(sorted(set(of_sheets.values())))
    if not identity.period_source:
        if months:
            _set_period(identity, BY_SHEETS, months)
        return
    stated = identity.months or ((identity.month,) if identity.month else ())
    if not set(months) <= set(stated) and len(months) + len(stated) > 2:  # noqa: PLR2004 - one month, and one other
        identity.contradictions.append(_contradiction(identity.period_source, stated, BY_SHEETS, months))


def period_text(months: Sequence[date]) -> str:
    """Return months as 2024-05, 2024-01 – 2024-03 or, where some between are left out, one after another."""
    first, last = months[0], months[-1]
    is_whole = (last.year - first.year) * YEAR_MONTHS + last.month - first.month == len(months) - 1
    if len(months) > 1 and is_whole:
        return f"{identity_text(first)} – {identity_text(last)}"
    return ", ".join(map(identity_text, months))


def identity_text(value: date | str) -> str:
    """Return a month as 2024-05, and a country's code as it is."""
    return format(value, "%Y-%m") if isinstance(value, date) else value
