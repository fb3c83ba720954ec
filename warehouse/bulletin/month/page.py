"""The page of a month: headlines, who reported what, seizures, trends."""

from datetime import date

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import page_of_month
from warehouse.bulletin.month.headlines import sentences
from warehouse.bulletin.month.places import places_section
from warehouse.bulletin.month.seizures import reports_section, seizures_section, trend_section
from warehouse.bulletin.month.tiles import reported, tiles
from warehouse.bulletin.numbers import month as month_name
from warehouse.bulletin.pages import Page, Section
from warehouse.words.catalogue import N_

_TITLE = N_("Regional bulletin: {month}")
_LEDE = N_("What the border and drug control authorities of five states reported of seizures in {month}.")
_HEADLINES = N_("Headlines")
_MISSING = N_("Being clarified: {states}. Figures of the region are those of the other states, and will change.")


def month_page(edition: Edition, month: date) -> Page:
    """Return the page of a month, as its reader may see it."""
    shown = month_name(month, edition.language)
    return Page(
        name=page_of_month(month),
        title=edition.say(_TITLE, month=shown),
        lede=edition.say(_LEDE, month=shown),
        menu=shown if month == edition.months[-1] else "",
        notices=[*_notices(edition, month)],
        tiles=[*tiles(edition, month)],
        sections=[
            Section("headlines", edition.say(_HEADLINES), sentences=[*sentences(edition, month)]),
            reports_section(edition, month),
            seizures_section(edition, month),
            trend_section(edition, month),
            *_year_to_date(edition, month),
        ],
    )


def _year_to_date(edition: Edition, month: date) -> list[Section]:
    """Return what is known by year alone: of the newest month, and of the last month of a year."""
    if month not in {edition.months[-1], date(month.year, 12, 1)}:
        return []
    return [places_section(edition, month)]


def _notices(edition: Edition, month: date) -> list[str]:
    count, members = reported(edition, month)
    if count in {0, members}:
        return []
    missing = edition.ask(
        f"select country_code from rpt_coverage_by_month where table_name = 'seizures' and month_date = '{month}' "
        "and coverage = 'missing' order by country_code"
    )
    names = ", ".join(edition.name("countries", code) for code in missing["country_code"])
    return [edition.say(_MISSING, states=names)]
