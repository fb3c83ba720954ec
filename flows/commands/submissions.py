"""Commands on what countries send: check it, rehearse changed rules, take it in, see who has reported."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.context import ledger, read_settings, run_flow
from flows.commands.options import MONTH, language_option, output_option
from flows.terminal import print_json, print_rows, print_text

if TYPE_CHECKING:
    from warehouse.questionnaire.language import Language


@click.command(epilog="Example: sarai check var/inbox/UZB/UZB_2024-02.csv")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@language_option
def check(files: tuple[Path, ...], language: "Language") -> None:
    """Check files before they are sent.

    Needs no server, no warehouse and no network. The rules are those of the gate; compiling them at the first use
    takes half a minute. FILES may be folders, for all files below them. Exit status 1 when there is any error.
    """
    from flows.offline.check import check_files

    settings = read_settings()
    raise SystemExit(1 if check_files(settings, files, language) else 0)


@click.command(epilog="Example: sarai rehearse")
def rehearse() -> None:
    """Try changed rules on all past submissions.

    Shows which submissions would newly fail or pass, and by which rule. The warehouse is only read. Exit status 1
    when a submission or a row that was accepted would be refused.
    """
    from flows.offline.rehearse import print_rehearsal

    settings = read_settings()
    raise SystemExit(1 if print_rehearsal(settings) else 0)


@click.command(epilog="Example: sarai ingest")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def ingest(paths: tuple[Path, ...]) -> None:
    """Receive new files, check them, and write the answers.

    PATHS are files, or folders that hold a folder for each country (KAZ, KGZ …); without any, the inbox. Files stay
    where they are; those received before are passed over. Exit status 1 when there is any error.
    """
    raise SystemExit(1 if take_in(paths) else 0)


def take_in(paths: Sequence[Path]) -> bool:
    """Run the flow ingest where anything is new; returns whether anything has an error."""
    from flows.nothing_new import is_all_taken_in

    def load() -> Callable[..., Any]:
        from flows.ingest import ingest as flow

        return flow

    settings = read_settings()
    sources = [path.resolve() for path in paths]
    if is_all_taken_in(settings, sources or [settings.inbox]):
        return False
    return bool(run_flow(load, [str(path) for path in sources] or None).has_errors)


@click.command(epilog="Example: sarai answer UZB-2024-02")
@click.argument("submission")
def answer(submission: str) -> None:
    """Write the answer to a submission again, with its form filled.

    SUBMISSION is its id, which the answer names, or the beginning of it. The form of a report in which nothing is to be
    corrected is written only so.
    """
    from warehouse.answers.assembly import read_last_answer
    from warehouse.answers.feedback import write_answers
    from warehouse.storage.database import writing

    with writing(read_settings()), ledger() as (settings, connection):
        last = read_last_answer(connection, submission)
        if last is None:
            raise click.ClickException(f"{submission} is the beginning of no id, or of several. Its answer names it.")
        (folder,) = write_answers(connection, [last], settings, always_return=True)
    print_text(str(folder))


@click.command(epilog="Example: sarai status --country UZB --months 3")
@click.option("--country", help="Show only this country (ISO 3166-1 alpha-3).")
@click.option(
    "--months", type=click.IntRange(1, 1200), default=6, show_default=True, help="The number of months to show."
)
@click.option("--until", type=MONTH, help="The last month to show. [default: see above]")
@output_option
@language_option
def status(country: str | None, months: int, until: datetime | None, output: str, language: "Language") -> None:
    """Show who has reported, how late, and what is in force.

    Revisions are the submissions received for a country and month, counted from 1. The last month is the last full one,
    or where nothing was received for any of these months, the last for which something was.
    """
    from warehouse.reporting.reports import read_recent
    from warehouse.reporting.reports_text import describe_reports, report_rows, report_values
    from warehouse.reporting.status import describe_status

    with ledger() as (settings, connection):
        reports = read_recent(connection, settings.codelists, months, until.date() if until else None)
        if country:
            reports = [report for report in reports if report.country_code == country.upper()]
        if output == "json":
            print_json([report_values(report) for report in reports])
        elif output == "csv":
            print_rows(*report_rows(reports), output)
        else:
            print_text(describe_reports(reports, language))
            print_text(f"\n{describe_status(connection, settings, language)}")


@click.command(epilog="Example: sarai remind --date 2024-03-15")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the reminders. [default: today]")
def remind(day: datetime | None) -> None:
    """Write letters to offices whose report is due or missing.

    They are SARAI_HOME/reminders/<date>/<ISO3>.txt and .json; nothing is sent. Who reports what by when is in
    seeds/reference/reporting_obligations.csv.
    """

    def load() -> Callable[..., Any]:
        from flows.remind import remind as flow

        return flow

    run_flow(load, day.date() if day else None)
