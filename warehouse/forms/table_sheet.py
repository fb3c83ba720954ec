"""Table sheet: the sheet of one table, empty or filled with the answers that were sent."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as defaulted
from datetime import date

from warehouse.files.sheet import cell_text
from warehouse.findings.finding import Severity
from warehouse.forms import style
from warehouse.forms.cell_rules import NUMBERS, cell_rule
from warehouse.forms.edition import FormEdition
from warehouse.questionnaire.definition import Field, Table
from warehouse.questionnaire.language import in_language
from warehouse.words.form_words import OPTIONAL_LEGEND, REQUIRED_LEGEND, heading

TITLE_ROW, DESCRIPTION_ROW, HEADING_ROW, FIRST_ROW = 0, 1, 3, 5
RULED_ROWS = 24  # one printed page; further down the grid of the screen shows the cells
MAX_CHARACTERS = 32_767
MAX_DIGITS = 15
_WIDTHS = {"date": 12, "yearmonth": 11, "number": 13, "integer": 11, "boolean": 8, "string": 18}
_FORMATS = {"date": "yyyy\\-mm\\-dd", "number": "General", "integer": "General"}
_LONG_TEXT = 300
LINE_HEIGHT = 13
WIDEST_LIST = 34
LETTER_WIDTH = 0.95  # of a digit; Cyrillic letters are wider than Latin ones
MAX_LINES = 30  # a row is at most 409 points high

Labels = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Note:
    """What is said about one answer cell."""

    severity: Severity
    text: str


@dataclass(frozen=True)
class Filling:
    """Rows of field → text as sent, and notes by (index of the row, field)."""

    rows: Sequence[Mapping[str, str]] = ()
    notes: Mapping[tuple[int, str], Note] = defaulted(default_factory=dict)

    def fields(self, table: Table) -> tuple[Field, ...]:
        """Return the fields that get a column: those that are asked, and others that the sender answered."""
        answered = {name for row in self.rows for name, text in row.items() if text}
        answered |= {name for _, name in self.notes}
        return tuple(field for field in table.fields if field.asked or field.name in answered)


class TableSheet:
    """The sheet of one table: headings in both languages, rules of its cells, answers."""

    def __init__(self, sheet: style.Worksheet, styles: style.Styles, edition: FormEdition, lists: Labels) -> None:
        """Write into this worksheet, for this edition of the form with these labels by codelist."""
        self.sheet, self.styles, self.edition, self.lists = sheet, styles, edition, lists
        self.columns: list[tuple[Field, int]] = []

    def write(self, table: Table, filling: Filling, row_count: int) -> None:
        """Write the whole sheet with ``row_count`` prepared rows below the answers.

        Raises ValueError if a rule is more than a workbook can hold.
        """
        self.columns = [(field, self._width(field)) for field in filling.fields(table)]
        for column, (field, width) in enumerate(self.columns):
            self.sheet.set_column(column, column, width, self._answer_format(field))
            self._write_heading(column, field)
        self._write_rules(table, FIRST_ROW + len(filling.rows) + row_count - 1)
        self._write_top(table)
        self._write_answers(filling)
        self.sheet.freeze_panes(FIRST_ROW, 1)
        self.sheet.repeat_rows(HEADING_ROW, FIRST_ROW - 1)
        style.set_up_page(self.sheet, self.edition, sum(width for _, width in self.columns))
        style.protect(self.sheet)

    def _write_rules(self, table: Table, last: int) -> None:
        for column, (field, _) in enumerate(self.columns):
            rule = cell_rule(
                field, self.edition, style.cell_name(FIRST_ROW, column),
                is_period=field.name == table.period, has_list=bool(self.lists.get(field.codelist or "")),
            )  # fmt: skip
            if self.sheet.data_validation(FIRST_ROW, column, last, column, rule):
                raise ValueError(f"{table.name}, {field.name}: the rule is too long for a workbook: {rule}")

    def _write_top(self, table: Table) -> None:
        """Write title, description and heights; every cell above the answers is locked."""
        edition, locked = self.edition, self.styles()
        for row in range(TITLE_ROW, HEADING_ROW):
            for blank in range(len(self.columns)):
                self.sheet.write_blank(row, blank, None, locked)
        # A first column that is repeated on every page would show a piece of the title on each.
        column = int(style.page_count(sum(width for _, width in self.columns)) > 1)
        self.sheet.write_string(TITLE_ROW, column, edition.both(table.title), self.styles(style.TITLE))
        self.sheet.set_row(TITLE_ROW, 26)
        for row, language in enumerate(edition.order, start=DESCRIPTION_ROW):
            told = f"{in_language(table.description, language)}   * {in_language(REQUIRED_LEGEND, language)}"
            self.sheet.write_string(row, column, told, self.styles(style.NOTE, {"valign": "top"}))
            self.sheet.set_row(row, 15 if row == DESCRIPTION_ROW else 20)
        for index, language in enumerate(edition.order):
            texts = [(in_language(heading(field), language), width) for field, width in self.columns]
            lines = max(line_count(text, width - 2) for text, width in texts)
            self.sheet.set_row(HEADING_ROW + index, 8 + LINE_HEIGHT * lines)

    def _write_heading(self, column: int, field: Field) -> None:
        looks = (style.HEADING, style.SECOND_HEADING)
        if field.constraints.required:
            looks = (style.REQUIRED, style.REQUIRED_SECOND)
        for index, (language, look) in enumerate(zip(self.edition.order, looks, strict=True)):
            self.sheet.write_string(
                HEADING_ROW + index, column, in_language(heading(field), language), self.styles(look)
            )
        need = REQUIRED_LEGEND if field.constraints.required else OPTIONAL_LEGEND
        lines = [
            f"{in_language(field.description, language)} ({in_language(need, language)})"
            for language in self.edition.chosen
        ]
        write_comment(self.sheet, HEADING_ROW, column, "\n".join(lines))

    def _write_answers(self, filling: Filling) -> None:
        for index in range(len(filling.rows) + RULED_ROWS):
            row: Mapping[str, str] = filling.rows[index] if index < len(filling.rows) else {}
            lines = max(line_count(row.get(field.name, ""), width - 2) for field, width in self.columns)
            self.sheet.set_row(FIRST_ROW + index, 2 + LINE_HEIGHT * min(lines, MAX_LINES) if lines > 1 else None)
            for column, (field, _) in enumerate(self.columns):
                note = filling.notes.get((index, field.name))
                look = self._answer_format(field, style.MARKED[note.severity] if note else style.RULED)
                _write_answer(self.sheet, (FIRST_ROW + index, column), row.get(field.name, ""), field, look)
                if note:
                    write_comment(self.sheet, FIRST_ROW + index, column, note.text)

    def _answer_format(self, field: Field, *looks: style.Look) -> style.Format:
        shown = {"num_format": "@" if field.codelist else _FORMATS.get(field.type, "@")}
        aligned = {"align": "right"} if field.type in NUMBERS else {}
        return self.styles(style.ANSWER, shown, aligned, *looks)

    def _width(self, field: Field) -> int:
        """Return the width in characters: headings in three lines without a broken word, most labels in one or two."""
        texts = [in_language(heading(field), language) for language in self.edition.order]
        wanted = [float(_WIDTHS[field.type])]
        wanted += [max(max(map(len, text.split(" "))) * 1.25 + 3, len(text) / 2.2) for text in texts]
        labels = sorted(map(len, self.lists.get(field.codelist or "", ())))
        if labels:
            wanted.append(min(labels[len(labels) * 9 // 10] * 0.6 + 3, WIDEST_LIST))
        elif (field.constraints.max_length or 0) >= _LONG_TEXT:
            wanted.append(40 if (field.constraints.max_length or 0) > _LONG_TEXT else 24)
        return math.ceil(max(wanted))


def _write_answer(sheet: style.Worksheet, place: tuple[int, int], text: str, field: Field, look: style.Format) -> None:
    """Write an answer so that it comes back letter by letter, and never as a formula.

    Only what is exactly how the reader writes a number or a day becomes one; everything else stays text.
    """
    if field.type in NUMBERS and _is_plain_number(text):
        sheet.write_number(*place, float(text), look)
    elif field.type == "date" and _is_plain_date(text):
        sheet.write_datetime(*place, date.fromisoformat(text), look)
    elif text:
        shown = text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"
        sheet.write_string(*place, shown, look)
    else:
        sheet.write_blank(*place, None, look)


def _is_plain_number(text: str) -> bool:
    is_short = re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) and sum(map(str.isdigit, text)) <= MAX_DIGITS
    return bool(is_short) and cell_text(float(text)) == text


def _is_plain_date(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and day.year > 1900  # noqa: PLR2004 - Excel counts a day in 1900 that never was


def write_comment(sheet: style.Worksheet, row: int, column: int, text: str) -> None:
    """Write a comment without an author, in a box that shows all of it."""
    lines = line_count(text, 38)
    size = {"width": 280, "height": 14 + 16 * max(lines, 2), "font_name": "Arial", "font_size": 9}
    sheet.write_comment(row, column, text[:MAX_CHARACTERS], {**size, "color": "#FFFBE8"})


def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width in characters, words unbroken."""
    return sum(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: float) -> int:
    lines, used = 1, 0.0
    for word in line.split(" "):
        length = len(word) * LETTER_WIDTH
        if used and used + length > width:
            lines, used = lines + 1, 0.0
        used += length + 1
        lines += int(used // (width + 1))  # a word longer than the column is broken
        used %= width + 1
    return lines
