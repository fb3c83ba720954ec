"""Commands about what countries send: checking it, taking it in, who has reported."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.context import ledger, read_settings, run_flow

if TYPE_CHECKING:
    from warehouse.questionnaire.language import Language


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True)
def check(files: tuple[Path, ...], language: "Language") -> None:
    """Check FILES before they are sent: no server, no warehouse, no network.

    The same rules as at the gate, compiled at their first use, which takes half a minute. A folder stands for all
    files below it.
    """
    from flows.offline.check import check_files

    settings = read_settings()
    raise SystemExit(1 if check_files(settings, files, language) else 0)


@click.command()
def rehearse() -> None:
    """Try the rules as they stand now on all past submissions, before they go live.

    Says who would newly fail or pass, and by which rule. The warehouse is only read. Exit status 1 when a submission,
    or a row, that was accepted would not be.
    """
    from flows.offline.rehearse import say_rehearsal

    settings = read_settings()
    raise SystemExit(1 if say_rehearsal(settings) else 0)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def ingest(paths: tuple[Path, ...]) -> None:
    """Take in new files: receive, land, stage, check, decide, answer.

    PATHS are files, or folders that hold a folder per country (KAZ, KGZ …); without any, the inbox. Files stay where
    they are; what was received before is passed over. Exit status 1 when there is any error finding.
    """

    def load() -> Callable[..., Any]:
        from flows.ingest import ingest as flow

        return flow

    result = run_flow(load, [str(path.resolve()) for path in paths] or None)
    raise SystemExit(1 if result.has_errors else 0)


@click.command()
@click.option("--country", help="Only this country (ISO 3166-1 alpha-3).")
@click.option("--months", type=click.IntRange(1), default=6, show_default=True, help="How many months to show.")
@click.option("--until", type=click.DateTime(["%Y-%m"]), help="The last month to show; else the last that has ended.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True)
def status(country: str | None, months: int, until: datetime | None, output: str, language: "Language") -> None:
    """Show who has reported what: when, how late, which revision is in force, and the current release.

    Numbers of revisions count what was received for a country and month, from 1.
    """
    import orjson

    from warehouse.reporting.reports import read_recent
    from warehouse.reporting.reports_text import describe_reports, report_values
    from warehouse.reporting.status import describe_status

    with ledger() as (settings, connection):
        reports = read_recent(connection, settings.codelists, months, until.date() if until else None)
        if country:
            reports = [report for report in reports if report.country_code == country.upper()]
        if output == "json":
            click.echo(orjson.dumps([report_values(report) for report in reports], option=orjson.OPT_INDENT_2))
        else:
            click.echo(describe_reports(reports, language))
            click.echo(f"\n{describe_status(connection, settings, language)}")


@click.command()
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Write the reminders of this day; else of today."
)
def remind(day: datetime | None) -> None:
    """Write reminders of answers that are due or missing, to SARAI_HOME/reminders/<date>/<ISO3>.txt and .json.

    Nothing is sent. Who answers what by when is data: seeds/reference/reporting_obligations.csv.
    """

    def load() -> Callable[..., Any]:
        from flows.remind import remind as flow

        return flow

    run_flow(load, day.date() if day else None)
