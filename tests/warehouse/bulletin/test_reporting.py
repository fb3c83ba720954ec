"""How a state reports, beside the region: no range of so few states that each could be read off."""

from datetime import date

from asked_editions import edition_of

from warehouse.bulletin.country.page import country_figure, country_parameters


def test_a_range_and_a_median_are_those_of_three_states_at_least() -> None:
    month = date(2024, 3, 1)
    for states, is_shown in ((["KAZ", "KGZ"], False), (["KAZ", "KGZ", "TJK"], True)):
        coverage = [
            {"table_name": table, "country_code": state, "month_date": month, "coverage": "data"}
            for table in ("seizures", "prices")
            for state in states
        ]
        quality = [
            {
                "table_name": "seizures", "country_code": state, "month_date": month, "coverage": "data",
                "timeliness_days": 3, "completeness_pct": 80.0, "revisions_count": 0, "received_count": 1,
                "accepted_count": 1,
            }
            for state in states
        ]  # fmt: skip
        known = edition_of(month, rpt_coverage_by_month=coverage, rpt_data_quality=quality)
        places = country_parameters(known, "KAZ")
        reporting, late = (country_figure(known, "KAZ", name, places) for name in ("reporting", "quality"))
        assert reporting
        assert late
        assert reporting.frame["reported_months_count"].tolist() == [1, 1]
        assert reporting.frame["median_months_count"].notna().all() == is_shown
        assert ("median" in str(reporting.picture)) == is_shown
        assert late.frame["timeliness_days_lowest"].notna().all() == is_shown
