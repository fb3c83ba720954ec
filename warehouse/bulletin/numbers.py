"""Numbers, months and days as a page writes them, in its language."""

from datetime import date
from functools import lru_cache
from typing import Any

from warehouse.questionnaire.language import Language
from warehouse.text_table import printable
from warehouse.words.catalogue import N_, translate, yes_or_no
from warehouse.words.months import month_in_words

NOT_KNOWN = "–"
PART = N_("a part: some quantities are not known or held back")
NO_CASE = N_("no case reported")  # where states reported, which does not say that there was none
_SPACE = "\N{NO-BREAK SPACE}"
_UNITS = {"kg": N_("kg"), "litres": N_("l"), "tonnes": N_("t")}
_TONNES_FROM = 10_000  # kilograms, in sentences


def cell(value: Any, column: str, language: Language) -> str:
    """Return a value as a table shows it: three decimals at most, a dash where it is not known, no hidden letter."""
    if is_unknown(value):
        return NOT_KNOWN
    if hasattr(value, "item"):
        value = value.item()  # what numpy calls a number or a truth value
    if isinstance(value, bool):
        return yes_or_no(value, language)
    if isinstance(value, date):
        return month_in_words(value, language) if column.endswith("month_date") else value.isoformat()[:10]
    if isinstance(value, int | float):
        if column.endswith("year"):
            return str(int(value))
        return _decimal(value, "#,##0.###" if abs(value) >= 1 else "0.######", language)
    return printable(str(value), keep="\n")


def is_unknown(value: Any) -> bool:
    """Return whether a value of a frame is null: None, not a number, or what pandas has for an integer."""
    if value is None or isinstance(value, str):
        return value is None
    from pandas import isna

    return bool(isna(value))


def quantity(value: float, unit: str, language: Language) -> str:
    """Return a quantity in a sentence, to three digits: 84 kg, 1.25 t; ``unit`` is kg or litres."""
    if unit == "kg" and abs(value) >= _TONNES_FROM:
        value, unit = value / 1000, "tonnes"
    return f"{short(value, language)}{_SPACE}{sign(unit, language)}"


def sign(unit: str, language: Language) -> str:
    """Return the sign of a unit: kg, litres or tonnes."""
    return translate(_UNITS[unit], language)


def short(value: float, language: Language) -> str:
    """Return a number to three digits, without losing whole ones."""
    whole = len(str(int(abs(value))))
    shape = "#,##0." + "#" * max(0, 3 - whole) if abs(value) >= 1 else "0.###"
    return _decimal(value, shape, language)


def percent(value: float, language: Language) -> str:
    """Return per cent without a sign, to whole ones: 12 %."""
    return f"{_decimal(abs(value), '#,##0', language)}{_SPACE}%"


def signed_percent(value: float, language: Language) -> str:
    """Return per cent with its sign, to whole ones: +12 %, −7 %, 0 %."""
    sign = "" if percent(value, language) == percent(0, language) else "+" if value > 0 else "\N{MINUS SIGN}"
    return f"{sign}{percent(value, language)}"


@lru_cache(maxsize=16_384)  # many pages show the same numbers
def _decimal(value: float, shape: str, language: Language) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, format=shape, locale=language)
