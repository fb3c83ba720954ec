"""A grid of states and months that shows who reported what."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, INK, LINE, PAPER, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT = 26
# Coverage → what fills its cell, the sign in it, and the colour of the sign: it says the same without colour.
_CELLS = {"data": (ACCENT, "●", PAPER), "nil": ("#dbe8ee", "0", INK), "missing": (PAPER, "–", FAINT)}

_MONTHS: dict[str, Any] = {
    "field": "month_date",
    "type": "ordinal",
    "timeUnit": "utcyearmonth",
    "title": None,
    "axis": {
        "format": "%m.%Y", "labelAngle": 0, "labelLimit": 0, "labelOverlap": True, "domain": False, "ticks": False,
        "orient": "top",
    },
}  # fmt: skip
_COUNTRIES: dict[str, Any] = {
    "field": "country",
    "type": "nominal",
    "title": None,
    "sort": None,
    "axis": {"domain": False, "ticks": False, "labelColor": INK},
}


def coverage_grid(frame: "pd.DataFrame", coverages: Mapping[str, str]) -> dict[str, Any]:
    """Return a grid of ``country`` (in the order of the frame) and ``month_date``, filled by ``coverage``.

    ``coverages`` names data, nil and missing for the legend.
    """
    names = {code: f"{_CELLS[code][1]}  {name}" for code, name in coverages.items() if code in _CELLS}
    shown = frame.assign(
        cell=frame["coverage"].map(names),
        sign=frame["coverage"].map({code: cell[1] for code, cell in _CELLS.items()}),
    )
    fills = {"domain": [*names.values()], "range": [_CELLS[code][0] for code in names]}
    signs = {"domain": [*names.values()], "range": [_CELLS[code][2] for code in names]}
    fill = {"field": "cell", "scale": fills, "legend": {"title": None, "symbolStrokeColor": FAINT}}
    sign = {"text": {"field": "sign"}, "color": {"field": "cell", "scale": signs, "legend": None}}
    return {
        "data": {"values": records(shown)},
        "width": WIDTH - 120,
        "height": _ROW_HEIGHT * shown["country"].nunique(),
        "encoding": {"x": _MONTHS, "y": _COUNTRIES},
        "layer": [
            {"mark": {"type": "rect", "stroke": LINE, "strokeWidth": 1}, "encoding": {"color": fill}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": sign},
        ],
        "resolve": {"scale": {"color": "independent"}},
    }
