"""What the workers of a Dask cluster do for reading: ``python tests/benchmarks/cluster.py [ROWS]``.

Reads ROWS in 180 csv files, and a tenth of them, by one and two processes and by one and two workers of a cluster on
this machine; lands them; and estimates what more rows take with more workers, under assumptions that it prints.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import dask
import duckdb
import psutil
from distributed import LocalCluster
from many_seizures import write_reports

from warehouse.intake.landing import Reading, Request
from warehouse.intake.reader_processes import ReaderFault, read_files
from warehouse.ledger.raw import create_tables, land
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

MONTHS, STATES = 36, 5
ESTIMATED, WORKERS = (100_000_000, 1_000_000_000), (1, 2, 4, 8, 16, 32)
ASSUMED = """\
Assumed, from the CPU seconds between a tenth of the rows and all of them: plain csv of {size:,.0f} bytes a row, while
reading.py shows how much longer workbooks take; for each worker a processor like these, as fast beside others as the
second was beside the first ({efficiency:.0%}); storage that gives each worker {rate:,.0f} MB/s. Landing is done by one
process on one processor, however many workers there are. What follows it, staging to publication, is not in here: it
too runs on one machine, see million.py."""


class Took(NamedTuple):
    """Seconds on the clock, and CPU seconds of this process and all below it."""

    clock: float
    cpu: float

    @classmethod
    def now(cls) -> "Took":
        """Return what was taken up to now."""
        own = psutil.Process()
        return cls(time.perf_counter(), sum(sum(one.cpu_times()[:4]) for one in (own, *own.children(recursive=True))))

    def since(self, begin: "Took") -> "Took":
        """Return what was taken between the two."""
        return Took(self.clock - begin.clock, self.cpu - begin.cpu)


def main() -> None:
    """Print the curve, and the estimate that follows from it."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"reading {MONTHS * STATES} csv files, {os.cpu_count()} processors")
    slopes: list[float] = []
    readings: list[Reading] = []
    with tempfile.TemporaryDirectory() as name:
        few, many = (write_files(Path(name) / str(count), count) for count in (rows // 10, rows))
        for count in (1, 2):
            show(f"SARAI_THREADS={count}", [read(requests, count, None)[0] for requests in (few, many)], rows)
            with (
                dask.config.set({"distributed.worker.daemon": False}),
                LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=":0") as cluster,
            ):
                (short, _), (long, readings) = (read(each, 1, cluster.scheduler_address) for each in (few, many))
            show(f"{count} of Dask's workers", [short, long], rows)
            slopes.append((long.cpu - short.cpu) / (rows * 0.9))
        landing = land_all(readings, Path(name) / "landed.duckdb")
        print(f"landing: {landing.clock:.1f} s on the clock, {landing.cpu:.1f} s of CPU")
        size = sum(request.byte_count for request in many) / rows
    estimate(slopes, landing.cpu / rows, size)


def write_files(inbox: Path, rows: int) -> list[Request]:
    """Write so many rows into files, and return the requests to read them."""
    write_reports(inbox, MONTHS, rows // (MONTHS * STATES))
    folder = inbox / "read"
    folder.mkdir()
    return [request_for(path, inbox, folder) for path in sorted(inbox.glob("*/*.csv"))]


def request_for(path: Path, inbox: Path, folder: Path) -> Request:
    """Return the request to read a file into canonical files in the folder."""
    content = path.read_bytes()
    sha256, name = hashlib.sha256(content).hexdigest(), str(path.relative_to(inbox))
    return Request(path, sha256, len(content), name, datetime(2027, 1, 1), Settings().codelists, folder)


def read(requests: Sequence[Request], threads: int, address: str | None) -> tuple[Took, list[Reading]]:
    """Read files; returns what it took, and what was read. Raises SystemExit when a file is missing."""
    begin = Took.now()
    found = list(read_files(requests, Settings(threads=threads, dask=address)))
    took = Took.now().since(begin)
    readings = [reading for readings in found if not isinstance(readings, ReaderFault) for reading in readings]
    if len(readings) < len(requests) or any(not reading.landings for reading in readings):
        sys.exit("not every file was read")
    return took, readings


def land_all(readings: Sequence[Reading], database: Path) -> Took:
    """Land all of it in one transaction, as ingest does; returns what it took."""
    questionnaire = load_questionnaire()
    with duckdb.connect(str(database)) as connection:
        create_tables(connection, questionnaire)
        begin = Took.now()
        land(connection, readings, questionnaire)
        return Took.now().since(begin)


def show(what: str, costs: Sequence[Took], rows: int) -> None:
    """Print what a tenth of the rows and all of them took."""
    parts = [
        f"{count:>12,} rows {took.clock:>6.1f} s on the clock {took.cpu:>6.1f} s of CPU"
        for count, took in zip((rows // 10, rows), costs, strict=True)
    ]
    print(f"{what:<20}{''.join(parts)}", flush=True)


def estimate(slopes: Sequence[float], landing: float, size: float) -> None:
    """Print what many rows take, from the CPU seconds of a row for one and two workers, and what is assumed."""
    one, two = slopes
    efficiency = min(1.0, one / two)
    print(ASSUMED.format(size=size, efficiency=efficiency, rate=size / one / 1e6))
    for many in ESTIMATED:
        print(f"{many:>14,} rows, {many * size / 1e9:,.0f} GB: landing {hours(many * landing)}, reading by workers")
        for workers in WORKERS:
            print(f"{workers:>26} {hours(many * one / (1 if workers == 1 else workers * efficiency)):>10}")


def hours(seconds: float) -> str:
    """Return a time as people say it."""
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"


if __name__ == "__main__":
    main()
