"""Number formats of spreadsheet programs: what a cell shows beside its number (ECMA-376 part 1, 18.8.31).

A cell formatted as ``0%`` holds 0.62 and shows 62 %; ``0" г"`` shows a unit that stands in no cell; ``#,##0,`` shows
thousands; ``0" 300"`` shows 12 300 where the cell holds 12, and ``;;;`` shows nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

PER_MILLE = "‰"

_BUILT_IN = {9: "0%", 10: "0.00%"}
# Quoted text, an escaped character, a currency, another condition in brackets, space or filling, or any character.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|(.)', re.DOTALL)
_THOUSANDS = re.compile(r"[0#?.](,+)[^0#?]*$")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE = re.compile("[dmyhs]", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
# Digits and signs that make another number of the one beside them: not the digit of a unit such as м2.
_OTHER_NUMBER = re.compile(r"(?<![^\W_])\d|[<>≤≥≈~±]")
_MINUS = re.compile(r"[-−–][\s(]*$")
_MARK_BETWEEN = re.compile(r"[\d.,:/]")


@dataclass(frozen=True)
class NumberFormat:
    """What a format adds to a number: a percent sign, a power of ten by which less is shown, and a unit in words.

    ``adds`` are its words where digits or signs among them show another number, '' elsewhere; ``hides``: the number
    itself is not shown.
    """

    is_percent: bool = False
    power: int = 0
    unit: str = ""
    adds: str = ""
    hides: bool = False


@dataclass
class Literals:
    """The words of a format before, between and behind the places of its digits."""

    before: str = ""
    between: str = ""
    behind: str = ""

    def add(self, words: str, *, has_digits: bool) -> None:
        """Add words, where the places of digits stand before them or not."""
        if has_digits:
            self.behind += words
        else:
            self.before += words

    def close(self) -> None:
        """Note that more places of digits follow what was added."""
        self.between, self.behind = self.between + self.behind, ""

    @property
    def unit(self) -> str:
        """The unit that they state, '' if they hold neither a letter nor a sign of shares or of a currency."""
        words = (self.before + self.between + self.behind).strip(" \u00a0()+-/:,")
        return words if any(c in "%‰" or unicodedata.category(c)[0] == "L" or is_currency(c) for c in words) else ""

    @property
    def adds(self) -> str:
        """All words, '' where none of them makes another number of the one beside them."""
        words = self.before + self.between + self.behind
        is_other = _OTHER_NUMBER.search(words) or _MINUS.search(self.before) or _MARK_BETWEEN.search(self.between)
        return words.strip() if is_other else ""

    def shown_with(self, *, is_percent: bool = False, power: int = 0, hides: bool = False) -> NumberFormat | None:
        """Return what a format with these words adds to a number; None where it adds nothing."""
        found = NumberFormat(is_percent, power, self.unit, self.adds, hides)
        return None if found == NumberFormat() else found


def is_currency(character: str) -> bool:
    """Tell whether a character is the sign of a currency."""
    return unicodedata.category(character) == "Sc"


def parse_number_format(code: str) -> NumberFormat | None:
    """Return what a format adds to positive numbers; None for a date, and where it adds nothing."""
    shown, literals = "", Literals()
    for quoted, escaped, currency, plain in _TOKEN.findall(code):
        if plain == ";":
            break
        # A minus needs no quotes.
        is_minus = plain == "-" and not shown.strip()
        if words := quoted + escaped + currency + (plain if is_minus or (plain and is_currency(plain)) else ""):
            literals.add(words, has_digits=bool(shown.strip()))
        else:
            shown += plain
            if plain and plain in "0#?":
                literals.close()
    if _DATE.search(shown):
        return None
    thousands = _THOUSANDS.search(shown)
    hides = bool(code.strip()) and not shown.strip() and not _CONDITION.search(code)
    power = 3 * len(thousands[1]) if thousands else 0
    return literals.shown_with(is_percent="%" in shown, power=power, hides=hides)


def number_format(number: int, codes: dict[int, str]) -> NumberFormat | None:
    """Return what the format of this number adds; ``codes`` are those that the workbook defines itself."""
    code = codes.get(number, _BUILT_IN.get(number))
    return parse_number_format(code) if code else None


def shown_text(text: str, shown: NumberFormat) -> str:
    """Return the number of a cell as a format of shares shows it, with all its digits: 0.455 as 45.5%, 620 as 620‰."""
    if not _NUMBER.fullmatch(text):
        return text
    return f"{(Decimal(text) * 100).normalize():f}%" if shown.is_percent else f"{text}{PER_MILLE}"
