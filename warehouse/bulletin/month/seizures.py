"""Seizures of a month: who reported, what was seized by state and drug, and how it developed."""

from datetime import date
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.grid import coverage_grid
from warehouse.bulletin.charts.months import panels
from warehouse.bulletin.charts.style import drug_colour
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.changes import DRUGS
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.pages import Section
from warehouse.bulletin.peaks import peaks_by_drug
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_COVERAGE, _SEIZURES, _TREND = N_("Who reported what"), N_("Seizures"), N_("How it developed")
_NOTHING_WEIGHED = N_("Nothing was weighed in these months.")
_MARKED = N_("▲ and ▼ mark months far above and far below the two years before in a state.")
# Signs of the months that were unusual in any state whose signals the reader sees.
_UNUSUAL = """
    select month_date, drug_code,
        if(bool_or(signal_code = 'HIGH'), '▲', '') || if(bool_or(signal_code = 'LOW'), '▼', '') as mark
    from rpt_seizure_signals_by_month
    where measure_name = 'quantity_kg' and signal_code in ('HIGH', 'LOW') and month_date between '{first}' and '{last}'
    group by month_date, drug_code order by month_date, drug_code"""
_GRID = N_("{reported} of {cells} monthly reports are there.")


def reports_section(edition: Edition, month: date) -> Section:
    """Return who reported what in the last twelve months."""
    shown = month_figure(edition, month, "seizures", "coverage", _draw_coverage)
    return Section("reports", edition.say(_COVERAGE), [shown])


def seizures_section(edition: Edition, month: date) -> Section:
    """Return what was seized in the month, by state and drug."""
    return Section("seizures", edition.say(_SEIZURES), [month_figure(edition, month, "seizures", "seizures")])


def trend_section(edition: Edition, month: date) -> Section:
    """Return how four drugs developed in two years."""
    return Section("trends", edition.say(_TREND), [month_figure(edition, month, "seizures", "trend", draw_trend)])


def _draw_coverage(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(country=edition.named("countries", frame["country_code"]))
    coverages = {code: edition.name("coverages", code) for code in ("data", "nil", "missing")}
    there = int((frame["coverage"] != "missing").sum())
    return Drawing(coverage_grid(shown, coverages), edition.say(_GRID, reported=there, cells=len(frame)))


def draw_trend(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return how four drugs developed, and the month of the most of each that was weighed at all."""
    names = {code: edition.name("drugs", code) for code in DRUGS}
    shown = frame.assign(drug=frame["drug_code"].map(names))
    message = []
    if edition.source.has("rpt_seizure_signals_by_month", "signal_code"):
        days = frame["month_date"]
        unusual = edition.ask(_UNUSUAL.format(first=f"{days.min():%Y-%m-%d}", last=f"{days.max():%Y-%m-%d}"))
        shown = shown.merge(unusual, how="left", on=["month_date", "drug_code"])
        message = [edition.say(_MARKED)] if shown["mark"].notna().any() else []
    colours = {names[code]: drug_colour(code) for code in DRUGS}
    told = peaks_by_drug(edition, shown, "quantity_kg_without_duplicates") or edition.say(_NOTHING_WEIGHED)
    spec = panels(shown, "drug", "quantity_kg_without_duplicates", colours)
    return Drawing(spec, " ".join([told, *message]))
