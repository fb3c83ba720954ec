"""Commands that keep a warehouse safe: reconcile, back up, restore."""

from pathlib import Path

import click

from flows.commands.context import ledger, read_settings
from flows.terminal import print_text


@click.command(epilog="Example: sarai reconcile")
def reconcile() -> None:
    """Account for every received byte and row, up to the releases.

    Exit status 1 when something is missing, was changed, or does not add up.
    """
    from warehouse.safekeeping.reconciliation import describe_totals, reconcile as compare

    with ledger() as (settings, connection):
        totals = describe_totals(connection, settings)
    discrepancies = compare(settings)
    print_text(totals)
    for discrepancy in discrepancies:
        print_text(discrepancy, err=True)
    if discrepancies:
        raise SystemExit(1)
    print_text("Every received row is accounted for.")


@click.command(epilog="Example: sarai repair")
def repair() -> None:
    """Derive anew what somebody changed in the working database.

    Types all rows again from what was received, loads the codelists, and forgets forecasts that were changed. What was
    changed is entered in the ledger, and so are releases that were deleted; `sarai reconcile` shows it. Tables of
    schema marts that no model makes are removed. The ledger itself can only be restored.
    """
    from warehouse.safekeeping.repair import repair as derive_anew

    repaired = derive_anew(read_settings())
    for problem in repaired:
        print_text(problem)
    if repaired:
        print_text(f"{len(repaired)} problems were repaired and entered in the ledger. Run `sarai publish`.")
    else:
        print_text("Nothing was changed, nothing was repaired.")


@click.command(epilog="Example: sarai backup sarai-backup")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Copy the warehouse into a folder.

    TARGET keeps the last backup; only new files are written. Waits until no run writes. A warehouse that does not
    reconcile is not copied, and the backup before stays.
    """
    from warehouse.safekeeping.backup import back_up

    settings = read_settings()
    made = back_up(settings, target)
    print_text(f"{target} holds {settings.root} of {made.created_at:%Y-%m-%d %H:%M} UTC: {len(made.files)} files.")


@click.command(epilog="Example: SARAI_HOME=restored sarai restore sarai-backup")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Restore a backup into an empty SARAI_HOME.

    SOURCE is the folder that `sarai backup` wrote.
    """
    from warehouse.safekeeping.backup import restore as put_back

    settings = read_settings()
    found = put_back(settings, source)
    print_text(f"{settings.root} is as it was at {found.created_at:%Y-%m-%d %H:%M} UTC. Run `sarai reconcile` now.")
