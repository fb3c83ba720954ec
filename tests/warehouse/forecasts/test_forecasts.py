"""Forecasts: what is computed once is kept, nothing is computed for nothing, and a release shows what may be shown."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from conftest import HEADINGS, copy_project, fill_inbox, judge_without_flow
from golden_submissions import add_member
from made_marts import make_gate

from warehouse.forecasts.computation import Series, compute, compute_series
from warehouse.forecasts.tables import create_forecast_tables, write_forecasts
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.publication import write_release
from warehouse.safekeeping.proof import keeping_proof
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

WORLD = """
create schema intermediate;
create schema marts;
create table marts.rpt_seizure_signals_by_month as
select 'KAZ' as country_code, drug_code, 'seizures_count' as measure_name,
    cast(date '2020-01-01' + to_months(cast(i as integer)) as date) as month_date,
    if(i = 30, null, 10.0 + i * 7 % 5) as observed_value
from range(37) as months (i) cross join unnest(['HEROIN', 'OPIUM']) as drugs (drug_code);
create table intermediate.int_forecasts_admitted as
select 'KAZ' as country_code, drug_code, 'seizures_count' as measure_name, date '2020-01-01' as first_month_date,
    date '2023-01-01' as last_month_date, if(drug_code = 'OPIUM', 'TOO_SHORT', null) as refusal_code
from unnest(['HEROIN', 'OPIUM']) as drugs (drug_code);
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(WORLD)
        create_tables(opened, load_questionnaire())
        create_forecast_tables(opened)
        yield opened


def counted(connection: duckdb.DuckDBPyConnection) -> list[int]:
    tables = ("series", "backtests", "points")
    return [len(connection.execute(f"from forecasts.{table}").fetchall()) for table in tables]


def computed(connection: duckdb.DuckDBPyConnection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(f"from forecasts.{t} order by all").fetchall() for t in ("backtests", "points")]


def test_an_admitted_series_is_computed_once(connection: duckdb.DuckDBPyConnection) -> None:
    assert write_forecasts(connection)
    assert counted(connection) == [1, 1, 12]
    assert not write_forecasts(connection)
    corrected = "update marts.rpt_seizure_signals_by_month set observed_value = observed_value {} where {}"
    connection.execute(corrected.format("+ 1", "drug_code = 'HEROIN' and month_date = date '2022-05-01'"))
    assert write_forecasts(connection)
    assert counted(connection) == [1, 2, 24]
    # as it was: the marts have to be built again, and nothing is to be computed
    connection.execute(corrected.format("- 1", "drug_code = 'HEROIN' and month_date = date '2022-05-01'"))
    assert write_forecasts(connection)
    assert counted(connection) == [1, 2, 24]


def test_what_is_gone_of_a_series_is_computed_as_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    write_forecasts(connection)
    first = computed(connection)
    connection.execute("delete from forecasts.backtests; delete from forecasts.points")
    assert write_forecasts(connection)
    assert computed(connection) == first


def test_a_series_that_is_no_longer_admitted_is_taken_out(connection: duckdb.DuckDBPyConnection) -> None:
    write_forecasts(connection)
    connection.execute("update intermediate.int_forecasts_admitted set refusal_code = 'REPORTS_ENDED'")
    assert write_forecasts(connection)
    assert counted(connection) == [0, 1, 12]


def test_processes_side_by_side_compute_the_same_and_tell_how_far_they_are(caplog: pytest.LogCaptureFixture) -> None:
    # 36 months have one origin of the back-test, so that a series takes a moment
    series = [
        Series("KAZ", "HEROIN", "quantity_kg", [float(7 + i * step % 11) for i in range(36)]) for step in (3, 4, 5, 7)
    ]
    with caplog.at_level("INFO", logger="sarai"):
        together = compute_series(series, 2)
    assert together == [compute(one) for one in series]
    assert len({figures.points[0][2] for figures in together}) == len(series)
    assert caplog.messages[0] == "Forecasts: 4 new series, in 2 processes."
    assert caplog.messages[-1] == "Forecasts: 4 of 4 new series are computed."


def test_small_matrices_are_not_shared_among_threads() -> None:
    program = "import warehouse, scipy.linalg, os; print(len(os.listdir('/proc/self/task')))"
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout == "1\n"


def test_without_an_admitted_series_no_model_is_imported() -> None:
    program = f"""
import sys, duckdb
from warehouse.forecasts.tables import create_forecast_tables, write_forecasts
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
connection = duckdb.connect()
connection.execute({WORLD!r})
connection.execute("update intermediate.int_forecasts_admitted set refusal_code = 'TOO_SHORT'")
create_tables(connection, load_questionnaire())
create_forecast_tables(connection)
assert not write_forecasts(connection)
print(*{{"statsmodels", "scipy"}} & {{*sys.modules}})
"""
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout == "\n"


def yearly_files() -> dict[str, str]:
    """Return fifty months, three of which were never sent: heroin by season, opium in one month only."""
    chance = np.random.default_rng(3)
    files: dict[str, str] = {}
    for i in range(50):
        month = date(2019 + i // 12, 1 + i % 12, 1)
        heroin = chance.poisson(7 + 5 * np.sin(2 * np.pi * i / 12))
        opium = 30 if i == 40 else 0
        if i in (20, 33, 47):
            continue
        drugs = ["Heroin"] * heroin + ["Opium"] * opium
        lines = [f"{month:%m}-{n};23.{month:%m.%Y};;{drug};1;kg;\n" for n, drug in enumerate(drugs)]
        name = f"KAZ/KAZ_{month.year}.csv"
        files[name] = files.get(name, HEADINGS) + "".join(lines)
    return files


def test_a_release_shows_forecasts_signals_and_a_state_outside_the_region(tmp_path: Path) -> None:
    """Of that state there is only what README names: its row in countries.csv says that it is a member.

    The marts are built by the step of the publication, and the rules of its gate find no error in them.
    """
    from expectations.gate.run import find_unjudged
    from expectations.marts.suites import mart_suites
    from flows.publish import build
    from flows.steps import begin_run
    from warehouse.lineage.trace import trace

    project = copy_project(tmp_path / "dbt_project")
    add_member(project / "seeds", "AFG")
    settings = Settings(home=tmp_path / "var", dbt_project=project)
    outside = {"AFG/AFG_2022-06.csv": f"{HEADINGS}A1;03.06.2022;Balkh;Opium;12,5;kg;\n"}
    fill_inbox(settings.inbox, yearly_files() | outside)
    judge_without_flow(settings, [settings.inbox])
    with keeping_proof(settings, anew=True) as proof:
        build.fn(begin_run(settings), None, proof)
    with open_database(settings) as connection:
        found = find_unjudged(connection, "marts", mart_suites(project), settings.codelists)
        assert [finding for finding in found if finding.severity == "error"] == []
        release = write_release(connection, settings, gate_results=make_gate(tmp_path / "gate"))
    with duckdb.connect(str(release.database), read_only=True) as marts:
        outcomes = marts.execute("select drug_code, measure_name, outcome_code from rpt_forecast_accuracy").fetchall()
        ahead = marts.execute("""
            select distinct horizon_months_count, forecast_month_date from rpt_seizure_forecasts_by_month
            where drug_code = 'HEROIN' and measure_name = 'seizures_count' order by all""").fetchall()
        flagged = marts.execute("""
            select distinct drug_code, month_date, signal_code from rpt_seizure_signals_by_month
            where signal_code in ('HIGH', 'LOW')""").fetchall()
        afghan = marts.execute("""
            select subdivision_code, drug_code, quantity_kg from fct_seizures where country_code = 'AFG'""").fetchall()
        covered = marts.execute("""
            select month_date from rpt_coverage_by_month where country_code = 'AFG' and coverage = 'data'""").fetchall()
    assert (afghan, covered) == ([("AF-BAL", "OPIUM", 12.5)], [(date(2022, 6, 1),)])
    assert ("HEROIN", "seizures_count", "FORECAST") in outcomes
    assert ("OPIUM", "seizures_count", "MOSTLY_ZERO") in outcomes
    assert ahead == [(n, date(2023 + (n + 1) // 12, 1 + (n + 1) % 12, 1)) for n in range(1, 13)]
    assert flagged == [("OPIUM", date(2022, 5, 1), "HIGH")]
    with open_database(settings) as connection:
        key = {"drug_code": "HEROIN", "measure_name": "seizures_count", "forecast_month_date": "2023-03"}
        behind = trace(connection, settings, release, "rpt_seizure_forecasts_by_month", key)
        assert {origin.sent["drug"] for origin in behind} == {"Heroin"}
