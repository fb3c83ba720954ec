"""Periods in words and numbers: the month or the months that a cover, a file, a folder or a sheet names.

Only what names its year is understood. A range, a quarter, a half-year and a year are all of their months.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist

MAX_CHARACTERS = 300
_MONTHS = 12

# What may stand between a year and the word for a month: 'за апрель 2024', '2024 жылғы сәуір', 'апрели соли 2024'.
_BETWEEN = r"[-_., ]*(?:(?:год\w*|г|жыл\w*|сол\w*|йил\w*|yil\w*|ýyl\w*)[-_., ]+)?"
_YEAR = r"(?P<year>20\d\d)"
# A word for a month, once it was found in the list: its number between two characters of no script.
_WORD = "\ue000(?P<month>\\d\\d)\ue001"
_ANY_WORD = "\ue000\\d\\d\ue001"

# Year first ('2012-12', '2012_12', '201212') or month first ('12.2012'), not within a longer number.
_YEAR_FIRST = rf"(?<!\d){_YEAR}[-_. ]?(?P<month>0[1-9]|1[0-2])(?P<day>-\d\d)?(?!\d)"
_MONTH_FIRST = rf"(?<!\d)(?P<month>0[1-9]|1[0-2])[-_./ ]{_YEAR}(?!\d)"
_WORD_FIRST = rf"{_WORD}{_BETWEEN}{_YEAR}(?!\d)"
_WORD_LAST = rf"(?<!\d){_YEAR}{_BETWEEN}{_WORD}"
_POINTS = tuple(map(re.compile, (_MONTH_FIRST, _YEAR_FIRST, _WORD_FIRST, _WORD_LAST)))
_ALONE = re.compile(rf"(?:\d{{1,2}}[-. ])?{_WORD}[-., ]{{1,2}}(?P<year>\d\d)(?: ?г\.?)?")

_TO = r"\s*(?:[-–—−…_]|\.\.+|\b(?:по|до|to|till|until|through)\b)\s*"
_AND = r"\s*(?:[,;+&]|\b(?:и|and|va|ва|және|жана|we)\b)\s*"
# Between the months of a range may stand the word for a year and the day of the second: '01.01.2024 - 31.03.2024'.
_RANGE = re.compile(rf"(?:\s*(?:г\.?|года?))?{_TO}(?:\d{{1,2}}[-./ ]+)?")
_LIST = re.compile(_AND)
_WORDS = rf"(?P<words>{_ANY_WORD}(?:(?:{_TO}|{_AND}){_ANY_WORD})+)"
_WORD_RANGES = (
    re.compile(rf"{_WORDS}{_BETWEEN}{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}{_BETWEEN}{_WORDS}"),
)
_NUMBER_RANGE = re.compile(
    rf"(?<![\d./-])(?P<first>0?[1-9]|1[0-2])\s?[-–—]\s?(?P<last>0[1-9]|1[0-2])[. /]{_YEAR}(?!\d)"
)

_ORDINALS = ("1|i|перв[а-я]*|first", "2|ii|втор[а-я]*|second", "3|iii|трет[а-я]*|third", "4|iv|четв[а-я]*|fourth")
_ORDINAL = rf"(?P<ordinal>{'|'.join(_ORDINALS)})(?:-?(?:[ыо]?й|го|[ое]?е|st|nd|rd|th))?"
_QUARTER = r"q|qtr|quarter|кв|квартал[а-я]*|тоқсан\w*|чейрек\w*|чорак\w*|chora[gk]\w*|çärýek\w*|семоҳа\w*"
_HALF = r"h|half|пг|полугоди[а-я]*|жартыжыл\w*|жарым ?жыл\w*|ярим ?йил\w*|yarim ?yil\w*|нимсола\w*"
_PART_WORD = re.compile(rf"(?<![^\W\d_])(?:{_QUARTER}|{_HALF})(?![^\W\d_])")
_SEVERAL_PARTS = re.compile(
    rf"(?<![^\W_]){_ORDINAL}(?:{_TO}|{_AND}){_ORDINAL.replace('ordinal', 'other')}[-_. ]*(?:{_QUARTER}|{_HALF})"
)


def _part(words: str) -> tuple[re.Pattern[str], ...]:
    """Return how a part of a year is written, with the ordinal before or behind its word."""
    return (
        re.compile(rf"(?<![^\W_]){_ORDINAL}[-_. ]*(?:{words})(?![^\W\d_])"),
        re.compile(rf"(?<![^\W\d_])(?:{words})[-_. ]*{_ORDINAL}(?![^\W_])"),
    )


# Months of a part → its writings.
_PARTS = {3: _part(_QUARTER), 6: _part(_HALF)}
_FIRST_MONTHS = re.compile(r"(?<![^\W_])(?P<count>[2-9]|1[0-2])[-_ ]*(?:мес|месяц[а-я]*|months?)(?![^\W\d_])")
_YEARS = re.compile(rf"(?<!\d)(?P<first>(?:19|20|21)\d\d){_TO}(?P<last>(?:19|20|21)\d\d)(?![-_. /]?\d)")
# A year that begins in one and ends in the next, as financial years do: which of its months are meant is not said.
_TWO_YEARS = re.compile(r"(?<!\d)20(?P<first>\d\d)\s?[-/–—−]\s?(?P<last>\d\d)(?!\d|[./-]\d)")
# A year of which no month is named: nothing near it looks like one.
_YEAR_ALONE = re.compile(rf"(?<!\d)(?<!\d[-_. /]){_YEAR}(?![-_. /]?\d)")


@dataclass(frozen=True)
class _Point:
    """A month with its year, where it stands in a text, and whether a day stands beside it."""

    start: int
    end: int
    month: date
    has_day: bool


def parse_month(text: str, codelists: Path) -> date | None:
    """Return the first day of the month named in a text ('2024-05', '05.2024', 'май 2024'); None if none or several.

    ``codelists`` is the folder of the seeds, which hold the words for months. A year of two digits counts where nothing
    else stands: 'апр.24'.
    """
    months = parse_period(text, codelists)
    return months[0] if len(months) == 1 else None


def parse_period(text: str, codelists: Path) -> tuple[date, ...]:
    """Return the first days of the months named in a text, in order; empty if none is, or it can be read two ways.

    '2024-05', 'январь–март 2024', '01.01.2024 - 31.03.2024', '2024-Q1', 'I квартал 2024', 'H1 2024', '9 месяцев 2024',
    '2024', '2023-2024'. ``codelists`` is the folder of the seeds, which hold the words for months.
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    written = _marked(text, codelists)
    if any(_MONTHS < int(two["last"]) == int(two["first"]) + 1 for two in _TWO_YEARS.finditer(written)):
        return ()
    ranges = {*_ranges(written)}
    if spans := ranges | {*_parts(written)}:
        span, points = spans.pop(), _points(written)
        if spans or not {point.month for point in points} <= set(span):
            return ()
        # KAZ_2024-05_Q2 is the report of May; a day beside a quarter is that on which it was written.
        named = {point.month for point in points if not point.has_day}
        return tuple(named) if len(named) == 1 and not ranges else span
    found = {_month(match) for pattern in _POINTS for match in pattern.finditer(written)}
    if alone := _ALONE.fullmatch(written):
        found.add(date(2000 + int(alone["year"]), int(alone["month"]), 1))
    return tuple(found) if len(found) == 1 else () if found else _years(written)


def named_month(text: str, codelists: Path) -> tuple[int | None, int] | None:
    """Return year, None if it is not said, and number of the one month that a text names; None if it names none."""
    if month := parse_month(text, codelists):
        return month.year, month.month
    words = re.findall(_ANY_WORD, _marked(text, codelists)) if len(text) <= MAX_CHARACTERS else []
    return (None, int(words[0][1:-1])) if len(words) == 1 else None


@cache
def _month_words(codelists: Path) -> Mapping[str, int]:
    """Return the words for months, those that dates in columns have too (stg_month_words), with their numbers."""
    known = load_codelist(codelists, "months").spellings
    return {word: int(code) for word, code in known.items() if not word.isdigit()}


def _marked(text: str, codelists: Path) -> str:
    """Return a text in small letters, with the number of each month in place of its word."""
    written = unicodedata.normalize("NFC", text).casefold().strip()
    words = _month_words(codelists)
    return re.sub(
        r"[^\W\d_]+", lambda word: f"\ue000{words[word[0]]:02}\ue001" if word[0] in words else word[0], written
    )


def _month(match: re.Match[str]) -> date:
    return date(int(match["year"]), int(match["month"]), 1)


def _points(written: str) -> list[_Point]:
    """Return the months that have their own year, from left to right, none within another."""
    points: list[_Point] = []
    at = 0
    while found := [match for pattern in _POINTS if (match := pattern.search(written, at))]:
        first = min(found, key=lambda match: match.start())
        has_day = bool(first.groupdict().get("day")) or re.search(r"\d[-./ ]$", written[: first.start()]) is not None
        points.append(_Point(first.start(), first.end(), _month(first), has_day))
        at = first.end()
    return points


def _ranges(written: str) -> Iterator[tuple[date, ...]]:
    """Yield the months of ranges and lists: between months with years, words with one year, and numbers with one."""
    points = _points(written)
    gaps = [written[one.end : other.start] for one, other in itertools.pairwise(points)]
    if len(gaps) == 1 and _RANGE.fullmatch(gaps[0]):
        # KAZ_2024-04_2024-05-03: a month, and the day on which its report was sent.
        is_sent = gaps[0] == "_" and points[1].has_day and not points[0].has_day
        yield () if is_sent else _between(points[0].month, points[1].month)
    elif gaps and all(map(_LIST.fullmatch, gaps)):
        yield tuple(sorted({point.month for point in points}))
    for pattern in _WORD_RANGES:
        for match in pattern.finditer(written):
            yield _listed(match["words"], int(match["year"]))
    for match in _NUMBER_RANGE.finditer(written):
        year = int(match["year"])
        yield _between(date(year, int(match["first"]), 1), date(year, int(match["last"]), 1))


def _listed(words: str, year: int) -> tuple[date, ...]:
    """Return the months of words with one year: those between two, or all that are named."""
    months = [date(year, int(word[1:-1]), 1) for word in re.findall(_ANY_WORD, words)]
    gaps = re.split(_ANY_WORD, words)[1:-1]
    if len(months) == 2 and not _LIST.fullmatch(gaps[0]):  # noqa: PLR2004 - a range has two ends
        return _between(*months)
    return tuple(months) if months == sorted(set(months)) else ()


def _between(first: date, last: date) -> tuple[date, ...]:
    """Return the months from the first to the last; none where the last is earlier."""
    begin, end = (day.year * _MONTHS + day.month - 1 for day in (first, last))
    return tuple(date(number // _MONTHS, number % _MONTHS + 1, 1) for number in range(begin, end + 1))


def _parts(written: str) -> Iterator[tuple[date, ...]]:
    """Yield the months of quarters, half-years and of the first months of the one year that a text names."""
    years = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", written)}
    if len(years) != 1 or _SEVERAL_PARTS.search(written):
        return
    year = years.pop()
    for count, patterns in _PARTS.items():
        for match in (match for pattern in patterns for match in pattern.finditer(written)):
            number = next(n for n, words in enumerate(_ORDINALS) if re.fullmatch(words, match["ordinal"]))
            if number * count < _MONTHS:
                yield _between(date(year, number * count + 1, 1), date(year, number * count + count, 1))
    for match in _FIRST_MONTHS.finditer(written):
        yield _between(date(year, 1, 1), date(year, int(match["count"]), 1))


def _years(written: str) -> tuple[date, ...]:
    """Return the months of the one year, or of the years from one to another, that a text names without any part."""
    if re.search(_ANY_WORD, written) or _PART_WORD.search(written):
        return ()
    spans = {(int(match["first"]), int(match["last"])) for match in _YEARS.finditer(written)}
    spans = spans or {(int(match["year"]),) * 2 for match in _YEAR_ALONE.finditer(written)}
    if len(spans) != 1:
        return ()
    first, last = spans.pop()
    return _between(date(first, 1, 1), date(last, _MONTHS, 1))
