"""The profile of a member state: two printed pages of what its reader may see of it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from warehouse.bulletin.country.drawings import (
    DRUGS,
    draw_answers,
    draw_map,
    draw_months,
    draw_persons,
    draw_quality,
    draw_reporting,
    draw_signals,
)
from warehouse.bulletin.country.years import YEARS, tell_years
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure, FigureDefinition, definitions_in, figure
from warehouse.bulletin.numbers import NO_CASE, NOT_KNOWN, PART, quantity
from warehouse.bulletin.pages import Page, Section, Tile
from warehouse.bulletin.periods import TWO_YEARS
from warehouse.kits.source import CENTRE, MEMBERS
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

if TYPE_CHECKING:
    import pandas as pd

    from warehouse.bulletin.charts.drawing import Drawing

    Draw = Callable[[Edition, pd.DataFrame], Drawing | None]

_TITLE, _LEDE = N_("{state}: profile"), N_("What the state reported up to {month}, beside the region.")
_FOR = {
    MEMBERS: N_("For member states: not for publication."),
    CENTRE: N_("For the centre: it holds what other states do not see."),
}
_FOR_ITSELF = N_("For this state alone: it holds what other states do not see.")
_OFFICES = N_("Crossings in the list: {crossings}, of them known to have a border liaison office: {offices}.")
_USE = N_(
    "Files in force: {files}; rows received in them: {received}, accepted: {accepted}. Of {marts} marts by country in "
    "this release {used} have rows of this state."
)
_PAIRS = ("map", "prices", "reporting")  # sections whose two figures stand side by side
_MONTHS = 12
_FEWEST_STATES = 3  # of a range or a median: of two, each would be read off
_MEMBERS = "select country_code from dim_countries where is_member order by country_code"
_REPORTED = """
    select country_code, count(*) filter (coverage <> 'missing') as months
    from rpt_coverage_by_month where table_name = 'seizures' and month_date between '{last_year}' and '{month}'
    group by country_code order by country_code"""
_SEIZED = """
    select drug_code, sum(quantity_kg_without_duplicates) as kg,
        sum(known_quantity_count) < sum(seizures_count) or sum(held_back_count) > 0
            or count(*) > count(quantity_kg_without_duplicates) as is_part
    from rpt_seizures_by_month
    where country_code = '{country}' and month_date between '{last_year}' and '{month}' group by drug_code"""
_OF_YEARS = """
    select year(month_date) as calendar_year, count(*) filter (coverage <> 'missing') as months
    from rpt_coverage_by_month where table_name = 'seizures' and country_code = '{country}' group by year(month_date)"""
_CROSSINGS = """
    select count(*) as crossings, count(*) filter (has_blo) as offices
    from dim_border_points where country_code = '{country}'"""


_IN_FORCE = """
    select count(distinct submission_id) as files, coalesce(sum(received_count), 0) as received,
        coalesce(sum(accepted_count), 0) as accepted
    from rpt_submissions where country_code = '{country}' and is_current"""


def definition_of(name: str) -> FigureDefinition:
    """Return the definition of a figure of the profile, as persons-own."""
    return definitions_in(Path(__file__).parent)[name.replace("-", "_")]


def country_pages(edition: Edition) -> Iterator[Page]:
    """Yield the profile of each state whose profile the reader sees: all, its own, or none of the public edition."""
    if edition.source.is_public or not edition.months:
        return
    members = [*edition.ask(_MEMBERS)["country_code"]]
    for country in [edition.source.audience] if edition.source.audience in members else members:
        yield _country_page(edition, country)


def _country_page(edition: Edition, country: str) -> Page:
    parameters, name = country_parameters(edition, country), edition.name("countries", country)
    crossings = edition.ask(_CROSSINGS.format(**parameters)).iloc[0]
    listed = {"crossings": int(crossings["crossings"]), "offices": int(crossings["offices"])}

    def section(title: str, *names: str, sentences: tuple[str, ...] = ()) -> Section:
        figures = [country_figure(edition, country, one, parameters) for one in names]
        return Section(names[0], edition.say(title), [one for one in figures if one], sentences)

    signals = "signals" if edition.source.has("rpt_seizure_signals_by_month") else "months"
    persons = "persons-own" if edition.source.has("rpt_persons_by_year") else "persons"
    return Page(
        name=f"country-{country}",
        title=edition.say(_TITLE, state=name),
        lede=edition.say(_LEDE, month=month_in_words(edition.months[-1], edition.language)),
        menu=name,
        notices=[edition.say(_FOR.get(edition.source.audience, _FOR_ITSELF))],
        tiles=[*_tiles(edition, country, parameters)],
        sections=[
            section(N_("Seizures"), "years", signals),
            section(N_("Prices and purity"), "prices", "purity"),
            section(N_("Border liaison offices"), "offices", "exchanges", sentences=(edition.say(_OFFICES, **listed),)),
            section(N_("Where, how and who"), "map", "where", persons, "cases"),
            section(N_("How it reports"), "reporting", "quality", sentences=_use(edition, country)),
        ],
        template="country.html.j2",
        values={"pairs": _PAIRS},
    )


def _use(edition: Edition, country: str) -> tuple[str, ...]:
    """Return what became of the reports of a state; nothing for readers who do not see them."""
    if not edition.source.has("rpt_submissions"):
        return ()
    counts = edition.ask(_IN_FORCE.format(country=country)).iloc[0]
    if not counts["files"]:
        return ()
    marts = [
        mart for mart in edition.source.marts if mart.startswith("rpt_") and edition.source.has(mart, "country_code")
    ]
    rows = " union all ".join(
        f"select count(*) > 0 as is_used from {mart} where country_code = '{country}'" for mart in marts
    )
    used = int(edition.ask(rows)["is_used"].sum())
    names = {name: int(counts[name]) for name in ("files", "received", "accepted")}
    return (edition.say(_USE, **names, marts=len(marts), used=used),)


def country_parameters(edition: Edition, country: str) -> Mapping[str, Any]:
    """Return what fills the places of queries and captions of a profile."""
    month = edition.months[-1]
    places = {
        "country": country,
        "month": month,
        "first": month - relativedelta(months=TWO_YEARS - 1),
        "last_year": month - relativedelta(months=_MONTHS - 1),
        "year": month.year,
        "least": _FEWEST_STATES,
    }
    months = dict(edition.ask(_OF_YEARS.format(**places)).itertuples(index=False, name=None))
    years = {f"year_{ago}": f"{month.year - ago} ({months.get(month.year - ago, 0)})" for ago in range(YEARS)}
    return places | years


def country_figure(edition: Edition, country: str, name: str, parameters: Mapping[str, Any]) -> Figure | None:
    """Return a figure of the profile of a state, as persons-own; None where its reader sees nothing of it."""
    definition = definition_of(name)
    draws: Mapping[str, Draw] = {
        "years": partial(tell_years, country),
        "signals": draw_signals,
        "months": draw_months,
        "map": partial(draw_map, country),
        "where": partial(draw_answers, definition.columns),
        "persons": partial(draw_persons, definition.columns),
        "persons-own": partial(draw_persons, definition.columns),
        "reporting": draw_reporting,
        "quality": draw_quality,
    }
    return figure(edition, definition, f"country-{country}_{name}", parameters, draws.get(name))


def _tiles(edition: Edition, country: str, parameters: Mapping[str, Any]) -> Iterator[Tile]:
    """Yield how many months of a year were reported, and what was seized in them."""
    reported = edition.ask(_REPORTED.format(**parameters)).set_index("country_code")["months"]
    months = int(reported.get(country, 0))
    beside = edition.say(
        N_("region: {lowest} to {highest}, median {median}"),
        lowest=int(reported.min()), highest=int(reported.max()), median=f"{reported.median():g}",
    ) if len(reported) >= _FEWEST_STATES else ""  # fmt: skip
    caption = edition.say(N_("Months with a report on seizures, of 12"))
    yield Tile(caption, str(months), [beside] if beside else [])
    seized = edition.ask(_SEIZED.format(**parameters)).set_index("drug_code")
    for drug in DRUGS:
        value, notes = edition.say(NO_CASE) if months else NOT_KNOWN, []
        if drug in seized.index:
            kg, is_part = float(seized["kg"][drug]), bool(seized["is_part"][drug])
            value = quantity(kg, "kg", edition.language) if kg == kg else NOT_KNOWN  # noqa: PLR0124 - not a number
            notes += [edition.say(PART)] if is_part else []
        if months:
            notes = [edition.say(N_("{count} of 12 months reported"), count=months), *notes]
        yield Tile(edition.name("drugs", drug), value, notes)
