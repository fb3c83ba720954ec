"""Proposals for numbers: without words and marks, with the unit in its own column, in full."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from warehouse.findings.proposal import Proposal
from warehouse.findings.suggestions import propose_spelling
from warehouse.proposals.doubt import Doubt

# Field of a number → the fields of its unit. Beside any other number its own unit may stand, or that of pieces.
_UNITS: Mapping[str, tuple[str, ...]] = {
    "quantity": ("unit",),
    "goods_quantity": ("goods_unit",),
    "value_amount": ("currency",),
    **dict.fromkeys(("price_minimum", "price_typical", "price_maximum"), ("currency", "price_unit")),
}
_PLAIN = r"[+-]?\d+(?:[.,]\d+)?"
_SPACED = r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?"
_NUMBER = rf"{_SPACED}|{_PLAIN}"
_WITH_WORDS = re.compile(rf"({_NUMBER})\s*([^\d\s.,](?:.*[^\d])?)", re.DOTALL)
_ALL_UNITS = frozenset(unit for units in _UNITS.values() for unit in units)
_MANY_ROWS, _MOST = 3, 0.75
# The unit a thousand times smaller, in Latin and in Cyrillic letters.
_SMALLER = {"T": ("kg", "кг"), "KG": ("g", "г")}
_FAR_ABOVE = 5
_PERSONS = re.compile(r"(?:чел(?:\.|овека?)?|лиц[оа]?|persons?|people|шт\.?|ед\.?|pcs?\.?)", re.IGNORECASE)
_POWERS = {
    "MG": ("MASS", -6), "G": ("MASS", -3), "KG": ("MASS", 0), "T": ("MASS", 3),
    "ML": ("VOLUME", -3), "L": ("VOLUME", 0),
}  # fmt: skip
# Letters that are typed for digits: O of either alphabet, l and I, and З.
_DIGITS = str.maketrans("OoОоlIІіЗз", "0000111133")
_ALMOST_DIGITS = re.compile(r"[\dOoОоlIІіЗз]+(?:[.,][\dOoОоlIІіЗз]+)?")
_MOST_LETTERS = 1 / 3  # of a number with letters among its digits
_ALL = 1.0
_HALF = 0.5
_TWO_DIGITS = 10


def unread_number(doubt: Doubt) -> Proposal | None:
    """Propose for a text that is no number: the number in it, or that of the column that holds its unit."""
    text, found = doubt.text, _WITH_WORDS.fullmatch(doubt.text)
    letters = sum(not letter.isdigit() for letter in text if letter not in ".,")
    is_unit = found is not None and _is_unit(doubt, found[2].strip())  # 15l are litres
    if not is_unit and _ALMOST_DIGITS.fullmatch(text) and 0 < letters <= _MOST_LETTERS * len(text):
        return doubt.proposing("letters_for_digits", text.translate(_DIGITS))
    return _apart(doubt, found[1], found[2].strip()) if found else _exchanged(doubt)


def _is_unit(doubt: Doubt, words: str) -> bool:
    fields = (doubt.table.field(unit) for unit in _UNITS.get(doubt.field.name, ()))
    return any(doubt.sender.code_of(field.codelist or "", words) for field in fields)


def _apart(doubt: Doubt, number: str, words: str) -> Proposal | None:
    """Propose the number alone, its unit in the column of units; None where that holds another one."""
    name, sender = doubt.field.name, doubt.sender
    for unit in _UNITS.get(name, ()):
        field = doubt.table.field(unit)
        code = sender.code_of(field.codelist or "", words)
        own = doubt.answers.get(unit, "")
        if code and (not own or sender.code_of(field.codelist or "", own) == code):
            return Proposal("unit_apart", {name: number, unit: own or words})
    if name not in _UNITS and _PERSONS.fullmatch(words):
        return Proposal("number_alone", {name: number})
    return None


def _exchanged(doubt: Doubt) -> Proposal | None:
    """Propose to exchange a number and its unit where each stands in the column of the other."""
    name, sender = doubt.field.name, doubt.sender
    for unit in _UNITS.get(name, ()):
        codelist, own = doubt.table.field(unit).codelist or "", doubt.answers.get(unit, "")
        if re.fullmatch(_NUMBER, own) and sender.code_of(codelist, doubt.text) and not sender.code_of(codelist, own):
            return Proposal("columns_exchanged", {name: own, unit: doubt.text})
    return None


def unknown_unit(doubt: Doubt) -> Proposal | None:
    """Propose to exchange a unit that is a number with its number that is a unit."""
    for name, units in _UNITS.items():
        if doubt.field.name in units and name in {field.name for field in doubt.table.fields}:
            number, codelist = doubt.answers.get(name, ""), doubt.field.codelist or ""
            if re.fullmatch(_NUMBER, doubt.text) and doubt.sender.code_of(codelist, number):
                return Proposal("columns_exchanged", {name: doubt.text, doubt.field.name: number})
    return None


def unit_in_number(doubt: Doubt) -> Proposal | None:
    """Propose to write number and unit of one cell into two, a unit near a known one among them."""
    found = _WITH_WORDS.fullmatch(doubt.text)
    if found is None:
        return None
    number, words = found[1], found[2].strip()
    code = doubt.sender.code_of("units", words)
    if code is None:
        near = propose_spelling(doubt.sender.codelists, "units", doubt.sender.country_code, words)
        return near and Proposal(near[0], {doubt.field.name: number, "unit": near[1]})
    own = doubt.answers.get("unit", "")
    kept = own if own and doubt.sender.code_of("units", own) == code else words
    return Proposal("unit_apart", {doubt.field.name: number, "unit": kept})


def other_unit(doubt: Doubt) -> Proposal | None:
    """Propose the number in the unit of its column where the cell names another one: 0.5 for 500 g beside kg.

    Not where most rows contradict the column: then nobody knows which of them holds.
    """
    found = _WITH_WORDS.fullmatch(doubt.text)
    number = _decimal(found[1]) if found else None
    if found is None or number is None or doubt.share > _HALF:
        return None
    codes = (doubt.sender.code_of("units", words) or "" for words in (found[2].strip(), doubt.answers.get("unit", "")))
    (family, power), (other, own) = (_POWERS.get(code, ("", 0)) for code in codes)
    is_convertible = family and family == other
    return doubt.proposing("converted", f"{number.scaleb(power - own).normalize():f}") if is_convertible else None


def missing_unit(doubt: Doubt) -> Proposal | None:
    """Propose the unit of the other rows, where there are several of them and all that can be read have the same."""
    if doubt.field.name not in _ALL_UNITS:
        return None
    codes = {text: doubt.sender.code_of(doubt.field.codelist or "", text) for text in doubt.usual}
    known = {text: count for text, count in doubt.usual.items() if codes[text]}
    count = sum(known.values())
    if len({codes[text] for text in known}) != 1 or count < max(_MANY_ROWS, _MOST * sum(doubt.usual.values())):
        return None
    return doubt.proposing("usual_unit", max(known, key=lambda text: (known[text], text)))


def smaller_unit(doubt: Doubt) -> Proposal | None:
    """Propose grams for kilograms, and kilograms for tonnes, where that alone makes a weight plausible.

    One just above what is plausible may be a large seizure; one far above it is of another unit.
    """
    weight, most = (doubt.finding.arguments.get(name) for name in ("weight_kg", "plausible_maximum_kg"))
    unit = doubt.answers.get("unit", "")
    smaller = _SMALLER.get(doubt.sender.code_of("units", unit) or "")
    if smaller is None or not isinstance(weight, int | float) or not isinstance(most, int | float):
        return None
    if weight < _FAR_ABOVE * most or weight / 1000 > most:
        return None
    return Proposal("smaller_unit", {"unit": smaller[bool(re.search("[а-яА-Я]", unit))]})


def _decimal(text: str) -> Decimal | None:
    """Return a number as written; None where a comma may mark decimals or thousands."""
    bare = re.sub(r"\s", "", text)
    return None if re.fullmatch(r"[1-9]\d{0,2},\d{3}", bare) else Decimal(bare.replace(",", "."))


def marked_number(doubt: Doubt) -> Proposal | None:
    """Propose the number that was read before a mark, as it is written where that says the same."""
    read, found = doubt.finding.arguments.get("number_shown"), re.match(_NUMBER, doubt.text)
    if not isinstance(read, int | float):
        return None
    written = found[0] if found else ""
    is_same = bool(written) and (number := _decimal(written)) is not None and float(number) == read
    return doubt.proposing("number_alone", written if is_same else f"{read:.15g}")


def share(doubt: Doubt) -> Proposal | None:
    """Propose percents where every share of the submission is written as a part of one."""
    try:
        number = Decimal(doubt.text.replace(",", "."))
    except InvalidOperation:
        return None
    # One share may be that small; of several, all below one, each was divided by a hundred.
    return doubt.proposing("scale", f"{(number * 100).normalize():f}") if doubt.share == _ALL else None


def counted(doubt: Doubt) -> Proposal | None:
    """Propose a whole number without the mark between its thousands: what is counted has no decimals."""
    is_counted = doubt.field.type == "integer" and re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", doubt.text)
    return doubt.proposing("thousands", re.sub(r"[.,]", "", doubt.text)) if is_counted else None


def number_of_day(doubt: Doubt) -> Proposal | None:
    """Propose the number of which a spreadsheet made a day: 12.10 of 12 October; 1 May may be 1.5 and 1.05."""
    try:
        day = date.fromisoformat(doubt.text[:10])
    except ValueError:
        return None
    is_this_year = doubt.sender.month is not None and 0 <= day.year - doubt.sender.month.year <= 1
    return (
        doubt.proposing("number_of_day", f"{day.day}.{day.month}")
        if (is_this_year and day.month >= _TWO_DIGITS)
        else None
    )


def prices(doubt: Doubt) -> Proposal | None:
    """Propose to exchange the lowest and the highest price where that puts all three in order."""
    names = ("price_minimum", "price_typical", "price_maximum")
    texts = [doubt.answers.get(name, "") for name in names]
    if not all(re.fullmatch(_NUMBER, text) for text in texts):
        return None
    low, typical, high = (Decimal(re.sub(r"[\s\u00a0\u2009\u202f]", "", text).replace(",", ".")) for text in texts)
    if low > typical > high:
        return Proposal("columns_exchanged", {"price_minimum": texts[2], "price_maximum": texts[0]})
    return None
