"""Periods that a bulletin has pages of."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from warehouse.bulletin.earlier import bulletins_at
from warehouse.bulletin.edition import Edition
from warehouse.kits.errors import KitError

TWO_YEARS = 24  # months of a trend
_MONTHS = 12  # the last ones, which always have a page
_PAGE = re.compile(r"month-([1-9]\d{3})-(0[1-9]|1[0-2])_en\.html")
_PAGE_OF_YEAR = re.compile(r"year-(\d{4})_en\.html")
_DECEMBER = 12
# What headlines and tiles are made of; figures name their marts themselves.
_MARTS_OF_MONTH = ("rpt_seizures_by_month", "rpt_changes", "rpt_precursors_by_month", "dim_drugs")
_MARTS_OF_YEAR = ("rpt_region_by_year", "rpt_seizures_by_year", "rpt_opiates_by_year", "rpt_changes", "dim_drugs")


@dataclass(frozen=True)
class Periods:
    """Periods of which pages are asked for, beside those that always have one; ``months`` by their first days."""

    months: tuple[date, ...] = ()
    years: tuple[int, ...] = ()


def months_with_pages(edition: Edition, asked: Collection[date], kept: Collection[date]) -> list[date]:
    """Return the months that have a page, the newest first: the last twelve, those asked for and those to be kept.

    Raises KitError for a month asked for that no state has reported. None has one where the release has no mart that
    each needs.
    """
    reported = edition.months
    if not _has_marts(edition, _MARTS_OF_MONTH, asked):
        return []
    for month in sorted({*asked} - {*reported}):
        there = f"{_iso(reported[0])} to {_iso(reported[-1])}" if reported else "no month"
        raise KitError(
            f"No state has reported seizures of {_iso(month)}, so there is no page of it. Release "
            f"{edition.source.release.number} has reports of {there}: name one of these months."
        )
    return sorted({*reported[-_MONTHS:], *asked, *kept}, reverse=True)


def _has_marts(edition: Edition, needed: Collection[str], asked: Collection[object]) -> bool:
    """Return whether a release has the marts that pages need; raises KitError where not, and a page is asked for."""
    lacking = sorted({*needed} - {*edition.source.marts})
    if lacking and asked:
        raise KitError(
            f"Release {edition.source.release.number} has no {lacking[0]}, so there is no such page: an earlier "
            "version of Sarai wrote it, or it has no public edition. Name another release."
        )
    return not lacking


def _iso(month: date) -> str:
    """Return a month as ISO 8601, which strftime does not of years of fewer than four digits."""
    return month.isoformat()[:7]


def years_with_pages(edition: Edition, asked: Collection[int], kept: Collection[int]) -> list[int]:
    """Return the years that have a report, the newest first: the last whole one, those asked for, those to be kept.

    A year is whole where reports reach its December. Raises KitError for a year asked for of which no state has
    reported a month. None has one where the release has no mart that each needs.
    """
    reported = {month.year for month in edition.months}
    if not _has_marts(edition, _MARTS_OF_YEAR, asked):
        return []
    for year in sorted({*asked} - reported):
        there = ", ".join(map(str, sorted(reported))) or "no year"
        raise KitError(
            f"No state has reported seizures of {year}, so there is no report on it. Release "
            f"{edition.source.release.number} has reports of {there}: name one of these years."
        )
    last = edition.months[-1] if edition.months else date.min
    whole = last.year if last.month == _DECEMBER else last.year - 1
    return sorted({whole, *asked, *kept} & reported, reverse=True)


def months_shown_before(place: Path, number: int) -> Iterator[date]:
    """Yield the months that bulletins of an audience up to this release have pages of, which others may point to."""
    for found in _shown_before(place, number, _PAGE):
        yield date(int(found[1]), int(found[2]), 1)


def years_shown_before(place: Path, number: int) -> Iterator[int]:
    """Yield the years that bulletins of an audience up to this release have reports on."""
    for found in _shown_before(place, number, _PAGE_OF_YEAR):
        yield int(found[1])


def _shown_before(place: Path, number: int, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for shown, folder in bulletins_at(place):
        if shown <= number:
            for page in folder.glob("*_en.html"):
                if found := pattern.fullmatch(page.name):
                    yield found
