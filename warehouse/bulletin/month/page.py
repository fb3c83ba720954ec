"""The pages of a month: what was seized, where and how, and what offices did, as far as their reader sees that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.cases import challenges_section, significant_section, stories_section
from warehouse.bulletin.month.context import agencies_section, context_section
from warehouse.bulletin.month.figures import has_whole_page, page_of_month
from warehouse.bulletin.month.headlines import sentences
from warehouse.bulletin.month.offices import offices_section
from warehouse.bulletin.month.outlook import outlook_section, unusual_section
from warehouse.bulletin.month.places import places_section
from warehouse.bulletin.month.prices import prices_section
from warehouse.bulletin.month.seizures import reports_section, seizures_section, trend_section
from warehouse.bulletin.month.tiles import reported, tiles
from warehouse.bulletin.pages import Page, Section
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

_TITLE = N_("Regional bulletin: {month}")
_LEDE = N_("What the border and drug control authorities of five states reported of seizures in {month}.")
_HEADLINES = N_("Headlines")
_MISSING = N_("Being clarified: {states}. Figures of the region are those of the other states, and will change.")
_PLACES, _PLACES_LEDE = (
    N_("Where and how: {month}"), N_("Where drugs were seized since January, how they were found, and by whom."),
)  # fmt: skip
_OFFICES, _OFFICES_LEDE = (
    N_("Border Liaison Offices: {month}"), N_("What offices have, find, do together and tell each other."),
)  # fmt: skip


def month_pages(edition: Edition, month: date) -> Iterator[Page]:
    """Yield the page of a month and those that lead on from it, as their reader may see them.

    What is known by year alone, prices, traffic and charts of offices stand with the newest month and with each
    December; forecasts with the newest alone.
    """
    further = [one for one in (_places_page(edition, month), _offices_page(edition, month)) if one.figures]
    page = _month_page(edition, month)
    yield replace(page, template="month.html.j2", values={"further": further}) if further else page
    yield from further


def _month_page(edition: Edition, month: date) -> Page:
    shown = month_in_words(month, edition.language)
    is_newest, is_whole = month == edition.months[-1], has_whole_page(edition, month)
    return Page(
        name=page_of_month(month),
        title=edition.say(_TITLE, month=shown),
        lede=edition.say(_LEDE, month=shown),
        menu=shown if is_newest else "",
        notices=_notices(edition, month),
        tiles=[*tiles(edition, month)],
        sections=[
            Section("headlines", edition.say(_HEADLINES), sentences=[*sentences(edition, month)]),
            reports_section(edition, month),
            seizures_section(edition, month),
            significant_section(edition, month),
            trend_section(edition, month),
            unusual_section(edition, month),
            *([outlook_section(edition, month)] if is_newest else []),
            *([prices_section(edition, month)] if is_whole else []),
        ],
    )


def _places_page(edition: Edition, month: date) -> Page:
    parts = (places_section, context_section, agencies_section) if has_whole_page(edition, month) else ()
    sections = [part(edition, month) for part in parts]
    return _further(edition, month, "places", (_PLACES, _PLACES_LEDE), sections)


def _offices_page(edition: Edition, month: date) -> Page:
    sections = [part(edition, month) for part in (offices_section, stories_section, challenges_section)]
    return _further(edition, month, "offices", (_OFFICES, _OFFICES_LEDE), sections)


def _further(edition: Edition, month: date, name: str, words: tuple[str, str], sections: Sequence[Section]) -> Page:
    title, lede = words
    return Page(
        name=f"{page_of_month(month)}-{name}",
        title=edition.say(title, month=month_in_words(month, edition.language)),
        lede=edition.say(lede),
        notices=_notices(edition, month),
        sections=sections,
    )


def _notices(edition: Edition, month: date) -> Sequence[str]:
    count, members = reported(edition, month)
    if count in {0, members}:
        return []
    missing = edition.ask(
        f"select country_code from rpt_coverage_by_month where table_name = 'seizures' and month_date = '{month}' "
        "and coverage = 'missing' order by country_code"
    )
    names = ", ".join(edition.named("countries", missing["country_code"]))
    return [edition.say(_MISSING, states=names)]
