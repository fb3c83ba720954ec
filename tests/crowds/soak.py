"""The soak: many small cycles in one process, as a worker of Prefect that never ends runs them, and what grows."""

import gc
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from crowds.judgement import Judgement
from crowds.submissions import MEMBERS, write_submission
from crowds.watch import children_of, clean_environment, count_open_files, memory_mb
from warehouse.storage.settings import Settings

PART = "soak"
PUBLISH_EVERY = 10
MONTHS = 8
# Python and its libraries never give all memory back; a leak of every cycle would be far above.
MAX_GROWTH_MB = 30
SPARE = 2  # files or threads that happen to be in use when they are counted
_KNOWN = {
    "dbt", "feedback", "gates", "inbox", "last_success", "logs", "prefect", "releases", "vault", "warehouse.duckdb",
    "writer.lock",
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """What the process holds after a number of cycles; ``home`` counts files by folder of SARAI_HOME, with MiB."""

    cycle: int
    seconds: float
    memory_mb: float
    open_files: int
    threads: int
    temporary_files: int
    server_mb: float
    server_files: int
    home: dict[str, tuple[int, float]]


def measure(settings: Settings, cycle: int, begin: float) -> Measure:
    """Measure this process, its Prefect server, the folder of temporary files and SARAI_HOME."""
    gc.collect()
    server = next((pid for pid in children_of(os.getpid()) if memory_mb(pid) > 0), 0)
    temporary = Path(os.environ["TMPDIR"])
    return Measure(
        cycle,
        time.monotonic() - begin,
        memory_mb("self"),
        count_open_files("self"),
        threading.active_count(),
        sum(1 for _ in temporary.rglob("*")),
        memory_mb(server),
        count_open_files(server),
        {path.name: _weigh(path) for path in sorted(settings.root.iterdir())},
    )


def _weigh(path: Path) -> tuple[int, float]:
    files = [path] if path.is_file() else [part for part in path.rglob("*") if part.is_file() and not part.is_symlink()]
    return len(files), sum(part.stat().st_size for part in files) / 2**20


def soak(settings: Settings, cycles: int, every: int, output: Path) -> None:
    """Run the cycles in this process; a line of JSON for each measurement is written to the output."""
    from flows.runs.server import connect

    os.environ["SARAI_HOME"] = str(settings.root)
    connect(settings)
    from flows.ingest import ingest
    from flows.publish import publish

    begin = time.monotonic()
    with output.open("a", encoding="utf-8") as file:
        for cycle in range(1, cycles + 1):
            country, month = MEMBERS[cycle % len(MEMBERS)], cycle // len(MEMBERS) % MONTHS + 1
            write_submission(settings.inbox, country, f"2024-{month:02d}", cycle)
            ingested = ingest()
            if [decision.outcome for decision in ingested.decisions] != ["accepted"]:
                raise SystemExit(f"cycle {cycle}: {ingested}")
            if cycle % PUBLISH_EVERY == 0 and not publish().is_new:
                raise SystemExit(f"cycle {cycle}: no new release")
            if cycle % every == 0:
                file.write(json.dumps(asdict(measure(settings, cycle, begin))) + "\n")
                file.flush()


def try_soak(folder: Path, cycles: int) -> list[Judgement]:
    """Soak in a process of its own, and judge what still grows when three tenths of the cycles are over."""
    measures = run_soak(folder, cycles, max(1, min(10, cycles // 5)))
    for one in measures:
        home = ", ".join(f"{name} {count} files {size:.1f} MB" for name, (count, size) in one.home.items())
        print(f"cycle {one.cycle}: {one.memory_mb:.0f} MB, {one.open_files} open files, {one.threads} threads, "
              f"server {one.server_mb:.0f} MB; {home}", flush=True)  # fmt: skip
    warm = [one for one in measures if one.cycle > 0.3 * cycles]
    first, last = warm[0], warm[-1]
    grown = statistics.linear_regression([one.cycle for one in warm], [one.memory_mb for one in warm]).slope * 100
    server = statistics.linear_regression([one.cycle for one in warm], [one.server_mb for one in warm]).slope * 100
    left = max(one.temporary_files for one in measures)
    kept = [one.home.get("dbt", (0, 0.0))[0] for one in warm]
    strange = sorted({name for one in measures for name in one.home} - _KNOWN)
    return [
        Judgement(PART, f"{cycles} cycles end", f"{last.seconds:.0f} s", last.cycle + cycles // 4 > cycles),
        Judgement(PART, f"memory grows less than {MAX_GROWTH_MB} MB in 100 cycles",
                  f"{grown:+.1f} MB, from {first.memory_mb:.0f} to {last.memory_mb:.0f}", grown < MAX_GROWTH_MB),
        Judgement(PART, f"that of Prefect's server less than {MAX_GROWTH_MB} MB",
                  f"{server:+.1f} MB, from {first.server_mb:.0f} to {last.server_mb:.0f}", server < MAX_GROWTH_MB),
        Judgement(PART, "no more open files", f"from {first.open_files} to {last.open_files}, server "
                  f"{first.server_files} to {last.server_files}",
                  last.open_files <= first.open_files + SPARE and last.server_files <= first.server_files + SPARE),
        Judgement(PART, "no more threads", f"from {first.threads} to {last.threads}",
                  last.threads <= first.threads + SPARE),
        Judgement(PART, "no temporary file is left", f"{left} files, unknown in SARAI_HOME: {strange or 'nothing'}",
                  not left and not strange),
        Judgement(PART, "dbt keeps no more files", f"from {kept[0]} to {kept[-1]}", kept[-1] <= kept[0]),
    ]  # fmt: skip


def run_soak(folder: Path, cycles: int, every: int) -> list[Measure]:
    """Soak in a process of its own, whose temporary files go to a folder of their own; returns the measurements."""
    home, temporary, output = folder / "soak", folder / "soak-temporary", folder / "soak.json"
    temporary.mkdir(parents=True)
    with (folder / "soak.log").open("w", encoding="utf-8") as log:
        ended = subprocess.run(
            [sys.executable, __file__, str(home), str(cycles), str(every), str(output)],
            env=clean_environment() | {"TMPDIR": str(temporary)}, stdout=log, stderr=log, check=False,
        )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(f"the soak ended with {ended.returncode}: {(folder / 'soak.log').read_text()[-2000:]}")
    return [Measure(**json.loads(line)) for line in output.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    soak(Settings(home=Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
