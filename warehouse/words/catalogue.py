"""The catalogue: every text for people that the code holds, in English and Russian.

The English text is in the code and is the msgid; the Russian one is in ``locale/ru/LC_MESSAGES/sarai.po``. Code
marks a text by N_ or Phrase, pages by the tags of Jinja's i18n extension; babel finds either.
"""

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES, Bilingual, Language, in_language
from warehouse.text_table import printable

LOCALE = Path(__file__).with_name("locale")

# What a text is filled with: text as it was sent, a number, nothing, or words in every language.
Argument = str | int | float | Mapping[str, str] | None


def N_(text: str) -> str:  # noqa: N802 - what gettext's tools look for
    """Mark a text for the catalogue and return it as it is."""
    return text


_NOTHING = N_("nothing")


@dataclass(frozen=True)
class Phrase:
    """A text of the catalogue as a constant in both languages; the Russian is not read before it is used.

    The constructor marks its text for the catalogue as N_ does. ``context`` (msgctxt) distinguishes texts that are
    the same in English and not in Russian.
    """

    en: str
    context: str = ""

    @property
    def ru(self) -> str:
        """The text in Russian."""
        return translations("ru").pgettext(self.context, self.en) if self.context else translate(self.en, "ru")


_YES, _NO = N_("yes"), N_("no")


@cache
def translations(language: Language, domain: str = "sarai") -> gettext.NullTranslations:
    """Return the catalogue of a language as gettext reads it; the catalogue of English is empty.

    ``sarai`` has the texts of the code, ``contracts`` what the contracts of marts say of them and of their columns.
    """
    if language == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (LOCALE / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(text: str, language: Language) -> str:
    """Return a text or template in a language; one that the catalogue does not know stays English."""
    return translations(language).gettext(text) if text else text


def yes_or_no(value: object, language: Language) -> str:
    """Return the word for whether something is so."""
    return translate(_YES if value else _NO, language)


def fill(template: str, arguments: Mapping[str, Argument], language: Language) -> str:
    """Return a template in a language, filled; KeyError for a placeholder without an argument.

    Control characters of texts as they were sent are escaped.
    """
    return translate(template, language).format_map(
        {name: _shown(value, language) for name, value in arguments.items()}
    )


def _shown(value: Argument, language: Language) -> object:
    if value is None:
        return translate(_NOTHING, language)
    if isinstance(value, Mapping):
        return printable(value[language])
    if isinstance(value, str):
        return printable(value)
    return _Number(value, language) if isinstance(value, float) else value


@dataclass(frozen=True)
class _Number:
    """A number with the decimal mark of a language; no mark between thousands, which some would read as decimals."""

    value: float
    language: Language

    def __format__(self, spec: str) -> str:
        shown = format(self.value, spec or ".12g")
        return shown.replace(".", ",") if self.language == "ru" else shown


def in_every_language(text: str, **arguments: Argument) -> dict[str, str]:
    """Return a text of the catalogue in every language, filled, as an argument of another text."""
    return {language: fill(text, arguments, language) for language in LANGUAGES}


def filled_words(text: str, **arguments: Argument) -> Words:
    """Return a text of the catalogue in both languages, filled."""
    return Words(**in_every_language(text, **arguments))


def listed(words: Iterable[Bilingual], separator: str = ", ") -> dict[str, str]:
    """Return titles or names in every language, as an argument of a text: ``Drug, Unit``."""
    named = tuple(words)
    return {language: separator.join(in_language(name, language) for name in named) for language in LANGUAGES}
