"""Break a run at many points and see whether anything is lost.

Each trial breaks a run of new files into a warehouse that has a release, and then runs it again plainly. It survives
when the releases that were there are unchanged and readable, and when ledger, typed rows and answers, or all of that
and the next release, are value for value those of an undisturbed run.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from faults.bench import Bench
from faults.kills import OF_INGEST, Point, draw
from faults.surroundings import SURROUNDINGS, Fault, needs_root
from faults.world import copy_world, run, take_in
from flows.runs.garbage import collect_rarely
from flows.runs.server import connect
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import parse_project

WORKERS = 2
# Trials of ingest that go on to a release; the others are compared up to the ledger, which takes a third of the time.
RELEASED_EVERY = 5
# The short form breaks ingest alone, which meets every fault first; two writers are two only while both publish.
BREAKS_PUBLISH = ("second writer",)


@dataclass(frozen=True)
class Trial:
    """One break: the group and name it is counted under, what makes it in a new folder, how far it is judged."""

    group: str
    name: str
    make: Callable[[Path], tuple[Settings, str]]
    to_release: bool


@click.command()
@click.option("--points", default=200, show_default=True, help="Points at which a run is killed.")
@click.option("--seed", default=1, show_default=True, help="Draws the points.")
@click.option(
    "--one-of-each", is_flag=True, help="Break surroundings in one way of each kind, and of most only ingest."
)
def main(points: int, seed: int, *, one_of_each: bool) -> None:
    """Kill runs at points, break their surroundings, and end with status 1 when anything was lost."""
    collect_rarely()
    os.environ["SARAI_THREADS"] = str(max(1, (os.cpu_count() or 1) // WORKERS))  # trials share the processors
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        connect(Settings(home=Path(folder) / "server"))
        _import_all()
        parse_project(Settings(home=Path(folder) / "parsed"))  # once here, and not in every child
        bench = Bench(Path(folder))
        seconds = ", ".join(f"{step} {spent:.1f}" for step, spent in bench.trace.seconds.items())
        print(f"undisturbed: {len(bench.trace.changes)} changes of files; seconds: {seconds}", flush=True)
        faults = [fault for fault in SURROUNDINGS if not needs_root(fault[0])]
        for group in sorted({fault[0] for fault in SURROUNDINGS} - {fault[0] for fault in faults}):
            print(f"{group}: not tried, it needs root and the right to mount", flush=True)
        first = {fault[0]: fault for fault in reversed(faults)}
        broken = _surroundings(bench, list(first.values()) if one_of_each else faults, in_ingest_alone=one_of_each)
        lost = _try_all(bench, [*_kills(bench, draw(bench.trace, points, seed)), *broken])
    raise SystemExit(1 if lost else 0)


def _import_all() -> None:
    """Import what every child needs, once; nothing of it opens a database or a connection."""
    for name in (
        "dbt.adapters.duckdb.impl", "dbt.cli.main", "great_expectations.core.batch", "prefect.flow_engine",
        "flows.ingest", "flows.publish",
    ):  # fmt: skip
        import_module(name)


def _kills(bench: Bench, points: Sequence[Point]) -> list[Trial]:
    return [
        Trial(
            f"kill: {point.step}",
            str(point),
            partial(bench.kill, point),
            to_release=point.step not in OF_INGEST or number % RELEASED_EVERY == 0,
        )
        for number, point in enumerate(points)
    ]


def _surroundings(bench: Bench, faults: Sequence[tuple[str, str, Fault]], *, in_ingest_alone: bool) -> list[Trial]:
    def break_copy(fault: Fault, work: Callable[[Settings], None], home: Path) -> tuple[Settings, str]:
        settings = copy_world(bench.start, home)
        return settings, fault(bench, settings, work)

    trials = []
    for group, name, fault in faults:
        to_release = not in_ingest_alone or group in BREAKS_PUBLISH
        make = partial(break_copy, fault, run if to_release else take_in)
        trials.append(Trial(group, name, make, to_release))
    return trials


def _try_all(bench: Bench, trials: Sequence[Trial]) -> int:
    """Run the trials in a few processes at once, and print the table of all; returns how many lost something."""
    children = []
    for worker in range(WORKERS):
        child = os.fork()
        if child == 0:
            _try_some(bench, trials, worker)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    results = [json.loads(line) for path in bench.folder.glob("results-*") for line in path.open(encoding="utf-8")]
    rows = [
        (group, [lost for name, lost in results if name == group]) for group in dict.fromkeys(t.group for t in trials)
    ]
    print(f"\n{'step or fault':<20}{'tried':>7}{'survived':>10}{'lost':>6}")
    for group, ends in [*rows, ("all", [lost for _, lost in results])]:
        print(f"{group:<20}{len(ends):>7}{sum(not lost for lost in ends):>10}{sum(map(bool, ends)):>6}")
    return sum(bool(lost) for _, lost in results) + len(trials) - len(results)


def _try_some(bench: Bench, trials: Sequence[Trial], worker: int) -> None:
    with (bench.folder / f"results-{worker}").open("w", encoding="utf-8") as results:
        for number, trial in enumerate(trials):
            if number % WORKERS == worker:
                home = bench.folder / f"trial-{number}"
                settings, ended = trial.make(home)
                lost = bench.judge(settings, to_release=trial.to_release)
                print(f"{trial.group}, {trial.name}: {ended}; {'; '.join(lost) or 'nothing lost'}", flush=True)
                results.write(json.dumps([trial.group, lost]) + "\n")
                results.flush()
                shutil.rmtree(home, ignore_errors=True)
