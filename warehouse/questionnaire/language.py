"""Languages: that of a form, and that in which a person is addressed."""

from typing import Literal, get_args

from warehouse.questionnaire.definition import Words

Language = Literal["ru", "en", "both"]
Tongue = Literal["ru", "en"]

TONGUES: tuple[Tongue, ...] = get_args(Tongue)


def in_tongue(words: Words, tongue: Tongue) -> str:
    """Return the words in one language."""
    return words.ru if tongue == "ru" else words.en
