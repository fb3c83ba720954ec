"""Prices of drugs: the last of each series in the twelve months until a month."""

from datetime import date
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.spans import spans
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.numbers import short
from warehouse.bulletin.pages import Section
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_PRICES, _PER_GRAM = N_("Prices"), N_("US dollars a gram, logarithmic axis")
_APART = N_("{series}: from {lowest} ({cheapest}) to {highest} ({dearest}) dollars a gram.")
_NAMED = 2  # series in a sentence
_APART_FROM = 1.5  # times: what lies closer is not told


def prices_section(edition: Edition, month: date) -> Section:
    """Return the last prices; those of the public edition are without numbers of observations."""
    name = "prices" if edition.source.has("rpt_prices_by_month", "shown_observations_count") else "published_prices"
    return Section("prices", edition.say(_PRICES), [month_figure(edition, month, "prices", name, draw_prices)])


def draw_prices(edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    """Return prices by gram; None where all are of other units."""
    known = frame[(frame["priced_unit_code"] == "G") & (frame["typical_usd"] > 0)]
    if known.empty:
        return None
    shown = known.assign(
        panel=[
            f"{edition.name('drugs', drug)}, {edition.name('market_levels', market).lower()}"
            for drug, market in known[["drug_code", "market_level_code"]].itertuples(index=False, name=None)
        ],
        label=[
            f"{edition.name('countries', state)}, {day:%m.%Y}"
            for state, day in known[["country_code", "month_date"]].itertuples(index=False, name=None)
        ],
        low=known["minimum_usd"],
        point=known["typical_usd"],
        high=known["maximum_usd"],
        other=None,
    )
    columns = ["panel", "label", "low", "point", "high", "other"]
    return Drawing(spans(shown[columns], is_log=True, title=edition.say(_PER_GRAM)), _message(edition, shown))


def _message(edition: Edition, frame: "pd.DataFrame") -> str:
    """Return where the medians of states are farthest apart, each with its state and month; else the name of the axis.

    Each price is the last of its state, so that they may be of different months.
    """
    points = frame.groupby("panel", sort=False)["point"]
    bounds = points.agg(["min", "max", "idxmin", "idxmax"])
    bounds = bounds.assign(ratio=bounds["max"] / bounds["min"]).sort_values("ratio", ascending=False, kind="stable")
    apart = bounds.loc[bounds["ratio"] >= _APART_FROM, ["min", "max", "idxmin", "idxmax"]]
    told = [
        edition.say(
            _APART,
            series=series,
            lowest=short(lowest, edition.language),
            cheapest=frame["label"][cheapest],
            highest=short(highest, edition.language),
            dearest=frame["label"][dearest],
        )
        for series, lowest, highest, cheapest, dearest in apart.head(_NAMED).itertuples(name=None)
    ]
    return " ".join(told) or edition.say(_PER_GRAM)
