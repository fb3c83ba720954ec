"""Which months have a page: the last ones, those asked for, and those that an earlier bulletin has one of."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from warehouse.bulletin import periods
from warehouse.bulletin.periods import (
    months_shown_before,
    months_with_pages,
    years_shown_before,
    years_with_pages,
)
from warehouse.kits.errors import KitError

REPORTED = tuple(date(year, month, 1) for year in (2022, 2023) for month in range(1, 13))
OLD, OLDER = date(2022, 3, 1), date(2022, 2, 1)


def edition(reported: Sequence[date] = REPORTED, *without: str) -> Any:
    marts = {*periods._MARTS_OF_MONTH, *periods._MARTS_OF_YEAR} - {*without}
    source = SimpleNamespace(release=SimpleNamespace(number=7), marts=marts)
    return cast("Any", SimpleNamespace(months=tuple(reported), source=source))


def show(place: Path, *pages: str) -> None:
    """Put pages into bulletins, each of the release that its folder names."""
    for page in pages:
        folder = (place / page).parent
        folder.mkdir(exist_ok=True)
        (place / page).touch()
        (folder / "datapackage.json").write_text(f'{{"version": "{folder.name}"}}')


def test_the_last_twelve_months_have_a_page_and_those_asked_for_or_shown_before() -> None:
    assert months_with_pages(edition(), [], []) == [*reversed(REPORTED[-12:])]
    assert months_with_pages(edition(), [OLD], [OLDER]) == [*reversed(REPORTED[-12:]), OLD, OLDER]


def test_a_month_that_nobody_reported_has_no_page_and_the_error_says_which_there_are() -> None:
    with pytest.raises(KitError, match=r"of 2024-05, .* 7 has reports of 2022-01 to 2023-12: name one"):
        months_with_pages(edition(), [OLD, date(2024, 5, 1)], [])
    with pytest.raises(KitError, match=r"of 0001-01, "):
        months_with_pages(edition(), [date(1, 1, 1)], [])


def test_a_release_without_what_pages_are_made_of_has_none_and_says_so_to_whoever_asks_for_one() -> None:
    older = edition(REPORTED, "rpt_opiates_by_year")
    assert len(months_with_pages(older, [], [])) == 12
    assert years_with_pages(older, [], [2022]) == []
    with pytest.raises(KitError, match=r"^Release 7 has no rpt_opiates_by_year, so .* another release\."):
        years_with_pages(older, [2022], [])
    with pytest.raises(KitError, match="has no rpt_changes"):
        months_with_pages(edition(REPORTED, "rpt_changes"), [OLD], [])


def test_months_shown_before_are_those_of_earlier_bulletins_and_of_this_one(tmp_path: Path) -> None:
    pages = ("1/month-2022-02_en.html", "1/month-2022-02_ru.html", "2/month-2022-03_en.html", "3/month-2022-04_en.html")
    by_hand = ("2/month-2022-13_en.html", ".new-2/month-2022-05_en.html", "2/index_en.html")
    show(tmp_path, *pages, *by_hand)
    assert {*months_shown_before(tmp_path, 2)} == {OLDER, OLD}


def test_the_last_whole_year_has_a_report_and_those_asked_for_or_shown_before() -> None:
    assert years_with_pages(edition(), [], []) == [2023]
    assert years_with_pages(edition(REPORTED[:-1]), [], []) == [2022]
    assert years_with_pages(edition(REPORTED[:-1]), [2023], [2022, 2021]) == [2023, 2022]
    # Of the year before the only one nothing was reported, and of nothing there is no year.
    assert years_with_pages(edition(REPORTED[:11]), [], []) == []
    assert years_with_pages(edition([]), [], []) == []


def test_a_year_that_nobody_reported_has_no_report_and_the_error_says_which_there_are() -> None:
    with pytest.raises(KitError, match=r"of 2024, .* 7 has reports of 2022, 2023: name one"):
        years_with_pages(edition(), [2022, 2024], [])


def test_years_shown_before_are_those_of_earlier_bulletins_and_of_this_one(tmp_path: Path) -> None:
    pages = ("1/year-2020_en.html", "2/year-2021_en.html", "2/year-2019-drugs_en.html", "3/year-2022_en.html")
    show(tmp_path, *pages)
    assert {*years_shown_before(tmp_path, 2)} == {2020, 2021}
