"""Rules about the counterpart country: it is named where both sides' reports are compared, and is another country."""

from collections.abc import Iterator

from expectations.gate.rules import Rule, rows_where
from expectations.submissions.fields import field_rule
from warehouse.questionnaire.definition import Table
from warehouse.words.catalogue import N_

# The rows by table, in SQL, of which the counterpart country should report the same.
_MIRRORED = {
    "activities": "activity_type_code in ('JOINT_OPERATION', 'JOINT_PATROL', 'CONTROLLED_DELIVERY')",
    "exchanges": "true",
}


def counterpart_rules(table: Table) -> Iterator[Rule]:
    """Yield the rules about the counterpart country of a table that asks for it."""
    for field in table.fields:
        if field.name != "counterpart_country":
            continue
        yield field_rule(
            field, "counterpart_own", "warning",
            N_(
                '"{value}" is the country that reports. Name the country on the other side, or leave the cell empty if '
                "only your own agencies took part."
            ),
            failing=rows_where(f"{field.column} = country_code"),
        )  # fmt: skip
        if mirrored := _MIRRORED.get(table.name):
            yield field_rule(
                field, "counterpart_missing", "warning",
                N_(
                    "the cell is empty, so nobody can set the report of the other side beside this row. Name the "
                    "country."
                ),
                failing=rows_where(f"{field.text_column} is null and {mirrored}"),
            )  # fmt: skip
