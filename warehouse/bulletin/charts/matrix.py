"""A matrix with the number in each cell: shade and number say the same."""

from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import INK, LINE, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT = 26
_SHADES = ["#eef3f6", "#7fb0c2"]  # ink has 7 to 1 on the darker one
_AXIS = {"domain": False, "ticks": False, "labelColor": INK, "labelAngle": 0}


def matrix(frame: "pd.DataFrame", column: str, row: str, value: str) -> dict[str, Any]:
    """Return a matrix of ``row`` and ``column``, both in the order of the frame; an empty cell has no row of the frame.

    The frame has ``label``, which is what the cell says of ``value``; a shade tells where the value is high.
    """
    x = {"field": column, "type": "nominal", "sort": None, "title": None, "axis": {**_AXIS, "orient": "top"}}
    y = {"field": row, "type": "nominal", "sort": None, "title": None, "axis": _AXIS}
    shade = {
        "field": value,
        "type": "quantitative",
        "legend": None,
        "scale": {"range": _SHADES, "domainMin": 0, "nice": False},
    }
    return {
        "data": {"values": records(frame)},
        "width": WIDTH - 130,
        "height": _ROW_HEIGHT * frame[row].nunique(),
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "rect", "stroke": LINE, "strokeWidth": 1}, "encoding": {"color": shade}},
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {"text": {"field": "label"}}},
        ],
    }
