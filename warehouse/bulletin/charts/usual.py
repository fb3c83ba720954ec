"""Small multiples of months with bands of what is usual, and signs on the months that are not."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.months import GAPS, month_axis, with_floor
from warehouse.bulletin.charts.style import ALARM, PAPER

if TYPE_CHECKING:
    import pandas as pd

# Columns of panels → width and height of one: three over the whole column of a page, or one in half of it.
_SIZES = {3: (205, 90), 1: (320, 28)}
_CUT = 1.25  # of the highest value: a band that reaches further would press the line to the ground
_SIGNS = {"HIGH": "triangle-up", "LOW": "triangle-down"}
_IS_SIGNAL = f"indexof({[*_SIGNS]}, datum.sign) >= 0"
_TICKS = 3


def usual_panels(frame: "pd.DataFrame", colours: Mapping[str, str], columns: Literal[1, 3] = 3) -> dict[str, Any]:
    """Return lines of ``value`` by ``month_date``: a panel for each of ``colours``, which ``panel`` names in words.

    A band lies between ``lowest`` and ``highest``, cut where it reaches far beyond the values. An empty value is a gap,
    a point is open where ``is_whole`` is false, and a triangle where ``sign`` is HIGH or LOW. Vertical scales differ.
    """
    width, height = _SIZES[columns]
    top = frame.groupby("panel")["value"].transform("max") * _CUT
    shown = frame.assign(highest=frame["highest"].clip(upper=top), lowest=frame["lowest"].clip(upper=top))
    colour = {"field": "panel", "scale": {"domain": [*colours], "range": [*colours.values()]}, "legend": None}
    value = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": True, "nice": True}}
    line = {"mark": {"type": "line", "invalid": GAPS}, "encoding": {"color": colour}}
    signals = [_signals()] if shown["sign"].isin([*_SIGNS]).any() else []
    bands = [_band(colour)] if shown["highest"].notna().any() else []
    shown, floor = with_floor(shown, "panel", "value", "highest")
    return {
        "data": {"values": records(shown)},
        "columns": columns,
        "spacing": {"row": 14, "column": 26},
        "facet": {"field": "panel", "type": "nominal", "sort": [*colours], "title": None},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
        "spec": {
            "width": width,
            "height": height,
            "encoding": {"x": month_axis(_TICKS), "y": value},
            "layer": [*bands, line, _points(colour), *signals, *floor],
        },
    }


def _band(colour: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mark": {"type": "area", "opacity": 0.18, "invalid": GAPS},
        "encoding": {
            "y": {"field": "lowest", "type": "quantitative"},
            "y2": {"field": "highest"},
            "color": colour,
        },
    }


def _points(colour: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mark": {"type": "point", "strokeWidth": 1.2, "size": 16},
        "transform": [{"filter": f"!({_IS_SIGNAL})"}],
        "encoding": {
            "fill": {"condition": {"test": "datum.is_whole", **colour}, "value": PAPER},
            "stroke": colour,
        },
    }


def _signals() -> dict[str, Any]:
    shapes = {"domain": [*_SIGNS], "range": [*_SIGNS.values()]}
    return {
        "mark": {"type": "point", "size": 70, "fill": ALARM, "stroke": PAPER, "strokeWidth": 0.8},
        "transform": [{"filter": _IS_SIGNAL}],
        "encoding": {"shape": {"field": "sign", "scale": shapes, "legend": None}},
    }
