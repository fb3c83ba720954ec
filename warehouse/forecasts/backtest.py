"""Back-test: how a projection would have done, beside what needs no model.

Rolling origin (Tashman, International Journal of Forecasting 16, 2000): at every month of the last two years that has
twelve months after it, the model is fitted again to what was known by then and its twelve months are compared with
those that came. Two naive methods do the same: the same month of the last year in which it is known, and
the last known month. Errors are mean absolute errors in the unit of the series, and scaled by the mean change from year
to year before the first origin, so that series can be compared (Hyndman and Koehler, International Journal of
Forecasting 22, 2006).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.forecasts.model import HORIZON, SEASON, Numbers, project

# The first origin knows two years, so that every month of the year was seen twice.
_LEAST_TRAINING = 2 * SEASON
_ORIGINS = 2 * SEASON


@dataclass(frozen=True)
class Backtest:
    """Errors over all origins and horizons whose month is known; NaN where none is. Bands in per cent of the months."""

    errors_count: int
    forecast_mae: float
    seasonal_naive_mae: float
    naive_mae: float
    forecast_mase: float
    held_80_pct: float
    held_95_pct: float


def run_backtest(values: Numbers, measure_name: str) -> Backtest:
    """Judge ``project`` on a series: consecutive months, NaN for one that is not known."""
    last = len(values) - HORIZON
    origins = range(max(_LEAST_TRAINING, last - _ORIGINS + 1), last + 1)
    rows = np.vstack([_compare(values, origin, measure_name) for origin in origins] or [np.empty((0, 5))])
    if not len(rows):
        return Backtest(0, *[float("nan")] * 6)
    forecast, seasonal, naive, in_80, in_95 = (float(part) for part in rows.mean(axis=0))
    scale = _yearly_change(values[: origins.start])
    return Backtest(len(rows), forecast, seasonal, naive, forecast / scale if scale else float("nan"), in_80, in_95)


def _compare(values: Numbers, origin: int, measure_name: str) -> Numbers:
    """Return a row per month after the origin that is known: three absolute errors and whether either band held it."""
    known, came = values[:origin], values[origin : origin + HORIZON]
    lower_95, lower_80, middle, upper_80, upper_95 = project(known, measure_name).T
    seasonal, naive = _same_month(known), np.full(HORIZON, known[~np.isnan(known)][-1])
    table: Numbers = np.column_stack([
        np.abs(came - middle), np.abs(came - seasonal), np.abs(came - naive),
        100.0 * ((lower_80 <= came) & (came <= upper_80)), 100.0 * ((lower_95 <= came) & (came <= upper_95)),
    ])  # fmt: skip
    known_rows: Numbers = table[~np.isnan(table).any(axis=1)]
    return known_rows


def _same_month(known: Numbers) -> Numbers:
    """Return for each month ahead the last known value of that month of the year; NaN if it is never known."""
    count = len(known)
    earlier = [known[(count + ahead) % SEASON :: SEASON] for ahead in range(HORIZON)]
    present = [values[~np.isnan(values)] for values in earlier]
    return np.array([values[-1] if len(values) else np.nan for values in present])


def _yearly_change(known: Numbers) -> float:
    return float(np.nanmean(np.abs(known[SEASON:] - known[:-SEASON])))
