"""What contracts say, in the language of a page: the Russian is found by the English, so it is never out of date."""

import re
from dataclasses import dataclass

from warehouse.questionnaire.language import Language
from warehouse.words.catalogue import N_, translate, translations

CONTRACTS = "contracts"
GRAIN = N_("Grain")
SOURCE = N_("Source")


@dataclass(frozen=True)
class Text:
    """A text; ``is_foreign`` where there is none in the language of the page, and it is the English one."""

    words: str
    is_foreign: bool = False


@dataclass(frozen=True)
class Description:
    """What the contract of a mart says: what a row is, what it is made of, and everything else."""

    notes: str
    grain: str
    source: str
    is_foreign: bool


def contract_text(english: str | None, language: Language) -> Text:
    """Return a text of a contract in a language, in English where the other has none."""
    words = " ".join((english or "").split())
    if language == "en" or not words:
        return Text(words)
    known = translations(language, CONTRACTS).gettext(words)
    return Text(known, is_foreign=known == words)


def describe(english: str | None, language: Language) -> Description:
    """Return the parts of the description of a mart; a part that it does not have is empty."""
    text = contract_text(english, language)
    spoken: Language = "en" if text.is_foreign else language
    notes, grain = _without(text.words, translate(GRAIN, spoken))
    notes, source = _without(notes, translate(SOURCE, spoken))
    return Description(notes, grain, source, text.is_foreign)


def _without(text: str, label: str) -> tuple[str, str]:
    """Return a text without the sentence that begins with a label and a colon, and that sentence without them."""
    found = re.search(rf"(?:^|(?<=[.)] )){label}: (.+?\.)(?= |$)", text)
    if not found:
        return text, ""
    rest = f"{text[: found.start()].strip()} {text[found.end() :].strip()}".strip()
    part = found.group(1).removesuffix(".")
    return rest, part if re.match(r"[a-z]+_", part) else part[0].upper() + part[1:]
