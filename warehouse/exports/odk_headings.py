"""Headings of exports of KoboToolbox and ODK Central: which column answers which question of the XLSForm."""

from dataclasses import dataclass

from warehouse.exports.odk_metadata import metadata_kind
from warehouse.files.sheet import Row
from warehouse.questionnaire.definition import Field, Questionnaire
from warehouse.questionnaire.headings import heading_key
from warehouse.questionnaire.language import Bilingual
from warehouse.words.form_words import COVER_SHEET, measured_title
from warehouse.words.xlsform_words import (
    ANSWERED,
    CONTENTS,
    CONTENTS_TITLE,
    HEADER,
    MISSING,
    answered_question,
    missing_question,
)


@dataclass(frozen=True)
class ExportColumns:
    """The columns of a sheet by position (from 0).

    ``answers`` maps a position to the heading without its groups, ``metadata`` to the heading of metadata that is kept.
    ``tables`` maps the heading of the question whether a table has anything to report to the name of that table,
    ``reasons`` the heading of the question why a figure is missing to the heading of that figure.
    """

    answers: dict[int, str]
    metadata: dict[int, str]
    tables: dict[str, str]
    reasons: dict[str, str]

    def answers_of(self, row: Row) -> dict[str, str]:
        """Return the answers of a row by heading."""
        return {name: row[column] if column < len(row) else "" for column, name in self.answers.items()}

    def metadata_of(self, row: Row) -> dict[str, str]:
        """Return the metadata of a row by heading."""
        return {name: row[column] if column < len(row) else "" for column, name in self.metadata.items()}


class FormHeadings:
    """Every name and label that the XLSForm gives to a group or a question, as headings of an export."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        """Index the names and labels of all tables."""
        tables = questionnaire.tables
        groups = {HEADER, CONTENTS, *translations(COVER_SHEET), *translations(CONTENTS_TITLE)}
        groups |= {heading for table in tables for heading in table.headings}
        self._prefixes = tuple(f"{group.casefold()}{sign}" for group in groups for sign in "/-")
        self._tables = {
            heading_key(text): table.name
            for table in tables
            for text in (f"{ANSWERED}{table.name}", *translations(answered_question(table)))
        }
        self._missing = {
            heading_key(text): field
            for table in tables
            for field in table.fields
            for text in (f"{field.name}{MISSING}", *translations(missing_question(field)))
        }

    def columns(self, headings: Row) -> ExportColumns:
        """Return the columns of a sheet with these headings."""
        kinds = {column: metadata_kind(heading) for column, heading in enumerate(headings)}
        answers = {column: self._without_groups(headings[column]) for column, kind in kinds.items() if kind is None}
        tables, reasons = {}, {}
        for name in answers.values():
            key = heading_key(name)
            if table := self._tables.get(key):
                tables[name] = table
            if field := self._missing.get(key):
                reasons[name] = next((other for other in answers.values() if _is_heading(other, field)), field.name)
        metadata = {column: headings[column] for column, kind in kinds.items() if kind == "kept"}
        return ExportColumns(answers, metadata, tables, reasons)

    def _without_groups(self, heading: str) -> str:
        prefix = next((prefix for prefix in self._prefixes if heading.casefold().startswith(prefix)), None)
        return heading if prefix is None else self._without_groups(heading[len(prefix) :])


def _is_heading(text: str, field: Field) -> bool:
    return heading_key(text) in {
        heading_key(named) for named in (*field.headings, *translations(measured_title(field)))
    }


def translations(words: Bilingual) -> tuple[str, str]:
    """Return the words in English and in Russian."""
    return words.en, words.ru
