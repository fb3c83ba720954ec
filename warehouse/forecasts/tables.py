"""Forecasts: the tables of schema forecasts, which dbt reads; what was computed of a series once is kept.

The models of dbt decide which series are admitted, and whether a back-test is good enough to publish.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

import duckdb

from warehouse.forecasts.computation import Computed, Series, compute_series
from warehouse.ledger.derived import enter_forecasts, read_derived
from warehouse.storage.database import transaction

# What decides on the figures beside the values of the series.
_METHOD = ("model.py", "backtest.py", "computation.py", "tables.py")

_TABLES = """
create schema if not exists forecasts;
create table if not exists forecasts.series (
    country_code varchar, drug_code varchar, measure_name varchar, series_sha256 varchar
);
create table if not exists forecasts.backtests (
    series_sha256 varchar, errors_count bigint, forecast_mae double, seasonal_naive_mae double, naive_mae double,
    forecast_mase double, held_80_pct double, held_95_pct double
);
create table if not exists forecasts.points (
    series_sha256 varchar, horizon_months_count bigint, lower_95_value double, lower_80_value double,
    forecast_value double, upper_80_value double, upper_95_value double
);
"""

_ADMITTED = """
select country_code, drug_code, measure_name, list(observed_value order by month_date) as observed_values
from intermediate.int_forecasts_admitted as admitted
inner join marts.rpt_seizure_signals_by_month as observed using (country_code, drug_code, measure_name)
where admitted.refusal_code is null and month_date between first_month_date and last_month_date
group by all
order by all
"""


def create_forecast_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that the marts of forecasts read, anew where the chain does not know what they hold."""
    if read_derived(connection).forecasts is None:
        connection.execute("drop schema if exists forecasts cascade")
    connection.execute(_TABLES)


def write_forecasts(connection: duckdb.DuckDBPyConnection, processes: int = 1) -> bool:
    """Compute what is not known yet of the admitted series; returns whether the marts of forecasts have to be built.

    The series are those of ``marts.rpt_seizure_signals_by_month``, a month that is not known among them as null. Of
    ``processes`` at most as many are started as there is work for; see compute_series.
    """
    method = _method()
    admitted = connection.execute(_ADMITTED).fetchall()
    named = [(*key, _digest(method, key[-1], values), values) for *key, values in admitted]
    known = {row[0] for row in connection.execute("select series_sha256 from forecasts.backtests").fetchall()}
    before = connection.execute("from forecasts.series order by all").fetchall()
    rows = [row[:-1] for row in named]
    if before == rows and known.issuperset(row[-1] for row in rows):
        return False
    missing = {row[3]: Series(row[0], row[1], row[2], row[4]) for row in named if row[3] not in known}
    computed = dict(zip(missing, compute_series(list(missing.values()), processes), strict=True))
    with transaction(connection):
        for digest, figures in computed.items():
            _write(connection, digest, figures)
        connection.execute("delete from forecasts.series")
        if rows:
            connection.executemany(
                "insert into forecasts.series (country_code, drug_code, measure_name, series_sha256) "
                "values (?, ?, ?, ?)",
                rows,
            )
        enter_forecasts(connection)
    return True


def _write(connection: duckdb.DuckDBPyConnection, digest: str, figures: Computed) -> None:
    connection.execute(
        "insert into forecasts.backtests (series_sha256, errors_count, forecast_mae, seasonal_naive_mae, naive_mae, "
        "forecast_mase, held_80_pct, held_95_pct) values (?, ?, ?, ?, ?, ?, ?, ?)",
        [digest, *figures.judged],
    )
    connection.executemany(
        "insert into forecasts.points (series_sha256, horizon_months_count, lower_95_value, lower_80_value, "
        "forecast_value, upper_80_value, upper_95_value) values (?, ?, ?, ?, ?, ?, ?)",
        [[digest, horizon, *bounds] for horizon, bounds in enumerate(figures.points, start=1)],
    )


def _method() -> str:
    sources = [Path(__file__).with_name(name).read_bytes() for name in _METHOD]
    return hashlib.sha256(b"\0".join(sources) + version("statsmodels").encode()).hexdigest()


def _digest(method: str, measure: str, values: list[float | None]) -> str:
    return hashlib.sha256(repr((method, measure, values)).encode()).hexdigest()
