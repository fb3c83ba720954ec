"""Formats of cells that change what they say: percent, units and scales of numbers, raised and struck text.

python-calamine returns 0.62 for a cell that shows 62 %, and joins the parts of a text whatever their font: 1240 with a
raised 1 becomes 12401, and 295 struck through before 301 becomes 295301.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from warehouse.files.number_formats import NumberFormat
from warehouse.files.sheet import Place

_DIGITS = "0123456789+-=()"
_RAISED = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_NUMBER = re.compile(r"[\d\s.,]*\d[\d\s.,]*")

# The text of a part, whether it is struck through, and superscript, subscript or ''.
Run = tuple[str, bool, str]


@dataclass(frozen=True)
class RichText:
    """A text of several fonts: what remains when what is struck through is left out, and what that was."""

    text: str
    struck: str = ""


@dataclass(frozen=True)
class WorkbookFormats:
    """Of a workbook: number formats and fonts, struck and raised, by style of a cell; strings of several fonts."""

    numbers: dict[int, NumberFormat] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    raised: dict[int, str] = field(default_factory=dict)
    strings: dict[int, RichText] = field(default_factory=dict)


@dataclass
class CellFormats:
    """Of a worksheet: the cells (row and column from 0) whose format says something that their value does not.

    ``raised`` are cells of one font, superscript or subscript. ``ranges`` are the merged cells, first and last of each,
    where python-calamine does not know them; hidden rows and columns are numbered from 0.
    """

    numbers: dict[Place, NumberFormat] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    raised: dict[Place, str] = field(default_factory=dict)
    texts: dict[Place, RichText] = field(default_factory=dict)
    ranges: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def note_style(self, place: Place, style: int, formats: WorkbookFormats, *, is_text: bool) -> None:
        """Note what the style of a cell says; the format of numbers says nothing of a text."""
        if style in formats.numbers and not is_text:
            self.numbers[place] = formats.numbers[style]
        if style in formats.struck:
            self.struck.add(place)
        if style in formats.raised:
            self.raised[place] = formats.raised[style]

    def note_text(self, place: Place, rich: RichText) -> None:
        """Note a text of several fonts; one of which nothing remains is struck through as a whole."""
        if rich.text.strip():
            self.texts[place] = rich
        else:
            self.struck.add(place)


def rich_of(runs: Sequence[Run]) -> RichText | None:
    """Return a text whose fonts say something, raised digits as such; None for any other.

    Of a text that is struck through as a whole nothing remains.
    """
    if not any(is_struck or raised for _, is_struck, raised in runs):
        return None
    plain = "".join(text for text, is_struck, raised in runs if not (is_struck or raised))
    kept = "".join(_shown(text, raised, plain) for text, is_struck, raised in runs if not is_struck)
    return RichText(kept, "".join(text for text, is_struck, _ in runs if is_struck).strip())


def raised_text(text: str, raised: str) -> str:
    """Return a text of digits and marks as raised or lowered characters, which nothing takes for a number."""
    if not set(text.strip()) <= set(_DIGITS):
        return text
    return text.translate(_RAISED if raised == "superscript" else _LOWERED)


def _shown(text: str, raised: str, plain: str) -> str:
    """Return a run as characters show it: raised digits, lowered ones alone or beside a number (not H2O)."""
    bare, beside = text.strip(), plain.strip()
    if not (raised and bare) or (raised == "subscript" and beside and not _NUMBER.fullmatch(plain)):
        return text
    is_mark = bare.isalnum() and not set(bare) <= set(_DIGITS) and _NUMBER.fullmatch(plain)
    return f" ({bare})" if is_mark else raised_text(text, raised)
