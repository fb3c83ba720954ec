"""Cover data: what the sender states about a submission as a whole, above a table or on a cover sheet."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.headings import MAX_HEADING_CHARACTERS, heading_key

COVER_WIDTH = 3  # the most filled cells in a row of a cover
COVER_LABELS = {
    "country": ("country", "reporting country", "страна", "отчитывающаяся страна"),
    "period": ("period", "reporting period", "month", "reporting month", "период", "отчетный период", "месяц",
               "отчетный месяц", "за период"),
    "version": ("version", "questionnaire version", "form version", "версия", "версия вопросника", "версия формы"),
    "nil_return": ("nil return", "nothing to report", "nothing to report this month", "нулевой отчет",
                   "сообщать не о чем", "сообщать не о чем в этом месяце"),
    "revision": ("revision", "revision number", "номер исправления", "исправление", "редакция"),
    "contact": ("contact", "contacts", "контакт", "контакты", "контактные данные"),
}  # fmt: skip
_COVER_KEYS = {heading_key(label): key for key, labels in COVER_LABELS.items() for label in labels}

# What may stand between a year and the word for a month: 'за апрель 2024', '2024 жылғы сәуір', 'апрели соли 2024'.
_BETWEEN = r"[-_., ]*(?:(?:год\w*|г|жыл\w*|сол\w*|йил\w*|yil\w*|ýyl\w*)[-_., ]+)?"


@dataclass(frozen=True)
class _Periods:
    """The writings of a month: ``numbers`` and ``words`` anywhere in a text, ``alone`` as all of it."""

    numbers: tuple[re.Pattern[str], ...]
    words: tuple[re.Pattern[str], ...]
    alone: re.Pattern[str]
    months: Mapping[str, int]


# Year first ('2012-12', '2012_12', '201212') or month first ('12.2012'), not within a longer number.
_NUMBERS = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-_. ]?(?P<month>0[1-9]|1[0-2])(?:-\d\d)?(?!\d)"),
    re.compile(r"(?<!\d)(?P<month>0[1-9]|1[0-2])[-_./ ](?P<year>20\d\d)(?!\d)"),
)


@cache
def _periods(codelists: Path) -> _Periods:
    """Return how a month is written; its words are those that dates in columns have too (stg_month_words)."""
    known = load_codelist(codelists, "months").spellings
    months = {word: int(code) for word, code in known.items() if not word.isdigit()}
    words = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    month = rf"(?<![^\W\d_])(?P<month>{words})(?![^\W\d_])"
    return _Periods(
        _NUMBERS,
        (
            re.compile(rf"{month}{_BETWEEN}(?P<year>20\d\d)(?!\d)"),
            re.compile(rf"(?<!\d)(?P<year>20\d\d){_BETWEEN}{month}"),
        ),
        re.compile(rf"(?:\d{{1,2}}[-. ])?{month}[-., ]{{1,2}}(?P<year>\d\d)(?: ?г\.?)?"),
        months,
    )


def parse_month(text: str, codelists: Path) -> date | None:
    """Return the first day of the month named in a text ('2024-05', '05.2024', 'май 2024'); None if none or several.

    ``codelists`` is the folder of the seeds, which hold the words for months. A year of two digits counts where nothing
    else stands: 'апр.24'.
    """
    written = unicodedata.normalize("NFC", text).casefold().strip()
    known = _periods(codelists)
    found = {
        date(int(match["year"]), int(match["month"]), 1)
        for pattern in known.numbers
        for match in pattern.finditer(written)
    } | {
        date(int(match["year"]), known.months[match["month"]], 1)
        for pattern in known.words
        for match in pattern.finditer(written)
    }
    if alone := known.alone.fullmatch(written):
        found.add(date(2000 + int(alone["year"]), known.months[alone["month"]], 1))
    return found.pop() if len(found) == 1 else None


def cover_data(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the cover answers by key (the keys of COVER_LABELS); the first of each counts.

    An answer is in the cell right of its label, or follows it in the same cell after a colon: 'Период: май 2024'.
    """
    answers: dict[str, str] = {}
    for row in rows:
        filled = [cell.strip() for cell in row if cell.strip()]
        pairs = [*itertools.pairwise(filled), *(cell.split(":", 1) for cell in filled if ":" in cell)]
        for label, answer in pairs:
            key = _cover_key(label.rstrip(":"))
            if key and answer.strip():
                answers.setdefault(key, answer.strip())
    return answers


def _cover_key(label: str) -> str | None:
    if len(label) > MAX_HEADING_CHARACTERS:
        return None
    parts = (_COVER_KEYS.get(heading_key(part)) for part in re.split(r"\s*[/|\n]\s*", label))
    return next((key for key in parts if key), None)


def is_cover(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows can be a cover sheet: no row has more than COVER_WIDTH filled cells."""
    return all(sum(bool(cell.strip()) for cell in row) <= COVER_WIDTH for row in rows)
