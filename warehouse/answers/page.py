"""Answer page: an answer as a page for its focal point, one for each language, that asks the network for nothing."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from pathlib import Path

from warehouse.answers.answer import Answer, AnswerFinding, FieldRange, TableInForce, TableRead
from warehouse.answers.history import HEIGHT, STEP, bars_of
from warehouse.findings.finding import LISTED_LENGTH, shortened
from warehouse.findings.return_sheet_words import FINDINGS_SHEET
from warehouse.questionnaire.definition import Words, load_questionnaire
from warehouse.questionnaire.language import Language, in_language
from warehouse.words.catalogue import N_, fill, in_every_language
from warehouse.words.local_times import local_time, zone_of
from warehouse.words.pages import page_template

LANGUAGES: tuple[Language, ...] = ("ru", "en")
_TEMPLATE = Path(__file__).with_name("page.html.j2")
_IN_ALL = N_("{total} in all")
MAX_SHOWN = 200  # findings of a kind on the page; more is no reading for a person
NAMES: dict[Language, str] = {"ru": "По-русски", "en": "In English"}  # each in its own language
SMALLEST_SHOWN = 0.001


def page_name(language: Language) -> str:
    """Return the file name of the page in a language."""
    return f"answer_{language}.html"


def render_page(answer: Answer, language: Language) -> str:
    """Return the page in a language (HTML, utf-8); whatever was sent is escaped."""
    local = LocalText(language, zone_of(answer.submission.time_zone))
    other: Language = "en" if language == "ru" else "ru"
    return page_template(_TEMPLATE, language).render(
        answer=answer,
        sent=answer.submission,
        verdict=verdict_of(answer),
        steps=steps_of(answer),
        questionnaire=load_questionnaire(),
        local=local,
        shortened=partial(shortened, length=LISTED_LENGTH),
        language=language,
        other={"language": other, "page": page_name(other), "name": NAMES[other]},
        files_in_force=files_in_force(answer),
        nil_tables=local.tables(part.table for part in answer.tables if _is_nil(part)),
        # The figures on top already give all there is to one table of which only the rows are counted.
        shows_tables=answer.received_count > 0
        and (len(answer.tables) > 1 or any(part.sums or part.ranges for part in answer.tables)),
        late_rows=describe_late(answer, local),
        is_same_place=is_same_place,
        bars=bars_of(answer.history) if answer.history else (),
        picture={"width": STEP * len(answer.history.months) if answer.history else 0, "height": HEIGHT, "step": STEP},
        findings_sheet=in_language(FINDINGS_SHEET, answer.return_language or language),
        max_shown=MAX_SHOWN,
    )


def _is_nil(part: TableRead) -> bool:
    return not part.received_count and part.outcome == "accepted"


def verdict_of(answer: Answer) -> str:
    """Return the key of the headline."""
    if not answer.tables:
        return "unreadable"
    if answer.outcome == "rejected":
        return "rejected"
    if answer.error_count:
        return "accepted_partly"
    if answer.warning_count:
        return "accepted_doubted"
    return "accepted" if answer.received_count else "accepted_nil"


def steps_of(answer: Answer) -> tuple[str, ...]:
    """Return the keys of the three steps that the sender takes next; none if nothing is to be done."""
    if not answer.to_correct and not answer.to_confirm:
        return ()
    if answer.is_excerpt:
        return ("excerpt", "correct_own", "send_own")
    if answer.return_workbook is None:
        return ("read_below", "correct_own", "send_own")
    middle = "correct_and_confirm" if answer.to_correct and answer.to_confirm else "confirm_only"
    return ("open_workbook", middle if answer.to_confirm else "correct_only", "send_back")


def files_in_force(answer: Answer) -> list[tuple[TableInForce | None, list[tuple[str, int | None]]]]:
    """Return which file is in force for which tables, with their rows; None for tables of which nothing is accepted."""
    known = {part.table: part for part in answer.standing}
    names = [part.table for part in answer.tables] or list(known)
    files: dict[str | None, tuple[TableInForce | None, list[tuple[str, int | None]]]] = {}
    for name in names:
        part = known.get(name)
        _, parts = files.setdefault(part.submission_id if part else None, (part, []))
        parts.append((name, part.rows_count if part else None))
    return list(files.values())


def describe_late(answer: Answer, local: "LocalText") -> str:
    """Return which rows count in an earlier month: ``Seizures, April 2024: 2 (4, 9)``; empty for none."""
    return "; ".join(
        f"{local.table(part.table)}, {local.month(late.month)}: {local.number(late.rows_count)} "
        f"({', '.join(map(str, late.source_rows))}{', …' if late.rows_count > len(late.source_rows) else ''})"
        for part in answer.tables
        for late in part.late
    )


def is_same_place(finding: AnswerFinding) -> bool:
    """Return whether a finding has the same sheet and row in the return workbook as in the submitted file."""
    sheet, _, cell = (finding.cell or "").rpartition(" ")
    return sheet == finding.sheet and cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(finding.source_row)


class LocalText:
    """Words and numbers as one language writes them, and times in one zone."""

    def __init__(self, language: Language, zone: tzinfo = UTC) -> None:
        """Write in this language, times in this zone."""
        self.language, self.zone = language, zone

    def of(self, words: Words) -> str:
        """Return words in the language."""
        return in_language(words, self.language)

    def number(self, value: float) -> str:
        """Return a number as the language writes it, with at most three decimals, or more where all three are 0."""
        from babel.numbers import format_decimal

        places = "#,##0.###" if value == 0 or abs(value) >= SMALLEST_SHOWN else "#,##0.#########"
        return format_decimal(value, format=places, locale=self.language)

    def range(self, table: str, read: FieldRange) -> str:
        """Return the title of a question, the least and the greatest amount, its unit and the sum if there is one."""
        least, greatest = self.number(read.minimum), self.number(read.maximum)
        amounts = least if least == greatest else f"{least} – {greatest}"
        unit = in_every_language(read.unit)[self.language] if read.unit else ""
        shown = " ".join(part for part in (self.field(table, read.field), amounts, unit) if part)
        if read.total is None or read.values_count == 1:
            return shown
        return f"{shown} ({fill(_IN_ALL, {'total': self.number(read.total)}, self.language)})"

    def moment(self, when: datetime) -> str:
        """Return day and time of a moment (UTC), in the zone: June 12, 2024, 14:14 (UTC+5)."""
        from babel.dates import format_date

        here = local_time(when, self.zone)
        return f"{format_date(here.day, 'long', locale=self.language)}, {here.clock}"

    @property
    def zone_name(self) -> str:
        """The city by which the zone is named; nothing for UTC."""
        from babel.dates import get_timezone_location

        return "" if self.zone is UTC else get_timezone_location(self.zone, locale=self.language, return_city=True)

    def month(self, first_day: date) -> str:
        """Return month and year: май 2024 г."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", first_day, locale=self.language)

    def months(self, first_days: Iterable[date]) -> str:
        """Return months, one after another."""
        return ", ".join(map(self.month, first_days))

    def tables(self, names: Iterable[str]) -> str:
        """Return the titles of tables, one after another."""
        return ", ".join(map(self.table, names))

    def title(self, finding: AnswerFinding) -> str:
        """Return the question that a finding is about; nothing where it is about more than one."""
        if finding.table is None or finding.field is None:
            return ""
        return self.field(finding.table, finding.field)

    def table(self, name: str) -> str:
        """Return the title of a table."""
        return self.of(load_questionnaire().table(name).title)

    def field(self, table: str, name: str) -> str:
        """Return the title of a question."""
        return self.of(load_questionnaire().table(table).field(name).title)

    def unbroken(self, text: str) -> str:
        """Return a text, escaped, in which days, months and ids with hyphens are not broken at the end of a line."""
        from markupsafe import Markup, escape

        plain = str(escape(text))  # a replacement in what is marked up already would be escaped itself
        marked = re.sub(r"\b([A-Z]{3}-)?\d{4}-\d\d(-[0-9a-f]+)?\b", r'<span class="whole">\g<0></span>', plain)
        return Markup(marked)  # noqa: S704 - escaped before
