"""The queries of docs/queries.md on the current release of SARAI_HOME: the median of nine runs each, in milliseconds.

    make demo && .venv/bin/python tests/benchmarks/queries.py

Exit status 1 if one takes 100 ms or more.
"""

import re
import statistics
import sys
import time
from pathlib import Path

import duckdb

from warehouse.storage.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
LIMIT_MS = 100
RUNS = 9


def main() -> None:
    """Print a line per query; the connection is opened once, as a BI tool does."""
    queries = re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    release = Settings().releases / "current" / "marts.duckdb"
    slow = False
    with duckdb.connect(str(release), read_only=True) as connection:
        for number, query in enumerate(queries, start=1):
            times, rows = [], []
            for _ in range(RUNS):
                start = time.perf_counter()
                rows = connection.sql(query).fetchall()
                times.append(1000 * (time.perf_counter() - start))
            print(f"{number:3} {statistics.median(times):7.1f} ms {max(times):7.1f} ms at most {len(rows):5} rows")
            slow = slow or statistics.median(times) >= LIMIT_MS
    sys.exit(slow)


if __name__ == "__main__":
    main()
