"""The command of every day: what is new is taken in, and what follows from it is published."""

from pathlib import Path

import click

from flows.commands.releases import publish_accepted
from flows.commands.submissions import take_in


@click.command(epilog="Example: sarai run")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def run(paths: tuple[Path, ...]) -> None:
    """Ingest, then publish, in one process.

    Does what `sarai ingest` and `sarai publish` do, and starts what both need once. PATHS are those of `sarai ingest`.
    What was accepted is published also when other rows or files have errors. Exit status 1 when there is any error or
    the gate is closed.
    """
    has_errors = take_in(paths)
    publish_accepted()
    raise SystemExit(1 if has_errors else 0)
