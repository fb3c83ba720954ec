"""The command of every day: what is new is taken in, what follows from it is published, and that is served."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from flows.commands.context import read_settings, run_flow
from flows.commands.releases import publish_accepted
from flows.commands.submissions import take_in


@click.command(epilog="Example: sarai run")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
def run(paths: tuple[Path, ...]) -> None:
    """Ingest, publish and serve, in one process.

    Does what `sarai ingest` and `sarai publish` do and, where SARAI_SERVER_URL or SARAI_PUBLIC_SERVER_URL names a
    server, `sarai serve`; starts what they need once. PATHS are those of `sarai ingest`. What was accepted is
    published also when other rows or files have errors. Exit status 1 when there is any error or the gate is closed.
    """
    has_errors = take_in(paths)
    publish_accepted()
    _serve_published()
    raise SystemExit(1 if has_errors else 0)


def _serve_published() -> None:
    """Run the flow serve where a server is named whose readers do not see the current release."""
    from flows.nothing_new import is_served

    def load() -> Callable[..., Any]:
        from flows.serve import serve as flow

        return flow

    if not is_served(read_settings()):
        run_flow(load)
