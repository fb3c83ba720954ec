"""Bars with their numbers: a panel for each group, two beside each other."""

from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import FAINT, PAPER, row_names

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT, _LABELS, _BARS = 17, 205, 130


def counts(frame: "pd.DataFrame") -> dict[str, Any]:
    """Return panels of bars of ``value`` for each ``label``, by ``panel``, with ``text`` at their ends.

    A bar has ``colour``, and is open where ``is_open``. Panels and bars keep the order of the frame; scales differ.
    """
    return {
        "concat": [_panel(frame[frame["panel"] == panel], panel) for panel in dict.fromkeys(frame["panel"])],
        "columns": 2,
        "spacing": {"row": 18, "column": 24},
    }


def _panel(frame: "pd.DataFrame", panel: str) -> dict[str, Any]:
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    fill = {"condition": {"test": "datum.is_open", "value": PAPER}, **colour}
    return {
        "title": panel,
        "data": {"values": records(frame)},
        "width": _BARS,
        "height": {"step": _ROW_HEIGHT},
        "encoding": {"x": x, "y": row_names(frame, _LABELS)},
        "layer": [
            {"mark": {"type": "bar", "strokeWidth": 1}, "encoding": {"fill": fill, "stroke": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10, "color": FAINT},
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }
