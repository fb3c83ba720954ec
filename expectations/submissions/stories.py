"""The rule of success stories: they state whether they may be published."""

from expectations.gate.rules import Rule, rows_where
from expectations.submissions.fields import field_rule
from warehouse.questionnaire.definition import Table
from warehouse.words.catalogue import N_


def story_rules(table: Table) -> list[Rule]:
    """Return the rule that a story states its clearance; a story without one is kept and not published."""
    field = table.field("cleared_for_publication")
    return [
        field_rule(
            field, "clearance_missing", "warning",
            N_("nobody has said whether the story may be published, so it will not be. Answer yes or no."),
            failing=rows_where(
                f"{field.text_column} is null or {field.column} in (select code from seeds.missing_values)"
            ),
        )
    ]  # fmt: skip
