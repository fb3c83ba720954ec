"""Fact tables that hold a table of the form row by row: as many rows as gate 1 accepted, counted again from raw."""

from datetime import date

from expectations.gate.rules import Rule, query
from expectations.marts.recount import accepted_from_raw
from warehouse.words.catalogue import N_

# Fact table → table of the form. Seizures are summed as well, see totals; stories are those cleared for publication.
FACTS = {
    "fct_persons": "persons",
    "fct_prices": "prices",
    "fct_activities": "activities",
    "fct_exchanges": "exchanges",
    "fct_contraband": "contraband",
    "fct_staff": "staff",
    "fct_throughput": "throughput",
    "fct_equipment": "equipment",
    "fct_challenges": "challenges",
    "fct_blo_register_entries": "blo_register",
}


def fact_rules(mart: str, as_of: date | None) -> list[Rule]:
    """Return the rule that counts the rows of a fact table, per submission; none for other marts."""
    if mart not in FACTS:
        return []
    message = N_(
        "of {submission_id} {accepted_count} rows were accepted, this table holds {found_count}. Nothing is published; "
        "find the model that loses or repeats rows."
    )
    return [Rule("rows_differ", "error", message, arguments=query(_comparison(FACTS[mart], as_of)))]


def _comparison(table: str, as_of: date | None) -> str:
    return f"""
        with {accepted_from_raw(table, as_of)},
        received as (
            select submission_id, sum(row_count) as row_count
            from raw.landings where table_name = '{table}' group by submission_id
        ),
        wrong_counted as (select submission_id, count(*) as wrong_count from wrong group by submission_id),
        expected as (
            select submission_id, cast(row_count - coalesce(wrong_count, 0) as bigint) as accepted_count
            from in_force inner join received using (submission_id) left join wrong_counted using (submission_id)
        ),
        found as (select submission_id, count(*) as found_count from {{batch}} group by submission_id)
        select
            null as row_id, submission_id, coalesce(accepted_count, 0) as accepted_count,
            coalesce(found_count, 0) as found_count
        from expected full join found using (submission_id)
        where coalesce(accepted_count, 0) <> coalesce(found_count, 0)"""
