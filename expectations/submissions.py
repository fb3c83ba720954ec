"""Suites of submissions, one for each table of the questionnaire: its fields' keywords and the rules between fields."""

from typing import TYPE_CHECKING

from expectations.counterparts import counterpart_rules
from expectations.counts import count_rules
from expectations.fields import field_rules
from expectations.measures import measure_rules
from expectations.records import record_rules
from expectations.rules import ROW_KEYS, Rule, make_suite, rows_where
from expectations.seizures import seizure_rules
from expectations.senders import sender_rules
from expectations.stories import story_rules
from warehouse.messages import N_
from warehouse.questionnaire import Questionnaire, Table

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite


def submission_suites(questionnaire: Questionnaire) -> dict[str, "ExpectationSuite"]:
    """Return a suite per table of the questionnaire, by table; a row is named by submission, sheet and row number."""
    return {
        table.name: make_suite(table.name, ROW_KEYS, table_rules(table), may_be_absent=True)
        for table in questionnaire.tables
    }


def table_rules(table: Table) -> list[Rule]:
    """Return all rules of one table; a rule written here stands in for the derived one of its name and field."""
    written = [
        *sender_rules(table),
        *record_rules(table),
        *count_rules(table),
        *measure_rules(table),
        *counterpart_rules(table),
        *_RULES_BETWEEN.get(table.name, lambda _: [])(table),
    ]
    names = {(rule.name, rule.field) for rule in written}
    derived = [rule for field in table.fields for rule in field_rules(field)]
    return [*(rule for rule in derived if (rule.name, rule.field) not in names), *written]


def price_rules(table: Table) -> list[Rule]:
    """Return the rule that the lowest price is not above the typical one, nor that above the highest."""
    typical = table.field("price_typical")
    return [
        Rule(
            "prices_disordered", "error",
            N_(
                "the lowest price ({price_minimum_text}), the typical ({price_typical_text}) and the highest "
                "({price_maximum_text}) are not in order. Correct the one that is wrong."
            ),
            typical.name, typical.text_column,
            arguments=rows_where(
                "price_minimum > price_typical or price_typical > price_maximum or price_minimum > price_maximum"
            ),
        )
    ]  # fmt: skip


_RULES_BETWEEN = {"seizures": seizure_rules, "prices": price_rules, "stories": story_rules}
