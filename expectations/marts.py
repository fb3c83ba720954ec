"""Suites of the marts: keys, plausible figures, coverage, totals that equal what was accepted, continuity."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from expectations.continuity import continuity_rules, plausibility_rules
from expectations.rules import Rule, make_suite, query, rows_where
from expectations.totals import total_rules

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

KEYS = {
    "dim_countries": ("country_code",),
    "dim_drugs": ("drug_code",),
    "dim_border_points": ("border_point_code",),
    "dim_dates": ("date_day",),
    "fct_seizures": ("seizure_id",),
    "rpt_seizures_by_month": ("country_code", "month_date", "drug_code"),
    "rpt_routes": ("producing_country_code", "departure_country_code", "destination_country_code", "drug_code"),
    "rpt_submissions": ("submission_id", "table_name"),
    "rpt_coverage_by_month": ("country_code", "month_date", "table_name"),
}

# Counts that every row has, with their least value.
COUNTS = {
    "rpt_seizures_by_month": {
        "seizures_count": 1, "known_quantity_count": 0, "reporting_countries_count": 1, "member_countries_count": 1,
    },
    "rpt_routes": {"seizures_count": 1, "reporting_countries_count": 1, "covered_months_count": 1},
    "rpt_submissions": {"received_count": 0, "accepted_count": 0, "quarantined_count": 0, "findings_count": 0},
}  # fmt: skip

MEASURES = {
    "fct_seizures": ("quantity", "quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg", "pure_kg"),
    "rpt_seizures_by_month": ("quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg"),
    "rpt_routes": ("quantity_kg",),
}

SHARES = {
    "fct_seizures": ("purity_pct",),
    "rpt_seizures_by_month": ("known_quantity_pct",),
    "rpt_submissions": ("completeness_pct",),
}

# The smaller of two columns, and the larger.
ORDERED = {
    "rpt_seizures_by_month": (
        ("known_quantity_count", "seizures_count"), ("reporting_countries_count", "member_countries_count"),
    ),
    "rpt_routes": (("first_month_date", "last_month_date"),),
}  # fmt: skip

_MODEL = "Nothing is published; the model that makes this table has to be corrected."


def mart_suites(as_of: date | None = None) -> dict[str, "ExpectationSuite"]:
    """Return a suite per mart, under the mart's name; a row is named by the mart's key.

    ``as_of`` is the day whose knowledge the marts show, None for now: totals are then compared with what was known at
    its end, and nothing is expected to continue the last release.
    """
    return {mart: make_suite(mart, KEYS[mart], mart_rules(mart, as_of)) for mart in KEYS}


def mart_rules(mart: str, as_of: date | None = None) -> list[Rule]:
    """Return all rules of one mart."""
    return [
        *_key_rules(mart),
        *_number_rules(mart),
        *_order_rules(mart),
        *_SPECIAL.get(mart, ()),
        *total_rules(mart, as_of),
        *plausibility_rules(mart),
        *(continuity_rules(mart) if as_of is None else ()),
    ]


def _key_rules(mart: str) -> Iterator[Rule]:
    keys = KEYS[mart]
    for key in keys:
        yield _column_rule(
            "key_missing", key, f"{key} is empty. {_MODEL}", "ExpectColumnValuesToNotBeNull", {"column": key}
        )
    # Great Expectations has a rule for compound keys too, but on DuckDB its query of the failing rows multiplies them.
    yield Rule(
        "key_repeated", "error", f"{{rows_count}} rows have this key. {_MODEL}",
        arguments=query(
            f"select {', '.join(keys)}, count(*) as rows_count from {{batch}} group by all having count(*) > 1"
        ),
    )  # fmt: skip


def _number_rules(mart: str) -> Iterator[Rule]:
    for column, least in COUNTS.get(mart, {}).items():
        yield _column_rule(
            "count_missing", column, f"{column} is empty. {_MODEL}", "ExpectColumnValuesToNotBeNull", {"column": column}
        )
        yield _between_rule("count_implausible", column, {"min_value": least})
    for column in MEASURES.get(mart, ()):
        yield _between_rule("measure_negative", column, {"min_value": 0})
    for column in SHARES.get(mart, ()):
        yield _between_rule("share_implausible", column, {"min_value": 0, "max_value": 100})


def _between_rule(name: str, column: str, limits: dict[str, int]) -> Rule:
    words = " ".join(f"{word} than {limits[key]}" for key, word in _WORDS.items() if key in limits)
    message = f"{column} is {{{column}}}, {words.replace(' more', ' or more')}. {_MODEL}"
    return _column_rule(name, column, message, "ExpectColumnValuesToBeBetween", {"column": column, **limits})


def _order_rules(mart: str) -> Iterator[Rule]:
    for smaller, larger in ORDERED.get(mart, ()):
        yield _column_rule(
            "columns_disordered", smaller, f"{smaller} ({{{smaller}}}) is above {larger} ({{{larger}}}). {_MODEL}",
            "ExpectColumnPairValuesAToBeGreaterThanB", {"column_A": larger, "column_B": smaller, "or_equal": True},
        )  # fmt: skip


def _column_rule(name: str, column: str, message: str, expectation: str, arguments: dict[str, object]) -> Rule:
    return Rule(name, "error", message, column, value=column, expectation=expectation, arguments=arguments)


_WORDS = {"min_value": "less", "max_value": "more"}

_SPECIAL = {
    "rpt_submissions": (
        Rule(
            "rows_unaccounted", "error",
            "{received_count} rows came, {accepted_count} were accepted and {quarantined_count} quarantined; that is "
            f"not the same. {_MODEL}",
            "received_count", value="received_count",
            arguments=rows_where("received_count <> accepted_count + quarantined_count"),
        ),
    ),
    "rpt_coverage_by_month": (
        _column_rule(
            "coverage_unknown", "coverage", f'"{{coverage}}" is none of data, nil, missing. {_MODEL}',
            "ExpectColumnValuesToBeInSet", {"column": "coverage", "value_set": ["data", "nil", "missing"]},
        ),
        Rule(
            "coverage_unfounded", "error",
            f"coverage is {{coverage}} and the submission is {{submission_id}}: one denies the other. {_MODEL}",
            "coverage", value="coverage",
            arguments=rows_where("(coverage = 'missing') <> (submission_id is null)"),
        ),
    ),
}  # fmt: skip
