"""Reading files in child processes with limits of memory and time, so that no file can harm the run.

The processes get an environment without secrets, because they parse untrusted input.
"""

import logging
import multiprocessing
import os
import re
import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as ReadingTimeout
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from pebble import ProcessExpired, ProcessPool

from warehouse.intake.landing import MEMORY_MB, SECONDS, Reading, Request, unread
from warehouse.intake.months import read_submissions
from warehouse.storage.settings import Settings
from warehouse.text_table import printable
from warehouse.words.catalogue import N_

LOGGER = logging.getLogger(__name__)

# Environment variables in which Sarai, Prefect and other programs keep secrets.
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSW|AUTH|CREDENTIAL|WEBHOOK|CONNECTION_URL", re.IGNORECASE)

_TOO_LONG = N_("the file cannot be read: it took more than {seconds} seconds. Send it in parts.")
_TOO_BIG = N_(
    "the file cannot be read: it needs more memory than a report can. Delete unused rows and columns, save it and send "
    "it anew."
)


class Limits(NamedTuple):
    """What reading one file may take: MiB of memory, and seconds."""

    memory_mb: int
    timeout_s: float


@dataclass(frozen=True)
class ReaderFault:
    """A file on which our own reader failed: nothing is landed, and the sender gets no finding."""

    file_name: str
    reason: str


def _limit_memory(memory_mb: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


_hiding = Lock()
_hidden: dict[str, str] = {}
_hiders: list[object] = []


@contextmanager
def _without_secrets() -> Iterator[None]:
    """Keep secrets out of the environment until the last of those who asked for it, in any thread, is done."""
    one = object()
    with _hiding:
        _hiders.append(one)
        _hidden.update({name: os.environ.pop(name) for name in list(os.environ) if _SECRET.search(name)})
    try:
        yield
    finally:
        with _hiding:
            _hiders.remove(one)
            if not _hiders:
                os.environ.update(_hidden)
                _hidden.clear()


@contextmanager
def _readers(count: int, limits: Limits) -> Iterator[ProcessPool]:
    """Open a pool of processes without secrets in their environment; an exception in the caller stops them at once."""
    context = multiprocessing.get_context("spawn")
    memory = [limits.memory_mb]
    with _without_secrets(), ProcessPool(count, context=context, initializer=_limit_memory, initargs=memory) as pool:
        try:
            yield pool
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def read_files(requests: Sequence[Request], settings: Settings) -> Iterator[tuple[Reading, ...] | ReaderFault]:
    """Yield the readings of each request, one for each month of its file.

    A file that exceeds a limit is refused, and no other with it.

    With ``SARAI_DASK`` the workers of that cluster read first, in any order, and here is read what they did not.
    """
    limits, left = Limits(settings.reader_memory_mb, settings.reader_timeout_s), list(requests)
    if settings.dask and left:
        from warehouse.intake.reader_cluster import read_by_workers

        for request, readings in read_by_workers(left, settings.dask, limits):
            left = [one for one in left if one is not request]
            yield readings
    yield from read_here(left, limits, settings.threads)


def read_here(requests: Sequence[Request], limits: Limits, count: int) -> Iterator[tuple[Reading, ...] | ReaderFault]:
    """Yield the readings of each request, in order, read by ``count`` processes of this machine.

    A file that exceeds a limit is refused. Any other exception in a reader is a fault of our own: it is logged and
    yielded as ReaderFault, and the file can be read again later.
    """
    if not requests:
        return
    with _readers(min(count, len(requests)), limits) as pool:
        futures = [pool.schedule(read_submissions, args=[r], timeout=limits.timeout_s) for r in requests]
        for request, future in zip(requests, futures, strict=True):
            try:
                yield future.result()
            except ReadingTimeout:
                yield (unread(request, _TOO_LONG, {SECONDS: limits.timeout_s}),)
            except (ProcessExpired, MemoryError):
                yield (unread(request, _TOO_BIG, {MEMORY_MB: limits.memory_mb}),)
            except Exception as error:
                LOGGER.exception("the reader failed on %s", printable(request.file_name))
                yield ReaderFault(request.file_name, f"{type(error).__name__}: {error}")
