"""Suites of the marts: keys, plausible figures, coverage, totals that equal what was accepted, continuity."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from expectations.gate.rules import Rule, make_suite, query, rows_where
from expectations.marts.continuity import continuity_rules, plausibility_rules
from expectations.marts.facts import FACTS, fact_rules
from expectations.marts.indicators import (
    INDICATOR_COUNTS,
    INDICATOR_KEYS,
    INDICATOR_MEASURES,
    INDICATOR_ORDERED,
    INDICATOR_SHARES,
)
from expectations.marts.revisions import revision_rules
from expectations.marts.signals import (
    SIGNAL_COUNTS,
    SIGNAL_KEYS,
    SIGNAL_MEASURES,
    SIGNAL_ORDERED,
    SIGNAL_SHARES,
    signal_rules,
)
from expectations.marts.totals import total_rules
from warehouse.words.catalogue import N_, Argument

if TYPE_CHECKING:
    from expectations.gate.rules import Suite

KEYS = {
    "dim_countries": ("country_code",),
    "dim_drugs": ("drug_code",),
    "dim_border_points": ("border_point_code",),
    "dim_dates": ("date_day",),
    "fct_seizures": ("seizure_id",),
    **dict.fromkeys(FACTS, ("row_id",)),
    "fct_stories": ("row_id",),
    "fct_seizure_matches": ("seizure_id_a", "seizure_id_b"),
    "rpt_seizures_by_month": ("country_code", "month_date", "drug_code"),
    "rpt_revisions": ("country_code", "month_date", "drug_code", "revision_number"),
    "rpt_routes": ("producing_country_code", "departure_country_code", "destination_country_code", "drug_code"),
    "rpt_submissions": ("submission_id", "table_name"),
    "rpt_coverage_by_month": ("country_code", "month_date", "table_name"),
    "rpt_mirror_activities": ("month_date", "country_code_a", "country_code_b", "activity_type_code"),
    "rpt_mirror_exchanges": (
        "month_date", "sender_country_code", "receiver_country_code", "exchange_channel_code",
    ),
    **INDICATOR_KEYS,
    **SIGNAL_KEYS,
}  # fmt: skip

# Counts that every row has, with their least value.
COUNTS = {
    "rpt_seizures_by_month": {
        "seizures_count": 1, "known_quantity_count": 0, "presumed_duplicate_count": 0, "reporting_countries_count": 1,
        "member_countries_count": 1,
    },
    "rpt_revisions": {"seizures_count": 0, "revision_number": 0},
    "rpt_routes": {"seizures_count": 1, "reporting_countries_count": 1, "covered_months_count": 1},
    "rpt_submissions": {"received_count": 0, "accepted_count": 0, "quarantined_count": 0, "findings_count": 0},
    **INDICATOR_COUNTS,
    **SIGNAL_COUNTS,
}  # fmt: skip

MEASURES = {
    "fct_seizures": ("quantity", "quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg", "pure_kg"),
    "fct_seizure_matches": ("amount_a", "amount_b", "days_apart", "score"),
    "rpt_seizures_by_month": (
        "quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg", "quantity_kg_without_duplicates",
        "quantity_litres_without_duplicates", "quantity_count_without_duplicates", "equivalent_kg_without_duplicates",
    ),
    "rpt_revisions": ("quantity_kg",),
    "rpt_routes": ("quantity_kg",),
    "rpt_mirror_activities": ("activities_count_a", "activities_count_b"),
    "rpt_mirror_exchanges": ("requests_sent_count", "requests_received_count"),
    **INDICATOR_MEASURES,
    **SIGNAL_MEASURES,
}  # fmt: skip

SHARES = {
    "fct_seizures": ("purity_pct",),
    "fct_seizure_matches": ("difference_pct",),
    "rpt_seizures_by_month": ("known_quantity_pct",),
    "rpt_submissions": ("completeness_pct",),
    **INDICATOR_SHARES,
    **SIGNAL_SHARES,
}

# The smaller of two columns, and the larger.
ORDERED = {
    "rpt_seizures_by_month": (
        ("known_quantity_count", "seizures_count"), ("reporting_countries_count", "member_countries_count"),
        ("presumed_duplicate_count", "seizures_count"), ("quantity_kg_without_duplicates", "quantity_kg"),
    ),
    "rpt_revisions": (("received_at", "superseded_at"),),
    "rpt_routes": (("first_month_date", "last_month_date"),),
    **INDICATOR_ORDERED,
    **SIGNAL_ORDERED,
}  # fmt: skip

_EMPTY = N_("{column} is empty. Nothing is published; the model that makes this table has to be corrected.")
_REPEATED = N_(
    "{rows_count} rows have this key. Nothing is published; the model that makes this table has to be corrected."
)
_TOO_SMALL = N_(
    "{column} is {value}, less than {least}. Nothing is published; the model that makes this table has to be corrected."
)
_OUT_OF_RANGE = N_(
    "{column} is {value}, less than {least} or more than {most}. Nothing is published; the model that makes this table "
    "has to be corrected."
)
_DISORDERED = N_(
    "{smaller_column} ({smaller}) is above {larger_column} ({larger}). Nothing is published; the model that makes this "
    "table has to be corrected."
)
_UNACCOUNTED = N_(
    "{received_count} rows came, {accepted_count} were accepted and {quarantined_count} quarantined; that is not the "
    "same. Nothing is published; the model that makes this table has to be corrected."
)
_COVERAGE_UNKNOWN = N_(
    '"{value}" is none of data, nil, missing. Nothing is published; the model that makes this table has to be '
    "corrected."
)
_COVERAGE_UNFOUNDED = N_(
    "coverage is {value} and the submission is {submission_id}: one denies the other. Nothing is published; the model "
    "that makes this table has to be corrected."
)


def mart_suites(as_of: date | None = None) -> dict[str, "Suite"]:
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
        *signal_rules(mart),
        *total_rules(mart, as_of),
        *revision_rules(mart),
        *fact_rules(mart, as_of),
        *plausibility_rules(mart),
        *(continuity_rules(mart) if as_of is None else ()),
    ]


def _key_rules(mart: str) -> Iterator[Rule]:
    keys = KEYS[mart]
    for key in keys:
        yield _column_rule("key_missing", key, _EMPTY, "ExpectColumnValuesToNotBeNull", {"column": key})
    # Great Expectations has a rule for compound keys too, but on DuckDB its query of the failing rows multiplies them.
    yield Rule(
        "key_repeated", "error", _REPEATED,
        arguments=query(
            f"select {', '.join(keys)}, count(*) as rows_count from {{batch}} group by all having count(*) > 1"
        ),
    )  # fmt: skip


def _number_rules(mart: str) -> Iterator[Rule]:
    for column, least in COUNTS.get(mart, {}).items():
        arguments: dict[str, object] = {"column": column}
        yield _column_rule("count_missing", column, _EMPTY, "ExpectColumnValuesToNotBeNull", arguments)
        yield _between_rule("count_implausible", column, least)
    for column in MEASURES.get(mart, ()):
        yield _between_rule("measure_negative", column, 0)
    for column in SHARES.get(mart, ()):
        yield _between_rule("share_implausible", column, 0, 100)


def _between_rule(name: str, column: str, least: int, most: int | None = None) -> Rule:
    message = _TOO_SMALL if most is None else _OUT_OF_RANGE
    arguments: dict[str, object] = {"column": column, "min_value": least, "max_value": most}
    return _column_rule(name, column, message, "ExpectColumnValuesToBeBetween", arguments, least=least, most=most)


def _order_rules(mart: str) -> Iterator[Rule]:
    for smaller, larger in ORDERED.get(mart, ()):
        yield Rule(
            "columns_disordered", "error", _DISORDERED, smaller, smaller,
            arguments=rows_where(f"{smaller} > {larger}", columns=[f"{smaller} as smaller", f"{larger} as larger"]),
            constants={"smaller_column": smaller, "larger_column": larger},
        )  # fmt: skip


def _column_rule(
    name: str, column: str, message: str, expectation: str, arguments: dict[str, object], **constants: Argument
) -> Rule:
    named = {"column": column, **constants}
    return Rule(name, "error", message, column, column, expectation, arguments, constants=named)


_SPECIAL = {
    "rpt_submissions": (
        Rule(
            "rows_unaccounted", "error", _UNACCOUNTED, "received_count", "received_count",
            arguments=rows_where("received_count <> accepted_count + quarantined_count"),
        ),
    ),
    "rpt_coverage_by_month": (
        _column_rule(
            "coverage_unknown", "coverage", _COVERAGE_UNKNOWN,
            "ExpectColumnValuesToBeInSet", {"column": "coverage", "value_set": ["data", "nil", "missing"]},
        ),
        Rule(
            "coverage_unfounded", "error", _COVERAGE_UNFOUNDED, "coverage", "coverage",
            arguments=rows_where("(coverage = 'missing') <> (submission_id is null)"),
        ),
    ),
}  # fmt: skip
