"""A prepared warehouse for each version of the code: what `sarai check` needs to answer at once."""

import tempfile
from pathlib import Path

import duckdb

from expectations.gate.run import find_unjudged
from expectations.submissions.suites import submission_suites
from flows.offline.prepared_folder import build_empty, keep_prepared, new_folder, prepared_folder, stage_landed
from flows.terminal import print_text
from warehouse.findings.finding import Finding
from warehouse.ledger.rules_in_force import InForce, open_batch
from warehouse.proposals.proposing import propose
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.language import Language
from warehouse.storage.settings import Settings
from warehouse.words.catalogue import N_, translate

_PREPARING = N_("Preparing an empty warehouse, once for each version of Sarai. This takes about half a minute.")


def announce_preparation(settings: Settings, language: Language = "en") -> None:
    """Print that a warehouse is prepared first, where it is not there yet."""
    if not prepared_folder(settings).is_dir():
        print_text(translate(_PREPARING, language), err=True)


def prepare(settings: Settings) -> Path:
    """Return the folder of the prepared warehouse of the rules in force; it is made when there is none.

    Raises CacheError when it can not be kept, ModelError when dbt can not build it.
    """
    kept = prepared_folder(settings)
    if not kept.is_dir():
        with new_folder(settings) as made, tempfile.TemporaryDirectory(prefix="sarai-") as home:
            build_empty(settings.at(Path(home)))
            keep_prepared(settings.at(Path(home)), made)
    return kept


def judge_landed(
    connection: duckdb.DuckDBPyConnection, prepared: Path, rules: InForce, codelists: Path
) -> list[Finding]:
    """Type and judge all that was landed in a copy of a prepared warehouse, as gate 1 does; returns the findings."""
    stage_landed(connection, prepared)
    return judge_waiting(connection, rules, codelists)


def judge_waiting(connection: duckdb.DuckDBPyConnection, rules: InForce, codelists: Path) -> list[Finding]:
    """Judge all that is typed and waits for a decision, as gate 1 does; returns the findings."""
    questionnaire = load_questionnaire()
    open_batch(connection, questionnaire, rules)
    findings = find_unjudged(connection, "audit", submission_suites(questionnaire), codelists)
    return propose(connection, findings, codelists)
