"""The rules in force, compiled once for each version of them: what `sarai check` needs to answer at once."""

import tempfile
from pathlib import Path

from warehouse.database import open_database
from warehouse.decisions import InForce, open_batch, rules_version
from warehouse.prepared import build_empty, keep_prepared, new_folder, prepared_folder
from warehouse.questionnaire import load_questionnaire
from warehouse.settings import Settings

RULES = "rules.json"


def prepare(settings: Settings) -> Path:
    """Return the folder of the prepared warehouse of the rules in force; it is made when there is none.

    Raises CacheError when it can not be kept, ModelError or GateError when a rule can not be compiled.
    """
    kept = prepared_folder(settings)
    if not kept.is_dir():
        with new_folder(settings) as made, tempfile.TemporaryDirectory(prefix="sarai-") as home:
            _compile(settings.at(Path(home)), made)
    return kept


def _compile(settings: Settings, folder: Path) -> None:
    from expectations.compiled import compile_suites
    from expectations.submissions import submission_suites

    questionnaire = load_questionnaire()
    build_empty(settings)
    with open_database(settings) as connection:
        open_batch(connection, questionnaire, InForce(rules_version(settings.dbt_project)))
        compile_suites(connection, "audit", submission_suites(questionnaire), folder / RULES)
    keep_prepared(settings, folder)
