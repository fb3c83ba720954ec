"""Commands on releases: publish one, roll back to one, query one, and explain its figures."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.context import ledger, read_settings, require_release, run_flow
from flows.commands.options import YEAR, language_option, output_option
from flows.terminal import print_json, print_rows, print_text

if TYPE_CHECKING:
    from warehouse.questionnaire.language import Language


@click.command(epilog="Example: sarai publish")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rebuild what was known at the end of this day (UTC).")
@click.option("--full", is_flag=True, help="Prove and build everything anew, whatever earlier runs have left.")
def publish(as_of: datetime | None, *, full: bool) -> None:
    """Build the marts, check them and write a release.

    Built is what has changed since the last publication, and proven what others could have changed since.

    Exit status 1 when the gate is closed; the last release then stays current.
    """
    publish_accepted(as_of.date() if as_of else None, full=full)


def publish_accepted(day: date | None = None, *, full: bool = False) -> None:
    """Run the flow publish where anything is new, as of a day, or in full."""
    from flows.nothing_new import is_published

    def load() -> Callable[..., Any]:
        from flows.publish import publish as flow

        return flow

    if day is None and not full and is_published(read_settings()):
        return
    run_flow(load, day, full=full)


@click.command(epilog="Example: sarai rollback 1")
@click.argument("number", required=False, type=int)
def rollback(number: int | None) -> None:
    """Make an earlier release the current one.

    It is the release with this NUMBER, or without one the release before the current one.
    """
    from warehouse.releases.rollback import rollback as switch
    from warehouse.storage.database import writing

    settings = read_settings()
    with writing(settings):
        release = switch(settings, number)
    print_text(f"Release {release.number} is current again.")


@click.command(epilog="Example: sarai verify var/releases/current --certificate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("others", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="[OTHER]…")
@click.option("--certificate", is_flag=True, help="Check the certificate of the public edition too.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The publisher's public key.")
@language_option
def verify(
    folder: Path, others: tuple[Path, ...], key: Path | None, language: "Language", *, certificate: bool
) -> None:
    """Check that a copy of a release is as it was published.

    Checks every file in FOLDER, which holds a release or its public edition, and with a key also who published it.
    With --certificate it computes anew what FOLDER and the OTHER public editions leave each suppressed count of
    persons: check the last edition, and name all earlier ones and those of others with the same data. Needs no
    warehouse and no network.
    Exit status 1 when anything differs from what was published or promised.
    """
    from warehouse.releases.verification import verify_folder
    from warehouse.words.catalogue import fill

    if others and not certificate:
        raise click.UsageError("Other editions are read with --certificate. Check each copy by its own command.")
    checks = [partial(verify_folder, path, key) for path in (folder, *others)]
    if certificate:
        from warehouse.disclosure.certificate_check import check_certificate

        checks.append(partial(check_certificate, folder, others))
    for check in checks:
        messages, is_sound = check()
        for message, arguments in messages:
            print_text(fill(message, arguments, language), err=not is_sound)
        if not is_sound:
            raise SystemExit(1)


@click.command(epilog='Example: sarai query "from rpt_coverage_by_month limit 5"')
@click.argument("sql")
@click.option("--public", "is_public", is_flag=True, help="Query the public edition instead.")
@output_option
def query(sql: str, output: str, *, is_public: bool) -> None:
    """Query the current release in SQL."""
    _require_statement(sql)
    release = require_release(read_settings())
    database = release.public_database if is_public else release.database
    if not database.exists():
        raise click.ClickException(f"Release {release.number} has no public edition. Run `sarai publish`.")
    print_rows(*_answer(database, sql), output)


def _require_statement(sql: str) -> None:
    """Raise UsageError for a question without a statement in it, or with one that cannot be parsed."""
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise click.UsageError(str(error)) from error
    if not statements:
        raise click.UsageError('The question is empty. For example: sarai query "from rpt_routes limit 5"')


def _answer(database: Path, sql: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the headings and rows of the answer; raises UsageError for a question that DuckDB does not understand."""
    import duckdb

    from warehouse.storage.reading import open_release, shut_in

    with open_release(database) as connection:
        shut_in(connection)
        try:
            result = connection.execute(sql)
            rows = result.fetchall()
        except (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException):
            raise  # the file or the memory is at fault, not the question
        except duckdb.Error as error:
            raise click.UsageError(str(error)) from error
        return [column[0] for column in result.description or ()], rows


@click.command(epilog="Example: sarai trace rpt_seizures_by_month country_code=UZB drug_code=OPIUM")
@click.argument("mart")
@click.argument("criteria", nargs=-1, metavar="[COLUMN=VALUE]…")
@output_option
def trace(mart: str, criteria: tuple[str, ...], output: str) -> None:
    """Show the files, sheets and rows behind a figure.

    The figures are those rows of a MART of the current release that have these values.
    """
    from warehouse.lineage.trace import ORIGIN_HEADINGS, TraceError, describe_origins, origin_rows, trace as find

    pairs = [criterion.partition("=") for criterion in criteria]
    if unclear := [name for name, sign, _ in pairs if not sign]:
        raise click.UsageError(f"{unclear[0]}: write COLUMN=VALUE.")
    with ledger() as (settings, connection):
        release = require_release(settings)
        try:
            origins = find(connection, settings, release, mart, {name: value for name, _, value in pairs})
        except TraceError as error:
            raise click.UsageError(str(error)) from error
    if output == "text":
        print_text(describe_origins(origins))
    else:
        print_rows(ORIGIN_HEADINGS, origin_rows(origins), output)


@click.command(epilog="Example: sarai annex --year 2024")
@click.argument("number", default="current", metavar="[RELEASE]")
@click.option("--year", type=YEAR, help="The year of the figures. [default: all years]")
@click.option("--members", "for_members", is_flag=True, help="Add what only members see. Not for publication.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. [default: annex_RELEASE.xlsx, with the year if one is asked for]",
)
def annex(number: str, year: int | None, output: Path | None, *, for_members: bool) -> None:
    """Write the statistical annex of a release as a workbook.

    Its sheets have the layout of the annexes 7.1 and 8.1 of the World Drug Report, and what the modules A06, A09 and
    A10 of UNODC's annual questionnaire ask, as far as it is public. RELEASE is a number, or current.
    """
    from warehouse.annex.workbook import write_annex
    from warehouse.lineage.release_pair import find_release

    release = find_release(read_settings(), number)
    path = output or Path(f"annex_{release.number}{f'_{year}' if year else ''}.xlsx")
    write_annex(path, release, year, for_members=for_members)
    print_text(path)


@click.command(epilog="Example: sarai diff 1 current")
@click.argument("before")
@click.argument("after", default="current")
@click.option("--mart", help="The mart to compare. [default: rpt_seizures_by_month]")
@output_option
def diff(before: str, after: str, mart: str | None, output: str) -> None:
    """Show which figures differ between two releases, and why.

    BEFORE and AFTER are numbers of releases, or current. Figures are compared to the last digit. The causes are
    submissions, rows and rules; their parts add up to the whole change of a sum. JSON covers all marts, CSV one
    figure a row of the one.
    """
    from warehouse.lineage.comparison import compare_releases
    from warehouse.lineage.comparison_text import (
        MAIN_MART,
        changed_figures,
        describe_difference,
        difference_values,
    )
    from warehouse.lineage.release_pair import find_release

    settings = read_settings()
    difference = compare_releases(find_release(settings, before), find_release(settings, after), settings.dbt_project)
    if mart and mart not in difference.compared:
        raise click.UsageError(f"{mart} cannot be compared. These can: {', '.join(difference.compared)}.")
    if output == "json":
        print_json(difference_values(difference))
    elif output == "csv":
        print_rows(*changed_figures(difference, mart or MAIN_MART), output)
    else:
        print_text(describe_difference(difference, mart or MAIN_MART))
