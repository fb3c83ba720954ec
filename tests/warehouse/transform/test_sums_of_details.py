"""Sums of details: what seizures are divided by adds up to what rpt_seizures_by_month says of them."""

import duckdb
import pytest

DIMENSIONS = ("agencies", "detection_methods", "hiding_places", "installations", "routings", "transport_modes")
OF_CONTEXT = "rpt_seizures_by_context where dimension_name = '{}'"


def sums(marts: duckdb.DuckDBPyConnection, details: str, year: str = "calendar_year") -> list[tuple[object, ...]]:
    """Return seizures and kilograms, in units of 1e-9, of each country, year and drug."""
    return marts.sql(f"""
        select country_code, {year} as calendar_year, drug_code, sum(seizures_count), sum(presumed_duplicate_count),
            round(1e9 * sum(quantity_kg)), round(1e9 * sum(quantity_kg_without_duplicates)),
            round(1e9 * sum(questioned_kg)), round(1e9 * sum(questioned_kg_without_duplicates))
        from {details} group by all order by all""").fetchall()


@pytest.mark.parametrize(
    "details", ["rpt_seizures_by_province", *(OF_CONTEXT.format(name) for name in DIMENSIONS)]
)  # fmt: skip
def test_details_add_up_to_the_months(marts: duckdb.DuckDBPyConnection, details: str) -> None:
    assert sums(marts, details) == sums(marts, "rpt_seizures_by_month", "year(month_date)") != []


def test_context_has_these_dimensions(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.sql("select distinct dimension_name from rpt_seizures_by_context order by all").fetchall()
    assert tuple(name for (name,) in found) == DIMENSIONS


def test_a_year_to_date_is_the_sum_of_its_months(marts: duckdb.DuckDBPyConnection) -> None:
    """What was reported of May's year is what was of its months; nobody has a year before to compare it with."""
    year, months, compared = marts.sql("""
        select sum(reported_value) filter (where period_code = 'YEAR_TO_DATE' and month(month_date) = 5),
            sum(reported_value) filter (where period_code = 'PREVIOUS_MONTH'),
            count(compared_value) filter (where period_code <> 'PREVIOUS_MONTH')
        from rpt_changes
        where area_code = 'XAA' and drug_level_name = 'change_terms' and year(month_date) = 2024""").fetchall()[0]
    assert (year, compared) == (months, 0)
    assert marts.sql("select sum(seizures_count) from rpt_seizures_by_month where country_code = 'XAA'").fetchall() == [
        (months,)
    ]
