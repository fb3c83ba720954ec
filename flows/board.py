"""The flow that writes the board of the centre: what waits for its coordinator, as of now."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.runs.alerts import FLOW_OPTIONS
from flows.runs.limits import limited
from flows.runs.summaries import Summary, show
from warehouse.releases.catalogue import Release, current_release
from warehouse.storage.database import writing
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")


@task(cache_policy=NO_CACHE)
def write(release: Release, settings: Settings) -> list[Path]:
    """Write both pages of the board; returns them."""
    from warehouse.bulletin.board.page import write_board
    from warehouse.kits.source import CENTRE, opened
    from warehouse.ledger.raw import create_tables
    from warehouse.questionnaire.definition import load_questionnaire
    from warehouse.storage.database import open_database

    with opened(release, CENTRE, settings) as source, open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        return write_board(connection, source, datetime.now(UTC))


@flow(name="board", **FLOW_OPTIONS)
def board() -> list[Path]:
    """Write the board from the current release, the ledger and what the house keeps of its runs; returns its pages.

    Without a release it says so and is done. Raises ObligationError, and WriterBusyError when another run holds the
    warehouse too long.
    """
    settings = Settings()
    release = current_release(settings)
    if release is None:
        log.info("No board to write: nothing was published yet.")
        show(Summary(["nothing published"]))
        return []
    with limited(settings), writing(settings):
        paths = write(release, settings)
    for path in paths:
        log.info("%s", path)
    show(Summary([f"release {release.number}"]))
    return paths
