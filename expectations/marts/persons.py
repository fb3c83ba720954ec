"""Checks of the marts on persons."""

from expectations.marts.checks import MartChecks

PERSONS = (
    MartChecks("fct_persons", rows_of="persons"),
    MartChecks(
        "rpt_persons_by_month",
        measures=("persons_count",),
        shares=("women_pct", "juveniles_pct", "foreigners_pct"),
        ordered=(("women_count", "persons_count"), ("juveniles_count", "persons_count")),
    ),
)
