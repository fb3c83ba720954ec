"""What a million rows cost, step by step, in CPU seconds and in L: what by_hand.py takes, DuckDB alone.

Usage: ``python tests/benchmarks/million.py [ROWS]``. ROWS in 180 files of five states, beside the peers that are
installed; then one file more, nothing new, and two files of 22 rows on a warehouse of as many files with 22 rows each.
CPU seconds are those of all processes of a command, peak memory is the sum of theirs, sampled. Linux only.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from many_seizures import write_reports

MONTHS, STATES = 36, 5
HERE = Path(__file__).parent
FINDINGS = 1  # the exit status of an ingest with findings
PEERS = {  # what they need to be installed, and their script
    "polars + pandera": (("polars", "pandera"), "by_polars.py"),
    "pandas + Great Expectations": (("pandas", "great_expectations"), "by_pandas.py"),
}
WHOLE = {1_000_000: (10, 1_500), 10_000_000: (8, 4_000)}  # so many rows, all of it: L and MB of peak memory
TARGETS = {  # in L, for a million rows
    "of it land, type, gate, marts": 3,
    "one more file, ingest + publish": 5,
    "nothing new, ingest": 0.2,
    "nothing new, publish": 0.2,
    "two files of 22 rows, ingest + publish": 4,
    "check of a form, compiled": 0.15,
}


class Cost(NamedTuple):
    """What a command took: CPU seconds of all its processes, seconds on the clock, peak memory in MB, and its steps.

    ``printed`` is the last line of its output.
    """

    cpu: float
    wall: float
    peak: float
    steps: dict[str, float]
    printed: str = ""


def main() -> None:
    """Run everything in a temporary folder and print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home, each = folder / "home", rows // (MONTHS * STATES)
        write_reports(home / "inbox", MONTHS, each)
        by_hand = min(hand(home, folder / f"hand{number}", "full") for number in range(2))
        unit = by_hand.cpu
        print(f"{each * MONTHS * STATES:,} rows in {MONTHS * STATES} files, {os.cpu_count()} processors")
        show("by hand (L)", by_hand, unit)
        peers(home, folder, by_hand)
        ingest, publish = sarai(home, "ingest"), sarai(home, "publish")
        for part in (ingest, publish):
            for step, cpu in part.steps.items():
                print(f"    {step:<36}{cpu:>8.1f} s {cpu / unit:>7.2f} L")
        show("ingest", ingest, unit)
        show("publish", publish, unit)
        show("all of it", together(ingest, publish), unit)
        limits = [f"target {most} L, {peak:,} MB" for count, (most, peak) in WHOLE.items() if rows <= count]
        print(f"{'':<40}{limits[0] if limits else 'no target'}")
        work = [ingest.steps[name] for name in ("land", "stage", "check")]
        work += [publish.steps[name] for name in ("build", "check")]
        show("of it land, type, gate, marts", together(ingest, publish)._replace(cpu=sum(work)), unit)
        for command in ("ingest", "publish"):
            show(f"nothing new, {command}", sarai(home, command), unit)
        write_reports(home / "inbox", 1, each, first=MONTHS, states=("KGZ",))
        show("one more file by hand", hand(home, folder / "hand0", "one"), unit)
        show("one more file, ingest + publish", together(sarai(home, "ingest"), sarai(home, "publish")), unit)
        small(folder / "small", unit)


def peers(home: Path, folder: Path, by_hand: Cost) -> None:
    """Measure the same work by others; raises SystemExit when one of them comes to other totals."""
    for name, (packages, script) in PEERS.items():
        if missing := [package for package in packages if not find_spec(package)]:
            print(
                f"{name}: not measured, as {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed"
            )
            continue
        command = [sys.executable, str(HERE / script), str(home / "inbox"), str(folder / script)]
        cost = measure(command, home, (0,))
        if cost.printed != by_hand.printed:
            sys.exit(f"{name} comes to {cost.printed}, DuckDB by hand to {by_hand.printed}")
        show(name, cost, by_hand.cpu)


def small(home: Path, unit: float) -> None:
    """Measure two files of 22 rows, and the check of one of them before it is sent."""
    write_reports(home / "inbox", 3, 22)
    for command in ("ingest", "publish"):
        sarai(home, command)
    write_reports(home / "inbox", 1, 22, first=3, states=("KAZ", "UZB"))
    show("two files of 22 rows, ingest + publish", together(sarai(home, "ingest"), sarai(home, "publish")), unit)
    check = [sys.executable, "-m", "flows.commands.cli", "check", str(home / "inbox" / "KAZ" / "KAZ_2023-04.csv")]
    show("check of a form, compiled", [measure(check, home, (0, FINDINGS)) for _ in range(2)][1], unit)


def hand(home: Path, folder: Path, mode: str) -> Cost:
    """Measure the hand-written job on the files of an inbox."""
    return measure([sys.executable, str(HERE / "by_hand.py"), mode, str(home / "inbox"), str(folder)], home, (0,))


def sarai(home: Path, command: str) -> Cost:
    """Measure a command of sarai and its steps."""
    lines = home.with_suffix(".steps")
    lines.write_text("")
    cost = measure([sys.executable, str(HERE / "metered.py"), str(lines), command], home, (0, FINDINGS))
    for line in lines.read_text().splitlines():
        name, cpu = line.split("\t")
        cost.steps[name] = cost.steps.get(name, 0) + float(cpu)
    return cost


def measure(command: list[str], home: Path, statuses: tuple[int, ...]) -> Cost:
    """Run a command in SARAI_HOME ``home``; raises SystemExit when it ends with another status."""
    before, begin = spent_by_children(), time.perf_counter()
    peak = 0.0
    with tempfile.TemporaryFile() as output:
        running = subprocess.Popen(
            command,
            env=os.environ | {"SARAI_HOME": str(home), "GX_ANALYTICS_ENABLED": "false"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while running.poll() is None:
            peak = max(peak, memory_of(running.pid))
            time.sleep(0.2)
        output.seek(0)
        text = output.read().decode()
        if running.returncode not in statuses:
            sys.exit(f"{' '.join(command)} ended with {running.returncode}:\n{text}")
    last = text.rstrip().rpartition("\n")[2]
    return Cost(spent_by_children() - before, time.perf_counter() - begin, peak, {}, last)


def spent_by_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def memory_of(process: int) -> float:
    """Return the resident memory, in MB, of a process and all its descendants."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            parents[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    family = {process}
    while new := {child for child, parent in parents.items() if parent in family} - family:
        family |= new
    return sum(pages.get(one, 0) for one in family) * os.sysconf("SC_PAGE_SIZE") / 1e6


def together(*costs: Cost) -> Cost:
    """Return the cost of commands one after another."""
    return Cost(sum(c.cpu for c in costs), sum(c.wall for c in costs), max(c.peak for c in costs), {})


def show(what: str, cost: Cost, unit: float) -> None:
    """Print a line of the table."""
    target = f"  target {TARGETS[what]} L" if what in TARGETS else ""
    print(f"{what:<40}{cost.cpu:>8.1f} s {cost.cpu / unit:>7.2f} L {cost.wall:>7.1f} s on the clock "
          f"{cost.peak:>6,.0f} MB{target}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
