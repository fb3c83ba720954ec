"""Seconds that a focal point waits for ``sarai check``: ``python tests/benchmarks/check.py [ROWS]``.

A form of the demo with its six tables, and a file of ROWS seizures; each once more than the first time, which builds
the prepared warehouse when this version of the code was never used. And what every command costs before it begins:
``sarai --help``.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEMO = Path(__file__).parents[1] / "golden" / "demo" / "inbox" / "TJK" / "TJK_2024-01.xlsx"
HEADINGS = "Record number;Date of seizure;Drug;Quantity;Unit;Place"
RUNS = 3


def main() -> None:
    """Print for each file the seconds of the best of a few runs: on the clock, and of all processors."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "KAZ" / "KAZ_2024-02.csv"
        path.parent.mkdir()
        lines = (f"R{row};2024-02-{row % 28 + 1:02d};Heroin;{row % 90 + 1};g;Almaty" for row in range(rows))
        path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
        first, _ = _measure("check", DEMO)
        print(f"{os.cpu_count()} processors; first run {first:.1f} s")
        for name, arguments in (
            ("form of the demo, xlsx", ("check", DEMO)),
            (f"{rows} seizures, csv", ("check", path)),
            ("sarai --help", ("--help",)),
        ):
            clock, processors = min(_measure(*arguments) for _ in range(RUNS))
            print(f"{name}: {clock:.2f} s, {processors:.2f} s of processors")


def _measure(*arguments: str | Path) -> tuple[float, float]:
    begin, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "flows.commands.cli", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL
    )
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - begin, spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime


if __name__ == "__main__":
    main()
