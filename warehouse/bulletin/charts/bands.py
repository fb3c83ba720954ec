"""Small multiples of a series of months and of what is expected to follow, with its bands."""

from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import FAINT, PANEL_HEIGHT, PANEL_WIDTH, PAPER

if TYPE_CHECKING:
    import pandas as pd

_MONTHS: dict[str, Any] = {
    "field": "month_date",
    "type": "temporal",
    "scale": {"type": "utc"},
    "title": None,
    "axis": {"format": "%m.%Y", "tickCount": 4, "labelFlush": True},
}


def forecast_panels(frame: "pd.DataFrame") -> dict[str, Any]:
    """Return a panel for each ``panel``, in the order of the frame and in its ``colour``.

    ``observed`` is a line with gaps where it is not known; ``forecast`` is dashed, within a dark band from
    ``lower_narrow`` to ``upper_narrow`` and a light one from ``lower_wide`` to ``upper_wide``. Vertical scales differ.
    """
    y = {"type": "quantitative", "title": None, "scale": {"zero": True, "nice": True}}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    bands = [
        {
            "transform": [{"filter": f"isValid(datum.lower_{band})"}],
            "mark": {"type": "area", "opacity": opacity},
            "encoding": {"y": {**y, "field": f"lower_{band}"}, "y2": {"field": f"upper_{band}"}, "color": colour},
        }
        for band, opacity in (("wide", 0.16), ("narrow", 0.24))
    ]
    lines = [
        {
            "mark": {"type": "line", "invalid": "break-paths-filter-domains"},
            "encoding": {"y": {**y, "field": "observed"}, "color": colour},
        },
        {
            "transform": [{"filter": "isValid(datum.forecast)"}],
            "mark": {"type": "line", "strokeDash": [4, 3]},
            "encoding": {"y": {**y, "field": "forecast"}, "color": colour},
        },
        {
            "transform": [{"filter": "isValid(datum.observed)"}],
            "mark": {"type": "point", "strokeWidth": 1.2, "stroke": FAINT, "size": 14},
            "encoding": {"y": {**y, "field": "observed"}, "fill": {"value": PAPER}},
        },
    ]
    return {
        "data": {"values": records(frame)},
        "columns": 2,
        "spacing": {"row": 18, "column": 34},
        "facet": {"field": "panel", "type": "nominal", "sort": [*dict.fromkeys(frame["panel"])], "title": None},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
        "spec": {
            "width": PANEL_WIDTH,
            "height": PANEL_HEIGHT,
            "encoding": {"x": _MONTHS},
            "layer": [*bands, *lines],
        },
    }
