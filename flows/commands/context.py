"""What commands need to run: settings, the ledger, a flow, and errors that are said and not thrown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import duckdb

    from warehouse.storage.settings import Settings


@contextmanager
def said() -> Iterator[None]:
    """Say what stopped a command in its own words, without a traceback, and end with status 1."""
    import duckdb

    from flows.offline.prepared_folder import CacheError
    from warehouse.ledger.waivers import WaiverError
    from warehouse.releases.errors import ReleaseError
    from warehouse.reporting.obligations import ObligationError
    from warehouse.safekeeping.backup import BackupError
    from warehouse.storage.database import WriterBusyError
    from warehouse.transform.dbt_build import ModelError

    try:
        yield
    except (
        BackupError, WriterBusyError, ReleaseError, ModelError, ObligationError, CacheError, WaiverError
    ) as error:  # fmt: skip
        raise click.ClickException(str(error)) from error
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        message = f"Another program has the warehouse open; try again when it has ended. {error}"
        raise click.ClickException(message) from error


def read_settings() -> "Settings":
    """Read the settings; variables that are set wrongly are wrong use."""
    from pydantic import ValidationError

    from warehouse.storage.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise click.UsageError(f"The environment sets SARAI_ variables wrongly.\n{error}") from error


@contextmanager
def ledger() -> "Iterator[tuple[Settings, duckdb.DuckDBPyConnection]]":
    """Open the working database with its ledger, empty before the first ingest."""
    from warehouse.ledger.raw import create_tables
    from warehouse.questionnaire.definition import load_questionnaire
    from warehouse.storage.database import open_database

    settings = read_settings()
    with said(), open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        yield settings, connection


def run_flow(load: Callable[[], Callable[..., Any]], *arguments: Any) -> Any:
    """Run a flow on the Prefect server of PREFECT_API_URL, or on a temporary one; its own errors end with status 1."""
    from flows.runs.server import connect, write_logs
    from warehouse.storage.permissions import private_files

    settings = read_settings()
    with private_files():
        connect(settings)
        flow = load()
        write_logs(settings)
    from flows.publish import GateClosedError, NothingToPublishError
    from flows.runs.limits import RunTimeoutError

    with said(), private_files():
        try:
            return flow(*arguments)
        except (GateClosedError, NothingToPublishError, RunTimeoutError) as error:
            raise click.ClickException(str(error)) from error
        except SystemExit:
            click.echo(
                "The run was stopped. The last release stays; the next run takes up what was not done.", err=True
            )
            raise
