"""The `sarai` command. Exit status: 0 done, 1 findings, closed gate or error, 2 wrong use, 128 + n at signal n."""

import click

from flows.commands.bulletin import board, bulletin
from flows.commands.forms import template, xlsform
from flows.commands.kits import kit
from flows.commands.program import Program
from flows.commands.releases import annex, diff, publish, query, rollback, trace, verify
from flows.commands.run import run
from flows.commands.safekeeping import backup, reconcile, repair, restore
from flows.commands.serving import roles, serve
from flows.commands.submissions import answer, check as check_submissions, ingest, rehearse, remind, status
from flows.terminal import print_text


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Each command has an example in its own help: sarai check --help",
)
@click.version_option(package_name="sarai")
def main() -> None:
    """Turn the submissions of countries into releases of the region.

    State is kept in the folder SARAI_HOME (default: ./var). Countries put their files into SARAI_HOME/inbox/<ISO3>.
    """


for _command in (
    template,
    xlsform,
    check_submissions,
    rehearse,
    ingest,
    answer,
    status,
    remind,
    reconcile,
    backup,
    repair,
    restore,
    publish,
    run,
    rollback,
    verify,
    diff,
    query,
    annex,
    board,
    bulletin,
    kit,
    trace,
    serve,
    roles,
):
    main.add_command(_command)


@main.command(epilog="Example: sarai generate --check")
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 when a file is out of date.")
def generate(*, check: bool) -> None:
    """Write the two dbt files that follow from the questionnaire, and the page of docs on settings.

    Says too which lists have no entry of a member state; it reports without, as README.md says.
    """
    from flows.commands.context import read_settings
    from flows.commands.settings_page import write_settings_page
    from warehouse.reporting.member_gaps import missing_entries
    from warehouse.transform.dbt_files import write_generated

    for country, names in missing_entries(read_settings().codelists).items():
        print_text(f"{country} has no entry in {', '.join(names)}.")
    stale = [*write_generated(check=check), *write_settings_page(check=check)]
    for path in stale:
        print_text(f"{path} {'is out of date: run `sarai generate`' if check else 'was written'}.")
    if check and stale:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
