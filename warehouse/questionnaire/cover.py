"""Cover data: what the sender states about a submission as a whole, above a table or on a cover sheet."""

import itertools
import re
from collections.abc import Iterable, Sequence

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
