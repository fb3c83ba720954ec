"""Commands that keep a warehouse safe: reconcile, back up, restore."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.commands.context import ledger, read_settings
from flows.terminal import print_text

if TYPE_CHECKING:
    from warehouse.safekeeping.backup_folder import Backup
    from warehouse.safekeeping.restoration import Answer, Statement
    from warehouse.storage.settings import Settings


# By the parameter of the option that makes it.
_STATEMENTS: dict[str, "Statement"] = {
    "public_editions": "editions taken in",
    "none_shown": "none shown",
    "members_only": "members only",
}


@click.command(epilog="Example: sarai reconcile")
@click.option("--retype", is_flag=True, help="Also type all rows anew in a copy, and compare the result.")
def reconcile(*, retype: bool) -> None:
    """Account for every received byte and row, up to the releases.

    Exit status 1 when something is missing, was changed, or does not add up.
    """
    from warehouse.safekeeping.reconciliation import describe_totals, reconcile as compare
    from warehouse.storage.parameters import without_pandas

    with ledger() as (settings, connection):
        totals = describe_totals(connection, settings)
    with without_pandas():
        discrepancies = compare(settings)
    discrepancies += _retyped(settings) if retype else []
    print_text(totals)
    for discrepancy in discrepancies:
        print_text(discrepancy, err=True)
    if discrepancies:
        raise SystemExit(1)
    print_text("Every received row is accounted for.")


def _retyped(settings: "Settings") -> list[str]:
    from flows.offline.retype import compare_retyped

    return compare_retyped(settings)


@click.command(epilog="Example: sarai repair")
@click.option("--retype", is_flag=True, help="Also repair what `sarai reconcile --retype` finds.")
def repair(*, retype: bool) -> None:
    """Derive anew what somebody changed in the working database.

    Types all rows again from what was received, loads the codelists, and forgets forecasts that were changed. What was
    changed is entered in the ledger, and so are releases that were deleted; `sarai reconcile` shows it. Tables of
    schema marts that no model makes are removed. The ledger itself can only be restored.
    """
    from warehouse.safekeeping.repair import repair as derive_anew

    settings = read_settings()
    repaired = derive_anew(settings, _retyped(settings) if retype else ())
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
    from warehouse.storage.parameters import without_pandas

    settings = read_settings()
    with without_pandas():
        made = back_up(settings, target)
    print_text(f"{target} holds {settings.root} of {made.created_at:%Y-%m-%d %H:%M} UTC: {len(made.files)} files.")


@click.command(epilog="Example: SARAI_HOME=restored sarai restore sarai-backup --none-shown")
@click.argument("source", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--public-editions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take in the public editions in this folder, which were shown since the backup.",
)
@click.option("--none-shown", is_flag=True, help="State that none was shown since the backup.")
@click.option("--members-only", is_flag=True, help="Publish none until those shown were taken in.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The publisher's public key.")
@click.option("--last-release", type=click.IntRange(1, 999_999), help="The highest number of a release anybody has.")
def restore(
    source: Path | None,
    public_editions: Path | None,
    key: Path | None,
    last_release: int | None,
    **stated: bool,
) -> None:
    """Restore a backup into an empty SARAI_HOME.

    SOURCE is the folder that `sarai backup` wrote. What was published after it is not in it, so `sarai publish` waits
    until one of the options says which public editions were shown since, now or later: without SOURCE it is said of the
    warehouse in SARAI_HOME.
    """
    from warehouse.safekeeping.backup import restore as put_back
    from warehouse.safekeeping.restoration import state

    said = [_STATEMENTS[name] for name, is_given in {"public_editions": public_editions, **stated}.items() if is_given]
    if len(said) > 1:
        raise click.UsageError("Name only one of --public-editions, --none-shown and --members-only.")
    if not (source or said):
        raise click.UsageError("Name the folder of a backup, or say what was shown since.")
    settings = read_settings()
    if source:
        _describe_restored(settings, put_back(settings, source), is_answered=bool(said))
    for statement in said:
        _describe_answer(state(settings, statement, folder=public_editions, key=key, last_release=last_release or 0))


def _describe_restored(settings: "Settings", backup: "Backup", *, is_answered: bool) -> None:
    from warehouse.releases.catalogue import list_releases

    last = max((release.number for release in list_releases(settings)), default=0)
    print_text(f"{settings.root} is as it was at {backup.created_at:%Y-%m-%d %H:%M} UTC. Run `sarai reconcile` now.")
    print_text(
        f"What was published after that is not in it: releases after {last or 'none'} and their public editions are "
        "unknown here."
    )
    if not is_answered:
        print_text(
            "Until it is said what was shown, `sarai publish` publishes nothing: run `sarai restore` with "
            "--public-editions FOLDER, --none-shown or --members-only."
        )


def _describe_answer(answer: "Answer") -> None:
    if answer.taken:
        print_text(f"Public editions {', '.join(answer.taken)} were taken in: every new edition is attacked with them.")
    if answer.known:
        print_text(f"Public editions {', '.join(answer.known)} were known here.")
    if answer.doubled:
        print_text(
            f"Releases {', '.join(answer.doubled)} here have the numbers of other ones that were shown. Inform the "
            "readers."
        )
    print_text(
        f"The next release has the number {answer.next_number}. If anybody has one with this number or a higher one, "
        "run the command again with --last-release."
    )
