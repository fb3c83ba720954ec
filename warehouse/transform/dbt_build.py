"""The dbt models: building them in the working database."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.ledger.derived import begin_typing, enter_typed, forget_unproven, read_derived, tables_to_type
from warehouse.progress import Progress, progress
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings
from warehouse.transform.parsed_project import keep_parsed, place_seeds, project_version, read_parsed
from warehouse.transform.spared_work import ask_columns_once, spare_work
from warehouse.transform.staging_version import staging_version

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

# Selected by folder as part of their names: for `path:` dbt compares all paths of the project with each node's.
_SEEDS = "resource_type:seed"
_STAGING = "sarai.staging"
# With the views of staging: what anybody put in their place is not read.
MART_MODELS = "stg_landings stg_submissions sarai.intermediate sarai.marts"
# What reads the tables of warehouse.forecasts.tables, which are computed from other marts.
FORECAST_MODELS = "rpt_forecast_accuracy rpt_seizure_forecasts_by_month"


class ModelError(SaraiError):
    """dbt could not build or test a model; the message names it and gives the error of the database."""


def build_staging(settings: Settings) -> None:
    """Type what was landed since the last time; if staging has changed, everything, codelists first.

    Tables without new rows are left alone: planning how to type them takes most of the time of a small batch. What was
    typed is entered in the chain of the ledger. Raises ModelError; what was staged before stays.
    """
    version = staging_version(settings.dbt_project)
    with open_database(settings) as connection:
        if read_derived(connection).version == version:
            forget_unproven(connection)
            tables = tables_to_type(connection, [table.name for table in load_questionnaire().tables])
            if tables:
                build_models(settings, " ".join(f"stg_{name}" for name in tables))
        else:
            type_anew(connection, settings)
        enter_typed(connection, version)


def type_anew(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Load the codelists and type all that was landed, whatever stands there; raises ModelError."""
    connection.execute("drop table if exists raw.staged")  # where warehouses before this entry kept the version
    begin_typing(connection, staging_version(settings.dbt_project))
    build_models(settings, f"{_SEEDS} {_STAGING}", full_refresh=True)


def build_models(
    settings: Settings,
    selection: str,
    *,
    as_of: date | None = None,
    full_refresh: bool = False,
    only_changes: bool = False,
) -> None:
    """Run ``dbt build`` on a selection of models in this process, so that database file and locks are shared.

    The tests of our SQL are not run again on every submission: prove_models is for that, and the gates for the data.
    ``as_of`` leaves out what was received or decided after that day. With ``only_changes`` the tables of the last build
    are taken for what it left, by these models, of all that was known, and what has changed since is built in them.
    Raises ModelError; what was built before stays.
    """
    options = ["--use-fast-test-edges", "--exclude-resource-types", "test", "unit_test"]
    arguments = ["build", *options, "--select", *selection.split()]
    variables = {"as_of": str(as_of or ""), "only_changes": "yes" if only_changes else ""}
    _run_dbt(settings, [*arguments, "--full-refresh"] if full_refresh else arguments, variables)


def prove_models(settings: Settings) -> None:
    """Run the tests of our SQL, unit tests and data tests, on a warehouse that is built; raises ModelError."""
    with ask_columns_once():
        _run_dbt(settings, ["test"])


# What this process has parsed or read from the cache.
_parsed: dict[str, "Manifest"] = {}
_PARSED_AT_MOST = 4


def parse_project(settings: Settings) -> "Manifest":
    """Return dbt's manifest of the project as it is on disk; raises ModelError when dbt cannot parse it.

    It is the same for every warehouse, every day ``as_of``, which SQL asks for only when it runs, every place of the
    project, and whatever the rows of its seeds are.
    """
    project = project_version(settings.dbt_project)
    if project not in _parsed:
        manifest = read_parsed(settings, project) or _parse(settings, project)
        if len(_parsed) == _PARSED_AT_MOST:
            _parsed.pop(next(iter(_parsed)))
        _parsed[project] = manifest
    place_seeds(_parsed[project], settings.dbt_project)
    return _parsed[project]


def _parse(settings: Settings, project: str) -> "Manifest":
    result = _invoke(settings, ["parse"], {})
    if not result.success:
        raise ModelError(str(result.exception))
    manifest: Manifest = result.result  # type: ignore[assignment]
    keep_parsed(settings, project, manifest)
    return manifest


def interrupt_models() -> None:
    """Interrupt what dbt asks in its threads, if it asks anything; its models then fail.

    dbt's own way stops at the first connection that a thread has closed meanwhile, and leaves those after it running.
    """
    if "dbt.adapters.factory" in sys.modules:
        from dbt.adapters.factory import FACTORY

        for adapter in list(FACTORY.adapters.values()):
            for connection in list(adapter.connections.thread_connections.values()):
                with suppress(duckdb.Error):
                    if connection.handle is not None:
                        connection.handle.cursor().interrupt()


def _run_dbt(settings: Settings, arguments: list[str], variables: Mapping[str, str] | None = None) -> None:
    result = _invoke(settings, arguments, variables or {}, parse_project(settings))
    if not result.success:
        raise ModelError(_reasons(result.result) or str(result.exception))


def _invoke(
    settings: Settings, arguments: list[str], variables: Mapping[str, str], manifest: "Manifest | None" = None
) -> "dbtRunnerResult":
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    spare_work()
    os.environ.update(
        SARAI_DATABASE=str(settings.database),
        SARAI_MEMORY_LIMIT=settings.memory_limit,
        SARAI_THREADS=str(settings.threads),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    folder = str(settings.dbt_project)
    # What dbt would go on from lies in SARAI_HOME, where others may write; what is parsed is kept in the cache.
    quietly = ["--no-partial-parse", "--quiet", "--no-version-check", "--no-use-colors", "--no-write-json"]
    # Not every statement: to write all into the log takes as long as dbt's other work. They stand in the target folder.
    logs = ["--log-level", "none", "--log-level-file", "info", "--log-path", str(settings.logs)]
    places = ["--project-dir", folder, "--profiles-dir", folder, "--target-path", str(settings.root / "dbt")]
    with open_database(settings):  # what it closes to statements is closed to those of dbt, in the same process
        try:
            with progress("Building models", 0) as step:
                runner = dbtRunner(manifest, [partial(_count_node, step)])
                result = runner.invoke([*quietly, *logs, *arguments, "--vars", json.dumps(dict(variables)), *places])
        finally:
            interrupt_models()  # a thread that dbt did not wait for when it was ended
            # Else the file stays locked until this process ends, though the writer's lock was given back to others.
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if result.exception and not isinstance(result.exception, Exception):
        raise result.exception  # what a signal raised; dbt has taken it for a failure of its own
    return result


def _count_node(step: Progress, message: Any) -> None:
    """Show which of how many models or seeds dbt has built; it numbers them in its own order."""
    if message.info.name in {"LogModelResult", "LogSeedResult"}:
        step.advance(message.data.index, message.data.total)


def _reasons(result: object) -> str:
    failed = [part for part in getattr(result, "results", ()) if part.status not in ("success", "pass", "skipped")]
    return "\n".join(f"{part.node.name}: {part.message}" for part in failed)
