"""Unusual months until a month, and what is expected after the newest one."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.months import forecast_panels
from warehouse.bulletin.charts.style import drug_colour
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.numbers import percent, quantity
from warehouse.bulletin.pages import Section
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_UNUSUAL, _OUTLOOK = N_("Unusual months"), N_("Outlook")
_NO_FORECAST = N_("No series is regular and long enough for a forecast.")
_HELD = N_(
    "{series}: {kg} expected for {month}, from {lowest} to {highest} by the wide band, which held in {wide} of the "
    "months tried, the narrow one in {narrow}."
)


def unusual_section(edition: Edition, month: date) -> Section:
    """Return the unusual months of states whose signals the reader sees."""
    return Section("unusual", edition.say(_UNUSUAL), [month_figure(edition, month, "outlook", "unusual")])


def outlook_section(edition: Edition, month: date) -> Section:
    """Return forecasts of the series that have one, and why others have none."""
    forecast = month_figure(edition, month, "outlook", "forecast", _draw_forecast)
    reasons = month_figure(edition, month, "outlook", "reasons")
    sentences = [edition.say(_NO_FORECAST)] if reasons and not forecast else []
    return Section("outlook", edition.say(_OUTLOOK), [forecast, reasons], sentences)


def _draw_forecast(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    series = zip(frame["drug_code"], frame["country_code"], strict=True)
    named = frame.assign(
        panel=[f"{edition.name('drugs', drug)}, {edition.name('countries', state)}" for drug, state in series],
        colour=[drug_colour(drug) for drug in frame["drug_code"]],
    )
    columns = ["panel", "colour", "month_date", "observed", "forecast"]
    columns += [f"{side}_{band}" for band in ("wide", "narrow") for side in ("lower", "upper")]
    return Drawing(forecast_panels(named[columns]), " ".join(_held(edition, named)))


def _held(edition: Edition, frame: "pd.DataFrame") -> Iterator[str]:
    """Yield what is expected next of each series, and which part of the months tried its bands held."""
    for name, rows in frame.dropna(subset=["forecast"]).groupby("panel", sort=False):
        following = rows.iloc[0]
        yield edition.say(
            _HELD,
            series=str(name),
            kg=quantity(following["forecast"], "kg", edition.language),
            lowest=quantity(following["lower_wide"], "kg", edition.language),
            highest=quantity(following["upper_wide"], "kg", edition.language),
            month=f"{following['month_date']:%m.%Y}",
            narrow=percent(following["narrow_held_pct"], edition.language),
            wide=percent(following["wide_held_pct"], edition.language),
        )
