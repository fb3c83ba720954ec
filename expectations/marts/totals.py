"""Totals: what the marts add up to equals what gate 1 accepted, counted again from raw decisions and findings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from expectations.gate.rules import Rule, query
from expectations.marts.indicators import INDICATOR_TOTALS
from expectations.marts.recount import accepted_from_raw
from warehouse.words.catalogue import N_

_MEASURES = ("quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg")

# Sums of doubles depend on the order of their rows.
_TOLERANCE_RATIO = 1e-9


def total_rules(mart: str, as_of: date | None) -> list[Rule]:
    """Return the rule of a mart that sums seizures; none for the others."""
    if mart not in _SUMMED:
        return []
    summed = _SUMMED[mart]
    message = _OF_SUBMISSION if "submission_id" in summed.group else _OF_GROUP
    return [Rule("total_differs", "error", message, arguments=query(_comparison(summed, as_of)))]


_OF_GROUP = N_(
    "{accepted_count} rows with {accepted_kg} kg were accepted, this table holds {found_count} with {found_kg} kg "
    "({differing} differ). Nothing is published; find the model that loses, repeats or changes rows."
)
_OF_SUBMISSION = N_(
    "of {submission_id} {accepted_count} rows with {accepted_kg} kg were accepted, this table holds {found_count} with "
    "{found_kg} kg ({differing} differ). Nothing is published; find the model that loses, repeats or changes rows."
)


class _Summed(NamedTuple):
    """Column of staging → column of the mart by which totals are compared, how seizures are counted, what is summed.

    ``condition`` picks the rows of the mart that hold what is in force.
    """

    group: Mapping[str, str]
    counted: str
    measures: Sequence[str]
    condition: str = "true"


_MONTHS = {"country_code": "country_code", "reporting_month": "month_date", "drug_code": "drug_code"}
_SUMMED = {
    "fct_seizures": _Summed({"submission_id": "submission_id"}, "count(*)", _MEASURES),
    "rpt_seizures_by_month": _Summed(_MONTHS, "sum(seizures_count)", _MEASURES),
    "rpt_revisions": _Summed(
        _MONTHS, "sum(seizures_count)", ("quantity_kg",), "is_current and seizures_count > 0"
    ),
    "rpt_routes": _Summed({"drug_code": "drug_code"}, "sum(seizures_count)", ("quantity_kg",)),
    **{
        mart: _Summed(dict(zip(group, group, strict=True)), "sum(seizures_count)", measures)
        for mart, (group, measures) in INDICATOR_TOTALS.items()
    },
}  # fmt: skip


def _accepted(as_of: date | None) -> str:
    """Staged seizures of the submissions in force, without those that the decision in force found wrong."""
    return f"""
        {accepted_from_raw("seizures", as_of)},
        accepted as (
            select staged.*
            from staging.stg_seizures as staged
            inner join in_force using (submission_id)
            anti join wrong using (submission_id, sheet, source_row)
        )"""


def _comparison(summed: _Summed, as_of: date | None) -> str:
    group, counted, measures, condition = summed
    staged = ", ".join(f"{column} as {name}" for column, name in group.items())
    keys = ", ".join(group.values())
    names = ["seizures_count", *measures]
    sums = ", ".join(f"sum({measure}) as {measure}" for measure in measures)
    differing = ", ".join(f"if({_differs(name)}, '{name}', null)" for name in names)
    return f"""
        with {_accepted(as_of)},
        expected as (select {staged}, count(*) as seizures_count, {sums} from accepted group by all),
        found as (select {keys}, {counted} as seizures_count, {sums} from {{batch}} where {condition} group by all)
        select
            {keys},
            coalesce(expected.seizures_count, 0) as accepted_count,
            coalesce(expected.quantity_kg, 0) as accepted_kg,
            coalesce(found.seizures_count, 0) as found_count,
            coalesce(found.quantity_kg, 0) as found_kg,
            concat_ws(', ', {differing}) as differing
        from expected full join found using ({keys})
        where {" or ".join(_differs(name) for name in names)}"""


def _differs(name: str) -> str:
    """Return the condition of different sums, and for a sum beside none at all: nothing known is not zero."""
    return f"""coalesce(
        abs(expected.{name} - found.{name}) > {_TOLERANCE_RATIO} * greatest(abs(expected.{name}), abs(found.{name})),
        (expected.{name} is null) <> (found.{name} is null)
    )"""
