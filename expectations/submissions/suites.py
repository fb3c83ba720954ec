"""Suites of submissions, one for each table of the questionnaire: rules derived from its fields, and written ones."""

from expectations.gate.rules import ROW_KEYS, Rule, Suite
from expectations.submissions.counterparts import counterpart_rules
from expectations.submissions.counts import count_rules
from expectations.submissions.fields import field_rules
from expectations.submissions.measures import measure_rules
from expectations.submissions.personal_data import personal_data_rules
from expectations.submissions.prices import price_rules
from expectations.submissions.records import record_rules
from expectations.submissions.seizures import seizure_rules
from expectations.submissions.senders import sender_rules
from expectations.submissions.stories import story_rules
from warehouse.questionnaire.definition import Questionnaire, Table


def submission_suites(questionnaire: Questionnaire) -> dict[str, Suite]:
    """Return the suite of each table of the questionnaire, by table; its rows are identified by ROW_KEYS."""
    return {
        table.name: Suite(table.name, ROW_KEYS, tuple(table_rules(table)), may_be_absent=True)
        for table in questionnaire.tables
    }


def table_rules(table: Table) -> list[Rule]:
    """Return all rules of one table; a written rule replaces the derived one with the same name and field."""
    written = [
        *sender_rules(table),
        *record_rules(table),
        *count_rules(table),
        *measure_rules(table),
        *counterpart_rules(table),
        *personal_data_rules(table),
        *_RULES_BETWEEN.get(table.name, lambda _: [])(table),
    ]
    names = {(rule.name, rule.field) for rule in written}
    derived = [rule for field in table.fields for rule in field_rules(field)]
    return [*(rule for rule in derived if (rule.name, rule.field) not in names), *written]


_RULES_BETWEEN = {"seizures": seizure_rules, "prices": price_rules, "stories": story_rules}
