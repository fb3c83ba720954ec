"""The dbt models: building them in the working database."""

import os
from datetime import date

from warehouse.database import open_database
from warehouse.decisions import rules_version
from warehouse.settings import Settings

SEEDS = "path:seeds"
STAGING = "path:models/staging"
MARTS = "path:models/intermediate path:models/marts"
# What reads the tables of warehouse.forecasts, which are computed from other marts.
FORECASTS = "rpt_forecast_accuracy rpt_seizure_forecasts_by_month"


class ModelError(RuntimeError):
    """dbt could not build or test a model; the message names it and what the database said."""


def build_staging(settings: Settings) -> None:
    """Type what was landed since the last time; if the rules have changed, everything, codelists first.

    Raises ModelError; what was staged before stays.
    """
    version = rules_version(settings.dbt_project)
    with open_database(settings) as connection:
        connection.execute("create table if not exists raw.staged (rules_version varchar not null)")
        staged = connection.execute("select rules_version from raw.staged").fetchone()
    if staged == (version,):
        build_models(settings, STAGING)
        return
    build_models(settings, f"{SEEDS} {STAGING}", full_refresh=True)
    with open_database(settings) as connection:
        connection.execute("create or replace table raw.staged as select ? as rules_version", [version])


def build_models(settings: Settings, selection: str, *, as_of: date | None = None, full_refresh: bool = False) -> None:
    """Run ``dbt build`` on a selection of models in this process, so that database file and locks are shared.

    The tests of our SQL are not run again on every submission: prove_models is for that, and the gates for the data.
    ``as_of`` leaves out what was received or decided after that day. Raises ModelError; what was built before stays.
    """
    arguments = ["build", "--select", *selection.split(), "--exclude-resource-types", "test", "unit_test"]
    arguments += ["--vars", f"{{as_of: '{as_of or ''}'}}"]
    _run_dbt(settings, [*arguments, "--full-refresh"] if full_refresh else arguments)


def prove_models(settings: Settings) -> None:
    """Run the tests of our SQL, unit tests and data tests, on a warehouse that is built; raises ModelError."""
    _run_dbt(settings, ["test"])


def _run_dbt(settings: Settings, arguments: list[str]) -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ.update(
        SARAI_DATABASE=str(settings.database),
        SARAI_MEMORY_LIMIT=settings.memory_limit,
        SARAI_THREADS=str(settings.threads),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    folder = str(settings.dbt_project)
    quietly = ["--quiet", "--no-version-check", "--no-use-colors", "--log-path", str(settings.logs)]
    places = ["--project-dir", folder, "--profiles-dir", folder, "--target-path", str(settings.root / "dbt")]
    try:
        result = dbtRunner().invoke([*quietly, *arguments, *places])
    finally:
        # Else the file stays locked until this process ends, though the writer's lock was given back to others.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if not result.success:
        raise ModelError(_reasons(result.result) or str(result.exception))


def _reasons(result: object) -> str:
    failed = [part for part in getattr(result, "results", ()) if part.status not in ("success", "pass", "skipped")]
    return "\n".join(f"{part.node.name}: {part.message}" for part in failed)
