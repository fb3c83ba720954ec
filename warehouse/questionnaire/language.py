"""Languages: that of a form, and that in which a person is addressed."""

from typing import Literal, get_args

from warehouse.questionnaire.definition import Words

FormLanguage = Literal["ru", "en", "both"]
Language = Literal["ru", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)


def in_language(words: Words, language: Language) -> str:
    """Return the words in one language."""
    return words.ru if language == "ru" else words.en
