"""Cases beside the national totals that UNODC published: where they cover little of one, or nothing of it is told."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import percent, quantity, short
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_DRUGS = ("OPIUM", "HEROIN", "CANNABIS_RESIN", "CANNABIS_HERB", "METHAMPHETAMINE", "ECSTASY")  # their classes
_SMALL_PCT = 50  # of a national total: from there on cases stand for it well enough to be left without a word
# A state that reported and told of no case does not say that there was none: its national total tells how much.
_QUERY = """
    select unodc_class_code, country_code, calendar_year, national_total_kg,
        round(100 * national_ratio_without_duplicates, 6) as cases_pct, comparison_code = 'NO_CASES' as has_no_case
    from rpt_national_totals
    where national_total_kg > 0 and {where}
        and (comparison_code = 'NO_CASES' or national_ratio_without_duplicates < {small_pct} / 100)
        and list_position({drugs}, unodc_class_code) > 0
    order by list_position({drugs}, unodc_class_code), country_code, calendar_year"""
_OF_REGION = """calendar_year = (
        select max(calendar_year) from rpt_national_totals where national_total_kg > 0 and calendar_year <= {year})"""
_OF_STATE = "country_code = '{country}' and calendar_year between {first} and {year}"
_SMALL = N_("Individual cases cover less than half of these national totals of UNODC for {year}: {listed}.")
_NONE = N_("No case reported, but a national total of UNODC for {year}: {listed}.")
_SMALL_OF_STATE = N_("Individual cases cover this part of the national total: {listed}.")
_NONE_OF_STATE = N_("No case reported, but a national total: {listed}.")


def region_sentences(edition: Edition, year: int) -> Iterator[str]:
    """Yield for each drug the states whose cases cover less than half of their national total, and nothing of it.

    The totals are those of the last year that is published, up to this one.
    """
    frame = _small(edition, _OF_REGION.format(year=year))
    for text, rows in ((_SMALL, frame[~frame["has_no_case"]]), (_NONE, frame[frame["has_no_case"]])):
        told = [
            f"{drug} – " + ", ".join(f"{state} {amount}" for state, amount in states.itertuples(index=False, name=None))
            for drug, states in _worded(edition, rows).groupby("drug", sort=False)[["state", "amount"]]
        ]
        if told:
            yield edition.say(text, year=str(frame["calendar_year"].iloc[0]), listed="; ".join(told))


def state_sentences(edition: Edition, country: str, first: int, year: int) -> Iterator[str]:
    """Yield of which national totals from one year to another the cases of a state cover less than half, or nothing.

    A part is told of the last such year of a drug alone; what no case tells of, of all years.
    """
    frame = _small(edition, _OF_STATE.format(country=country, first=first, year=year))
    covered = frame[~frame["has_no_case"]].drop_duplicates("unodc_class_code", keep="last")
    for text, rows in ((_SMALL_OF_STATE, covered), (_NONE_OF_STATE, frame[frame["has_no_case"]])):
        told = [
            f"{drug} " + ", ".join(f"{amount} ({when})" for amount, when in years.itertuples(index=False, name=None))
            for drug, years in _worded(edition, rows).groupby("drug", sort=False)[["amount", "calendar_year"]]
        ]
        if told:
            yield edition.say(text, listed="; ".join(told))


def _small(edition: Edition, where: str) -> "pd.DataFrame":
    return edition.ask(_QUERY.format(where=where, drugs=[*_DRUGS], small_pct=_SMALL_PCT))


def _worded(edition: Edition, rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return rows with drug and state by name, and in words the part that cases cover, or the total without a case."""
    amounts = zip(rows["has_no_case"], rows["cases_pct"], rows["national_total_kg"], strict=True)
    return rows.assign(
        drug=edition.named("unodc_classes", rows["unodc_class_code"]),
        state=edition.named("countries", rows["country_code"]),
        amount=[quantity(kg, "kg", edition.language) if none else _part(edition, pct) for none, pct, kg in amounts],
    )


def _part(edition: Edition, pct: float) -> str:
    """Return per cent to whole ones, and below one as they are: 0 % would say that nothing is covered."""
    return percent(pct, edition.language) if pct >= 1 else f"{short(pct, edition.language)}\N{NO-BREAK SPACE}%"
