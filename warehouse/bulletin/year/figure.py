"""Figures of the annual report, each with the states and months that answer for it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.bulletin.answering import Answering, answering
from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure, definitions_in, figure

if TYPE_CHECKING:
    import pandas as pd

YEARS = 10  # that a trend shows, the year of the report among them
_FOLDER = Path(__file__).parent


def page_of_year(year: int, chapters: str = "") -> str:
    """Return the name of a page of the annual report: the first, or that of a group of chapters."""
    return f"year-{year}-{chapters}" if chapters else f"year-{year}"


def year_figure(
    edition: Edition,
    year: int,
    path: str,
    draw: Callable[[Edition, "pd.DataFrame"], Drawing | None] | None = None,
    table: str | None = "seizures",
) -> Figure | None:
    """Return a figure of a year; None where its reader does not see it or nothing is known.

    ``path`` names its chapters, or the overview, and the figure, as in drugs/opiates; ``table`` is that of the
    questionnaire which it rests on, if any.
    """
    chapters, name = path.split("/")
    page = page_of_year(year, "" if chapters == "overview" else chapters)
    parameters = {"year": year, "first": year - YEARS + 1}
    found = figure(edition, definitions_in(_FOLDER)[name], f"{page}_{name}", parameters, draw)
    whole = Answering(table=table, since=f"{year}-01-01", until=f"{year}-12-31") if table else None
    return found and replace(found, answering=answering(edition, whole, {}, found.frame))
