"""Checks of the marts on seizures."""

from expectations.gate.rules import Rule, rows_where
from expectations.marts.changes import CHANGES
from expectations.marts.checks import MartChecks
from expectations.marts.continuity import (
    COUNTRY_VANISHED,
    MONTH_QUESTIONED,
    NATIONAL_TOTAL_EXCEEDED,
    QUANTITY_JUMPED,
    QUANTITY_VERY_FREQUENT,
)
from expectations.marts.signals import GAP_FILLED, OBSERVED_OTHERWISE, SIGNAL_UNKNOWN
from expectations.marts.totals import Totals
from warehouse.words.catalogue import N_

_SEIZED = ("quantity_kg", "quantity_litres")
_WEIGHED = (*_SEIZED, "equivalent_kg")
_COUNTED = tuple(f"{measure}_without_duplicates" for measure in _WEIGHED)
# What a figure without presumed double reports cannot exceed, nor a part that is questioned.
_LESS = (
    ("presumed_duplicate_count", "seizures_count"), ("quantity_kg_without_duplicates", "quantity_kg"),
    ("questioned_kg", "quantity_kg"), ("questioned_kg_without_duplicates", "quantity_kg_without_duplicates"),
)  # fmt: skip
# What may make a sum of details too large or a part.
_UNCERTAIN = {"repeated_count": 0, "held_back_count": 0}
_REPEATED = ("repeated_count", "seizures_count")

# A sum of no seizure stands there because rows of it are held back.
SUM_OF_NOTHING = Rule(
    "sum_of_nothing", "error",
    N_(
        "no seizure is counted and no row is held back. Nothing is published; the model that makes this table has to "
        "be corrected."
    ),
    "seizures_count", value="seizures_count",
    failing=rows_where("seizures_count = 0 and held_back_count = 0"),
)  # fmt: skip

SEIZURES = (
    MartChecks(
        "fct_seizures",
        measures=("quantity", *_WEIGHED, "quantity_count", "pure_kg"),
        shares=("purity_pct",),
        totals=Totals(by=("submission_id",), measures=(*_WEIGHED, "quantity_count"), counted="count(*)"),
        ordered=(("questioned_kg", "quantity_kg"),),
        rules=(QUANTITY_VERY_FREQUENT,),
        by_month=(MONTH_QUESTIONED,),
    ),
    MartChecks("fct_laboratories", rows_of="laboratories"),
    MartChecks("fct_eradication", rows_of="eradication"),
    MartChecks(
        "fct_seizure_matches",
        measures=("amount_a", "amount_b", "days_apart", "score"),
        shares=("difference_pct",),
    ),
    MartChecks(
        "rpt_seizures_by_month",
        counts={
            "seizures_count": 0, "known_quantity_count": 0, "presumed_duplicate_count": 0,
            "reporting_countries_count": 0, "member_countries_count": 1, "held_back_count": 0,
        },
        measures=(*_WEIGHED, *_COUNTED),
        shares=("known_quantity_pct",),
        ordered=(
            ("known_quantity_count", "seizures_count"), ("reporting_countries_count", "member_countries_count"),
            ("questioned_count", "seizures_count"),
            ("questioned_count_without_duplicates", "questioned_count"), *_LESS,
        ),
        totals=Totals(
            by=("country_code", "month_date", "drug_code"), measures=_WEIGHED, condition="seizures_count > 0",
        ),
        rules=(QUANTITY_JUMPED, SUM_OF_NOTHING),
        continuity=(COUNTRY_VANISHED,),
    ),
    MartChecks(
        "rpt_seizures_by_year",
        counts={"seizures_count": 0, "reported_months_count": 0, "held_back_count": 0},
        measures=_SEIZED,
        ordered=_LESS,
        totals=Totals(by=("country_code", "drug_code"), measures=_WEIGHED, condition="seizures_count > 0"),
        rules=(SUM_OF_NOTHING,),
    ),
    MartChecks(
        "rpt_national_totals",
        counts={"seizures_count": 0, "equivalent_count": 0, "reported_months_count": 0, "held_back_count": 0},
        measures=("national_total_kg", "earlier_total_kg", "national_ratio"),
        ordered=(
            ("equivalent_count", "seizures_count"), *_LESS,
            ("equivalent_kg_without_duplicates", "equivalent_kg"),
        ),
        totals=Totals(by=("country_code",), measures=("quantity_kg", "equivalent_kg"), condition="seizures_count > 0"),
        rules=(NATIONAL_TOTAL_EXCEEDED,),
    ),
    MartChecks(
        "rpt_region_by_year",
        counts={"expected_months_count": 1, "held_back_count": 0},
        shares=("coverage_pct",),
        ordered=(("reported_months_count", "expected_months_count"), *_LESS),
        totals=Totals(by=("drug_code",), measures=_WEIGHED, condition="seizures_count > 0"),
        rules=(SUM_OF_NOTHING,),
    ),
    MartChecks(
        "rpt_seizures_by_border_point",
        counts=_UNCERTAIN,
        ordered=(_REPEATED, *_LESS),
        totals=Totals(by=("country_code", "drug_code"), measures=_SEIZED),
    ),
    MartChecks(
        "rpt_seizures_by_province",
        counts={"seizures_count": 1, **_UNCERTAIN},
        ordered=(("stated_count", "seizures_count"), _REPEATED, *_LESS),
        totals=Totals(by=("country_code", "drug_code"), measures=_SEIZED),
    ),
    MartChecks(
        "rpt_seizures_by_counted_unit",
        counts={"seizures_count": 1, **_UNCERTAIN},
        measures=("quantity_count", "equivalent_kg"),
        ordered=(_REPEATED,),
    ),
    MartChecks(
        "rpt_seizures_by_context", counts=_UNCERTAIN, shares=("seizures_pct",), ordered=(_REPEATED, *_LESS)
    ),
    MartChecks(
        "rpt_seizure_sizes",
        shares=("largest_share_pct", "largest_share_pct_without_duplicates"),
        ordered=(
            ("median_kg", "percentile_90_kg"), ("percentile_90_kg", "largest_kg"),
            ("median_kg_without_duplicates", "percentile_90_kg_without_duplicates"),
            ("percentile_90_kg_without_duplicates", "largest_kg_without_duplicates"),
            ("largest_kg_without_duplicates", "largest_kg"),
        ),
    ),
    MartChecks("rpt_seizures_by_weight_class", ordered=_LESS),
    MartChecks(
        "rpt_opiates_by_year",
        measures=("heroin_equivalent_kg",),
        ordered=(
            ("lowest_heroin_equivalent_kg", "heroin_equivalent_kg"),
            ("heroin_equivalent_kg", "highest_heroin_equivalent_kg"),
            ("heroin_equivalent_kg_without_duplicates", "heroin_equivalent_kg"),
        ),
    ),
    MartChecks("rpt_purity_by_year", shares=("lowest_purity_pct", "highest_purity_pct"), ordered=_LESS),
    MartChecks("rpt_precursors_by_month", ordered=_LESS),
    MartChecks(
        "rpt_precursors_by_table",
        counts={"seizures_count": 1, "known_quantity_count": 0, "presumed_duplicate_count": 0},
        measures=("quantity_kg", "quantity_litres", "equivalent_kg"),
        ordered=(("known_quantity_count", "seizures_count"), *_LESS),
    ),
    MartChecks(
        "rpt_routes",
        counts={
            "seizures_count": 1, "reporting_countries_count": 0, "covered_months_count": 0, "reported_months_count": 0,
        },
        measures=("quantity_kg",),
        ordered=(("first_month_date", "last_month_date"), *_LESS),
        totals=Totals(by=("drug_code",), measures=("quantity_kg",)),
    ),
    CHANGES,
    MartChecks(
        "rpt_seizure_signals_by_month",
        counts={"known_months_count": 0},
        measures=("observed_value", "lowest_usual_value"),
        ordered=(("lowest_usual_value", "usual_value"), ("usual_value", "highest_usual_value")),
        rules=(SIGNAL_UNKNOWN, GAP_FILLED, OBSERVED_OTHERWISE),
    ),
)  # fmt: skip
