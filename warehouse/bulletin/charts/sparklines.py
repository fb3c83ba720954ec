"""Sparklines: a row for each series, its months, and its last value in figures."""

from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, INK, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_LABELS, _VALUES = 240, 90  # pixels, for the names of rows and for values
_HEIGHT = 24


def sparklines(frame: "pd.DataFrame") -> dict[str, Any]:
    """Return a line of ``value`` by ``month_date`` for each ``row``, in the frame's order; null is a gap.

    ``label`` is what stands beside the last known month of a row; each row has a scale of its own.
    """
    known = frame.dropna(subset=["value"])
    last = known.groupby("row", sort=False)["month_date"].transform("max")
    shown = frame.assign(last=known["label"].where(known["month_date"] == last))
    months = {"field": "month_date", "type": "temporal", "scale": {"type": "utc"}, "axis": None}
    value = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": False}}
    ends = [{"filter": "isValid(datum.last)"}]
    header = {
        "labelAngle": 0,
        "labelAlign": "left",
        "labelBaseline": "middle",
        "labelAnchor": "middle",
        "labelColor": INK,
        "labelFontWeight": "normal",
        "labelLimit": _LABELS,
    }
    return {
        "data": {"values": records(shown)},
        "facet": {
            "row": {
                "field": "row", "type": "nominal", "title": None, "sort": [*dict.fromkeys(frame["row"])],
                "header": header,
            },
        },
        "spacing": 4,
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": WIDTH - _LABELS - _VALUES - 40,
            "height": _HEIGHT,
            "encoding": {"x": months, "y": value},
            "layer": [
                {"mark": {"type": "line", "invalid": "break-paths-filter-domains"}},
                {"transform": ends, "mark": {"type": "point", "color": ACCENT}},
                {
                    "transform": ends,
                    "mark": {"type": "text", "align": "left", "dx": 8},
                    "encoding": {"text": {"field": "last"}},
                },
            ],
        },
    }  # fmt: skip
