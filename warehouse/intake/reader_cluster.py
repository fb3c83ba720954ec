"""Reading files by the workers of a Dask cluster, over storage that all of them see.

Only reading is spread: this process lands what comes back, as the one writer. Whatever goes wrong there is logged, with
the next step, and the files that it concerns are left to be read here. Distributed is imported only if a cluster is
named; how it encrypts and how long it waits for an answer is its own configuration.
"""

import logging
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import call
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from warehouse.intake.cluster_worker import read_batch, reading_version
from warehouse.intake.landing import MEMORY_MB, SECONDS, Reading, Request
from warehouse.intake.reader_processes import Limits, ReaderFault
from warehouse.text_table import printable

if TYPE_CHECKING:
    from distributed import Client, Future

log = logging.getLogger("sarai")

# A batch starts a process, which takes as long as reading 200,000 rows; what a lost worker has read of it is lost.
MOST_FILES = 128
_POLL_S, _LOOK_S = 0.02, 0.5
_NAMED_AT_MOST = 5
_SIGN, _REFUSE = "seen-by-workers", "warehouse.intake.cluster_worker:refuse"
_DIED = "workers died over them: give each the memory of SARAI_READER_MEMORY_MB for every thread; their logs say more"
_LOST = "the connection to the scheduler was lost; its log says more"
_LIMIT = "a worker needed more time or memory than is allowed, of which it may have less than there is here"
_NO_FILE = "what a worker wrote is not here: the storage of SARAI_HOME must be the same there"


def read_by_workers(
    requests: Sequence[Request], address: str, limits: Limits
) -> Iterator[tuple[Request, tuple[Reading, ...]]]:
    """Yield what workers of the cluster have read, each with its request; all others are to be read here.

    Among these are files that a worker refused for lack of time or memory.
    """
    sign, mark = requests[0].folder / _SIGN, secrets.token_hex()
    sign.write_text(mark, encoding="ascii")
    try:
        with _connected(address) as client:
            threads = _sound_workers(client, reading_version(), str(sign), mark)
            batches = _deal(requests, sum(threads.values()))
            options = {"workers": list(threads), "allow_other_workers": False, "pure": False}
            futures = {client.submit(read_batch, batch, limits, **options): batch for batch in batches}
            yield from _collect(client, futures, threads, limits)
    except _ClusterError as error:
        log.warning("The cluster at %s, which SARAI_DASK names, does not read: %s", address, error)


class _ClusterError(Exception):
    """The cluster cannot be used; the message says why, and the next step."""


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    """Open a client of the scheduler; raises _ClusterError if it, or what is done with it, fails."""
    try:
        from distributed import Client
    except ImportError as error:
        raise _ClusterError("distributed is not installed. Install requirements-dask.lock.") from error
    for name in ("distributed", "distributed.client"):  # it prints the traceback of what is said here in a line
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with Client(address, set_as_default=False) as client:
            yield client
    except (OSError, RuntimeError, TypeError, ValueError) as error:  # also of certificates that are missing or wrong
        raise _ClusterError(
            f"its scheduler does not answer ({_reason(error)}). Start it or mend SARAI_DASK."
        ) from error


def _sound_workers(client: "Client", *errand: str) -> dict[str, int]:
    """Return the address of each worker that may read, and how many files it reads at once; log why others do not.

    ``errand`` is what warehouse.intake.cluster_worker.refuse takes. Raises _ClusterError if no worker may.
    """
    threads: dict[str, int] = client.nthreads()
    answers = {}
    for address in threads:
        options = {"workers": [address], "allow_other_workers": False, "pure": False}
        found = client.submit(resolve_name, _REFUSE, **options)  # by name: not every worker has it
        answers[address] = client.submit(call, found, *errand, **options)
    until = time.monotonic() + _patience_s()
    while time.monotonic() < until and any(answer.status == "pending" for answer in answers.values()):
        time.sleep(_POLL_S)
    refusals: dict[str, list[str]] = {}
    for address, answer in answers.items():
        if reason := _refusal(answer):
            refusals.setdefault(reason, []).append(address)
            del threads[address]
    for reason, addresses in refusals.items():
        log.warning("Workers that read nothing in this run: %s. %s", _first(addresses), printable(reason))
    if not threads:
        raise _ClusterError("it has no worker that can." if refusals else "it has no worker. Start one.")
    return threads


def _refusal(answer: "Future") -> str | None:
    if answer.status == "pending":
        return (
            f"No answer came within {_patience_s():.1f} seconds: look whether the worker hangs, or is busy with others."
        )
    try:
        refusal: str | None = answer.result(timeout=_patience_s())
    except (ImportError, AttributeError) as error:
        return (
            f"There is no Sarai, or another ({_reason(error)}): install the same as here, and start the worker again."
        )
    except Exception as error:  # noqa: BLE001 - whatever another machine raises
        return f"{_reason(error)}: the log of the worker says more."
    return refusal


def _deal(requests: Sequence[Request], threads: int) -> list[list[Request]]:
    """Return batches of files, of about as many bytes each: one for each thread, or more of MOST_FILES files."""
    count = min(len(requests), max(threads, -(-len(requests) // MOST_FILES)))
    by_size = sorted(requests, key=lambda request: -request.byte_count)
    return [by_size[first::count] for first in range(count)]


def _collect(
    client: "Client", futures: "dict[Future, list[Request]]", workers: Mapping[str, int], limits: Limits
) -> Iterator[tuple[Request, tuple[Reading, ...]]]:
    """Yield what comes back, and log at the end what does not."""
    longest_s = _patience_s() + limits.timeout_s * max(map(len, futures.values()))
    not_read: dict[str, list[str]] = {}
    total, changed = sum(map(len, futures.values())), time.monotonic()
    looked = changed
    while futures:
        for future in [one for one in futures if one.status != "pending"]:
            changed = time.monotonic()
            for request, result in _results(future, futures.pop(future)):
                if isinstance(result, str):
                    not_read.setdefault(result, []).append(request.file_name)
                else:
                    yield request, result
        now = time.monotonic()
        if now - changed > longest_s:
            _give_up(futures, not_read, f"nothing came back for {longest_s:.0f} seconds; look whether workers hang")
        elif now - looked > _LOOK_S:
            looked = now
            if not client.nthreads().keys() & workers.keys():
                _give_up(futures, not_read, "all workers are gone; their logs say more")
        time.sleep(_POLL_S)
    count = total - sum(map(len, not_read.values()))
    log.info("%d of %d files were read by %d worker%s.", count, total, len(workers), "s" if len(workers) > 1 else "")
    for reason, names in not_read.items():
        log.warning("Read here: %s: %s.", _first(names), printable(reason))


def _give_up(futures: "dict[Future, list[Request]]", not_read: dict[str, list[str]], reason: str) -> None:
    not_read.setdefault(reason, []).extend(request.file_name for batch in futures.values() for request in batch)
    futures.clear()


def _results(future: "Future", batch: Sequence[Request]) -> list[tuple[Request, tuple[Reading, ...] | str]]:
    """Return for each file its readings, or why it is to be read here."""
    from distributed import KilledWorker

    if future.cancelled():
        reason = _LOST
    else:
        try:
            results: list[tuple[Reading, ...] | ReaderFault] = future.result(timeout=_patience_s())
            return [(one, _trusted(one, result)) for one, result in zip(batch, results, strict=True)]
        except KilledWorker:
            reason = _DIED
        except Exception as error:  # noqa: BLE001 - whatever another machine raises
            reason = f"{_reason(error)}; the log of the worker says more"
    return [(one, reason) for one in batch]


def _trusted(request: Request, result: tuple[Reading, ...] | ReaderFault) -> tuple[Reading, ...] | str:
    if isinstance(result, ReaderFault):
        return result.reason
    if any({SECONDS, MEMORY_MB} & finding.arguments.keys() for one in result for finding in one.findings):
        return _LIMIT
    folder = request.folder.resolve()
    paths = [part.path for one in result for part in one.landings]
    if not all(path.resolve().is_relative_to(folder) and path.is_file() for path in paths):
        return _NO_FILE
    return result


def _patience_s() -> float:
    """Return how many seconds distributed is told to wait for an answer."""
    from dask import config, utils

    return float(utils.parse_timedelta(config.get("distributed.comm.timeouts.connect")))


def _first(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_AT_MOST
    return ", ".join(map(printable, names[:_NAMED_AT_MOST])) + (f" and {more} more" if more > 0 else "")


def _reason(error: Exception) -> str:
    return printable(f"{type(error).__name__}: {error}".partition("\n")[0].rstrip("."))
