"""Whether a command has anything to do: seen before Prefect, dbt or Great Expectations is started."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows import steps
from flows.runs.alerts import note_end
from flows.runs.limits import limited
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import current_release
from warehouse.releases.publication import describe_release
from warehouse.storage.database import open_database, writing
from warehouse.storage.errors import SaraiError
from warehouse.storage.parameters import without_pandas
from warehouse.storage.permissions import private_files
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")


class _ThereIsError(Exception):
    """There is something to do, or to wait for: the flow does it, and alerts where it fails."""


def is_all_taken_in(settings: Settings, sources: Sequence[Path]) -> bool:
    """Return whether every file was received before and every submission decided on and answered.

    Copies of files are entered in the ledger and answered here.
    """
    run = steps.begin_run(settings)
    with (
        _is_left_to_flow() as is_left, _alone(settings), open_database(settings),
        tempfile.TemporaryDirectory(prefix="sarai-") as folder,
    ):  # fmt: skip
        receipt = steps.receive(run, sources, Path(folder))
        if receipt.requests or receipt.problems or steps.pend(run) or not steps.is_typed(run):
            raise _ThereIsError
        steps.answer(run)
        log.info("Nothing waits for a decision.")
    return _is_done(settings, "ingest", is_left)


def is_published(settings: Settings) -> bool:
    """Return whether the current release was made of what the ledger holds now, and that is proven.

    Where something is new the proof is left to the flow, so that it is made once.
    """
    from warehouse.safekeeping.derived_check import refuse_unproven
    from warehouse.safekeeping.proof import keeping_proof

    run = steps.begin_run(settings)
    with (
        _is_left_to_flow() as is_left, _alone(settings), keeping_proof(settings) as proof,
        open_database(settings) as connection,
    ):  # fmt: skip
        create_tables(connection, load_questionnaire())
        same = steps.find_published(run, proof)
        if not same or steps.pend(run):
            raise _ThereIsError
        refuse_unproven(connection, settings, is_proven=proof.holds)
        proof.make()
        log.info("%s", describe_release(same))
    return _is_done(settings, "publish", is_left)


def is_served(settings: Settings) -> bool:
    """Return whether readers see the current release on each server that is named; true without any."""
    from warehouse.serving.outcome import describe_outcome
    from warehouse.serving.serve import editions_to_serve, foresee
    from warehouse.serving.server import require_packages

    release = current_release(settings)
    with _is_left_to_flow() as is_left:
        for edition in editions_to_serve(release, settings) if release else []:
            require_packages()
            outcome = foresee(edition, settings)
            if outcome.is_needed:
                raise _ThereIsError
            for line in describe_outcome(outcome):
                log.info("%s", line)
    return _is_done(settings, "serve", is_left)


def _is_done(settings: Settings, flow: str, is_left: list[Exception]) -> bool:
    """Return whether nothing is left to a flow; that is noted like a run of it that ended well."""
    if not is_left:
        note_end(settings, flow)
    return not is_left


@contextmanager
def _is_left_to_flow() -> Iterator[list[Exception]]:
    """Yield a list that gets what is raised inside: the flow will meet it again, say it and alert.

    What is logged inside is logged at the end, and not if the flow is going to log it again.
    """
    raised: list[Exception] = []
    records: list[logging.LogRecord] = []

    def hold_back(record: logging.LogRecord) -> bool:
        records.append(record)
        return False

    log.addFilter(hold_back)
    try:
        yield raised
    except (_ThereIsError, SaraiError, OSError, duckdb.Error) as error:
        raised.append(error)
    finally:
        log.removeFilter(hold_back)
    for record in () if raised else records:
        log.handle(record)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the writer's lock, if nobody else does; raises WriterBusyError at once, RunTimeoutError later.

    The caller opens the database once, so that no step opens the file anew.
    """
    if not settings.database.is_file():
        raise _ThereIsError
    lock = writing(settings.model_copy(update={"lock_timeout_s": 0}))
    with limited(settings), private_files(), without_pandas(), lock:
        yield
