"""Table sheet: the sheet of one table, empty or filled with answers as they were sent."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as defaulted
from typing import Literal

from warehouse.findings.finding import Severity
from warehouse.forms import style
from warehouse.forms.answer_rows import Column, prepare_rows
from warehouse.forms.cell_rules import cell_rule
from warehouse.forms.edition import FormEdition
from warehouse.forms.text_size import LINE_HEIGHT, fit_cell, line_count
from warehouse.questionnaire.definition import Field, Table
from warehouse.questionnaire.language import in_language
from warehouse.words.form_words import OPTIONAL_LEGEND, REQUIRED_LEGEND, heading

TITLE_ROW, DESCRIPTION_ROW, HEADING_ROW, FIRST_ROW = 0, 1, 3, 5
RULED_ROWS = 24  # one printed page; below it the gridlines on the screen suffice
_WIDTHS = {"date": 12, "yearmonth": 11, "number": 13, "integer": 11, "boolean": 8, "string": 18}
_FORMATS = {"date": "yyyy\\-mm\\-dd", "number": "General", "integer": "General"}
_LONG_TEXT = 300
WIDEST_LIST = 28

Labels = Mapping[str, Sequence[str]]
# Field → its text in every row of a table, as it was sent; '' or None where there is none. All are of equal length.
Texts = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Note:
    """A comment on one answer cell, which is coloured by its severity, or as one that holds what is proposed."""

    severity: Severity
    text: str
    is_proposed: bool = False


@dataclass(frozen=True)
class Filling:
    """The answers of a table, and notes by (row index from 0, field)."""

    texts: Texts = defaulted(default_factory=dict)
    notes: Mapping[tuple[int, str], Note] = defaulted(default_factory=dict)

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return max(map(len, self.texts.values()), default=0)

    def fields(self, table: Table) -> tuple[Field, ...]:
        """Return the fields that get a column: those that are asked, and others that have an answer or a note."""
        noted = {name for _, name in self.notes}
        return tuple(
            field for field in table.fields if field.asked or field.name in noted or any(self.texts.get(field.name, ()))
        )


class TableSheet:
    """Writes the sheet of one table: headings in both languages, data validation, answers."""

    def __init__(self, sheet: style.Worksheet, styles: style.Styles, edition: FormEdition, lists: Labels) -> None:
        """Write into ``sheet``, for an edition of the form; ``lists`` holds the labels by codelist."""
        self.sheet, self.styles, self.edition, self.lists = sheet, styles, edition, lists
        self.columns: list[tuple[Field, int]] = []

    def write(self, table: Table, filling: Filling, row_count: int) -> None:
        """Write the whole sheet with ``row_count`` empty rows below the answers.

        Raises ValueError if a cell rule is longer than Excel accepts.
        """
        self.columns = [(field, self._width(field)) for field in filling.fields(table)]
        for column, (field, width) in enumerate(self.columns):
            self.sheet.set_column(column, column, width, self._answer_format(field))
            self._write_heading(column, field)
        self._write_rules(table, FIRST_ROW + filling.row_count + row_count - 1)
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
        """Write title and descriptions, set row heights, and lock every cell above the headings."""
        edition, locked = self.edition, self.styles()
        for row in range(TITLE_ROW, HEADING_ROW):
            for blank in range(len(self.columns)):
                self.sheet.write_blank(row, blank, None, locked)
        # Where the first column is repeated on every page, a title in it would be repeated too.
        column = int(style.page_count(sum(width for _, width in self.columns)) > 1)
        self.sheet.write_string(TITLE_ROW, column, edition.both(table.title), self.styles(style.TITLE))
        self.sheet.set_row(TITLE_ROW, 26)
        for row, language in enumerate(edition.order, start=DESCRIPTION_ROW):
            text = f"{in_language(table.description, language)}   * {in_language(REQUIRED_LEGEND, language)}"
            self.sheet.write_string(row, column, text, self.styles(style.NOTE, {"valign": "top"}))
            self.sheet.set_row(row, 15 if row == DESCRIPTION_ROW else 20)
        for index, language in enumerate(edition.order):
            texts = [(in_language(heading(field), language), width) for field, width in self.columns]
            lines = max(line_count(text, width - 2) for text, width in texts)
            self.sheet.set_row(HEADING_ROW + index, 8 + LINE_HEIGHT * lines)

    def _write_heading(self, column: int, field: Field) -> None:
        layers = (style.HEADING, style.SECOND_HEADING)
        if field.constraints.required:
            layers = (style.REQUIRED_HEADING, style.REQUIRED_SECOND_HEADING)
        for index, (language, properties) in enumerate(zip(self.edition.order, layers, strict=True)):
            self.sheet.write_string(
                HEADING_ROW + index, column, in_language(heading(field), language), self.styles(properties)
            )
        legend = REQUIRED_LEGEND if field.constraints.required else OPTIONAL_LEGEND
        lines = [
            f"{in_language(field.description, language)} ({in_language(legend, language)})"
            for language in self.edition.chosen
        ]
        write_comment(self.sheet, HEADING_ROW, column, "\n".join(lines))

    def _write_answers(self, filling: Filling) -> None:
        marked: dict[str, dict[int, int]] = {}
        for (row, name), note in filling.notes.items():
            column = next(place for place, (field, _) in enumerate(self.columns) if field.name == name)
            colour = style.PROPOSED if note.is_proposed else style.MARKED[note.severity]
            look = self._answer_format(self.columns[column][0], colour)
            marked.setdefault(name, {})[row] = style.format_number(look)
            write_comment(self.sheet, FIRST_ROW + row, column, note.text)
        count, unruled = filling.row_count + RULED_ROWS, [None] * filling.row_count
        columns = [
            Column(
                _kind(field), width, [*filling.texts.get(field.name, unruled), *[None] * RULED_ROWS],
                style.format_number(self._answer_format(field, style.RULED)), marked.get(field.name, {}),
            )
            for field, width in self.columns
        ]  # fmt: skip
        self.sheet.append_rows(prepare_rows(columns, FIRST_ROW), FIRST_ROW, FIRST_ROW + count - 1, len(columns) - 1)

    def _answer_format(self, field: Field, *layers: style.Properties) -> style.CellFormat:
        number_format = {"num_format": "@" if field.codelist else _FORMATS.get(field.type, "@")}
        alignment = {"align": "right"} if field.is_numeric else {}
        return self.styles(style.ANSWER, number_format, alignment, *layers)

    def _width(self, field: Field) -> int:
        """Return the width in characters: headings in three lines without a broken word, most labels in one or two."""
        texts = [in_language(heading(field), language) for language in self.edition.order]
        widths = [float(_WIDTHS[field.type])]
        widths += [max(max(map(len, re.split(r" |(?<=-)", text))) * 1.25 + 3, len(text) / 2.2) for text in texts]
        lengths = sorted(map(len, self.lists.get(field.codelist or "", ())))
        if lengths:
            widths.append(min(lengths[len(lengths) * 9 // 10] * 0.6 + 3, WIDEST_LIST))
        elif (field.constraints.max_length or 0) >= _LONG_TEXT:
            widths.append(36 if (field.constraints.max_length or 0) > _LONG_TEXT else 24)
        return math.ceil(max(widths))


def _kind(field: Field) -> Literal["number", "date", "text"]:
    return "number" if field.is_numeric else "date" if field.type == "date" else "text"


def write_comment(sheet: style.Worksheet, row: int, column: int, text: str) -> None:
    """Write a comment without an author, in a box large enough to show all of it."""
    lines = line_count(text, 38)
    size = {"width": 280, "height": 14 + 16 * max(lines, 2), "font_name": "Arial", "font_size": 9}
    sheet.write_comment(row, column, fit_cell(text), {**size, "color": "#FFFBE8"})
