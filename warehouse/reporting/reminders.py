"""Reminders: letters to the offices whose answers are due or missing, with the file that each has to send."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from dateutil.relativedelta import relativedelta

from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import Questionnaire, Words
from warehouse.questionnaire.language import Language, in_language
from warehouse.reporting.obligations import Obligation, months_between
from warehouse.reporting.reports import Report, read_reports
from warehouse.storage.durable import replace_file
from warehouse.text_table import printable
from warehouse.words.catalogue import N_, fill, translate
from warehouse.words.months import month_in_words

_OFFICE = N_("To: {agency}, unit that answers the questionnaire")
_NO_OFFICE = N_("To: the unit that answers the questionnaire")
_SUBJECT = N_("{country}: answers to the questionnaire that are due, {day}")
_OVERDUE = N_("{month}: {what}. It was due on {due} (days late: {days}). Send the file {file}.")
_DUE_SOON = N_("{month}: {what}. It is due on {due} (days left: {days}). Send the file {file}.")
_WHOLE_FORM = N_("the whole form")
_SOME_TABLES = N_("tables: {tables}")
_REJECTED = N_("The file {name} for this month was rejected. Correct what the answer to it names and send it again.")
_TABLES_REJECTED = N_(
    "Of the file {name} for this month these tables were rejected: {tables}. Correct what the answer to it names and "
    "send them again."
)
_NIL = N_(
    "If there is nothing to report for a month, or in a table of it, answer “yes” to that on the cover of the form: it "
    "is an answer too, and an empty table is none. Tables that have arrived stay in force and need not be sent again."
)


@dataclass(frozen=True)
class Item:
    """What is asked for: a month (YYYY-MM), its tables (None: the whole form), and the file to send.

    ``days_late`` is negative while there are days left; ``rejected_file`` is the last one of the month, if it was
    rejected, or ``rejected_tables`` of it that are asked for here.
    """

    month: str
    due_date: str
    days_late: int
    tables: tuple[str, ...] | None
    file_name: str
    rejected_file: str | None
    rejected_tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A reminder to one office in its language, None if the country has named none; ``text`` is the whole letter."""

    agency_code: str | None
    office: str
    language: Language
    subject: str
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Reminder:
    """All letters of a day (ISO) to the offices of a country."""

    country_code: str
    day: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class _Office:
    agency_code: str | None
    language: Language
    country: Words
    agency: Words | None


def due_reports(
    connection: duckdb.DuckDBPyConnection, obligations: Sequence[Obligation], tables: Sequence[str], day: date
) -> list[Report]:
    """Return the months that have ended before ``day`` and lack anything, those that wait for our decision aside.

    What the ledger holds now counts as arrived, whatever the day.
    """
    first = min((obligation.valid_from for obligation in obligations), default=day)
    last = day + relativedelta(months=-1, day=1)
    reports = read_reports(connection, obligations, tables, months_between(first, last), day)
    return [report for report in reports if report.missing_tables and report.state != "pending"]


def write_letters(
    reports: Iterable[Report], questionnaire: Questionnaire, codelists: Path, day: date
) -> list[Reminder]:
    """Return the reminders of the day, a letter for each office; a country that owes nothing yet has none."""
    countries, agencies = (load_codelist(codelists, name).entries for name in ("countries", "agencies"))
    items = defaultdict[str, dict[_Office, list[Item]]](dict)
    for report in reports:
        for obligation, tables in _owed(report, day).items():
            code, country = obligation.agency_code, countries[report.country_code]
            office = _Office(code, obligation.language, _names(country), _names(agencies[code]) if code else None)
            items[report.country_code].setdefault(office, []).append(_item(report, obligation, tables))
    titles = {table.name: table.title for table in questionnaire.tables}
    return [
        Reminder(code, day.isoformat(), tuple(_letter(office, found, titles, day) for office, found in offices.items()))
        for code, offices in sorted(items.items())
    ]


def _owed(report: Report, day: date) -> dict[Obligation, list[str]]:
    """Group the missing tables whose reminders have begun by what obliges to them."""
    owed: dict[Obligation, list[str]] = {}
    for table in report.missing_tables:
        obligation = report.asked[table]
        if obligation.due_date(report.month) - timedelta(days=obligation.reminder_days) <= day:
            owed.setdefault(obligation, []).append(table)
    return owed


def _item(report: Report, obligation: Obligation, tables: Sequence[str]) -> Item:
    due = obligation.due_date(report.month)
    rejected = tuple(table for table in report.last_rejected_tables if table in tables)
    return Item(
        month=f"{report.month:%Y-%m}",
        due_date=due.isoformat(),
        days_late=(report.today - due).days,
        tables=None if len(tables) == len(report.asked) else tuple(tables),
        file_name=f"{report.country_code}_{report.month:%Y-%m}.xlsx",
        rejected_file=report.received[-1].file_name if report.last_rejected or rejected else None,
        rejected_tables=rejected,
    )


def _names(entry: dict[str, str]) -> Words:
    return Words(en=entry["name_en"], ru=entry["name_ru"])


def _letter(office: _Office, items: Sequence[Item], titles: Mapping[str, Words], day: date) -> Letter:
    language = office.language
    named = office.agency and {"agency": in_language(office.agency, language)}
    to = fill(_OFFICE, named, language) if named else translate(_NO_OFFICE, language)
    subject = fill(_SUBJECT, {"country": in_language(office.country, language), "day": _day(day, language)}, language)
    lines = [f"- {' '.join(_sentences(item, titles, language))}" for item in items]
    text = "\n".join([to, subject, "", *lines, "", translate(_NIL, language)]) + "\n"
    return Letter(office.agency_code, to, language, subject, text, tuple(items))


def _sentences(item: Item, titles: Mapping[str, Words], language: Language) -> Iterator[str]:
    named = ", ".join(in_language(titles[table], language) for table in item.tables or ())
    yield fill(
        _OVERDUE if item.days_late > 0 else _DUE_SOON,
        {
            "month": month_in_words(date.fromisoformat(f"{item.month}-01"), language),
            "what": fill(_SOME_TABLES, {"tables": named}, language)
            if item.tables
            else translate(_WHOLE_FORM, language),
            "due": _day(date.fromisoformat(item.due_date), language),
            "days": abs(item.days_late),
            "file": item.file_name,
        },
        language,
    )
    if item.rejected_file and item.rejected_tables:
        named = ", ".join(in_language(titles[table], language) for table in item.rejected_tables)
        yield fill(_TABLES_REJECTED, {"name": printable(item.rejected_file), "tables": named}, language)
    elif item.rejected_file:
        yield fill(_REJECTED, {"name": printable(item.rejected_file)}, language)


def _day(day: date, language: Language) -> str:
    from babel.dates import format_date

    return format_date(day, "d MMMM y", locale=language)


def keep_reminders(root: Path, day: date, reminders: Sequence[Reminder]) -> list[Path]:
    """Write ``reminders/<day>/<ISO3>.txt`` and ``.json`` below ``root``; returns their paths, both of each country.

    Run again on the same day it leaves what has not changed untouched, and removes what is no longer due.
    """
    folder = root / "reminders" / day.isoformat()
    contents = {}
    for reminder in reminders:
        letters = "\n\n".join(letter.text for letter in reminder.letters)
        contents[folder / f"{reminder.country_code}.txt"] = letters
        values = json.dumps(asdict(reminder), ensure_ascii=False, indent=2)
        contents[folder / f"{reminder.country_code}.json"] = f"{values}\n"
    there = [path for kind in ("txt", "json") for path in folder.glob(f"{'[A-Z]' * 3}.{kind}")]
    for path in set(there) - set(contents):
        path.unlink()
    if not contents:
        with suppress(OSError):  # there is none, or it holds what somebody else has put there
            folder.rmdir()
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in contents.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            replace_file(path, text.encode())
    return list(contents)
