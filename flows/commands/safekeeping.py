"""Commands that keep a warehouse safe: accounting for all of it, copying it, and putting a copy back."""

from pathlib import Path

import click

from flows.commands.context import ledger, read_settings


@click.command()
def reconcile() -> None:
    """Account for every received byte and row, up to the releases. Exit status 1 when something does not add up."""
    from warehouse.safekeeping.reconciliation import describe_totals, reconcile as compare

    with ledger() as (settings, connection):
        totals = describe_totals(connection, settings)
    discrepancies = compare(settings)
    click.echo(totals)
    for discrepancy in discrepancies:
        click.echo(discrepancy, err=True)
    if discrepancies:
        raise SystemExit(1)
    click.echo("Every received row is accounted for.")


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Copy the warehouse into the folder TARGET, which keeps the last backup; only what is new is written.

    Waits until nobody writes. A warehouse that does not reconcile is not copied: the backup before stays.
    """
    from warehouse.safekeeping.backup import back_up

    settings = read_settings()
    made = back_up(settings, target)
    click.echo(f"{target} holds {settings.root} of {made.created_at:%Y-%m-%d %H:%M} UTC: {len(made.files)} files.")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Put the backup in the folder SOURCE into SARAI_HOME, which has to be empty."""
    from warehouse.safekeeping.backup import restore as put_back

    settings = read_settings()
    found = put_back(settings, source)
    click.echo(f"{settings.root} is as it was at {found.created_at:%Y-%m-%d %H:%M} UTC. Run `sarai reconcile` now.")
