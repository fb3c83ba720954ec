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

import dask
import duckdb
from distributed import LocalCluster
from many_seizures import write_reports

from warehouse.intake.landing import Reading, Request
from warehouse.intake.reader_processes import read_files
from warehouse.ledger.raw import create_tables, land
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

MONTHS, STATES = 36, 5
ESTIMATED, WORKERS = (100_000_000, 1_000_000_000), (1, 2, 4, 8, 16, 32)
ASSUMED = """\
Assumed: files like these, of {size:,.0f} bytes a row; workers like these, each as fast beside others as the second was
beside the first ({efficiency:.0%}); shared storage that gives each of them {rate:,.0f} MB/s; nothing else runs. Landing
is done by one process, whatever the number of workers. What follows, staging to publication, is not in this estimate:
it also runs on one machine and grows with the rows, see million.py."""


def main() -> None:
    """Print the curve, and the estimate that follows from it."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"reading {MONTHS * STATES} csv files, {os.cpu_count()} processors; seconds on the clock")
    with tempfile.TemporaryDirectory() as name:
        few, many = (write_files(Path(name) / str(count), count) for count in (rows // 10, rows))
        seconds: dict[int, tuple[float, float]] = {}
        readings: list[Reading] = []
        for count in (1, 2):
            show(f"{count} of SARAI_THREADS", [read(requests, count, None)[0] for requests in (few, many)], rows)
            with (
                dask.config.set({"distributed.worker.daemon": False}),
                LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as cluster,
            ):
                (short, _), (long, readings) = (read(each, 1, cluster.scheduler_address) for each in (few, many))
            show(f"{count} workers", [short, long], rows)
            seconds[count] = short, long
        landing = land_all(readings, Path(name) / "landed.duckdb")
        print(f"landing: {landing:.1f} s, {rows / landing:,.0f} rows/s")
        size = sum(request.byte_count for request in many) / rows
    estimate(seconds, landing, rows, size)


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


def read(requests: Sequence[Request], threads: int, address: str | None) -> tuple[float, list[Reading]]:
    """Read files; returns the seconds on the clock, and what was read. Raises SystemExit when a row is missing."""
    begin = time.perf_counter()
    found = list(read_files(requests, Settings(threads=threads, dask=address)))
    seconds = time.perf_counter() - begin
    readings = [reading for reading in found if isinstance(reading, Reading)]
    if len(readings) < len(requests) or any(not reading.landings for reading in readings):
        sys.exit("not every file was read")
    return seconds, readings


def land_all(readings: Sequence[Reading], database: Path) -> float:
    """Land all of it in one transaction, as ingest does; returns the seconds on the clock."""
    questionnaire = load_questionnaire()
    with duckdb.connect(str(database)) as connection:
        create_tables(connection, questionnaire)
        begin = time.perf_counter()
        land(connection, readings, questionnaire)
        return time.perf_counter() - begin


def show(what: str, seconds: Sequence[float], rows: int) -> None:
    """Print what a tenth of the rows and all of them took."""
    short, long = seconds
    print(f"{what:<20}{rows // 10:>12,} rows {short:>6.1f} s{rows:>14,} rows {long:>6.1f} s "
          f"{rows / long:>10,.0f} rows/s", flush=True)  # fmt: skip


def estimate(seconds: dict[int, tuple[float, float]], landing: float, rows: int, size: float) -> None:
    """Print what many rows take, from the slope between a tenth of the rows and all of them, and what is assumed."""
    slope = {count: (long - short) / (rows * 0.9) for count, (short, long) in seconds.items()}
    efficiency = min(1.0, slope[1] / slope[2] / 2)
    print(ASSUMED.format(size=size, efficiency=efficiency, rate=size / slope[1] / 1e6))
    for many in ESTIMATED:
        print(
            f"{many:>14,} rows, {many * size / 1e9:,.0f} GB: landing {hours(many * landing / rows)}, reading by workers"
        )
        for workers in WORKERS:
            factor = 1 if workers == 1 else workers * efficiency
            reading = seconds[1][0] + many * slope[1] / factor
            print(f"{workers:>26} {hours(reading):>10}")


def hours(seconds: float) -> str:
    """Return a time as people say it."""
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"


if __name__ == "__main__":
    main()
