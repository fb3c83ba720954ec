"""The page of a month: headlines, who reported what, seizures, trends."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.grid import coverage_grid
from warehouse.bulletin.charts.months import panels
from warehouse.bulletin.charts.style import drug_colour
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure, definitions, figure
from warehouse.bulletin.month.headlines import DRUGS, reported, sentences, tiles
from warehouse.bulletin.numbers import month as month_name, quantity
from warehouse.bulletin.pages import Page, Section
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = Path(__file__).with_name("figures.yml")
_TITLE = N_("Regional bulletin: {month}")
_LEDE = N_("What the border and drug control authorities of five states reported of seizures in {month}.")
_HEADLINES, _COVERAGE, _SEIZURES, _TREND = (
    N_("Headlines"), N_("Who reported what"), N_("Seizures"), N_("How it developed"),
)  # fmt: skip
_MISSING = N_("Being clarified: {states}. Figures of the region are those of the other states, and will change.")
_PEAKS = N_("The most in a month: {peaks}.")
_GRID = N_("{reported} of {cells} monthly reports are there.")


def month_page(edition: Edition, month: date) -> Page:
    """Return the page of a month, as its reader may see it."""
    shown = month_name(month, edition.language)
    return Page(
        name=page_of_month(month),
        title=edition.say(_TITLE, month=shown),
        lede=edition.say(_LEDE, month=shown),
        menu=shown if month == edition.months[-1] else "",
        notices=[*_notices(edition, month)],
        tiles=[*tiles(edition, month)],
        sections=[
            Section("headlines", edition.say(_HEADLINES), sentences=[*sentences(edition, month)]),
            Section("reports", edition.say(_COVERAGE), [_figure(edition, month, "coverage")]),
            Section("seizures", edition.say(_SEIZURES), [_figure(edition, month, "seizures")]),
            Section("trends", edition.say(_TREND), [_figure(edition, month, "trend")]),
        ],
    )


def page_of_month(month: date) -> str:
    """Return the name of the page of a month."""
    return f"month-{month:%Y-%m}"


def _notices(edition: Edition, month: date) -> list[str]:
    count, members = reported(edition, month)
    if count in {0, members}:
        return []
    missing = edition.ask(
        f"select country_code from rpt_coverage_by_month where table_name = 'seizures' and month_date = '{month}' "
        "and coverage = 'missing' order by country_code"
    )
    names = ", ".join(edition.name("countries", code) for code in missing["country_code"])
    return [edition.say(_MISSING, states=names)]


def _figure(edition: Edition, month: date, name: str) -> Figure | None:
    first = date(month.year - 2, month.month, 1)
    draw = {"coverage": _draw_coverage, "trend": _draw_trend}.get(name)
    parameters = {"month": month, "first": first}
    return figure(edition, definitions(_FIGURES)[name], f"{page_of_month(month)}_{name}", parameters, draw)


def _draw_coverage(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(country=[edition.name("countries", code) for code in frame["country_code"]])
    coverages = {code: edition.name("coverages", code) for code in ("data", "nil", "missing")}
    there = int((frame["coverage"] != "missing").sum())
    return Drawing(coverage_grid(shown, coverages), edition.say(_GRID, reported=there, cells=len(frame)))


def _draw_trend(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    names = {code: edition.name("drugs", code) for code in DRUGS}
    shown = frame.assign(drug=frame["drug_code"].map(names))
    colours = {names[code]: drug_colour(code) for code in DRUGS}
    known = shown.dropna(subset=["quantity_kg_without_duplicates"])
    most = known.loc[known.groupby("drug_code")["quantity_kg_without_duplicates"].idxmax()]
    columns = most[["drug", "quantity_kg_without_duplicates", "month_date"]]
    peaks = [
        f"{drug} {quantity(kg, 'kg', edition.language)} ({month:%m.%Y})"
        for drug, kg, month in columns.itertuples(index=False, name=None)
    ]
    message = edition.say(_PEAKS, peaks=", ".join(peaks))
    return Drawing(panels(shown, "drug", "quantity_kg_without_duplicates", colours), message)
