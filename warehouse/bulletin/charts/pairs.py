"""Two figures of the same thing beside each other: a line from one to the other, a panel for each group."""

from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, INK, LINE

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT = 20
_MARKS = {"circle": ACCENT, "diamond": INK}


def pairs(frame: "pd.DataFrame", sides: tuple[str, str], width: int, *, is_log: bool = False) -> dict[str, Any]:
    """Return panels of rows: ``first`` and ``second`` of each ``label``, by ``panel``, as the frame has them first.

    ``sides`` says what first and second are. A side that is not known has no mark; on a logarithmic scale neither has
    a zero.
    """
    scale: dict[str, Any] = {"type": "log"} if is_log else {"zero": True}
    axis = {"tickCount": 4, "grid": True, "gridColor": LINE, "format": ",~g" if is_log else ",~r"}
    x = {"type": "quantitative", "title": None, "scale": scale, "axis": axis}
    y = {
        "field": "label",
        "type": "nominal",
        "sort": [*dict.fromkeys(frame["label"])],
        "title": None,
        "axis": {"domain": False, "ticks": False, "labelColor": INK, "labelLimit": 220},
    }
    panels = [*dict.fromkeys(frame["panel"])]
    return {
        "data": {"values": records(frame)},
        "facet": {"row": {"field": "panel", "type": "nominal", "sort": panels, "title": None}},
        "spacing": 16,
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": width,
            "height": {"step": _ROW_HEIGHT},
            "encoding": {"y": y},
            "layer": _layers(x, sides, least=0 if is_log else -1),
        },
        "config": {"header": {"labelAngle": 0, "labelOrient": "top", "labelAnchor": "start"}},
    }


def _layers(x: dict[str, Any], sides: tuple[str, str], least: int) -> list[dict[str, Any]]:
    """Return the line between two figures and their marks, of those above ``least``."""
    line = {
        "transform": [{"filter": f"datum.first > {least} && datum.second > {least}"}],
        "mark": {"type": "rule", "color": FAINT, "strokeWidth": 1.2},
        "encoding": {"x": {"field": "first", **x}, "x2": {"field": "second"}},
    }
    names = {"domain": ["first", "second"]}
    legend = {"title": None, "labelExpr": f"datum.label === 'first' ? {sides[0]!r} : {sides[1]!r}"}
    points = {
        "transform": [
            {"fold": ["first", "second"], "as": ["side", "value"]},
            {"filter": f"isValid(datum.value) && datum.value > {least}"},
        ],
        "mark": {"type": "point", "size": 60, "opacity": 1},
        "encoding": {
            "x": {"field": "value", **x},
            "shape": {"field": "side", "scale": {**names, "range": [*_MARKS]}, "legend": legend},
            "color": {"field": "side", "scale": {**names, "range": [*_MARKS.values()]}, "legend": legend},
        },
    }
    return [line, points]
