"""Changes of the region that headlines and tiles tell: what is compared, with what, and over how many states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import percent, quantity, short
from warehouse.words.catalogue import N_

PREVIOUS_MONTH, LAST_YEAR, YEAR_TO_DATE = "PREVIOUS_MONTH", "SAME_MONTH_LAST_YEAR", "YEAR_TO_DATE"
DRUGS = ("HEROIN", "OPIUM", "CANNABIS_RESIN", "METHAMPHETAMINE")
PRECURSORS, ALL_DRUGS, SEIZURES = "PRECURSORS", "ALL_DRUGS", "SEIZURES"
_LEAST_CHANGE = 0.5  # per cent: below it whole ones show none
_LARGE_CHANGE = 1000  # per cent: from there on it is told by both quantities alone
_MORE, _LESS, _AS_MUCH = N_("{pct} more than"), N_("{pct} less than"), N_("as much as")
Key = tuple[str, str, str]  # of a change: code of what changed, its measure, and the period
_UNITS = {"KG": "kg", "L": "litres"}
_NUMBER = N_("Number of seizures")
_QUERY = """
    select drug_or_class_code as code, measure_code as measure, period_code as period,
        compared_value_without_duplicates as compared, earlier_value_without_duplicates as earlier,
        change_pct_without_duplicates as change_pct, compared_countries_count as countries
    from rpt_changes
    where area_code = 'REGION' and month_date = '{month}'
        and compared_countries_count > 0 and compared_value_without_duplicates is not null and (
            drug_level_name = 'drugs' and measure_code = 'KG'
            or drug_or_class_code = 'PRECURSORS' and drug_level_name = 'unodc_classes' and measure_code in ('KG', 'L')
            or drug_or_class_code = 'ALL_DRUGS' and measure_code = 'SEIZURES'
        )"""


@dataclass(frozen=True)
class Change:
    """A drug, class or all drugs in a period beside an earlier one, in the states of which both are known.

    Values are without presumed doubles; ``change_pct`` is None where it would divide by zero, and where a state that
    reported is not among the ``countries`` compared, as a part of its reports is not known.
    """

    code: str
    measure: str
    period: str
    compared: float
    earlier: float
    change_pct: float | None
    countries: int

    @property
    def told_pct(self) -> float | None:
        """The per cent that tell it; None where both quantities do."""
        return None if self.change_pct is None or abs(self.change_pct) >= _LARGE_CHANGE else self.change_pct


def subject(edition: Edition, code: str) -> str:
    """Return what a change is of, in words: all drugs are the number of seizures."""
    if code == ALL_DRUGS:
        return edition.say(_NUMBER)
    return edition.name("unodc_classes" if code == PRECURSORS else "drugs", code)


def changes(edition: Edition, month: date) -> Mapping[Key, Change]:
    """Return (code, measure, period) → its change in the region; what nobody can compare is left out."""
    found = {}
    for row in edition.ask(_QUERY.format(month=month)).itertuples(index=False):
        values: list[Any] = [None if value != value else value for value in row]  # noqa: PLR0124 - not a number
        one = Change(*values)
        found[one.code, one.measure, one.period] = one
    return found


def in_per_cent(edition: Edition, pct: float) -> str:
    """Return a change that is told in per cent in words, before what it is compared with: 12 % more than."""
    told = _AS_MUCH if abs(pct) < _LEAST_CHANGE else _MORE if pct > 0 else _LESS
    return edition.say(told, pct=percent(pct, edition.language))


def amount(edition: Edition, value: float, measure: str) -> str:
    """Return a value of a measure (KG, L or SEIZURES) as a sentence tells it."""
    if measure == SEIZURES:
        return short(value, edition.language)
    return quantity(value, _UNITS[measure], edition.language)
