"""Precision and recall of matching: ``tests/benchmarks/matching.py [ROWS] [PLANTED] [MARTS]``, run by `make bench`.

ROWS invented seizures of five states in two years, or the seizures of MARTS (marts.duckdb of a release), and PLANTED
double reports of each kind. Prints, for each kind and least score, the share of planted reports that are found again
and the share of pairs with a planted report that are right; then the pairs found among the other rows.
"""

import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import duckdb
import pandas as pd
from invented_seizures import KINDS, Row, World, day_of, plant

from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import build_models

SCORES = (0.5, 0.7, 0.85, 0.9, 0.95, 0.99)
NEEDED = "+int_seizures_described +dim_border_points match_limits match_weights"
MATCHING = "int_places_found int_seizures_described int_seizures_compared fct_seizure_matches"
IN_FORCE = """
create or replace view intermediate.int_landings_current as
select
    submission_id, 'seizures' as table_name, timestamp '2026-01-01' as decided_at, count(*) as row_count
from staging.stg_seizures group by submission_id;
"""


def fill(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> dict[str, str]:
    """Write rows to staging.stg_seizures, under the columns they have in common with it, as one report a month.

    Returns the id that each of them gets there → the one that it has here.
    """
    frame = pd.DataFrame(rows, dtype=object).assign(reporting_month=[day_of(row).replace(day=1) for row in rows])
    frame["submission_id"] = [f"{row['country_code']}-{day_of(row):%Y-%m}" for row in rows]
    frame[["sheet", "source_row"]] = [str(row["seizure_id"]).rsplit(":", 1) for row in rows]
    frame = frame.rename(columns={"subdivision_code": "admin_division_code"})
    connection.register("told", frame)
    _type(connection, "told", [str(name) for name in frame.columns])
    connection.execute(IN_FORCE)
    placed = frame["submission_id"] + ":" + frame["sheet"] + ":" + frame["source_row"]
    return dict(zip(placed, frame["seizure_id"], strict=True))


def _type(connection: duckdb.DuckDBPyConnection, rows: str, columns: list[str]) -> None:
    typed = connection.table("staging.stg_seizures").columns
    shared = ", ".join(column for column in columns if column in typed)
    connection.execute(f"insert into staging.stg_seizures by name select {shared} from {rows}")


def report(connection: duckdb.DuckDBPyConnection, origins: dict[str, str], ids: dict[str, str]) -> None:
    """Print recall and precision for each kind and least score, and the pairs in which nothing was planted."""
    found_pairs = connection.execute("""
        select seizure_id_a, seizure_id_b, score from marts.fct_seizure_matches where match_kind <> 'REPEATED'
    """).fetchall()
    pairs = [(ids.get(a, a), ids.get(b, b), score) for a, b, score in found_pairs]
    print(
        f"{'kind, planted':22}"
        + "".join(f"   {score:>11}" for score in SCORES)
        + "   (recall / precision at least score)"
    )
    for kind in KINDS:
        mine = {copy: origin for copy, origin in origins.items() if copy.startswith(f"{kind}:")}
        cells = []
        for least in SCORES:
            found = [{a, b} for a, b, score in pairs if score >= least and (a in mine or b in mine)]
            right = sum({copy, origin} in found for copy, origin in mine.items())
            precision = f"{right / len(found):.3f}" if found else "-"
            cells.append(f"   {right / max(len(mine), 1):.3f}/{precision:>5}")
        print(f"{kind:17}{len(mine):5}" + "".join(cells))
    others = [score for a, b, score in pairs if a not in origins and b not in origins]
    print(f"{'among other rows':22}" + "".join(f"   {sum(score >= least for score in others):>11}" for least in SCORES))


def main() -> None:
    """Fill a temporary warehouse, match and print the report."""
    count, planted_count = (int(argument) for argument in (*sys.argv[1:3], "5000", "100")[:2])
    world = World(Settings().codelists, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with open_database(settings) as connection:
            create_tables(connection, load_questionnaire())
        build_models(settings, NEEDED, full_refresh=True)
        with open_database(settings) as connection:
            told = (
                _told(connection, sys.argv[3]) if len(sys.argv) > 3 else list(map(world.seizure, range(1, count + 1)))
            )
            planted, origins = plant(world, told, planted_count)
            ids = fill(connection, planted if len(sys.argv) > 3 else told + planted)
        started = time.perf_counter()
        build_models(settings, MATCHING)
        seconds, peak_mb = time.perf_counter() - started, getrusage(RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(told)} seizures, {len(planted)} planted: matched in {seconds:.1f} s, peak {peak_mb:.0f} MB")
        with open_database(settings) as connection:
            report(connection, origins, ids)


def _told(connection: duckdb.DuckDBPyConnection, marts: str) -> list[Row]:
    """Copy the seizures of a release and return those that double reports can be made of."""
    connection.execute(f"attach '{marts}' as release (read_only)")
    connection.execute(
        "create temp view facts as select *, subdivision_code as admin_division_code from release.fct_seizures"
    )
    _type(connection, "facts", connection.table("facts").columns)
    rows = connection.execute("from release.fct_seizures where unit_code in ('G', 'KG') and quantity > 0")
    names = [column[0] for column in rows.description or ()]
    return [dict(zip(names, values, strict=True)) for values in rows.fetchall()]


if __name__ == "__main__":
    main()
