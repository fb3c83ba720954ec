"""Cover sheet: country, month and contact of a form, links to its tables, and instructions."""

from collections.abc import Collection
from typing import Any

from warehouse.forms import style
from warehouse.forms.edition import FormEdition
from warehouse.forms.table_sheet import write_comment
from warehouse.forms.text_size import LINE_HEIGHT, line_count
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES, Bilingual, in_language
from warehouse.words import form_words as words
from warehouse.words.catalogue import filled_words

WIDTHS = (34, 46, 46, 22)  # an upright page at 0.6 of the size
NIL_COLUMN = 3  # behind title and descriptions of a table


class CoverSheet:
    """Writes the cover: questions about the submission as a whole, links to the tables, instructions."""

    def __init__(self, sheet: style.Worksheet, styles: style.Styles, edition: FormEdition) -> None:
        """Write into ``sheet``, for an edition of the form."""
        self.sheet, self.styles, self.edition, self.row = sheet, styles, edition, 0

    def write(self, revision: int, contact: str, nil_tables: Collection[str]) -> None:
        """Write the whole sheet; ``revision`` is 0 for a first report, ``contact`` and ``nil_tables`` what was sent."""
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self._write_title()
        self._write_questions(revision, contact)
        self._write_contents(nil_tables)
        self._write_steps()
        self.sheet.hide_gridlines(2)
        style.set_up_page(self.sheet, self.edition, sum(WIDTHS))
        self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)
        style.protect(self.sheet)

    def _next_row(self, height: float) -> int:
        self.sheet.set_row(self.row, height)
        self.row += 1
        return self.row - 1

    def _write_title(self) -> None:
        edition, title = self.edition, self.edition.questionnaire.title
        first, second = (title.ru, title.en) if edition.order[0] == "ru" else (title.en, title.ru)
        self.sheet.write_string(self._next_row(28), 0, first, self.styles(style.TITLE))
        self.sheet.write_string(self._next_row(18), 0, second, self.styles(style.NOTE, {"font_size": 11}))
        about = Words(
            en=" · ".join(filter(None, (edition.country.en, edition.month.en))),
            ru=" · ".join(filter(None, (edition.country.ru, edition.month.ru))),
        )
        self.sheet.write_string(self._next_row(24), 0, edition.both(about, "   /   "), self.styles(style.SUBTITLE))

    def _write_questions(self, revision: int, contact: str) -> None:
        edition, version = self.edition, self.edition.questionnaire.version
        self._next_row(6)
        country = edition.country.ru if edition.order[0] == "ru" else edition.country.en
        self._write_question(words.COUNTRY, country)
        if edition.period:
            self._write_question(words.PERIOD, edition.period_text)
        else:
            rule = {"validate": "length", "criteria": ">=", "value": 6}
            self._write_question(words.PERIOD, None, words.PERIOD_HINT, rule | {"error_type": "warning"})
        self._write_question(words.QUESTIONNAIRE_VERSION, version)
        self._write_question(words.CONTACT, None, words.CONTACT_HINT, {"validate": "any"})
        style.write_text(self.sheet, self.row - 1, 1, contact, self._answer({"num_format": "@"}))
        answers = [in_language(answer, language) for answer in (words.NO, words.YES) for language in edition.chosen]
        self._write_question(words.NIL, None, words.NIL_HINT, {"validate": "list", "source": answers})
        rule = {"validate": "integer", "criteria": ">=", "value": 0}
        self._write_question(words.REVISION, None, words.REVISION_HINT, rule)
        self.sheet.write_number(self.row - 1, 1, revision, self._answer({"num_format": "0"}))

    def _answer(self, properties: style.Properties) -> style.CellFormat:
        return self.styles(style.ANSWER, style.RULED, {"valign": "vcenter", "align": "left"}, properties)

    def _write_question(
        self, label: Bilingual, given: str | None, hint: Bilingual | None = None, rule: dict[str, Any] | None = None
    ) -> None:
        """Write a label and its answer cell: locked with the answer ``given``, or empty with a hint and validation."""
        edition, text = self.edition, self.edition.both(label)
        row = self._next_row(7 + LINE_HEIGHT * line_count(text, WIDTHS[0] - 2))
        self.sheet.write_string(row, 0, text, self.styles(style.LABEL))
        if given is not None:
            self.sheet.write_string(row, 1, given, self.styles(style.GIVEN))
        if hint and rule:
            self.sheet.write_blank(row, 1, None, self._answer({"num_format": "@"}))
            text = edition.both(hint, "\n")
            message = {"input_message": text, "error_message": text}
            if self.sheet.data_validation(row, 1, row, 1, rule | message):
                raise ValueError(f"the hint is too long for a workbook: {text}")
            write_comment(self.sheet, row, 1, text)

    def _write_section(self, title: Bilingual) -> int:
        self._next_row(8)
        row = self._next_row(22)
        for column in range(len(WIDTHS)):
            self.sheet.write_blank(row, column, None, self.styles(style.SECTION))
        self.sheet.write_string(row, 0, self.edition.both(title), self.styles(style.SECTION))
        return row

    def _write_contents(self, nil_tables: Collection[str]) -> None:
        """Write the tables with their links, each with the question whether it has nothing to report."""
        edition, hint = self.edition, self.edition.both(words.TABLE_NIL_HINT, "\n")
        self._write_nil_heading(self._write_section(words.TABLES))
        rule = {"validate": "list", "source": [in_language(words.YES, language) for language in edition.chosen]}
        first = self.row
        for table in edition.questionnaire.tables:
            target = edition.sheet_name(table).replace("'", "''")
            row = self._write_words(table.title, table.description)
            link = self.styles(style.BESIDE, style.LINK)
            self.sheet.write_url(row, 0, f"internal:'{target}'!A1", link, edition.both(table.title))
            given = in_language(words.YES, edition.order[0]) if table.name in nil_tables else ""
            style.write_text(self.sheet, row, NIL_COLUMN, given, self._answer({"num_format": "@"}))
        message = {"input_message": hint, "error_message": hint}
        last = self.row - 1
        if last >= first and self.sheet.data_validation(first, NIL_COLUMN, last, NIL_COLUMN, rule | message):
            raise ValueError(f"the hint is too long for a workbook: {hint}")

    def _write_nil_heading(self, row: int) -> None:
        """Write above the answers, in the row of a section, what is asked of each table."""
        text = self.edition.both(words.TABLE_NIL)
        self.sheet.set_row(row, 8 + LINE_HEIGHT * line_count(text, WIDTHS[NIL_COLUMN] - 2))
        self.sheet.write_string(row, NIL_COLUMN, text, self.styles(style.SECTION, {"font_size": 9, "text_wrap": True}))

    def _write_steps(self) -> None:
        country, period = self.edition.country_code, self.edition.period_text
        self._write_section(words.INSTRUCTIONS)
        for title, step in words.STEPS:
            self._write_words(title, step)
        names: dict[str, str] = {
            language: f"{country}_{period or in_language(words.MONTH_PATTERN, language)}.xlsx" for language in LANGUAGES
        }
        self._write_words(words.SENDING, filled_words(words.SENDING_STEP, file_name=names))

    def _write_words(self, title: Bilingual, body: Bilingual) -> int:
        """Write a row with a title and its text in both languages side by side; returns the row (from 0)."""
        texts = [self.edition.both(title), *(in_language(body, language) for language in self.edition.order)]
        lines = max(line_count(text, width - 2) for text, width in zip(texts, WIDTHS, strict=False))
        row = self._next_row(7 + LINE_HEIGHT * lines)
        self.sheet.write_string(row, 0, texts[0], self.styles(style.BESIDE, {"bold": True}))
        for column, text in enumerate(texts[1:], start=1):
            self.sheet.write_string(row, column, text, self.styles(style.BESIDE))
        return row
