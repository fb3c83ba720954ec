"""Messages: every finding in English and in Russian, through one catalogue.

The English text stands in the code, marked by N_; the Russian one in ``locale/ru/LC_MESSAGES/sarai.po``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from warehouse.findings.finding import Argument, Severity
from warehouse.questionnaire.definition import Questionnaire, Words
from warehouse.questionnaire.language import LANGUAGES, Language, in_language

LOCALE = Path(__file__).with_name("locale")


def N_(text: str) -> str:  # noqa: N802 - what gettext's tools look for
    """Mark a text for the catalogue and return it as it is."""
    return text


_ROW, _SHEET, _NOTHING = N_("row {row}"), N_('sheet "{sheet}"'), N_("nothing")


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    from babel.messages.pofile import read_po

    with (LOCALE / language / "LC_MESSAGES" / "sarai.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


def translate(text: str, language: Language) -> str:
    """Return a text or template in a language; one that the catalogue does not know stays English."""
    return text if language == "en" else _catalogue(language).get(text) or text


def fill(template: str, arguments: Mapping[str, Argument], language: Language) -> str:
    """Return a template in a language, filled; KeyError for a placeholder without an argument."""
    return translate(template, language).format_map(
        {name: _shown(value, language) for name, value in arguments.items()}
    )


def _shown(value: Argument, language: Language) -> object:
    if value is None:
        return translate(_NOTHING, language)
    if isinstance(value, Mapping):
        return value[language]
    return _Number(value, language) if isinstance(value, float) else value


@dataclass(frozen=True)
class _Number:
    """A number with the decimal mark of a language; no mark between thousands, which some would read as decimals."""

    value: float
    language: Language

    def __format__(self, spec: str) -> str:
        shown = format(self.value, spec or ".12g")
        return shown.replace(".", ",") if self.language == "ru" else shown


class Said(Protocol):
    """What a finding needs to be said, whether it was just made or read from the ledger; see Finding."""

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


def say(finding: Said, language: Language, questionnaire: Questionnaire) -> str:
    """Return what is wrong, where, and the next step: ``Seizures, row 14, Quantity: "12,5 xx" is not a number. …``."""
    place = ", ".join(part for part in _place(finding, language, questionnaire) if part)
    words = fill(finding.message, finding.arguments, language)
    return f"{place}: {words}" if place else words


def _place(finding: Said, language: Language, questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the parts of a place: a table and what of it, else a sheet, else the file."""
    table = next((table for table in questionnaire.tables if table.name == finding.table_name), None)
    if finding.table_name is None:
        named = (
            fill(_SHEET, {"sheet": finding.sheet}, language) if finding.sheet else finding.arguments.get("file_name")
        )
        yield str(named or "")
        return
    yield in_language(table.title, language) if table else finding.table_name
    if finding.source_row is not None:
        yield fill(_ROW, {"row": finding.source_row}, language)
    yield str(finding.arguments.get("key") or "")
    yield next((in_language(f.title, language) for f in table.fields if f.name == finding.field), "") if table else ""


def in_every_language(text: str, **arguments: Argument) -> dict[str, str]:
    """Return a text of the catalogue in every language, filled, as an argument of a message."""
    return {language: fill(text, arguments, language) for language in LANGUAGES}


def listed(words: Iterable[Words]) -> dict[str, str]:
    """Return titles or names in every language, as an argument of a message: ``Drug, Unit``."""
    named = tuple(words)
    return {language: ", ".join(in_language(name, language) for name in named) for language in LANGUAGES}


def in_words(finding: Said, questionnaire: Questionnaire) -> Words:
    """Return what ``say`` says, in both languages."""
    return Words(en=say(finding, "en", questionnaire), ru=say(finding, "ru", questionnaire))
