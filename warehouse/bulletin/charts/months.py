"""Small multiples of months: a panel for each drug, a gap where nothing is known, an open point where a part is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import PANEL_HEIGHT, PANEL_WIDTH, PAPER

if TYPE_CHECKING:
    import pandas as pd

_MONTHS: dict[str, Any] = {
    "field": "month_date",
    "type": "temporal",
    "scale": {"type": "utc"},
    "title": None,
    "axis": {"format": "%m.%Y", "tickCount": 4, "labelFlush": True},
}


def panels(frame: "pd.DataFrame", panel: str, value: str, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return lines of ``value`` by ``month_date``: a panel for each of ``colours``, which ``panel`` names in words.

    An empty value is a gap, and a point is open where ``is_whole`` is false. Vertical scales differ.
    """
    y = {"field": value, "type": "quantitative", "title": None, "scale": {"zero": True, "nice": True}}
    colour = {"field": panel, "scale": {"domain": [*colours], "range": [*colours.values()]}, "legend": None}
    points = {
        "mark": {"type": "point", "strokeWidth": 1.4},
        "encoding": {
            "fill": {"condition": {"test": "datum.is_whole", **colour}, "value": PAPER},
            "stroke": colour,
        },
    }
    line = {"mark": {"type": "line", "invalid": "break-paths-filter-domains"}, "encoding": {"color": colour}}
    return {
        "data": {"values": records(frame)},
        "columns": 2,
        "spacing": {"row": 18, "column": 34},
        "facet": {"field": panel, "type": "nominal", "sort": [*colours], "title": None},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
        "spec": {
            "width": PANEL_WIDTH,
            "height": PANEL_HEIGHT,
            "encoding": {"x": _MONTHS, "y": y},
            "layer": [line, points],
        },
    }
