"""Seconds of the whole path, as an operator waits for it: ``python tests/benchmarks/path.py [FILES] [ROWS]``.

FILES submissions of ROWS rows each are ingested and published through the command, then both again with nothing new.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADINGS = "Record number;Date of seizure;Drug;Quantity;Unit;Place"


def main() -> None:
    """Print a line for each command: what it did and how long it took."""
    files, rows = (int(argument) for argument in (*sys.argv[1:], "100", "1000")[:2])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for number in range(files):
            month = f"{2015 + number // 12:04d}-{number % 12 + 1:02d}"
            path = home / "inbox" / "KAZ" / f"KAZ_{month}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = (f"{month}-{row};{month}-{row % 28 + 1:02d};Heroin;{row % 90 + 1};g;Almaty" for row in range(rows))
            path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
        print(f"{files} files of {rows} rows, {os.cpu_count()} processors")
        for command in ("ingest", "publish", "ingest", "publish"):
            begin = time.perf_counter()
            environment = os.environ | {"SARAI_HOME": str(home)}
            subprocess.run(
                [sys.executable, "-m", "flows.commands.cli", command],
                check=True,
                env=environment,
                stdout=subprocess.DEVNULL,
            )
            print(f"sarai {command}: {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    main()
