"""Measures of marts by their kind."""

# Of these the marts tell how many, or how they compare: no row adds a part of its own to them.
NOT_SUMS = {
    *("border_points_count", "covered_months_count", "member_countries_count", "expected_months_count"),
    *("reported_months_count", "compared_countries_count", "otherwise_left_out_count"),
    *("reporting_countries_count", "seizing_countries_count", "seizing_months_count", "revisions_count"),
    *("rejected_count", "median_kg", "percentile_90_kg", "largest_kg", "typical_usd_per_kg", "difference_kg"),
    *("from_kg", "below_kg", "known_months_count", "seized_months_count", "span_months_count"),
    *("national_total_kg", "earlier_total_kg", "months_after_count", "errors_count", "horizon_months_count"),
    *("median_kg_without_duplicates", "percentile_90_kg_without_duplicates", "largest_kg_without_duplicates"),
    "threshold_equivalent_kg",
    *("difference_kg_without_duplicates", "held_back_count", "partial_months_count", "missing_months_count"),
    *("received_count", "accepted_count", "warnings_count"),
}  # fmt: skip
