"""Template: the workbook that a country fills in, generated from the questionnaire."""

import math
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from warehouse.forms import style
from warehouse.forms.answer_rows import Column, prepare_rows
from warehouse.forms.choices import form_lists, range_name
from warehouse.forms.cover_sheet import CoverSheet
from warehouse.forms.edition import FormEdition, sheet_name
from warehouse.forms.table_sheet import Filling, TableSheet
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.language import Bilingual, FormLanguage, in_language
from warehouse.words.form_words import COVER_SHEET, LISTS_SHEET

ROW_COUNT = 200
_NO_ANSWERS = Filling()


def write_template(  # noqa: PLR0913 - keyword-only but the first two
    path: Path,
    country_code: str,
    *,
    period: date | None,
    language: FormLanguage,
    questionnaire: Questionnaire,
    codelists: Path,
    row_count: int = ROW_COUNT,
) -> None:
    """Write the empty form of a country (alpha-3) for a month.

    ``period`` is any day of the month, or None if the sender fills it in. Headings and instructions are in both
    languages, lists and hints in ``language``. Each table gets ``row_count`` empty rows. Raises ValueError for a
    country that is not a member state.
    """
    with Form(path, FormEdition(country_code, period, language, questionnaire, codelists)) as form:
        form.add_cover(revision=0)
        form.add_tables({}, row_count)


class Form:
    """A form being written, as a context manager: on exit it adds the lists and saves the workbook."""

    def __init__(self, path: Path, edition: FormEdition) -> None:
        """Create the workbook of an edition at ``path``."""
        self.workbook = style.new_workbook(path)
        self.edition, self.styles, self.lists = edition, style.Styles(self.workbook), form_lists(edition)
        title = edition.both(edition.questionnaire.title)
        subject = " · ".join(filter(None, (edition.country_code, edition.period_text, edition.questionnaire.version)))
        self.workbook.set_properties({"title": title, "subject": subject, "created": style.CREATED})

    def __enter__(self) -> Self:
        """Return the form."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Add the lists and save; after an exception nothing is written."""
        if error is None:
            self._add_lists()
            self.workbook.close()

    def add_sheet(self, name: Bilingual) -> style.Worksheet:
        """Add an empty sheet, named in the first language."""
        return self.workbook.add_worksheet(self._sheet_name(name))

    def _sheet_name(self, name: Bilingual) -> str:
        return sheet_name([in_language(name, self.edition.order[0])], name.en)

    def add_cover(self, revision: int, contact: str = "", nil_tables: Collection[str] = ()) -> None:
        """Add the cover sheet; ``revision`` is 0 for a first report, or the number of the correction.

        ``nil_tables`` are those that are answered to have nothing to report.
        """
        CoverSheet(self.add_sheet(COVER_SHEET), self.styles, self.edition).write(revision, contact, nil_tables)

    def add_tables(self, fillings: Mapping[str, Filling], row_count: int) -> None:
        """Add a sheet for each table with its answers, by table name, and ``row_count`` empty rows below them."""
        for table in self.edition.questionnaire.tables:
            sheet = style.add_table_sheet(self.workbook, self.edition.sheet_name(table))
            filling = fillings.get(table.name, _NO_ANSWERS)
            TableSheet(sheet, self.styles, self.edition, self.lists).write(table, filling, row_count)

    def _add_lists(self) -> None:
        """Add the hidden sheet of all lists, in one column so that no row of it is recognised as a header."""
        sheet = style.add_table_sheet(self.workbook, self._sheet_name(LISTS_SHEET))
        sheet.hide()
        sheet.set_column(0, 0, 50)
        entries: list[str] = []
        for name, labels in self.lists.items():
            if labels:
                cells = f"='{sheet.name}'!$A${len(entries) + 1}:$A${len(entries) + len(labels)}"
                self.workbook.define_name(range_name(name), cells)
                entries += labels
        sheet.append_rows(prepare_rows([Column("text", math.inf, entries)], 0), 0, len(entries) - 1, 0)
        style.protect(sheet)
