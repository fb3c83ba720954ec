"""Headlines of a month: tiles and sentences that follow from rules, and are silent where the data do not carry them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import NOT_KNOWN, percent, quantity
from warehouse.bulletin.pages import Tile
from warehouse.words.catalogue import N_

DRUGS = ("HEROIN", "OPIUM", "CANNABIS_RESIN", "METHAMPHETAMINE")
_QUERY = """
    select drug_or_class_code as drug_code, period_code, compared_value_without_duplicates as compared,
        earlier_value_without_duplicates as earlier, change_pct_without_duplicates as change_pct,
        compared_countries_count as countries
    from rpt_changes
    where area_code = 'REGION' and month_date = '{month}' and drug_level_name = 'drugs' and measure_code = 'KG'"""
_REPORTED = """
    select count(*) filter (coverage <> 'missing') as reported, count(*) as members
    from rpt_coverage_by_month where table_name = 'seizures' and month_date = '{month}'"""
_SEIZED = """
    select drug_code, sum(quantity_kg_without_duplicates) as kg,
        count(*) > count(quantity_kg_without_duplicates) or sum(held_back_count) > 0 as is_part
    from rpt_seizures_by_month where month_date = '{month}' group by drug_code"""
_AGAINST = {
    "PREVIOUS_MONTH": N_("{change} against the month before"),
    "SAME_MONTH_LAST_YEAR": N_("{change} against the same month of last year"),
    "YEAR_TO_DATE": N_("{change} in the year to date"),
}
_MORE, _LESS, _SAME = N_("{pct} more"), N_("{pct} less"), N_("no change")
_NONE_REPORTED = N_("No state has reported seizures of this month.")
_LEAST_CHANGE = 0.5  # per cent: below it whole ones show none
_LARGE_CHANGE = 1000  # per cent: from there on it is told by both quantities alone


@dataclass(frozen=True)
class Change:
    """A drug in a month or year to date beside an earlier period, in the states that reported both.

    Kilograms are without presumed doubles; ``change_pct`` is None where it is not known or would divide by zero.
    """

    drug: str
    period: str
    compared: float | None
    earlier: float | None
    change_pct: float | None
    countries: int


def changes(edition: Edition, month: date) -> dict[tuple[str, str], Change]:
    """Return (drug, period) → its change in the region; what nobody can compare is left out."""
    found = {}
    for row in edition.ask(_QUERY.format(month=month)).itertuples(index=False):
        values: list[Any] = [None if value != value else value for value in row]  # noqa: PLR0124 - not a number
        one = Change(*values)
        found[one.drug, one.period] = one
    return found


def reported(edition: Edition, month: date) -> tuple[int, int]:
    """Return how many states reported seizures of a month, and how many there are."""
    row = edition.ask(_REPORTED.format(month=month)).iloc[0]
    return int(row["reported"]), int(row["members"])


def tiles(edition: Edition, month: date) -> Iterator[Tile]:
    """Yield a tile for each of the four drugs: what was seized, and its three changes."""
    known, (count, members) = changes(edition, month), reported(edition, month)
    rows = edition.ask(_SEIZED.format(month=month)).itertuples(index=False, name=None)
    seized = {drug: (kg, is_part) for drug, kg, is_part in rows}
    of_states = edition.ngettext(
        "{count} of {members} states reported", "{count} of {members} states reported", count, members=members
    )
    for drug in DRUGS:
        value, notes = NOT_KNOWN, []
        if count:
            value, notes = quantity(0, "kg", edition.language), [of_states]
        if drug in seized:
            kg, is_part = seized[drug]
            value = NOT_KNOWN if kg != kg else quantity(kg, "kg", edition.language)  # noqa: PLR0124 - not a number
            if is_part:
                notes.append(edition.say(N_("a part: some quantities are not known or held back")))
        notes += [text for period in _AGAINST if (text := _against(edition, known.get((drug, period))))]
        yield Tile(edition.name("drugs", drug), value, notes)


def _against(edition: Edition, change: Change | None) -> str:
    """Return a change as a note of a tile; nothing where it is not known."""
    if change is None or change.change_pct is None or abs(change.change_pct) >= _LARGE_CHANGE:
        return ""
    return edition.say(_AGAINST[change.period], change=_change(edition, change.change_pct))


def _change(edition: Edition, pct: float) -> str:
    if abs(pct) < _LEAST_CHANGE:
        return edition.say(_SAME)
    return edition.say(_MORE if pct > 0 else _LESS, pct=percent(pct, edition.language))


def sentences(edition: Edition, month: date) -> Iterator[str]:
    """Yield the headlines: each drug beside the same month of last year, over the states that reported both."""
    if not reported(edition, month)[0]:
        yield edition.say(_NONE_REPORTED)
    known = changes(edition, month)
    for drug in DRUGS:
        change = known.get((drug, "SAME_MONTH_LAST_YEAR"))
        if change is None or change.compared is None or change.earlier is None or not change.countries:
            continue
        amounts = {
            "drug": edition.name("drugs", drug),
            "kg": quantity(change.compared, "kg", edition.language),
            "earlier": quantity(change.earlier, "kg", edition.language),
        }
        if change.change_pct is None or not _LEAST_CHANGE <= abs(change.change_pct) < _LARGE_CHANGE:
            yield edition.ngettext(
                "{drug}: {kg} after {earlier} a year ago, in {count} state that reported both months.",
                "{drug}: {kg} after {earlier} a year ago, over the {count} states that reported both months.",
                change.countries,
                **amounts,
            )
        else:
            yield edition.ngettext(
                "{drug}: {kg}, {change} than a year ago, in {count} state that reported both months.",
                "{drug}: {kg}, {change} than a year ago, over the {count} states that reported both months.",
                change.countries,
                change=_change(edition, change.change_pct),
                **amounts,
            )
