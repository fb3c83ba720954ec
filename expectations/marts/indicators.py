"""Indicators: what gate 2 expects of the reports that are made from the facts, as tables for expectations.marts.suites.

Counts are at least the number given; shares lie within 0 and 100; the first of two columns is not above the second.
"""

_SEIZED = ("quantity_kg", "quantity_litres", "quantity_count")

INDICATOR_KEYS = {
    "dim_codes": ("codelist_name", "code"),
    "rpt_seizures_by_year": ("country_code", "calendar_year", "drug_code"),
    "rpt_region_by_year": ("calendar_year", "drug_code"),
    "rpt_seizures_by_border_point": ("country_code", "border_point_code", "calendar_year", "drug_code"),
    "rpt_seizures_by_context": ("country_code", "calendar_year", "drug_code", "dimension_name", "dimension_code"),
    "rpt_seizure_sizes": ("country_code", "calendar_year", "drug_code"),
    "rpt_seizures_by_weight_class": ("country_code", "calendar_year", "drug_code", "weight_class_code"),
    "rpt_opiates_by_year": ("country_code", "calendar_year"),
    "rpt_purity_by_year": ("country_code", "calendar_year", "drug_code"),
    "rpt_precursors_by_month": ("country_code", "month_date", "drug_code"),
    "rpt_prices_by_month": ("country_code", "month_date", "drug_code", "market_level_code", "priced_unit_code"),
    "rpt_mirror_throughput": ("month_date", "exit_border_point_code", "entry_border_point_code"),
    "rpt_price_ladder": (
        "producing_country_code", "departure_country_code", "destination_country_code", "drug_code", "calendar_year",
        "step_code",
    ),
    "rpt_persons_by_month": ("country_code", "month_date", "offence_code", "contact_stage_code"),
    "rpt_activities_by_month": (
        "country_code", "month_date", "border_point_code", "activity_type_code", "counterpart_country_code",
    ),
    "rpt_challenges_by_month": ("country_code", "month_date", "challenge_category_code", "severity_code"),
    "rpt_data_quality": ("country_code", "month_date", "table_name"),
}  # fmt: skip

INDICATOR_COUNTS = {
    "rpt_seizures_by_year": {"seizures_count": 1, "reported_months_count": 1},
    "rpt_prices_by_month": {"prices_count": 1, "withheld_count": 0, "unconverted_count": 0},
    "rpt_price_ladder": {"prices_count": 0},
    "rpt_persons_by_month": {"persons_count": 0},
}

INDICATOR_MEASURES = {
    "rpt_seizures_by_year": (*_SEIZED, "national_ratio"),
    "rpt_opiates_by_year": ("heroin_equivalent_kg",),
    "rpt_prices_by_month": ("typical_usd",),
    "rpt_mirror_throughput": ("travellers_exited_count", "travellers_entered_count"),
    "rpt_price_ladder": ("usd_per_gram", "usd_per_pure_gram", "markup_ratio", "pure_markup_ratio"),
}

INDICATOR_SHARES = {
    "rpt_region_by_year": ("coverage_pct",),
    "rpt_seizures_by_context": ("seizures_pct",),
    "rpt_seizure_sizes": ("largest_share_pct",),
    "rpt_purity_by_year": ("lowest_purity_pct", "highest_purity_pct"),
    "rpt_persons_by_month": ("women_pct", "juveniles_pct", "foreigners_pct"),
    "rpt_activities_by_month": ("women_pct",),
    "rpt_data_quality": ("completeness_pct", "validity_pct"),
}

INDICATOR_ORDERED = {
    "rpt_seizure_sizes": (("median_kg", "percentile_90_kg"), ("percentile_90_kg", "largest_kg")),
    "rpt_opiates_by_year": (
        ("lowest_heroin_equivalent_kg", "heroin_equivalent_kg"),
        ("heroin_equivalent_kg", "highest_heroin_equivalent_kg"),
    ),
    "rpt_prices_by_month": (("withheld_count", "prices_count"),),
    "rpt_persons_by_month": (("women_count", "persons_count"), ("juveniles_count", "persons_count")),
}

# Columns by which the totals of a report of seizures are compared with what was accepted, and the measures it sums.
INDICATOR_TOTALS = {
    "rpt_seizures_by_year": (("country_code", "drug_code"), (*_SEIZED, "equivalent_kg")),
    "rpt_region_by_year": (("drug_code",), (*_SEIZED, "equivalent_kg")),
    "rpt_seizures_by_border_point": (("country_code", "drug_code"), _SEIZED),
}
