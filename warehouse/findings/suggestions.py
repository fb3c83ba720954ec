"""Suggestions: what was likely meant by a spelling or a heading that is nearly, or only to the eye, a known one.

Nothing is corrected here: the sender gets a suggestion, and none is better than a wrong one.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from warehouse.findings.finding import shortened
from warehouse.questionnaire.codelists import Codelist, load_codelist, spelling_key
from warehouse.questionnaire.definition import Table
from warehouse.questionnaire.headings import heading_key
from warehouse.words.catalogue import N_, Argument, listed

# Codes and units of up to three letters are so near to one another that an edit means nothing: г, кг; KG, KGZ.
SHORTEST = 4
# From here on two edits are allowed, below one: tests/benchmarks/suggestions.py shows how often that is right.
LONG = 10
# Of shorter words too many are one letter from another: кодеин, кофеин. Letters left out, put in or exchanged with
# the next are typed by mistake in words of five and more.
LONG_ENOUGH, SHORT_FOR_PROPOSAL = 8, 5

_CYRILLIC = "аеорсухкмтнвіјѕԁһԛԝүӏ"
_LATIN = "aeopcyxkmthbijsdhqwyl"
_LOOK_ALIKE = str.maketrans(_CYRILLIC, _LATIN)
_UNSTRESSED = str.maketrans("ое", "аи")  # vowels that sound alike where they bear no stress: апий, гироин
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
_ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_OTHER_LAYOUT = str.maketrans(_RUSSIAN_KEYS + _ENGLISH_KEYS, _ENGLISH_KEYS + _RUSSIAN_KEYS)

Reason = Literal["look_alike", "layout", "near"]

_TEMPLATES: dict[Reason, str] = {
    "look_alike": N_(
        '"{value}" looks like "{meant}", but some of its letters only look so: Latin and Cyrillic are mixed up. Write '
        "it anew or choose it from the list."
    ),
    "layout": N_(
        '"{value}" is not in the list of this question. Did you mean "{meant}"? The keyboard may have been switched '
        "to the other language; choose an entry of the list."
    ),
    "near": N_(
        '"{value}" is not in the list of this question. Did you mean "{meant}"? Choose an entry of the list, or ask '
        "for the spelling to be added if it is right."
    ),
}


@dataclass(frozen=True)
class Near:
    """The known text that was likely meant, as its key, what it means, and why it is thought so."""

    key: str
    meaning: str
    reason: Reason


class Vocabulary:
    """Known texts: key → meaning, for instance a code; several keys may mean the same."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """Index the keys by their appearance and by the numbers in them."""
        self.known = known
        self.by_appearance: dict[str, list[str]] = {}
        self.numbered: dict[tuple[str, ...], list[str]] = {}
        for key in known:
            self.by_appearance.setdefault(appearance_of(key), []).append(key)
            if len(key) >= SHORTEST:
                self.numbered.setdefault(_numbers(key), []).append(key)

    def find_near(self, key: str) -> Near | None:
        """Find what was likely meant by a key; None if it is known, nothing is near, or other meanings are as near.

        Any key may look the same as a known one, or be typed in the other keyboard layout if it has two letters or
        more; only longer ones may be one or two edits away, and never in a number.
        """
        if key in self.known:
            return None
        if alike := self.by_appearance.get(appearance_of(key)):
            return self._one(alike, "look_alike")
        layout = key.translate(_OTHER_LAYOUT)
        if len(key) > 1 and layout in self.known:
            return self._one([layout], "layout")
        return self._one(self._nearest(key), "near")

    def _one(self, keys: Collection[str], reason: Reason) -> Near | None:
        if len({self.known[key] for key in keys}) != 1:
            return None
        key = next(iter(keys))
        return Near(key, self.known[key], reason)

    def _nearest(self, key: str) -> list[str]:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        if len(key) < SHORTEST:
            return []
        limit = 1 if len(key) < LONG else 2
        choices = self.numbered.get(_numbers(key), [])
        found = extract(key, choices, scorer=OSA.distance, limit=None, score_cutoff=limit)
        return [other for other, distance, _ in found if distance == found[0][1]]


def appearance_of(text: str) -> str:
    """Return a text in lower case with Cyrillic letters replaced by the Latin ones of the same appearance."""
    return text.lower().translate(_LOOK_ALIKE)


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", text))


@lru_cache(maxsize=4096)
def suggest_code(
    folder: Path, name: str, country_code: str | None, text: str
) -> tuple[str, Mapping[str, Argument]] | None:
    """Return the message about a text that is no spelling of a codelist but near one: template and arguments.

    ``folder`` holds the codelists; ``country_code`` (alpha-3) is the sender's, whose words and places count.
    """
    near = spellings_of(folder, name, country_code).find_near(spelling_key(text))
    if near is None:
        return None
    codelist = load_codelist(folder, name)
    meant = _rewritten(text, near.key) if near.reason == "look_alike" else _label(codelist, near, country_code)
    return _TEMPLATES[near.reason], {"value": shortened(text), "meant": meant}


def propose_spelling(folder: Path, name: str, country_code: str | None, text: str) -> tuple[str, str] | None:
    """Return why and which spelling is proposed in place of a text; None where it is known or several are as likely.

    A suggestion may be wrong where a proposal may not: short words must differ as mistakes of typing do.
    """
    near = spellings_of(folder, name, country_code).find_near(spelling_key(text))
    if near is None or (near.reason == "near" and not _is_mistyped(spelling_key(text), near.key)):
        return None
    codelist = load_codelist(folder, name)
    if near.reason == "look_alike":
        return "look_alike", _rewritten(text, near.key)
    column = "name_ru" if re.search("[а-я]", near.key) else "name_en"
    label = codelist.entries[near.meaning][column]
    is_clear = codelist.code_of(label, country_code) == near.meaning
    return ("keyboard" if near.reason == "layout" else "spelling"), label if is_clear else near.key


def _is_mistyped(text: str, known: str) -> bool:
    """Return whether a text is a known one with a mistake, and hardly another word: the first letters are the same.

    So it is, whatever its letters and length, where both sound alike.
    """
    if text.translate(_UNSTRESSED) == known.translate(_UNSTRESSED):
        return True
    if text[:1] != known[:1] or len(known) < SHORT_FOR_PROPOSAL:
        return False
    return len(known) >= LONG_ENOUGH or len(text) != len(known) or sorted(text) == sorted(known)


@cache
def spellings_of(folder: Path, name: str, country_code: str | None) -> Vocabulary:
    """Return spelling → code of a codelist, as far as a country may mean it: not the places of other countries."""
    codelist = load_codelist(folder, name)
    own = {key: code for (country, key), code in codelist.national.items() if country == country_code}
    known = codelist.spellings | own
    return Vocabulary({key: code for key, code in known.items() if _is_of(codelist.entries[code], country_code)})


def _is_of(entry: Mapping[str, str], country_code: str | None) -> bool:
    countries = {entry.get("country_code"), entry.get("neighbour_country_code")} - {"", None}
    return not countries or country_code in countries


def _rewritten(text: str, key: str) -> str:
    """Return a text with the letters of a key that looks the same, upper case where the text has it."""
    shown = re.sub(r"\s+", " ", text).strip()
    if len(shown) != len(key):
        return key
    return "".join(new.upper() if old.isupper() else new for old, new in zip(shown, key, strict=True))


def _label(codelist: Codelist, near: Near, country_code: str | None) -> Argument:
    """Return the label that is near, else both; the known spelling where a label means something else there."""
    entry = codelist.entries[near.meaning]
    labels = {"en": entry["name_en"], "ru": entry["name_ru"]}
    if any(codelist.code_of(label, country_code) != near.meaning for label in labels.values()):
        return near.key
    return next((label for label in labels.values() if spelling_key(label) == near.key), labels)


def suggest_fields(table: Table, headings: Collection[str], answered: Collection[str]) -> dict[str, Near]:
    """Return unknown heading → the field of the table it is near to; fields that a column answers are left out.

    Of several headings near one field the first has it.
    """
    if not headings:
        return {}
    known = {heading_key(heading): field.name for field in table.fields for heading in field.headings}
    vocabulary = Vocabulary({key: name for key, name in known.items() if name not in answered})
    found: dict[str, Near] = {}
    for heading in headings:
        near = vocabulary.find_near(heading_key(heading))
        if near and near.meaning not in {other.meaning for other in found.values()}:
            found[heading] = near
    return found


def title_of(table: Table, near: Near) -> Argument:
    """Return the title of a field that a heading is near, in the heading's language if it is near the title itself."""
    title = table.field(near.meaning).title
    return next((words for words in (title.en, title.ru) if heading_key(words) == near.key), listed([title]))
