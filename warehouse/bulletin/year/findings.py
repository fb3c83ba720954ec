"""Key findings of a year: tiles and sentences that follow from rules, and are silent where nothing carries them."""

from collections.abc import Iterator
from datetime import date

from warehouse.bulletin.answering import Reports, count_reports, states_reported
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.changes import DRUGS, YEAR_TO_DATE, Change, changes, in_per_cent
from warehouse.bulletin.month.tiles import QUESTIONED
from warehouse.bulletin.national_totals import region_sentences
from warehouse.bulletin.numbers import NO_CASE, NOT_KNOWN, PART, is_unknown, percent, quantity
from warehouse.bulletin.pages import Tile
from warehouse.bulletin.year.figure import YEARS
from warehouse.words.catalogue import N_

_REGION = """
    select drug_code, quantity_kg_without_duplicates as kg, quantity_litres_without_duplicates as litres,
        coalesce(seizures_count > 0 and known_quantity_count = seizures_count and held_back_count = 0, false)
            as is_whole,
        coalesce(questioned_kg_without_duplicates, 0) as questioned_kg
    from rpt_region_by_year where calendar_year = {year} order by drug_code"""
_SHARES = """
    select drug_code, country_code, round(100 * quantity_kg_without_duplicates
        / nullif(sum(quantity_kg_without_duplicates) over (partition by drug_code), 0), 6) as share_pct
    from rpt_seizures_by_year where calendar_year = {year}
    order by drug_code, share_pct desc nulls last, country_code"""
_COVERAGE = """
    select max(coverage_pct) filter (calendar_year = {year}) as coverage_pct,
        max(coverage_pct) filter (calendar_year = {year} - 1) as earlier_coverage_pct
    from rpt_region_by_year"""
# A drug of a state that reported in few of the years before may be new in its reports alone.
_NEW = """
    with reported as (
        select country_code, count(distinct year(month_date)) as years_count
        from rpt_coverage_by_month
        where table_name = 'seizures' and coverage <> 'missing' and year(month_date) between {first} and {year} - 1
        group by country_code
    ), told as (
        select drug_code, country_code, calendar_year, seizures_count
        from rpt_seizures_by_year
        where calendar_year between {first} and {year} and (seizures_count > 0 or held_back_count > 0)
    )
    select distinct drug_code
    from told join reported using (country_code)
    where calendar_year = {year} and seizures_count > 0 and years_count >= {fewest_years}
        and drug_code not in (select drug_code from told where calendar_year < {year})
    order by drug_code"""
_OPIATES = """
    select round(sum(heroin_equivalent_kg_without_duplicates), 6) as kg,
        round(sum(lowest_heroin_equivalent_kg_without_duplicates), 6) as lowest,
        round(sum(highest_heroin_equivalent_kg_without_duplicates), 6) as highest
    from rpt_opiates_by_year where calendar_year = {year}"""
_PRECURSORS = """
    select drug_code, quantity_kg_without_duplicates as kg, quantity_litres_without_duplicates as litres
    from rpt_region_by_year join dim_drugs using (drug_code)
    where calendar_year = {year} and is_precursor
        and (quantity_kg_without_duplicates > 0 or quantity_litres_without_duplicates > 0)
    order by drug_code"""
_REPORTED = N_("States that reported: {states} of {members}; months that they reported: {months} of {expected}.")
_NOT_COMPARED = N_(
    "No drug is compared with the year before, as no state that seized it has all months of both years known."
)
_COVERED = N_("Of the months that could be reported, {pct} were, after {earlier} a year before.")
_REPORTING = N_(
    "Changes between the years show reporting too: {pct} of the months are reported, after {earlier} a year before."
)
_NEW_DRUGS = N_("Seized in this year and in none of those before, by states that reported before too: {drugs}.")
_EQUIVALENT = N_(
    "Opium, morphine and heroin come to {kg} of heroin by the convention, and to {lowest} to {highest} by its range."
)
_EQUIVALENT_PART = N_("It is a part, as some of their quantities are not known or held back.")
_OPIATE_DRUGS = ("HEROIN", "MORPHINE", "OPIUM")
_OF_PRECURSORS = N_("Precursors: {listed}.")
_COVERAGE_CHANGE = 5  # points of per cent from which on a change of coverage is told
_MOST_PCT = 50
_FEWEST_STATES = 2  # that reported: the only one always has the whole
_FEW_YEARS = 3  # without so many years before that a state reported, nothing it tells is new


def year_tiles(edition: Edition, year: int, until: date) -> Iterator[Tile]:
    """Yield a tile for each of the four drugs: what was seized, and its change on the year before.

    ``until`` is the last month of the year of which any state reported.
    """
    known = changes(edition, until)
    rows = edition.ask(_REGION.format(year=year)).itertuples(index=False, name=None)
    seized = {drug: (kg, is_whole, questioned) for drug, kg, _litres, is_whole, questioned in rows}
    states, members, *_ = _reports(edition, year)
    of_states = states_reported(edition, states, members)
    for drug in DRUGS:
        value, notes = edition.say(NO_CASE), [of_states]
        if drug in seized:
            kg, is_whole, questioned = seized[drug]
            value = NOT_KNOWN if is_unknown(kg) else quantity(kg, "kg", edition.language)
            notes += [] if is_whole else [edition.say(PART)]
            if questioned > 0:
                notes.append(edition.say(QUESTIONED, kg=quantity(questioned, "kg", edition.language)))
        if note := _against(edition, known.get((drug, "KG", YEAR_TO_DATE))):
            notes.append(note)
        yield Tile(edition.name("drugs", drug), value, notes)


def _reports(edition: Edition, year: int) -> Reports:
    return count_reports(edition, "seizures", date(year, 1, 1), date(year, 12, 31))


def _against(edition: Edition, change: Change | None) -> str:
    if change is None or change.told_pct is None:
        return ""
    return edition.ngettext(
        "{kg} in {count} state that is compared, {change} a year before",
        "{kg} in {count} states that are compared, {change} a year before",
        change.countries,
        change=in_per_cent(edition, change.told_pct),
        kg=quantity(change.compared, "kg", edition.language),
    )


def year_sentences(edition: Edition, year: int, until: date) -> Iterator[str]:
    """Yield the key findings: coverage, drugs beside the year before, shares, national totals, opiates, precursors."""
    states, members, months, expected, _ = _reports(edition, year)
    yield edition.say(_REPORTED, states=states, members=members, months=months, expected=expected)
    yield from coverage_sentences(edition, year, _REPORTING, _COVERAGE_CHANGE)
    yield from _on_drugs(edition, until)
    yield from _on_shares(edition, year, states)
    yield from region_sentences(edition, year)
    yield from _on_opiates(edition, year)
    yield from _on_precursors(edition, year)
    yield from new_drugs(edition, year)


def new_drugs(edition: Edition, year: int) -> Iterator[str]:
    """Yield which drugs no state told of in the years before, by those alone that reported in some of these."""
    new = edition.ask(_NEW.format(year=year, first=year - YEARS + 1, fewest_years=_FEW_YEARS))
    if len(new):
        yield edition.say(_NEW_DRUGS, drugs=", ".join(edition.named("drugs", new["drug_code"])))


def coverage_sentences(edition: Edition, year: int, text: str = _COVERED, least_change: float = 0) -> Iterator[str]:
    """Yield which part of the months was reported in the year and the one before, where both are known.

    It is silent about a change of fewer points of per cent than ``least_change``.
    """
    pct, earlier = edition.ask(_COVERAGE.format(year=year)).iloc[0]
    if not is_unknown(pct) and not is_unknown(earlier) and abs(pct - earlier) >= least_change:
        yield edition.say(text, pct=percent(pct, edition.language), earlier=percent(earlier, edition.language))


def _on_drugs(edition: Edition, until: date) -> Iterator[str]:
    known = changes(edition, until)
    if not any((drug, "KG", YEAR_TO_DATE) in known for drug in DRUGS):
        yield edition.say(_NOT_COMPARED)
    for drug in DRUGS:
        change = known.get((drug, "KG", YEAR_TO_DATE))
        if change is None:
            continue
        yield edition.ngettext(
            "{drug}: {kg} after {earlier} in the same months a year before, in {count} state known whole in both.",
            "{drug}: {kg} after {earlier} in the same months a year before, in {count} states known whole in both.",
            change.countries,
            drug=edition.name("drugs", drug),
            kg=quantity(change.compared, "kg", edition.language),
            earlier=quantity(change.earlier, "kg", edition.language),
        )


def _on_shares(edition: Edition, year: int, states: int) -> Iterator[str]:
    if states < _FEWEST_STATES:
        return
    rows = edition.ask(_SHARES.format(year=year)).drop_duplicates("drug_code").itertuples(index=False, name=None)
    most = {drug: (state, pct) for drug, state, pct in rows if pct > _MOST_PCT}
    for drug in DRUGS:
        if drug in most:
            state, pct = most[drug]
            yield edition.ngettext(
                "{drug}: of what {count} state that reported weighed, {pct} is of one: {state}.",
                "{drug}: of what the {count} states that reported weighed, {pct} is of one: {state}.",
                states,
                drug=edition.name("drugs", drug),
                pct=percent(pct, edition.language),
                state=edition.name("countries", state),
            )


def _on_opiates(edition: Edition, year: int) -> Iterator[str]:
    values = edition.ask(_OPIATES.format(year=year)).iloc[0]
    if not values.isna().any():
        kg, lowest, highest = (quantity(value, "kg", edition.language) for value in values)
        told = edition.say(_EQUIVALENT, kg=kg, lowest=lowest, highest=highest)
        region = edition.ask(_REGION.format(year=year))
        is_whole = region.empty or region.loc[region["drug_code"].isin(_OPIATE_DRUGS), "is_whole"].all()
        yield told if is_whole else f"{told} {edition.say(_EQUIVALENT_PART)}"


def _on_precursors(edition: Edition, year: int) -> Iterator[str]:
    rows = edition.ask(_PRECURSORS.format(year=year)).itertuples(index=False, name=None)
    listed = [
        f"{edition.name('drugs', drug)} "
        + ", ".join(
            quantity(value, unit, edition.language) for value, unit in ((kg, "kg"), (litres, "litres")) if value > 0
        )
        for drug, kg, litres in rows
    ]
    if listed:
        yield edition.say(_OF_PRECURSORS, listed="; ".join(listed))
