"""Languages: that of a form, and that in which a person is addressed."""

from typing import Literal, Protocol, get_args

FormLanguage = Literal["ru", "en", "both"]
Language = Literal["ru", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
OTHER_LANGUAGE: dict[Language, Language] = {"ru": "en", "en": "ru"}


class Bilingual(Protocol):
    """A text in English and in Russian: Words of the questionnaire, or a Phrase of the catalogue."""

    @property
    def en(self) -> str: ...  # noqa: D102
    @property
    def ru(self) -> str: ...  # noqa: D102


def in_language(words: Bilingual, language: Language) -> str:
    """Return the words in one language."""
    return words.ru if language == "ru" else words.en
