"""Cover data: what the sender states about a submission as a whole, above a table or on a cover sheet."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

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
}  # fmt: skip
_COVER_KEYS = {heading_key(label): key for key, labels in COVER_LABELS.items() for label in labels}

_MONTH_NAMES = (
    r"jan(?:uary)?|янв(?:ар[ьяе])?", r"feb(?:ruary)?|фев(?:р|рал[ьяе])?", r"mar(?:ch)?|март?(?:а|е)?",
    r"apr(?:il)?|апр(?:ел[ьяе])?", r"may|ма[йяе]", r"june?|июн[ьяе]?", r"july?|июл[ьяе]?",
    r"aug(?:ust)?|авг(?:уст[ае]?)?", r"sept?(?:ember)?|сент?(?:ябр[ьяе])?", r"oct(?:ober)?|окт(?:ябр[ьяе])?",
    r"nov(?:ember)?|ноя(?:б|бр[ьяе])?", r"dec(?:ember)?|дек(?:абр[ьяе])?",
)  # fmt: skip
_MONTH_NAME = (
    r"(?<![^\W\d_])(?:" + "|".join(f"(?P<m{n}>{name})" for n, name in enumerate(_MONTH_NAMES, 1)) + r")(?![^\W\d_])"
)
# Year first ('2012-12', '2012_12', '201212') or month first ('12.2012'), not within a longer number.
_PERIODS = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-_. ]?(?P<month>0[1-9]|1[0-2])(?:-\d\d)?(?!\d)"),
    re.compile(r"(?<!\d)(?P<month>0[1-9]|1[0-2])[-_./ ](?P<year>20\d\d)(?!\d)"),
    re.compile(rf"{_MONTH_NAME}[-_., ]*(?P<year>20\d\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<year>20\d\d)[-_., ]*{_MONTH_NAME}"),
)


def parse_month(text: str) -> date | None:
    """Return the first day of the month named in a text ('2024-05', '05.2024', 'май 2024'); None if none or several."""
    found = {
        date(int(match["year"]), _month_number(match), 1)
        for pattern in _PERIODS
        for match in pattern.finditer(unicodedata.normalize("NFC", text).casefold())
    }
    return found.pop() if len(found) == 1 else None


def _month_number(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return int(groups["month"]) if "month" in groups else next(n for n in range(1, 13) if groups[f"m{n}"])


def cover_data(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the cover answers by key (country, period, version, nil_return, revision); the first of each counts.

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
