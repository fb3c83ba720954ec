"""Bars of numbers that may be added up, in parts by colour."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import INK, PAPER, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT = 24
_LETTER, _MOST_LABELS = 5.9, 320  # pixels, for the names of bars


def stacked_bars(frame: "pd.DataFrame", colours: Mapping[str, str]) -> dict[str, Any]:
    """Return a bar for each ``bar`` in the order of the frame, in parts of ``value`` coloured by ``part``.

    ``colours`` has the parts in order. The sum stands at the end of each bar.
    """
    order = [*dict.fromkeys(frame["bar"])]
    labels = min(_MOST_LABELS, int(_LETTER * max(map(len, order))) + 8)
    places = {part: number for number, part in enumerate(colours)}
    shown = frame[["bar", "part", "value"]].assign(place=frame["part"].map(places))
    axis = {"domain": False, "ticks": False, "labelColor": INK, "labelLimit": labels}
    bars = {
        "mark": {"type": "bar", "height": {"band": 0.72}, "stroke": PAPER, "strokeWidth": 0.8},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "tickCount": 5}},
            "color": {
                "field": "part", "type": "nominal", "legend": {"title": None, "symbolType": "square"},
                "scale": {"domain": [*colours], "range": [*colours.values()]},
            },
            "order": {"field": "place", "type": "quantitative"},
        },
    }  # fmt: skip
    sums = {
        "mark": {"type": "text", "align": "left", "dx": 5},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "aggregate": "sum"},
            "text": {"field": "value", "type": "quantitative", "aggregate": "sum"},
        },
    }
    return {
        "data": {"values": records(shown)},
        "width": WIDTH - labels - 60,
        "height": _ROW_HEIGHT * len(order),
        "encoding": {"y": {"field": "bar", "type": "nominal", "title": None, "sort": order, "axis": axis}},
        "layer": [bars, sums],
    }
