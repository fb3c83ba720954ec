"""Commands about releases: making one, going back to one, asking it, and what lies behind its figures."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.context import ledger, read_settings, require_release, run_flow

if TYPE_CHECKING:
    from warehouse.questionnaire.language import Language


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rebuild what was known at the end of this day (UTC).")
def publish(as_of: datetime | None) -> None:
    """Build the marts, check them and write a release. A closed gate leaves the last release as it is."""

    def load() -> Callable[..., Any]:
        from flows.publish import publish as flow

        return flow

    run_flow(load, as_of.date() if as_of else None)


@click.command()
@click.argument("number", required=False, type=int)
def rollback(number: int | None) -> None:
    """Make an earlier release current again: the one before, or the one with this NUMBER."""
    from warehouse.releases.publication import rollback as switch
    from warehouse.storage.database import writing

    settings = read_settings()
    with writing(settings):
        release = switch(settings, number)
    click.echo(f"Release {release.number} is current again.")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The publisher's public key.")
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True)
def verify(folder: Path, key: Path | None, language: "Language") -> None:
    """Check a copy of a release, or of its public edition: every file, and with a KEY who published it.

    Needs the FOLDER alone: no warehouse, no network. Exit status 1 when anything is not as it was published.
    """
    from warehouse.releases.verification import verify_folder
    from warehouse.words.catalogue import fill

    messages, is_sound = verify_folder(folder, key)
    for message, arguments in messages:
        click.echo(fill(message, arguments, language), err=not is_sound)
    if not is_sound:
        raise SystemExit(1)


@click.command()
@click.argument("sql")
@click.option("--public", "is_public", is_flag=True, help="Ask the public edition, which everybody may know.")
def query(sql: str, *, is_public: bool) -> None:
    """Answer a question in SQL from the current release."""
    _require_statement(sql)
    release = require_release(read_settings())
    database = release.public_database if is_public else release.database
    if not database.exists():
        raise click.ClickException(f"Release {release.number} has no public edition. Run `sarai publish`.")
    click.echo(_answer(database, sql))


def _require_statement(sql: str) -> None:
    """Raise UsageError for a question without a statement in it, or with one that cannot be parsed."""
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise click.UsageError(str(error)) from error
    if not statements:
        raise click.UsageError('The question is empty. For example: sarai query "from rpt_routes limit 5"')


def _answer(database: Path, sql: str) -> str:
    """Return the rows of the answer as text; raises UsageError for a question that DuckDB does not understand."""
    import duckdb

    from warehouse.text_table import lay_out

    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        try:
            result = connection.execute(sql)
            rows = result.fetchall()
        except (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException):
            raise  # the file or the memory is at fault, not the question
        except duckdb.Error as error:
            raise click.UsageError(str(error)) from error
        return lay_out([column[0] for column in result.description or ()], rows)


@click.command()
@click.argument("mart")
@click.argument("criteria", nargs=-1, metavar="[COLUMN=VALUE]…")
def trace(mart: str, criteria: tuple[str, ...]) -> None:
    """Show the files, sheets and rows behind the figures of a MART of the current release.

    For example: sarai trace rpt_seizures_by_month country_code=KAZ month_date=2012-12 drug_code=HEROIN
    """
    from warehouse.lineage.trace import TraceError, describe_origins, trace as find

    pairs = [criterion.partition("=") for criterion in criteria]
    if unclear := [name for name, sign, _ in pairs if not sign]:
        raise click.UsageError(f"{unclear[0]}: write COLUMN=VALUE.")
    with ledger() as (settings, connection):
        release = require_release(settings)
        try:
            origins = find(connection, settings, release, mart, {name: value for name, _, value in pairs})
        except TraceError as error:
            raise click.UsageError(str(error)) from error
    click.echo(describe_origins(origins))


@click.command()
@click.argument("before")
@click.argument("after", default="current")
@click.option("--mart", help="Show the figures of this mart instead of rpt_seizures_by_month.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(before: str, after: str, mart: str | None, output: str) -> None:
    """Show which figures differ between two releases, and because of which submissions.

    BEFORE and AFTER are numbers of releases, or current. Figures are compared to the last digit; the parts that
    the causes add to a sum make up its whole change. The json holds the rows of all marts.
    """
    import orjson

    from warehouse.lineage.comparison import compare_releases
    from warehouse.lineage.comparison_text import MAIN_MART, describe_difference, difference_values
    from warehouse.lineage.release_pair import find_release

    settings = read_settings()
    difference = compare_releases(find_release(settings, before), find_release(settings, after))
    if mart and mart not in difference.compared:
        raise click.UsageError(f"{mart} cannot be compared. These can: {', '.join(difference.compared)}.")
    if output == "json":
        click.echo(orjson.dumps(difference_values(difference), option=orjson.OPT_INDENT_2))
    else:
        click.echo(describe_difference(difference, mart or MAIN_MART))
