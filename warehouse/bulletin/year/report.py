"""The pages of a year: key findings first, then a page for each group of chapters."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.matrix import matrix
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.outlook import outlook_section
from warehouse.bulletin.pages import Page, Section
from warehouse.bulletin.year.drugs import drug_sections
from warehouse.bulletin.year.figure import page_of_year, year_figure
from warehouse.bulletin.year.findings import coverage_sentences, year_sentences, year_tiles
from warehouse.bulletin.year.methods import method_sentences
from warehouse.bulletin.year.people import people_sections
from warehouse.bulletin.year.trade import trade_sections
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

if TYPE_CHECKING:
    import pandas as pd

_DECEMBER = 12
_TITLE, _MENU = N_("Drug situation in the region: {year}"), N_("Year {year}")
_LEDE = N_("What five states of Central Asia reported of drugs and precursors in the year, beside the years before.")
_FINDINGS, _COVERAGE, _REGION = N_("Key findings"), N_("Coverage and methods"), N_("The region in numbers")
_ANNEX = N_("Statistical annex")
_WHERE_ANNEX = N_(
    "All figures of this release stand in the layouts of UNODC in the workbook that the command sarai annex writes; "
    "sarai kit excel writes tables to filter and pivot."
)
_UNFINISHED = N_("The year is not over: reports reach {month}. Changes compare the same months.")
_DRUGS = N_("Drugs and precursors: {year}")
_TRADE = N_("Sizes, routes, prices and purity: {year}")
_PEOPLE = N_("Persons and border liaison offices: {year}")
# Pages of chapters: what their names end in, their titles, and what makes their sections.
_CHAPTERS = (("drugs", _DRUGS, drug_sections), ("trade", _TRADE, trade_sections), ("people", _PEOPLE, people_sections))
_GRID = N_("Months reported in {year}: {listed}.")


def year_pages(edition: Edition, year: int) -> Iterator[Page]:
    """Yield the pages of the report on a year, as its reader may see them: the first, then those of chapters."""
    pages = [_first_page(edition, year), *_chapter_pages(edition, year)]
    shown = [page for page in pages if page.figures]
    chapters = [
        {"name": page.name, "title": page.title, "chapters": [one.title for one in page.shown_sections]}
        for page in shown
    ]
    for page in shown:
        yield replace(page, template="year.html.j2", values={"chapters": chapters})


def _first_page(edition: Edition, year: int) -> Page:
    until = max(month for month in edition.months if month.year == year)
    coverage = year_figure(edition, year, "overview/coverage", _draw_coverage)
    region = year_figure(edition, year, "overview/region")
    return Page(
        name=page_of_year(year),
        title=edition.say(_TITLE, year=year),
        lede=edition.say(_LEDE),
        menu=edition.say(_MENU, year=year),
        notices=[*_notices(edition, until)],
        tiles=[*year_tiles(edition, year, until)],
        sections=[
            Section("findings", edition.say(_FINDINGS), sentences=[*year_sentences(edition, year, until)]),
            Section("coverage", edition.say(_COVERAGE), [coverage], [*method_sentences(edition, year)]),
            Section("region", edition.say(_REGION), [region], [*coverage_sentences(edition, year)]),
            *_outlook(edition, year),
            Section("annex", edition.say(_ANNEX), sentences=[edition.say(_WHERE_ANNEX)]),
        ],
    )


def _chapter_pages(edition: Edition, year: int) -> Iterator[Page]:
    for chapters, title, sections in _CHAPTERS:
        yield Page(
            name=page_of_year(year, chapters),
            title=edition.say(title, year=year),
            lede=edition.say(_LEDE),
            sections=[*sections(edition, year)],
        )


def _outlook(edition: Edition, year: int) -> Iterator[Section]:
    """Yield what is expected after the newest month, in the reports on its year and on the one before it alone."""
    newest = edition.months[-1]
    if year >= newest.year - 1:
        yield outlook_section(edition, newest)


def _notices(edition: Edition, until: date) -> list[str]:
    if edition.months[-1] > until or until.month == _DECEMBER:
        return []
    return [edition.say(_UNFINISHED, month=month_in_words(until, edition.language))]


def _draw_coverage(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        country=edition.named("countries", frame["country_code"]),
        label=frame["reported_months_count"].astype(str),
    )
    last = shown[shown["calendar_year"] == shown["calendar_year"].max()]
    listed = ", ".join(
        f"{country} {count}" for country, count in last[["country", "label"]].itertuples(index=False, name=None)
    )
    message = edition.say(_GRID, year=int(shown["calendar_year"].max()), listed=listed)
    return Drawing(matrix(shown, "calendar_year", "country", "reported_months_count"), message)
