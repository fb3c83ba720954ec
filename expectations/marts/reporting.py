"""Checks of the marts on reporting: submissions, coverage, data quality and revisions."""

from expectations.gate.rules import Rule, not_among, query, rows_where
from expectations.marts.checks import MartChecks, column_rule
from expectations.marts.totals import TOLERANCE_RATIO, Totals
from warehouse.words.catalogue import N_

_ROWS_UNACCOUNTED = Rule(
    "rows_unaccounted", "error",
    N_(
        "{received_count} rows came, {accepted_count} were accepted and {quarantined_count} quarantined; that is not "
        "the same. Nothing is published; the model that makes this table has to be corrected."
    ),
    "received_count", "received_count",
    failing=rows_where("received_count <> accepted_count + quarantined_count"),
)  # fmt: skip

_COVERAGE_UNKNOWN = column_rule(
    "coverage_unknown", "coverage",
    N_(
        '"{value}" is none of data, nil, missing. Nothing is published; the model that makes this table has to be '
        "corrected."
    ),
    not_among("coverage", ("data", "nil", "missing")),
)  # fmt: skip

_COVERAGE_UNFOUNDED = Rule(
    "coverage_unfounded", "error",
    N_(
        "coverage is {value} and the submission is {submission_id}: one denies the other. Nothing is published; the "
        "model that makes this table has to be corrected."
    ),
    "coverage", "coverage",
    failing=rows_where("(coverage = 'missing') <> (submission_id is null)"),
)  # fmt: skip

_REVISIONS_DIFFER = Rule(
    "revisions_differ", "error",
    N_(
        "the revisions add up to {revised_count} seizures and {revised_kg} kg, from the first report to the last it is "
        "{total_count} and {total_kg}. Nothing is published; the model that makes this table has to be corrected."
    ),
    failing=query(f"""
        with added as (
            select
                country_code, month_date, drug_code,
                coalesce(sum(revision_count), 0) as revised_count,
                coalesce(sum(revision_kg), 0) as revised_kg,
                arg_max(seizures_count, revision_number) - arg_min(seizures_count, revision_number)
                    as total_count,
                coalesce(max_by(quantity_kg, revision_number) filter (is_current), 0)
                - coalesce(min_by(quantity_kg, revision_number) filter (revision_number = 0), 0) as total_kg,
                max(abs(quantity_kg)) as size
            from {{batch}} group by all
        )
        select * from added
        where revised_count <> total_count or abs(revised_kg - total_kg) > {TOLERANCE_RATIO} * size"""),
)  # fmt: skip

REPORTING = (
    MartChecks(
        "rpt_submissions",
        counts={"received_count": 0, "accepted_count": 0, "quarantined_count": 0, "findings_count": 0},
        shares=("completeness_pct",),
        rules=(_ROWS_UNACCOUNTED,),
    ),
    MartChecks("rpt_coverage_by_month", rules=(_COVERAGE_UNKNOWN, _COVERAGE_UNFOUNDED)),
    MartChecks(
        "rpt_data_quality",
        measures=("received_count", "accepted_count", "warnings_count"),
        shares=("completeness_pct", "validity_pct"),
        ordered=(("accepted_count", "received_count"),),
    ),
    MartChecks(
        "rpt_revisions",
        counts={"seizures_count": 0, "revision_number": 0},
        measures=("quantity_kg",),
        ordered=(("received_at", "superseded_at"),),
        totals=Totals(
            by=("country_code", "month_date", "drug_code"),
            measures=("quantity_kg",),
            condition="is_current and seizures_count > 0",
        ),
        rules=(_REVISIONS_DIFFER,),
    ),
)
