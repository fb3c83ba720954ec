"""Projection and back-test on simulated series, of which it is known what can be known."""

import numpy as np
import pytest

from warehouse.forecasts.backtest import run_backtest
from warehouse.forecasts.model import HORIZON, Numbers, project

MONTHS = np.arange(84)
YEARLY = np.sin(2 * np.pi * MONTHS / 12)


def seasonal_with_gaps(seed: int) -> Numbers:
    chance = np.random.default_rng(seed)
    values = chance.poisson(20 + 12 * YEARLY).astype(np.float64)
    values[2 + chance.choice(80, 14, replace=False)] = np.nan
    return values


def random_walk() -> Numbers:
    return np.abs(60 + np.cumsum(np.random.default_rng(0).normal(0, 3, 72)))


def repeating_years() -> Numbers:
    """Return years of which each is the one before, a little changed: nothing is known beyond the same month."""
    chance = np.random.default_rng(1)
    return np.abs(np.tile(chance.gamma(2, 10, 12), 6) + np.cumsum(chance.normal(0, 1, (6, 12)), axis=0).ravel())


def test_a_season_with_gaps_is_forecast_better_than_by_either_naive_method() -> None:
    judged = run_backtest(seasonal_with_gaps(3), "seizures_count")
    assert judged.forecast_mae < 0.9 * min(judged.seasonal_naive_mae, judged.naive_mae)
    assert judged.forecast_mase < 1
    assert 60 <= judged.held_80_pct <= 95
    assert judged.held_80_pct <= judged.held_95_pct
    assert 200 < judged.errors_count < 24 * HORIZON


def test_the_last_value_of_a_random_walk_is_not_beaten() -> None:
    judged = run_backtest(random_walk(), "seizures_count")
    assert judged.forecast_mae > 0.95 * judged.naive_mae


def test_the_same_month_of_years_that_repeat_is_not_beaten() -> None:
    judged = run_backtest(repeating_years(), "seizures_count")
    assert judged.forecast_mae > judged.seasonal_naive_mae


def test_bands_hold_what_they_say_of_months_to_come() -> None:
    """Counts by chance, counts with a season, heavy-tailed weights: what came of 36 series of 72 months."""
    held = []
    for seed in range(12):
        chance = np.random.default_rng(seed)
        for measure, values in (
            ("seizures_count", chance.poisson(9, 84)),
            ("seizures_count", chance.poisson(20 + 12 * YEARLY)),
            ("quantity_kg", chance.lognormal(2, 1, 84)),
        ):
            known, came = values[:72].astype(np.float64), values[72:]
            lower_95, lower_80, _, upper_80, upper_95 = project(known, measure).T
            within = [(low <= came) & (came <= high) for low, high in ((lower_80, upper_80), (lower_95, upper_95))]
            held.append(np.mean(within, axis=1))
    in_80, in_95 = np.mean(held, axis=0)
    assert 0.72 <= in_80 <= 0.88
    assert 0.90 <= in_95 <= 0.99


@pytest.mark.parametrize("measure", ["seizures_count", "quantity_kg"])
def test_a_gap_is_not_zero(measure: str) -> None:
    """A year that nobody reported leaves the level where it was; a year of zeros would tear the band open."""
    values = 10 + np.random.default_rng(5).normal(0, 1, 60)
    with_gap, with_zeros = values.copy(), values.copy()
    with_gap[40:52], with_zeros[40:52] = np.nan, 0.0
    assert project(with_gap, measure)[:, 2] == pytest.approx(10, abs=1)
    widths = [np.ptp(project(series, measure)[:, [1, 3]], axis=1).mean() for series in (with_gap, with_zeros)]
    assert widths[1] > 2 * widths[0]


def test_a_naive_method_passes_over_gaps() -> None:
    # of the two origins the first has lost its last month: the one before it stands in, and the year before that
    values = np.arange(37.0)
    values[23] = np.nan
    judged = run_backtest(values, "quantity_kg")
    whole = run_backtest(np.arange(37.0), "quantity_kg")
    assert whole.seasonal_naive_mae == 12
    assert judged.seasonal_naive_mae == pytest.approx(12 + 12 * 2 / (2 * 12))
    assert whole.naive_mae == 6.5
    assert judged.naive_mae == pytest.approx(6.5 + 12 / (2 * 12))


def test_bands_are_nested_and_not_below_zero_where_most_months_are_zero() -> None:
    values = np.random.default_rng(2).poisson(0.4, 60).astype(np.float64)
    projected = project(values, "seizures_count")
    assert projected.shape == (HORIZON, 5)
    assert projected.min() >= 0
    assert (np.diff(projected, axis=1) >= 0).all()
    assert (projected == project(values, "seizures_count")).all()


def test_a_series_that_never_changes_goes_on() -> None:
    assert project(np.full(48, 3.0), "quantity_kg") == pytest.approx(3, abs=0.01)


def test_a_series_too_short_for_an_origin_has_no_errors() -> None:
    judged = run_backtest(np.ones(35), "seizures_count")
    assert judged.errors_count == 0
    assert np.isnan(judged.forecast_mae)
