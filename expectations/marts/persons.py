"""Checks of the marts on persons."""

from typing import Any

from expectations.gate.rules import Rule, rows_where
from expectations.marts.checks import MartChecks
from warehouse.words.catalogue import N_

# What divides all persons, and the counts of it that add up to them.
_DIVISIONS = {
    "by_sex": ("women_count", "men_count", "sex_unknown_count"),
    "by_age": ("juveniles_count", "adults_count", "age_unknown_count"),
    "by_citizenship": ("nationals_count", "foreigners_count", "citizenship_unknown_count"),
}
_SUMS = {name: " + ".join(f"coalesce({count}, 0)" for count in counts) for name, counts in _DIVISIONS.items()}


def _unaccounted_rule(sums: dict[str, str]) -> Rule:
    return Rule(
        "persons_unaccounted", "error",
        N_(
            "{value} persons are {by_sex} by sex, {by_age} by age and {by_citizenship} by citizenship, those included "
            "of whom it is not known; each has to be the same. Nothing is published; the model that makes this table "
            "has to be corrected."
        ),
        "persons_count", "persons_count",
        failing=rows_where(
            " or ".join(f"persons_count <> {added}" for added in sums.values()),
            columns=[f"{added} as {name}" for name, added in sums.items()],
            checked="persons_count is not null",
        ),
    )  # fmt: skip


_ORDERED = (("women_count", "persons_count"), ("juveniles_count", "persons_count"))
_COUNTED: dict[str, Any] = {
    "measures": ("persons_count",),
    "shares": ("women_pct", "juveniles_pct", "foreigners_pct"),
    "ordered": _ORDERED,
    "rules": (_unaccounted_rule(_SUMS),),
}
# A row is of one citizenship, or of none that is known.
_OF_ONE_CITIZENSHIP = {**_SUMS, "by_citizenship": "persons_count"}

PERSONS = (
    MartChecks("fct_persons", rows_of="persons"),
    MartChecks("rpt_persons_by_month", **_COUNTED),
    MartChecks("rpt_persons_by_year", **_COUNTED),
    MartChecks(
        "rpt_persons_by_citizenship",
        measures=("persons_count",),
        shares=("women_pct", "known_citizenship_pct"),
        ordered=_ORDERED,
        rules=(_unaccounted_rule(_OF_ONE_CITIZENSHIP),),
    ),
)
