"""The figures of series that are not known yet, computed side by side: a back-test takes seconds for each of them."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from multiprocessing import get_context
from typing import NamedTuple

from warehouse.progress import each

log = logging.getLogger("sarai")

# More than a model knows, and few enough that two machines agree on them.
_SIGNIFICANT_DIGITS = 4
# A process imports the model for as long as it takes to compute this many series.
_WORTH_A_PROCESS = 2

Figures = list[float | None]


class Series(NamedTuple):
    """A monthly series: values of consecutive months in the unit of the measure, None for a month not known."""

    country_code: str
    drug_code: str
    measure_name: str
    values: list[float | None]


class Computed(NamedTuple):
    """The seven figures of a back-test, and for each month ahead the five of its projection; see the model."""

    judged: Figures
    points: list[Figures]


def compute_series(series: Sequence[Series], processes: int) -> list[Computed]:
    """Return back-test and projection of each series, in their order, and show how far that is.

    Up to ``processes`` processes share the work, none of them where there is too little to be worth its start.
    """
    counted = _each(series, min(processes, len(series) // _WORTH_A_PROCESS))
    computed = list(each("Forecasting series", counted, len(series)))
    if len(series) > 1:
        log.info("Forecasts: %d of %d new series are computed.", len(computed), len(series))
    return computed


def compute(series: Series) -> Computed:
    """Return back-test and projection of one series, to its significant digits; None for what is not known."""
    import numpy as np

    from warehouse.forecasts.backtest import run_backtest
    from warehouse.forecasts.model import project

    values = np.array(series.values, dtype=np.float64)
    judged = [_rounded(figure) for figure in astuple(run_backtest(values, series.measure_name))]
    return Computed(
        judged, [[_rounded(figure) for figure in row] for row in project(values, series.measure_name).tolist()]
    )


def _each(series: Sequence[Series], processes: int) -> Iterator[Computed]:
    if processes < 2:  # noqa: PLR2004 - one beside ourselves would leave us idle
        yield from map(compute, series)
        return
    from pebble import ProcessPool

    log.info("Forecasts: %d new series, in %d processes.", len(series), processes)
    # Processes that begin anew: threads of DuckDB do not survive a fork.
    with ProcessPool(processes, context=get_context("spawn")) as pool:
        try:
            yield from pool.map(compute, series, chunksize=1).result()
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _rounded(figure: float) -> float | None:
    """Return the figure to its significant digits; None for NaN."""
    return None if figure != figure else float(f"{figure:.{_SIGNIFICANT_DIGITS}g}")  # noqa: PLR0124
