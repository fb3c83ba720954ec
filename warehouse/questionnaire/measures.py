"""Measures in words: the scale and the unit that a heading or a number format states beside its numbers.

Hundreds, thousands and millions as the region writes them in Russian, English, Kazakh, Kyrgyz, Tajik, Turkmen and
Uzbek; macros/typing/number_words.sql reads what is put behind a number.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist

UNITS, CURRENCIES = "units", "currencies"
MAX_MEASURE_CHARACTERS = 60

_SCALES = {
    1: r"десят(?:ок|к[а-я]+)|tens",
    2: r"сот(?:ня|ни|ню|ен|нях)|hundreds?",
    3: r"тыс(?:яч[аеиу]?|ячах|ячи)?|thousands?|thous|ths|th|k|мың|мын|миң|минг|ming|mıng|mıñ|miñ|müň|muň|ҳазор",
    5: r"lakhs?|lacs?|лакх[а-я]*",
    6: r"млн|миллион(?:а|ов|ах|ы)?|mln|mio|mn|millions?|milliýon|million",
    7: r"crores?|крор[а-я]*",
    9: r"млрд|миллиард(?:а|ов|ах|ы)?|mlrd|bln|bn|billions?|milliard|milliardy?",
    12: r"трлн|триллион(?:а|ов|ах|ы)?|trln|trn|trillions?|trillion",
}
# Tens and hundreds that are counted alone by no heading, but multiply a scale: yuz ming, ten thousand.
_MULTIPLIERS = {1: r"ten|он|on|o'n|ўн|даҳ", 2: r"жүз|yuz|юз|ýüz|сад"}
_CODE = 3  # letters of the code of a currency
_LEAST_ABOVE = 3  # tens and hundreds above a table are words of other sentences too
_NOUGHTS = r"['’‘`]?000(?:['’]?s|['’])?|1[ ,.\u00a0]?000(?!\d)|10(?:³|\^3)"
_BEFORE = r"^(?:(?:в|in|x|×|\*)\s*)?"
_AFTER = r"(?![^\W\d_])[\s.]*"
# What multiplies numbers by what is no power of ten, or not by the word of a scale: dozens, ×100, 10^6, т.т., purity.
_UNCLEAR = re.compile(
    r"\bdozens?\b|\bдюжин[а-я]*|\bmille\b|^т\.\s?т\.?$|[x×*]\s*\d*00|\b10\s*(?:\^|[⁰¹²³⁴-⁹])|"
    r"пересч[её]т|эквивалент|\bequivalents?\b|\bpure\b"
)
_SHORT_SCALE = re.compile(r"[kmtт]|mm|mn|тт|\d{2,}")  # beside a currency: KZT m, т. тенге, 100 тенге
_MIXED = re.compile(r"[^\W\d_]*[а-яё][^\W\d_]*")
_LOOK_ALIKE = str.maketrans("acekmopxyh", "асекморхун")
_PER = re.compile(r"\s*/\s*|\s+(?:за|per|на)\s+(?:1\s+)?")
_AS_WRITTEN = {
    1: "десятков", 2: "сотен", 3: "тыс.", 4: "десятков тыс.", 5: "сотен тыс.", 6: "млн", 7: "десятков млн",
    8: "сотен млн", 9: "млрд", 10: "десятков млрд", 11: "сотен млрд", 12: "трлн", 13: "десятков трлн", 14: "сотен трлн",
}  # fmt: skip
# Units behind a comma ("Количество, кг") by which a heading is recognised as one of a number.
_TAIL_UNITS = frozenset(
    re.findall(
        r"\S+",
        """кг г гр грамм граммов килограмм килограммов т тонн тонна л мл шт штук таб таблеток чел лиц долл доллар
        доллары евро руб рублей тенге теңге сом сомов сум сумов сомони манат манатов га kg g gr t l ml ha pcs gram
        grams kilogram kilograms litres persons usd eur rub kzt kgs tjs tmt uzs so'm som somoni manat tenge % дни дней
        градусы досмотры сообщения должности цены запросы изъятия машины вагоны""",
    )
)


@dataclass(frozen=True)
class Measure:
    """What a text says of numbers: they are to be multiplied by ten to ``power`` and are in the units ``codes``.

    ``codes`` maps a codelist (units, currencies) to the code; ``whole`` is the code of a unit that holds its scale
    itself, such as thousand tablets; ``unit_text`` is the unit as written, without a scale.
    """

    text: str
    power: int
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    whole: str | None = None
    unit_text: str = ""


def scale_word(power: int) -> str:
    """Return the words behind a number that multiply it by ten to this power, that of a measure."""
    return _AS_WRITTEN[power]


def measure_texts(heading: str) -> list[str]:
    """Return the parts of a heading that may be a measure: what is in brackets, or behind a comma or a dash."""
    text = unicodedata.normalize("NFC", heading)
    if len(text) > 4 * MAX_MEASURE_CHARACTERS:
        return []
    bracketed = re.findall(r"[\[(]([^\[\]()]*)[\])]", text)
    bare = re.sub(r"[\[(][^\[\]()]*[\])]", " ", text)
    return [part.strip() for part in [*bracketed, *re.split(r",\s|[|\n]|\s[-–—/]\s", bare)[1:]] if part.strip()]


def is_measure(text: str) -> bool:
    """Tell whether a text alone, as in a second row of headings, is a scale or one of the usual units."""
    power, rest = _split_scale(_plain(text))
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?|[$€₸₽%]", rest)
    return bool(power) or (bool(words) and all(word in _TAIL_UNITS or word in "$€₸₽" for word in words))


def restates(heading: str, earlier: str) -> bool:
    """Tell whether a heading states another unit or scale than an earlier one of its column; not if it has none."""
    stated, before = ({_plain(part) for part in measure_texts(text) if is_measure(part)} for text in (heading, earlier))
    return bool(stated) and stated != before


def names_scale(text: str) -> bool:
    """Tell whether a text holds a scale as a word of its own, as the line "в тыс. тенге" above a table does."""
    return len(text) <= 4 * MAX_MEASURE_CHARACTERS and bool(
        re.search(rf"(?<![\w.])(?:{_words(_LEAST_ABOVE)}|['’]000)(?![^\W\d_])", _plain(text))
    )


@lru_cache(maxsize=4096)
def parse_measure(text: str, lists: tuple[str, ...], codelists: Path, country_code: str | None) -> Measure | None:
    """Return what a text says of numbers, None if it says nothing or its scale is not clear.

    ``lists`` are the codelists (units, currencies) in which the numbers may be measured; ``country_code`` (alpha-3) is
    the sender's. Of two units of one list neither counts: "кг/шт" leaves it to each row.
    """
    plain = _plain(text)
    if not plain or len(plain) > MAX_MEASURE_CHARACTERS:
        return None
    amount, *priced = _PER.split(plain)
    power, rest = _split_scale(amount)
    found: dict[str, set[str]] = {}
    for part in (rest, *priced):
        if known := _find_code(part, lists, codelists, country_code):
            found.setdefault(known[0], set()).add(known[1])
    codes = {name: code for name, (code, *others) in ((n, sorted(c)) for n, c in found.items()) if not others}
    if power and (power not in _AS_WRITTEN or (not codes and _is_left_over(rest))):
        return None
    whole = load_codelist(codelists, UNITS).code_of(plain, country_code) if UNITS in lists else None
    return Measure(text.strip(), power, codes, whole, rest) if power or codes else None


def has_unclear_scale(text: str, lists: tuple[str, ...], codelists: Path, country_code: str | None) -> bool:
    """Tell whether a text that says nothing clear of numbers multiplies them all the same: dozens, 5 тыс., KZT m."""
    plain = _plain(text)
    if len(plain) > MAX_MEASURE_CHARACTERS or parse_measure(text, lists, codelists, country_code):
        return False
    power, _ = _split_scale(plain)
    if power or _UNCLEAR.search(plain) or re.search(rf"\d\s*(?:{_words(_LEAST_ABOVE)})(?![^\W\d_])", plain):
        return True
    parts = re.findall(r"[^\W\d_]+|\d+|[$€₸₽]", plain)
    known = load_codelist(codelists, CURRENCIES)
    others = [part for part in parts if not known.code_of(part, country_code)]
    joined = [part[_CODE:] for part in others if known.code_of(part[:_CODE], country_code)]  # USDk
    is_money = CURRENCIES in lists and (bool(joined) or len(others) < len(parts))
    return is_money and any(_SHORT_SCALE.fullmatch(other) for other in (*others, *joined))


def _is_left_over(rest: str) -> bool:
    """Tell whether what stands beside a scale multiplies it further, in a way that is not understood."""
    return bool(re.search(rf"\d|(?<![^\W_])(?:{_words(1)})(?![^\W\d_])", rest) or _UNCLEAR.search(rest))


def _words(least: int) -> str:
    return "|".join(words for power, words in _SCALES.items() if power >= least)


def _find_code(text: str, lists: tuple[str, ...], codelists: Path, country_code: str | None) -> tuple[str, str] | None:
    for name in lists:
        known = load_codelist(codelists, name)
        if code := known.code_of(text, country_code) or known.code_of(text.rstrip("."), country_code):
            return name, code
    return None


def _plain(text: str) -> str:
    """Return a text in small letters, without the brackets around it, its Latin letters as Cyrillic in mixed words."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip(" ,:;()[]\u00a0").casefold()
    return _MIXED.sub(lambda word: word[0].translate(_LOOK_ALIKE), plain)


def _split_scale(text: str) -> tuple[int, str]:
    """Return the power of ten of the scales at the beginning or end of a text, 0 without one, and the rest.

    Several multiply each other: hundreds of thousands, thousand crore.
    """
    power, rest = _split_multiplier(text)
    further, behind = _split_one(rest)
    while further:
        power, rest = power + further, behind
        further, behind = _split_one(rest)
    return power, rest if power else behind


def _split_multiplier(text: str) -> tuple[int, str]:
    for power, words in _MULTIPLIERS.items():
        if match := re.match(rf"{_BEFORE}(?:{words})\s+(?=(?:{_words(_LEAST_ABOVE)})(?![^\W\d_]))", text):
            return power, text[match.end() :]
    return 0, text


def _split_one(text: str) -> tuple[int, str]:
    for power, scale in _SCALES.items():
        words = f"{scale}|{_NOUGHTS}" if power == 3 else scale  # noqa: PLR2004 - thousands are written in digits too
        for pattern in (rf"{_BEFORE}(?:{words}){_AFTER}(?P<rest>.*)$", rf"^(?P<rest>.*?)[\s,$€₸₽](?:{words})[\s.]*$"):
            if match := re.match(pattern, f"{text} " if text.isdecimal() else text):
                rest = re.sub(r"^(?:of|in|в)\s+", "", match["rest"].strip(" ,"))
                symbol = re.search(r"[$€₸₽](?=\s*\S*$)", text) if not rest else None
                return power, symbol[0] if symbol else rest
    return 0, re.sub(r"^(?:в|in)\s+", "", text)
