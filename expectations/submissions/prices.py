"""Rules between the fields of a price: the lowest, typical and highest price are in order."""

from expectations.gate.rules import Rule, rows_where
from warehouse.questionnaire.definition import Table
from warehouse.words.catalogue import N_


def price_rules(table: Table) -> list[Rule]:
    """Return the rule that the lowest price is at most the typical one, and that at most the highest."""
    typical = table.field("price_typical")
    return [
        Rule(
            "prices_disordered", "error",
            N_(
                "the lowest price ({price_minimum_text}), the typical ({price_typical_text}) and the highest "
                "({price_maximum_text}) are not in order. Correct the one that is wrong."
            ),
            typical.name, typical.text_column,
            failing=rows_where(
                "price_minimum > price_typical or price_typical > price_maximum or price_minimum > price_maximum"
            ),
        )
    ]  # fmt: skip
