"""Writing many answers in child processes, because one is made in Python, which uses one processor at a time.

The processes open the working database to read it: their caller has closed it, and the writer's lock, which the caller
holds, keeps every other run from writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.answers.assembly import read_answers
from warehouse.answers.feedback import write_answers
from warehouse.progress import progress
from warehouse.storage.database import open_database
from warehouse.storage.parameters import without_pandas
from warehouse.storage.settings import Settings
from warehouse.text_table import printable

# Starting a process takes as long as writing 15,000 rows. An answer without rows takes as long as one of 2,000.
LONG_RUN, ROWS_OF_AN_ANSWER = 100_000, 2_000
AT_ONCE = 20  # answers that a process reads at once, which is cheaper than each alone


@dataclass(frozen=True)
class Unanswered:
    """The decisions of one time (UTC) whose answers are not all written, because a run was killed between the two.

    ``file_names`` has those of the submissions by their ids; ``row_count`` is the number of rows in all of them.
    """

    decided_at: datetime
    file_names: Mapping[str, str]
    row_count: int


def is_long(batches: Sequence[Unanswered], settings: Settings) -> bool:
    """Return whether so much is to be written that processes pay."""
    rows = sum(batch.row_count + ROWS_OF_AN_ANSWER * len(batch.file_names) for batch in batches)
    return settings.threads > 1 and rows > LONG_RUN


def write_in_processes(batch: Unanswered, settings: Settings) -> list[Path]:
    """Write the answers to the decisions of one time in ``threads`` processes; returns their folders.

    The caller must not have the working database open. An exception ends all of them and notes its answer.
    """
    import multiprocessing

    from pebble import ProcessExpired, ProcessPool

    names = list(batch.file_names)
    parts = [names[first : first + AT_ONCE] for first in range(0, len(names), AT_ONCE)]
    folders: list[Path] = []
    count = min(settings.threads, len(parts))
    pools = ProcessPool(count, context=multiprocessing.get_context("spawn"))
    with pools as pool, progress("Writing answers", len(names)) as step:
        try:
            futures = [pool.schedule(_write_part, args=[settings, batch.decided_at, part]) for part in parts]
            for part, future in zip(parts, futures, strict=True):  # noqa: B007 - a killed process names its part
                folders += future.result()
                step.advance(len(folders))
        except BaseException as error:
            if isinstance(error, ProcessExpired):
                files = ", ".join(printable(batch.file_names[name]) for name in part)
                error.add_note(f"It was writing the answer to one of {files}.")
            pool.stop()  # type: ignore[no-untyped-call]
            raise
    return folders


def _write_part(settings: Settings, decided_at: datetime, submission_ids: Sequence[str]) -> list[Path]:
    alone = settings.model_copy(update={"threads": 1})
    with without_pandas(), open_database(alone, read_only=True) as connection:
        return write_answers(connection, read_answers(connection, decided_at, submission_ids), alone)
