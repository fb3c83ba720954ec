"""Number formats of spreadsheet programs: what a cell shows beside its number (ECMA-376 part 1, 18.8.31).

A cell formatted as ``0%`` holds 0.62 and shows 62 %; ``0" г"`` shows a unit that stands in no cell; ``#,##0,`` shows
thousands.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_BUILT_IN = {9: "0%", 10: "0.00%"}
# Quoted text, an escaped character, a currency, another condition in brackets, space or filling, or any character.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|(.)', re.DOTALL)
_THOUSANDS = re.compile(r"[0#?.](,+)[^0#?]*$")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE = re.compile("[dmyhs]", re.IGNORECASE)


@dataclass(frozen=True)
class NumberFormat:
    """What a format adds to a number: a percent sign, a power of ten by which less is shown, and a unit in words."""

    is_percent: bool = False
    power: int = 0
    unit: str = ""


def parse_number_format(code: str) -> NumberFormat | None:
    """Return what a format adds to positive numbers; None for a date, and where it adds nothing."""
    shown, literals = "", ""
    for quoted, escaped, currency, plain in _TOKEN.findall(code):
        if plain == ";":
            break
        is_currency = bool(plain) and unicodedata.category(plain) == "Sc"
        literals += quoted + escaped + currency + (plain if is_currency else "")
        shown += "" if is_currency else plain
    if _DATE.search(shown):
        return None
    thousands = _THOUSANDS.search(shown)
    unit = literals.strip(" \u00a0()+-/:,")
    has_unit = any(c == "%" or unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Sc" for c in unit)
    found = NumberFormat("%" in shown, 3 * len(thousands[1]) if thousands else 0, unit if has_unit else "")
    return None if found == NumberFormat() else found


def number_format(number: int, codes: dict[int, str]) -> NumberFormat | None:
    """Return what the format of this number adds; ``codes`` are those that the workbook defines itself."""
    code = codes.get(number, _BUILT_IN.get(number))
    return parse_number_format(code) if code else None


def percent_text(text: str) -> str:
    """Return the number of a cell as a percent format shows it, with all its digits: 0.455 as 45.5%."""
    return f"{(Decimal(text) * 100).normalize():f}%" if _NUMBER.fullmatch(text) else text
