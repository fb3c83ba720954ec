"""The `sarai` command. Exit status: 0 done, 1 findings or a closed gate, 2 wrong use."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from flows.forms import template

if TYPE_CHECKING:
    import duckdb

    from warehouse.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sarai")
def main() -> None:
    """Turn the submissions of the countries into releases of the region.

    State is kept in the folder SARAI_HOME (default: ./var); countries put their files into SARAI_HOME/inbox/<ISO3>.
    """
    signal.signal(signal.SIGTERM, _end)  # so that locks, temporary folders and Prefect hear of it
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger("sarai")
    log.addHandler(handler)
    log.propagate = False


def _end(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


main.add_command(template)


@contextmanager
def _said() -> Iterator[None]:
    """Say what stopped a command in its own words, without a traceback, and end with status 1."""
    import duckdb

    from warehouse.database import WriterBusyError
    from warehouse.marts import ReleaseError

    try:
        yield
    except (WriterBusyError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        message = f"Another program has the warehouse open; try again when it has ended. {error}"
        raise click.ClickException(message) from error


def _settings() -> "Settings":
    from pydantic import ValidationError

    from warehouse.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise click.UsageError(f"The environment sets SARAI_ variables wrongly.\n{error}") from error


@contextmanager
def _ledger() -> "Iterator[tuple[Settings, duckdb.DuckDBPyConnection]]":
    """Open the working database with its ledger, empty before the first ingest."""
    from warehouse.database import open_database
    from warehouse.questionnaire import load_questionnaire
    from warehouse.raw import create_tables

    settings = _settings()
    with _said(), open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        yield settings, connection


def _run_flow(load: Callable[[], Callable[..., Any]], *arguments: Any) -> Any:
    """Run a flow on the Prefect server of PREFECT_API_URL, or on a temporary one; its own errors end with status 1."""
    from flows.server import connect, write_logs

    settings = _settings()
    connect(settings)
    flow = load()
    write_logs(settings)
    from flows.publish import GateClosedError, NothingToPublishError
    from warehouse.models import ModelError

    with _said():
        try:
            return flow(*arguments)
        except (GateClosedError, NothingToPublishError, ModelError) as error:
            raise click.ClickException(str(error)) from error


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check FILES before they are sent: no server, no warehouse, no network.

    The same rules as at the gate. A folder stands for all files below it.
    """
    from flows.checking import check_files

    with _said():
        raise SystemExit(1 if check_files(files) else 0)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def ingest(paths: tuple[Path, ...]) -> None:
    """Take in new files: receive, land, stage, check, decide, answer.

    PATHS are files, or folders that hold a folder per country (KAZ, KGZ …); without any, the inbox. Files stay where
    they are; what was received before is passed over. Exit status 1 when there is any error finding.
    """

    def load() -> Callable[..., Any]:
        from flows.ingest import ingest as flow

        return flow

    result = _run_flow(load, [str(path.resolve()) for path in paths] or None)
    raise SystemExit(1 if result.has_errors else 0)


@main.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rebuild what was known at the end of this day (UTC).")
def publish(as_of: datetime | None) -> None:
    """Build the marts, check them and write a release. A closed gate leaves the last release as it is."""

    def load() -> Callable[..., Any]:
        from flows.publish import publish as flow

        return flow

    _run_flow(load, as_of.date() if as_of else None)


@main.command()
def status() -> None:
    """Show what each country has sent, what became of it, and the current release."""
    from warehouse.status import describe_status

    with _ledger() as (settings, connection):
        click.echo(describe_status(connection, settings))


@main.command()
def reconcile() -> None:
    """Account for every received byte and row, up to the releases. Exit status 1 when something does not add up."""
    from warehouse.reconciliation import describe_totals, reconcile as compare

    with _ledger() as (settings, connection):
        totals = describe_totals(connection, settings)
    with _said():
        discrepancies = compare(settings)
    click.echo(totals)
    for discrepancy in discrepancies:
        click.echo(discrepancy, err=True)
    if discrepancies:
        raise SystemExit(1)
    click.echo("Every received row is accounted for.")


@main.command()
@click.argument("mart")
@click.argument("criteria", nargs=-1, metavar="[COLUMN=VALUE]…")
def trace(mart: str, criteria: tuple[str, ...]) -> None:
    """Show the files, sheets and rows behind the figures of a MART of the current release.

    For example: sarai trace rpt_seizures_by_month country_code=KAZ month_date=2012-12 drug_code=HEROIN
    """
    from warehouse.release import current_release
    from warehouse.trace import TraceError, describe_origins, trace as find

    pairs = [criterion.partition("=") for criterion in criteria]
    if unclear := [name for name, sign, _ in pairs if not sign]:
        raise click.UsageError(f"{unclear[0]}: write COLUMN=VALUE.")
    with _ledger() as (settings, connection):
        release = current_release(settings)
        if release is None:
            raise click.ClickException("There is no release yet. Run `sarai publish` first.")
        try:
            origins = find(connection, settings, release, mart, {name: value for name, _, value in pairs})
        except TraceError as error:
            raise click.UsageError(str(error)) from error
    click.echo(describe_origins(origins))


@main.command()
@click.argument("sql")
def query(sql: str) -> None:
    """Answer a question in SQL from the current release, for example: sarai query "from rpt_routes limit 5"."""
    import duckdb

    from warehouse.layout import lay_out
    from warehouse.release import current_release

    with _said():
        release = current_release(_settings())
    if release is None:
        raise click.ClickException("There is no release yet. Run `sarai publish` first.")
    with duckdb.connect(str(release.database), read_only=True) as connection:
        connection.execute("set enable_external_access = false")
        try:
            result = connection.execute(sql)
            rows = result.fetchall()
        except duckdb.Error as error:
            raise click.UsageError(str(error)) from error
        click.echo(lay_out([column[0] for column in result.description or ()], rows))


@main.command()
@click.argument("number", required=False, type=int)
def rollback(number: int | None) -> None:
    """Make an earlier release current again: the one before, or the one with this NUMBER."""
    from warehouse.database import writing
    from warehouse.release import rollback as switch

    settings = _settings()
    with _said(), writing(settings):
        release = switch(settings, number)
    click.echo(f"Release {release.number} is current again.")


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; end with status 1 when a file is out of date.")
def generate(check: bool) -> None:  # noqa: FBT001 - click passes a flag so
    """Bring the generated dbt files up to date with the questionnaire."""
    from warehouse.generated import write_generated

    stale = write_generated(check=check)
    for path in stale:
        click.echo(f"{path} {'is out of date: run `sarai generate`' if check else 'was written'}.")
    if check and stale:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
