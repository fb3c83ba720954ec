"""Projection: twelve months ahead of one monthly series, with the bands in which 80 % and 95 % of the months fall.

The model is a local level with harmonics of the year, fitted by maximum likelihood in state space form: Durbin and
Koopman, Time Series Analysis by State Space Methods (2012), chapters 2 to 4, for a level that wanders and for months
that nobody reported, which the filter passes over; Hyndman and Athanasopoulos, Forecasting: Principles and Practice
(3rd ed., 2021), section 10.5, for the harmonics, whose number the corrected criterion of Akaike chooses.

It works on a scale on which months vary alike at every height: the root of counts (Bartlett, Journal of the Royal
Statistical Society, Supplement 3, 1936), log(1 + kg) of weights, whose tails are heavy. Bands taken back from there are
skewed as the months are and never below zero, and the middle is a median, which is what the mean absolute error judges.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

HORIZON = 12
SEASON = 12
_MOST_HARMONICS = 2
# Standard normal quantiles of lower 95 %, lower 80 %, median, upper 80 %, upper 95 %.
_QUANTILES = np.array([-1.959963984540054, -1.2815515655446004, 0.0, 1.2815515655446004, 1.959963984540054])

_SCALES: dict[str, tuple[Callable[[Numbers], Numbers], Callable[[Numbers], Numbers]]] = {
    "seizures_count": (np.sqrt, np.square),
    "quantity_kg": (np.log1p, np.expm1),
}


def project(values: Numbers, measure_name: str) -> Numbers:
    """Return a row for each of the next HORIZON months: lower 95 %, lower 80 %, median, upper 80 %, upper 95 %.

    ``values`` are consecutive months, in the unit of the measure and not negative; NaN is a month that is not known.
    """
    there, back = _SCALES[measure_name]
    scaled = there(values)
    fitted, harmonics = min(
        ((_fit(scaled, count), count) for count in range(_MOST_HARMONICS + 1)), key=lambda pair: _criterion(pair[0])
    )
    ahead = fitted.get_forecast(HORIZON, exog=_harmonics(len(values), HORIZON, harmonics))
    middle, error = np.asarray(ahead.predicted_mean), np.asarray(ahead.se_mean)
    return back(np.maximum(middle[:, None] + error[:, None] * _QUANTILES, 0.0))


def _fit(scaled: Numbers, harmonics: int) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    with warnings.catch_warnings():
        # A constant level has its variance at the bound, and the optimiser then warns that it has not converged.
        warnings.simplefilter("ignore")
        exogenous = _harmonics(0, len(scaled), harmonics)
        model = UnobservedComponents(scaled, "local level", exog=exogenous)
        # Neither how sure the parameters are nor what they say of the past is asked of it.
        return model.filter(model.fit(disp=False, maxiter=200, return_params=True), cov_type="none")


def _criterion(fitted: Any) -> float:
    return float(fitted.aicc) if np.isfinite(fitted.aicc) else np.inf


def _harmonics(first: int, count: int, harmonics: int) -> Numbers | None:
    """Return sine and cosine of the month, a column each, for every harmonic of the year; None without any."""
    turns = 2 * np.pi * np.arange(first, first + count) / SEASON
    columns = [wave(order * turns) for order in range(1, harmonics + 1) for wave in (np.sin, np.cos)]
    return np.column_stack(columns) if columns else None
