"""What small runs cost, most of which is start-up: ``python tests/benchmarks/start.py``, on Linux.

Prints seconds on the clock and of all processors, those of the temporary Prefect server too: for nothing new, a form to
check, and two files of 22 rows on the demo, on a temporary server and on one that is named.
"""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flows.runs.server import connect
from warehouse.storage.settings import Settings

DEMO = Path(__file__).parents[1] / "golden" / "demo" / "inbox"
HEADINGS = "Record number;Date of seizure;Drug;Quantity;Unit;Place"
PLACES = {"KAZ": "Almaty", "KGZ": "Bishkek"}
_CHILD_SUBREAPER = 36  # of prctl(2): processes whose parent has ended become ours


def main() -> None:
    """Ingest and publish the demo in a temporary home, then print a line for each command."""
    ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.environ.pop("PREFECT_API_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["SARAI_HOME"] = folder
        shutil.copytree(DEMO, home / "inbox")
        measure("the demo, in a new home", "run")
        measure("nothing new", "ingest")
        measure("nothing new", "publish")
        measure("nothing new", "run")
        form = home / "inbox" / "KAZ" / "KAZ_2024-02.csv"
        measure("a form, rules to be compiled where they never were", "check", form)
        measure("a form, compiled", "check", form)
        measure("", "status")
        measure("", "--help")
        send(home, "2015-01")
        measure("two files of 22 rows", "ingest")
        measure("two files of 22 rows", "publish")
        send(home, "2015-02")
        measure("two files of 22 rows", "run")
        connect(Settings())
        send(home, "2015-03")
        measure("two files of 22 rows, a server is named", "run", server=children())


def send(home: Path, month: str) -> None:
    """Put a file of 22 seizures into the inbox of each of two countries."""
    for country, place in PLACES.items():
        lines = (f"{month}-{row};{month}-{row + 1:02d};Heroin;{row + 1};g;{place}" for row in range(22))
        path = home / "inbox" / country / f"{country}_{month}.csv"
        path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")


def children() -> frozenset[int]:
    """Return the numbers of the processes that we have to wait for."""
    return frozenset(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()))


def measure(what: str, *arguments: str | Path, server: frozenset[int] = frozenset()) -> None:
    """Run the command and print what it took, with all processes that it leaves behind except a named server."""
    begin, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "flows.commands.cli", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    clock = time.perf_counter() - begin
    for process in children() - server:
        os.waitpid(process, 0)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    processors = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    print(f"sarai {arguments[0]}, {what}: {clock:.2f} s, {processors:.2f} s of processors, status {done.returncode}")


if __name__ == "__main__":
    main()
