"""What all figures of a month have in common: the name of their page, and the places of their queries."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure, definitions, figure
from warehouse.bulletin.periods import TWO_YEARS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from warehouse.bulletin.charts.drawing import Drawing

_FOLDER = Path(__file__).parent
_DECEMBER, _YEAR = 12, 12


def page_of_month(month: date) -> str:
    """Return the name of the page of a month."""
    return f"month-{month:%Y-%m}"


def has_whole_page(edition: Edition, month: date) -> bool:
    """Return whether a month has the figures of longer periods too: the newest one, and the last of each year."""
    return month == edition.months[-1] or month.month == _DECEMBER


def month_figure(
    edition: Edition,
    month: date,
    source: str,
    name: str,
    draw: "Callable[[Edition, pd.DataFrame], Drawing | None] | None" = None,
) -> Figure | None:
    """Return a figure of the page of a month, defined in ``source``.yml; None where its reader sees nothing of it."""
    defined = definitions(_FOLDER / f"{source}.yml")[name]
    first, year_before = (month - relativedelta(months=months - 1) for months in (TWO_YEARS, _YEAR))
    parameters = {"month": month, "year_before": year_before, "first": first, "year": month.year}
    return figure(edition, defined, f"{page_of_month(month)}_{name}", parameters, draw)
