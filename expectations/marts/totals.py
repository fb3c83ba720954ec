"""Totals: the sums of a mart equal those of the seizures that gate 1 accepted, counted again from raw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from expectations.gate.rules import Rule, query
from expectations.marts.recount import COUNTED_MONTH, accepted_from_raw
from warehouse.questionnaire.codelists import KNOWN_DRUG
from warehouse.words.catalogue import N_

# Doubles summed in another order differ in their last digits.
TOLERANCE_RATIO = 1e-9

# Column of a mart → what it is in staging, where they differ.
_STAGED = {
    "month_date": COUNTED_MONTH,
    "drug_code": KNOWN_DRUG,
}

_OF_GROUP = N_(
    "{accepted_count} rows with {accepted_kg} kg were accepted, this table holds {found_count} with {found_kg} kg "
    "({differing} differ). Nothing is published; find the model that loses, repeats or changes rows."
)
_OF_SUBMISSION = N_(
    "of {submission_id} {accepted_count} rows with {accepted_kg} kg were accepted, this table holds {found_count} with "
    "{found_kg} kg ({differing} differ). Nothing is published; find the model that loses, repeats or changes rows."
)


@dataclass(frozen=True)
class Totals:
    """Sums of a mart that are compared with those of the accepted seizures.

    They are compared by the columns ``by``. ``measures`` are summed on both sides, ``counted`` is how the mart counts
    seizures, and ``condition`` picks its rows that hold what is in force.
    """

    by: Sequence[str]
    measures: Sequence[str]
    counted: str = "sum(seizures_count)"
    condition: str = "true"


def totals_rule(totals: Totals, as_of: date | None) -> Rule:
    """Return the rule that totals equal those of the accepted seizures, as known at the end of a day or now."""
    message = _OF_SUBMISSION if "submission_id" in totals.by else _OF_GROUP
    return Rule("total_differs", "error", message, failing=query(_comparison(totals, as_of)))


def _accepted(as_of: date | None) -> str:
    """Return the table expression of the staged seizures that the decision in force on their submission accepted."""
    return f"""
        {accepted_from_raw("seizures", as_of)},
        accepted as (
            select staged.*
            from staging.stg_seizures as staged
            inner join in_force using (submission_id)
            anti join wrong using (submission_id, sheet, source_row)
        )"""


def _comparison(totals: Totals, as_of: date | None) -> str:
    staged = ", ".join(f"{_STAGED.get(column, column)} as {column}" for column in totals.by)
    keys = ", ".join(totals.by)
    counted, condition = totals.counted, totals.condition
    names = ["seizures_count", *totals.measures]
    sums = ", ".join(f"sum({measure}) as {measure}" for measure in totals.measures)
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
    """Return the condition that two sums differ; a sum differs from null too, because unknown is not zero."""
    return f"""coalesce(
        abs(expected.{name} - found.{name}) > {TOLERANCE_RATIO} * greatest(abs(expected.{name}), abs(found.{name})),
        (expected.{name} is null) <> (found.{name} is null)
    )"""
