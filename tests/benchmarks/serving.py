"""The shared server: what serving a million seizures takes, and how long eight readers at once wait for an answer.

    make demo && PYTHONPATH=.:tests/inputs .venv/bin/python tests/benchmarks/serving.py

The release is that of SARAI_HOME, its seizures repeated up to ROWS. Readers are threads of one process, each with a
connection of its own: an analyst of a member state on the server, a cursor on the release file beside it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from shutil import copyfile
from typing import Any

import duckdb
from demo_release import demo_release
from postgres import Server, postgres

from warehouse.questionnaire.codelists import member_states
from warehouse.releases.catalogue import Release
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.serving.roles import setup_statements
from warehouse.serving.serve import Edition, serve
from warehouse.storage.settings import Settings

ROWS = 1_000_000
LIMIT_S, LIMIT_MB = 90, 1_500
CLIENTS = 8
MONTHS = """
select country_code, drug_code, sum(seizures_count), sum(quantity_kg) from {}.rpt_seizures_by_month
where month_date >= date '2024-01-01' group by country_code, drug_code
"""
DRUGS = "select drug_code, count(*), sum(quantity_kg) from {}.fct_seizures group by drug_code"
# What is asked, and how often by each client.
QUERIES = {"a year of rpt_seizures_by_month": (MONTHS, 50), "kilograms by drug of fct_seizures": (DRUGS, 3)}

Ask = Callable[[str], object]


def main() -> None:
    """Print what loading takes, then a line for each query, on the server and on the file."""
    release = demo_release(Settings())
    with tempfile.TemporaryDirectory(prefix="sarai-serving-") as folder, postgres() as server:
        with ProcessPoolExecutor(1) as process:  # what this process held at most would be the least of its children
            grown = process.submit(grow, release, Path(folder)).result()
        server.administer("\n".join(setup_statements(member_states(Settings().codelists))))
        server.administer("create role analyst login in role sarai_kaz;")
        seconds, peak = load(grown, server)
        print(f"serving {ROWS:,} seizures and all other marts: {seconds:.0f} s, {peak:,.0f} MB at most in the loader "
              f"(targets {LIMIT_S} s, {LIMIT_MB:,} MB)")  # fmt: skip
        print(f"\n{CLIENTS} clients at once, milliseconds{'':<22}{'p50':>9}{'p99':>9}")
        with duckdb.connect(str(grown / "marts.duckdb"), read_only=True) as file:
            for name, (query, count) in QUERIES.items():
                on_server = [_on_server(server) for _ in range(CLIENTS)]
                show(f"{name}, server", ask(on_server, query.format("sarai"), count))
                on_file: list[Ask] = [_on_file(file.cursor()) for _ in range(CLIENTS)]
                show(f"{name}, file", ask(on_file, query.format("main"), count))
    sys.exit(seconds > LIMIT_S or peak > LIMIT_MB)


def grow(release: Release, folder: Path) -> Path:
    """Copy a release into a folder, and repeat its seizures under new identifiers; returns the folder."""
    copyfile(release.path / DATA_PACKAGE, folder / DATA_PACKAGE)
    copyfile(release.database, folder / "marts.duckdb")
    with duckdb.connect(str(folder / "marts.duckdb")) as marts:
        [(count,)] = marts.execute("select count(*) from fct_seizures").fetchall()
        marts.execute(
            "insert into fct_seizures select * exclude (n) replace (seizure_id || '/' || n as seizure_id) "
            f"from fct_seizures, range({ROWS // count + 1}) as again(n) limit {ROWS - count}"
        )
    return folder


def load(folder: Path, server: Server) -> tuple[float, float]:
    """Serve a release in a process of its own; returns its seconds and its peak of memory in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, str(folder), server.address("sarai_loader")])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit("It could not be served.")
    return time.perf_counter() - begin, usage.ru_maxrss * 1024 / 1e6


def ask(clients: list[Ask], query: str, count: int) -> list[float]:
    """Let each client ask a query so many times, all at once; returns the milliseconds of each answer."""

    def waits(client: Ask) -> list[float]:
        times = []
        for _ in range(count):
            start = time.perf_counter()
            client(query)
            times.append(1000 * (time.perf_counter() - start))
        return times

    with ThreadPoolExecutor(len(clients)) as pool:
        return [wait for times in pool.map(waits, clients) for wait in times]


def show(name: str, times: list[float]) -> None:
    """Print a line of the table."""
    print(f"{name:<52}{statistics.median(times):>9.1f}{statistics.quantiles(times, n=100)[98]:>9.1f}", flush=True)


def _on_server(server: Server) -> Ask:
    connection = server.connect("analyst")
    return lambda query: connection.execute(query.encode()).fetchall()


def _on_file(cursor: Any) -> Ask:
    return lambda query: cursor.execute(query).fetchall()


if __name__ == "__main__":
    if arguments := sys.argv[1:]:
        place = Path(arguments[0])
        serve(Edition(1, place, place / "marts.duckdb", arguments[1], is_public=False), Settings())
    else:
        main()
