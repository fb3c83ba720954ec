"""The rule of texts: they tell nothing of a person. What does is recognised in staging, by the macro personal_data."""

from expectations.gate.rules import Rule, rows_where
from expectations.submissions.fields import field_rule
from warehouse.questionnaire.definition import Table
from warehouse.words.catalogue import N_


def personal_data_rules(table: Table) -> list[Rule]:
    """Return the rule for each question that is answered in words; the finding does not repeat the text."""
    return [
        field_rule(
            field, "personal_data", "warning",
            N_(
                "the text seems to name a person, or to hold the number of a passport, an identity card or a "
                "telephone. The form asks for no names. No other state is shown the text, even if you confirm it: "
                "write it without them, or in other words if it names nobody."
            ),
            failing=rows_where(f"{field.name}_personal is not null"),
        )
        for field in table.fields if field.is_prose
    ]  # fmt: skip
