"""Revisions: those of a month add up to what is known now less what was first reported."""

from expectations.gate.rules import Rule, query
from warehouse.words.catalogue import N_

# Sums of doubles depend on the order of their parts.
_TOLERANCE_RATIO = 1e-9


def revision_rules(mart: str) -> list[Rule]:
    """Return the rule that adds up the revisions of each drug and month; none for other marts."""
    if mart != "rpt_revisions":
        return []
    return [
        Rule(
            "revisions_differ", "error",
            N_(
                "the revisions add up to {revised_count} seizures and {revised_kg} kg, from the first report to the "
                "last it is {total_count} and {total_kg}. Nothing is published; the model that makes this table has "
                "to be corrected."
            ),
            arguments=query(f"""
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
                where revised_count <> total_count or abs(revised_kg - total_kg) > {_TOLERANCE_RATIO} * size"""),
        ),
    ]  # fmt: skip
