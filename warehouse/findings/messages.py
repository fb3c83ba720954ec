"""Messages: what a finding says, where and what to do next, in English and Russian."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from warehouse.findings.finding import Severity
from warehouse.questionnaire.definition import Field, Questionnaire, Table, Words
from warehouse.questionnaire.language import Language, in_language
from warehouse.text_table import printable
from warehouse.words.catalogue import N_, Argument, fill

_ROW, _SHEET = N_("row {row}"), N_('sheet "{sheet}"')
_Part = TypeVar("_Part", Table, Field)


class Describable(Protocol):
    """What describing a finding needs of it, whether it was just made or read from the ledger; see Finding."""

    @property
    def severity(self) -> Severity: ...  # noqa: D102
    @property
    def message(self) -> str: ...  # noqa: D102
    @property
    def arguments(self) -> Mapping[str, Argument]: ...  # noqa: D102
    @property
    def table_name(self) -> str | None: ...  # noqa: D102
    @property
    def sheet(self) -> str | None: ...  # noqa: D102
    @property
    def source_row(self) -> int | None: ...  # noqa: D102
    @property
    def field(self) -> str | None: ...  # noqa: D102


def describe_finding(finding: Describable, language: Language, questionnaire: Questionnaire) -> str:
    """Return where, what is wrong, and the next step: ``Seizures, row 14, Quantity: "12,5 xx" is not a number. …``."""
    place = ", ".join(part for part in _place(finding, language, questionnaire) if part)
    words = fill(finding.message, finding.arguments, language)
    return f"{place}: {words}" if place else words


def _place(finding: Describable, language: Language, questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the parts of a place: a table and what of it, else a sheet, else the file."""
    if finding.table_name is None:
        named = (
            fill(_SHEET, {"sheet": finding.sheet}, language) if finding.sheet else finding.arguments.get("file_name")
        )
        yield printable(str(named or ""))
        if finding.source_row is not None:
            yield fill(_ROW, {"row": finding.source_row}, language)
        return
    table = _named(questionnaire.tables, finding.table_name)
    yield in_language(table.title, language) if table else finding.table_name
    if finding.source_row is not None:
        yield fill(_ROW, {"row": finding.source_row}, language)
    yield printable(str(finding.arguments.get("key") or ""))
    field = _named(table.fields, finding.field) if table else None
    yield in_language(field.title, language) if field else ""


def _named(parts: Iterable[_Part], name: str | None) -> _Part | None:
    for part in parts:
        if part.name == name:
            return part
    return None


def translate_finding(finding: Describable, questionnaire: Questionnaire) -> Words:
    """Return the description of a finding in both languages."""
    return Words(en=describe_finding(finding, "en", questionnaire), ru=describe_finding(finding, "ru", questionnaire))
