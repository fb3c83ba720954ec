"""The version of the rules: a hash of the values by which gate 1 decides, and not of the files that state them."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from expectations.gate.rules import Rule
from expectations.submissions.suites import table_rules
from warehouse.ledger.decisions import MAX_NAMED_ROWS, REJECTION_MINIMUM_COUNT
from warehouse.ledger.in_force import ABOUT_FILE, last_decisions
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.replies.confirmations import CONFIRMABLE, HELD
from warehouse.storage.settings import Settings
from warehouse.transform.staging_version import sql_words, staging_version

# Rules that decide otherwise than others.
_LISTS = (HELD, CONFIRMABLE, ABOUT_FILE)
# They explain what was decided and decide nothing.
_WORDS = {"message", "constants"}


def rules_version(settings: Settings) -> str:
    """Return 12 hex digits that change with every value that decides, and with nothing else.

    These are the rules between and of the fields of all tables, what staging depends on, and the limits above which a
    submission is rejected. Moving code or editing a comment or a message decides no submission anew.
    """
    return _version(settings.dbt_project, settings.rejection_ratio)


@cache
def _version(dbt_project: Path, rejection_ratio: float) -> str:
    values = {
        "staging": staging_version(dbt_project),
        "rules": {table.name: rule_values(table_rules(table)) for table in load_questionnaire().tables},
        "limits": [rejection_ratio, REJECTION_MINIMUM_COUNT, MAX_NAMED_ROWS, *map(sorted, _LISTS)],
    }
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def rule_values(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return what decides in rules, in the order of their names.

    The layout of their SQL is none of it, nor how the ledger is asked which decisions hold.
    """
    return [
        {name: _value(name, value) for name, value in asdict(rule).items() if name not in _WORDS}
        for rule in sorted(rules, key=lambda rule: (rule.name, rule.field or ""))
    ]


def _value(name: str, value: Any) -> Any:
    return sql_words(value["query"].replace(last_decisions(), "last_decisions")) if name == "failing" else value
