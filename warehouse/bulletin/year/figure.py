"""Figures of the annual report, each with the states and months that answer for it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure, definitions, figure

if TYPE_CHECKING:
    import pandas as pd

YEARS = 10  # that a trend shows, the year of the report among them
_FOLDER = Path(__file__).parent
_ANSWERED = """
    select count(distinct country_code) filter (coverage <> 'missing') as countries,
        count(distinct country_code) as members, count(*) filter (coverage <> 'missing') as months,
        count(*) as expected
    from rpt_coverage_by_month where table_name = '{table}' and year(month_date) = {year}"""


def page_of_year(year: int, chapters: str = "") -> str:
    """Return the name of a page of the annual report: the first, or that of a group of chapters."""
    return f"year-{year}-{chapters}" if chapters else f"year-{year}"


def year_figure(
    edition: Edition,
    year: int,
    path: str,
    draw: Callable[[Edition, "pd.DataFrame"], Drawing | None] | None = None,
    table: str = "seizures",
) -> Figure | None:
    """Return a figure of a year; None where its reader does not see it or nothing is known.

    ``path`` names the file of definitions and the figure, as in drugs/opiates; ``table`` is that of the questionnaire
    which it rests on.
    """
    file, name = path.split("/")
    page = page_of_year(year, "" if file == "overview" else file)
    parameters = {"year": year, "first": year - YEARS + 1}
    found = figure(edition, definitions(_FOLDER / f"{file}.yml")[name], f"{page}_{name}", parameters, draw)
    return found and replace(found, caveats=[*answered(edition, year, table), *found.caveats])


def answered(edition: Edition, year: int, table: str) -> list[str]:
    """Return how many states reported how many months of a table in a year; nothing where the reader may not know."""
    row = edition.ask(_ANSWERED.format(table=table, year=year)).iloc[0]
    if not row["expected"]:
        return []
    return [
        edition.ngettext(
            "{count} of {members} states reported: {months} of {expected} months of the year.",
            "{count} of {members} states reported: {months} of {expected} months of the year.",
            int(row["countries"]),
            members=int(row["members"]),
            months=int(row["months"]),
            expected=int(row["expected"]),
        )
    ]
