"""Commands that make pages: the bulletin of a release, and the board of the centre."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from flows.commands.context import read_settings, run_flow
from flows.commands.options import MONTH, YEAR, audience_of, public_option, reader_option
from flows.terminal import print_text


@click.command(epilog="Example: sarai bulletin --public")
@click.argument("number", default="current", metavar="[RELEASE]")
@public_option
@reader_option
@click.option(
    "--month",
    "months",
    metavar="YYYY-MM",
    multiple=True,
    type=MONTH,
    help="A page of this month too, which may be named several times.",
)
@click.option(
    "--year",
    "years",
    metavar="YYYY",
    multiple=True,
    type=YEAR,
    help="The report on this year too, which may be named several times.",
)
@click.option("--pdf", "is_printed", is_flag=True, help="Print its newest pages as PDF too, with Chromium.")
def bulletin(
    number: str, reader: str | None, months: tuple[datetime, ...], years: tuple[int, ...], **flags: bool
) -> None:
    """Make the bulletin of a release: pages in English and Russian that open from their folder.

    They lie in SARAI_HOME/bulletin, by their reader and the number of the release. Without an option they hold what all
    member states share. The last twelve months have pages, those that were corrected or that an earlier bulletin shows,
    and those of --month; the last whole year has a report, and those of --year. That of a state holds its own profile
    alone. RELEASE is a number, or current. PDF files of --pdf lie beside it, in a folder pdf.
    """
    from warehouse.bulletin.bulletin import make_bulletin
    from warehouse.bulletin.periods import Periods
    from warehouse.bulletin.printing import print_pages
    from warehouse.kits.source import opened
    from warehouse.lineage.release_pair import find_release
    from warehouse.releases.signing import read_signing_key
    from warehouse.storage.permissions import private_files

    audience = audience_of(reader, "bulletin", is_public=flags["is_public"])
    settings = read_settings()
    with private_files(), opened(find_release(settings, number), audience, settings) as source:
        asked = Periods(months=tuple(month.date() for month in months), years=years)
        made = make_bulletin(source, settings.bulletin, read_signing_key(settings), asked)
    print_text(f"{made.path}: {made.files_count} files{'' if made.is_new else ', as they were'}")
    if flags["is_printed"]:
        with private_files():
            for path in print_pages(made.path):
                print_text(str(path))


@click.command(epilog="Example: sarai board")
def board() -> None:
    """Write the board of the centre: what waits for its coordinator, and the next step for each.

    It is SARAI_HOME/bulletin/centre/board_ru.html and board_en.html, and is replaced each time: who is late, what was
    rejected and why, open questions, questioned quantities, matches of two states, unusual months, runs that failed,
    and the age of the backup.
    """

    def load() -> Callable[..., Any]:
        from flows.board import board as flow

        return flow

    run_flow(load)
