"""Cover data: what the sender states about a submission as a whole, above a table or on a cover sheet."""

import itertools
import re
from collections.abc import Iterable, Sequence

from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import MAX_HEADING_CHARACTERS, heading_key, named_table

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
# What heads the column of a cover in which each table has an answer of its own.
TABLE_NIL_LABELS = ("nothing to report in the table", "nil return for the table", "нулевой отчет по таблице")
_TABLE_NIL_KEYS = {heading_key(label) for label in TABLE_NIL_LABELS}


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


def nil_answers(rows: Iterable[Sequence[str]], questionnaire: Questionnaire) -> dict[str, str]:
    """Return what a cover answers to whether a table has nothing to report: table → text, '' where it has no answer.

    The tables stand below each other, first in their rows, with the answers in the column that TABLE_NIL_LABELS head.
    """
    answers: dict[str, str] = {}
    column: int | None = None
    for row in rows:
        headed = _table_nil_column(row)
        column = column if headed is None else headed
        label = next((cell for cell in row if cell.strip()), "")
        tables = (named_table(part, questionnaire) for part in _label_parts(label))
        table = next((table for table in tables if table), None)
        if column is not None and headed is None and table:
            answers.setdefault(table.name, row[column].strip() if column < len(row) else "")
    return answers


def _table_nil_column(row: Sequence[str]) -> int | None:
    return next((place for place, cell in enumerate(row) if _TABLE_NIL_KEYS & set(_label_keys(cell))), None)


def _cover_key(label: str) -> str | None:
    return next((key for part in _label_keys(label) if (key := _COVER_KEYS.get(part))), None)


def _label_keys(label: str) -> list[str]:
    return [heading_key(part) for part in _label_parts(label)]


def _label_parts(label: str) -> list[str]:
    """Return the languages of a label: 'Цены / Prices', or two lines; none of a text that is no label."""
    return re.split(r"\s*[/|\n]\s*", label) if len(label) <= MAX_HEADING_CHARACTERS else []


def is_cover(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows can be a cover sheet: no row has more than COVER_WIDTH filled cells beside nil answers."""
    column: int | None = None
    for row in rows:
        column = column if (headed := _table_nil_column(row)) is None else headed
        if sum(bool(cell.strip()) for place, cell in enumerate(row) if place != column) > COVER_WIDTH:
            return False
    return True
