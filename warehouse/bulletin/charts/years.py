"""Small multiples of years: a panel for each state, open columns where a year is a part, a sign where none was told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.months import with_floor
from warehouse.bulletin.charts.style import FAINT, INK, PAPER, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_HEIGHT, _GAP, _SCALE = 58, 12, 52
_LEAST_PANELS = 3  # of which one has the width, as a single panel would be one wide column
WHOLE, PART, NOTHING, NO_CASE = "whole", "part", "nothing", "no case"
_SIGNS = {NOTHING: "–", NO_CASE: "×"}  # of years without a column that are no zero
_YEARS: dict[str, Any] = {
    "field": "calendar_year",
    "type": "ordinal",
    "title": None,
    "axis": {
        "labelAngle": 0, "labelLimit": 0, "labelOverlap": "greedy", "labelFontSize": 10, "ticks": False,
        "labelSeparation": 6,
    },
}  # fmt: skip


def year_rows(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return rows of panels below each other, each with a vertical scale of its own."""
    return {"vconcat": [*rows], "spacing": 14}


def year_panels(frame: "pd.DataFrame", title: str, colour: str, *, is_one_scale: bool = True) -> dict[str, Any]:
    """Return a row of panels: columns of ``value`` by ``calendar_year``, a panel for each ``panel``.

    The panels stand in the order of the frame, which has a row for each panel and year. ``known`` is whole, part,
    nothing or no case; where the frame has ``lowest`` and ``highest``, a line in the column spans them. Panels of
    different things have scales of their own: then they are not on one scale.
    """
    names = [*dict.fromkeys(frame["panel"])]
    panels = len(names)
    scales = 1 if is_one_scale else panels
    value = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 3, "format": ",~r"}}
    whole = {"test": f"datum.known === '{WHOLE}'", "value": colour}
    columns = {
        "mark": {"type": "bar", "strokeWidth": 1, "stroke": colour, "width": {"band": 0.72}},
        "encoding": {"y": value, "fill": {"condition": whole, "value": PAPER}},
    }
    shown, floor = with_floor(frame.assign(scale="" if is_one_scale else frame["panel"]), "scale", "value")
    signs = [_sign(known, text) for known, text in _SIGNS.items() if (frame["known"] == known).any()]
    layers: list[dict[str, Any]] = [columns, *signs, *floor]
    if "lowest" in frame.columns:
        spans = {"y": {**value, "field": "lowest"}, "y2": {"field": "highest"}}
        layers.append({"mark": {"type": "rule", "color": INK, "strokeWidth": 1.4}, "encoding": spans})
    return {
        "title": title,
        "data": {"values": records(shown)},
        "facet": {"field": "panel", "type": "nominal", "sort": names, "title": None},
        "columns": panels,
        "spacing": _GAP,
        "resolve": {"scale": {"y": "shared" if is_one_scale else "independent"}},
        "spec": {
            "width": (WIDTH - _SCALE * scales - _GAP * (panels - 1)) // max(panels, _LEAST_PANELS),
            "height": _HEIGHT,
            "encoding": {"x": _YEARS},
            "layer": layers,
        },
    }


def _sign(known: str, text: str) -> dict[str, Any]:
    return {
        "transform": [{"filter": f"datum.known === '{known}'"}],
        "mark": {"type": "text", "text": text, "baseline": "bottom", "color": FAINT, "fontSize": 10},
        "encoding": {"y": {"datum": 0}},
    }
