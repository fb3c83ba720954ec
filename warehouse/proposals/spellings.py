"""Proposals for answers from a list: near spellings, exchanged columns, two words for one code, damaged names."""

import re

from warehouse.findings.proposal import Proposal
from warehouse.findings.suggestions import propose_spelling
from warehouse.proposals.doubt import Doubt
from warehouse.proposals.numbers import unknown_unit
from warehouse.questionnaire.codelists import load_codelist, spelling_key

_NOT_STATED = "--"
_PLACES = {"subdivisions", "border_points"}
_PARTS = re.compile(r"\s*[/|;()\[\]=:]+\s*|\s+[-–—]\s+|\s*,\s+")
_DIGITS_IN_WORD = re.compile(r"(?<=[^\W\d_])?-?\d{2,}(?=[^\W\d_]{2})")


def unknown_code(doubt: Doubt) -> Proposal | None:
    """Propose an entry of the list for a text that is none of its spellings."""
    return _near(doubt) or _same_code(doubt) or _exchanged(doubt) or unknown_unit(doubt) or _country_for_place(doubt)


def _near(doubt: Doubt) -> Proposal | None:
    near = propose_spelling(doubt.sender.codelists, doubt.field.codelist or "", doubt.sender.country_code, doubt.text)
    return doubt.proposing(*near) if near else None


def _same_code(doubt: Doubt) -> Proposal | None:
    """Propose the one of several words for one code that stands first: Героин (heroin), HEROIN - Героин."""
    parts = [part for part in _PARTS.split(doubt.text) if part and not part.isdigit()]
    codes = {doubt.sender.code_of(doubt.field.codelist or "", part) for part in parts}
    return doubt.proposing("one_word", parts[0]) if len(codes) == 1 and None not in codes else None


def _exchanged(doubt: Doubt) -> Proposal | None:
    """Propose to exchange two answers of which each is in the list of the other, and not in its own."""
    own, sender = doubt.field, doubt.sender
    for field in doubt.table.fields:
        other = doubt.answers.get(field.name, "")
        if not other or not field.codelist or field.codelist == own.codelist:
            continue
        belongs = sender.code_of(field.codelist, doubt.text) and sender.code_of(own.codelist or "", other)
        if belongs and not sender.code_of(field.codelist, other):
            return Proposal("columns_exchanged", {own.name: other, field.name: doubt.text})
    return None


def _country_for_place(doubt: Doubt) -> Proposal | None:
    """Propose that the place is not stated where the own country stands for it."""
    is_place = doubt.field.codelist in _PLACES and not doubt.field.constraints.required
    is_own = is_place and doubt.sender.code_of("countries", doubt.text) == doubt.sender.country_code
    return doubt.proposing("country_for_place", _NOT_STATED) if is_own else None


def damaged_name(doubt: Doubt) -> Proposal | None:
    """Propose the one province of the country whose name has letters where the text has digits."""
    found = _DIGITS_IN_WORD.search(doubt.text)
    if found is None or len(_DIGITS_IN_WORD.findall(doubt.text)) > 1:
        return None
    before, after = doubt.text[: found.start()], doubt.text[found.end() :]
    divisions = load_codelist(doubt.sender.codelists, "subdivisions")
    pattern = re.compile(re.escape(spelling_key(before)) + r"(-?[^\W\d_]{3,})" + re.escape(spelling_key(after)))
    own = [key for key, code in divisions.spellings.items()
           if divisions.entries[code].get("country_code") == doubt.sender.country_code]  # fmt: skip
    own += [key for country, key in divisions.national if country == doubt.sender.country_code]
    letters = {match[1] for key in own if (match := pattern.fullmatch(key))}
    if len(letters) != 1:
        return None
    word = letters.pop()
    return doubt.proposing("damaged_name", before + ("-" if word[0] == "-" else "") + word.lstrip("-").title() + after)


def counterpart(doubt: Doubt) -> Proposal | None:
    """Propose the crossing point on the own side, which the finding names."""
    named = doubt.finding.arguments.get("counterpart")
    if not isinstance(named, dict):
        return None
    language = "ru" if re.search("[а-я]", doubt.text.casefold()) else "en"
    name = str(named.get(language, "")).removeprefix(": ")
    code = doubt.sender.code_of("border_points", name) if name else None
    is_other = code is not None and code != doubt.sender.code_of("border_points", doubt.text)
    return doubt.proposing("own_side", name) if is_other else None
