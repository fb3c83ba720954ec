"""What commands need to run: settings, the ledger, the current release, a flow."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import duckdb

    from warehouse.releases.catalogue import Release
    from warehouse.storage.settings import Settings


def read_settings() -> "Settings":
    """Read the settings; raises UsageError with the name of each variable that is set wrongly, but not its value."""
    from pydantic import ValidationError

    from warehouse.storage.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        names = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors())
    # Outside of the handler: pydantic keeps the values, and one of them may be a secret.
    fields = Settings.model_fields
    raise click.UsageError(
        "\n".join(f"SARAI_{name.upper()} is set wrongly. Expected: {fields[name].description}." for name in names)
    )


def require_release(settings: "Settings") -> "Release":
    """Return the current release; raises ClickException when nothing was published yet."""
    from warehouse.releases.catalogue import current_release
    from warehouse.releases.errors import NO_RELEASE

    release = current_release(settings)
    if release is None:
        raise click.ClickException(NO_RELEASE)
    return release


@contextmanager
def ledger() -> "Iterator[tuple[Settings, duckdb.DuckDBPyConnection]]":
    """Open the working database with its ledger, empty before the first ingest; pandas cannot be imported inside."""
    from warehouse.ledger.raw import create_tables
    from warehouse.questionnaire.definition import load_questionnaire
    from warehouse.storage.database import open_database
    from warehouse.storage.parameters import without_pandas

    settings = read_settings()
    with without_pandas(), open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        yield settings, connection


def run_flow(load: Callable[[], Callable[..., Any]], *arguments: Any, **options: Any) -> Any:
    """Run a flow on the Prefect server of PREFECT_API_URL, or on a temporary one; raises ServerError and its own."""
    from flows.runs.client import kept_client
    from flows.runs.server import connect, server_errors, write_logs
    from warehouse.storage.permissions import private_files

    settings = read_settings()
    with private_files(), server_errors(settings):
        connect(settings)
        flow = load()
        write_logs(settings)
        with kept_client():
            return flow(*arguments, **options)
