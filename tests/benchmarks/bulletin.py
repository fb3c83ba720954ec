"""The bulletin: what the pages of each reader take of the demo and of twenty years, in CPU seconds and memory.

    make demo && PYTHONPATH=tests/inputs .venv/bin/python tests/benchmarks/bulletin.py

The release is that of SARAI_HOME, once as it is and once with its history of monthly reports repeated back to YEARS
years. Each bulletin is made by a command of its own, which imports and opens everything anew.
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from shutil import copytree

import duckdb
from commands import cost_of, link_home, restate
from demo_release import demo_release

from warehouse.releases.catalogue import PUBLIC_FOLDER, Release
from warehouse.storage.settings import Settings

YEARS = 20
DEMO_LIMIT_S, LIMIT_S = 15, 60  # CPU seconds of all pages of a reader
PERIODS = ("month_date", "reporting_month", "calendar_year")
KEYS = (
    "select constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY' and table_name = ?"
)
COLUMNS = "select table_name, column_name, data_type from duckdb_columns() order by all"
READERS = {"everybody": ["--public"], "members": [], "the centre": ["--for", "centre"], "a state": ["--for", "KAZ"]}


def main() -> None:
    """Print a line for each reader of both releases; exit status 1 where a target is missed."""
    settings = Settings()
    release = demo_release(settings)
    with tempfile.TemporaryDirectory(prefix="sarai-bulletin-") as folder:
        small, large = Path(folder) / "demo", Path(folder) / "years"
        link_home(small, settings)
        with ProcessPoolExecutor(1) as process:  # what this process held at most would be the least of its children
            process.submit(lengthen, release, large / "releases").result()
        is_missed = [make_all("the demo", small, DEMO_LIMIT_S), make_all(f"{YEARS} years", large, LIMIT_S)]
    sys.exit(any(is_missed))


def lengthen(release: Release, releases: Path) -> None:
    """Write a release whose history is repeated before its first year, until it has YEARS of them."""
    path = releases / "1"
    copytree(release.path, path)
    (releases / "current").symlink_to(path.name)
    for database in path.glob("**/marts.duckdb"):
        with duckdb.connect(str(database)) as connection:
            repeat(connection)
    for folder in (path / PUBLIC_FOLDER, path):  # the data package of the second lists that of the first
        restate(folder)


def repeat(connection: duckdb.DuckDBPyConnection) -> None:
    """Repeat the rows of each mart by month or year, the whole years of its release at a time; keys stay unique."""
    ((first, last),) = connection.execute(
        "select min(year(month_date)), max(year(month_date)) from rpt_coverage_by_month"
    ).fetchall()
    span = last - first  # the last year, which is not whole, would leave a gap
    for mart, columns in read_columns(connection).items():
        keys = connection.execute(KEYS, [mart]).fetchall()
        names = keys[0][0] if keys else []
        is_of_row = not any(columns[name] == "DATE" or name == "calendar_year" for name in names)
        period = next(name for name in PERIODS if name in columns)
        year = period if period == "calendar_year" else f"year({period})"
        for times in range(1, -(-YEARS // span)):
            moved = [
                f"{name} - {times * span} as {name}" if name == "calendar_year"
                else f"cast({name} - interval {times * span} year as date) as {name}"
                for name, kind in columns.items() if kind == "DATE" or name == "calendar_year"
            ]  # fmt: skip
            if is_of_row:
                moved += [f"{name} || '/{times}' as {name}" for name in names[:1]]
            connection.execute(
                f"insert {'or ignore ' if names else ''}into {mart} select * replace ({', '.join(moved)}) from {mart} "
                f"where {year} between {first} and {last - 1} and {year} - {times * span} > {last - YEARS}"
            )


def read_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return mart → column → type, of those that have months or years."""
    found: dict[str, dict[str, str]] = {}
    for mart, column, kind in connection.execute(COLUMNS).fetchall():
        found.setdefault(mart, {})[column] = kind
    return {mart: columns for mart, columns in found.items() if {*PERIODS} & {*columns}}


def make_all(name: str, home: Path, limit_s: float) -> bool:
    """Make the bulletin of a home for each reader and print what it took; returns whether a target is missed."""
    print(f"{'bulletin of ' + name:<36}{'CPU s':>8}{'MB':>8}")
    spent = []
    for reader, options in READERS.items():
        seconds, peak = cost_of(home, "bulletin", *options)
        print(f"{reader:<36}{seconds:>8.1f}{peak:>8,.0f}", flush=True)
        spent.append(seconds)
    print(f"{f'most (target {limit_s} s)':<36}{max(spent):>8.1f}\n", flush=True)
    return max(spent) > limit_s


if __name__ == "__main__":
    main()
