"""Months as lines: small multiples, forecasts with their bands, sparklines; a gap where nothing is known."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, INK, PANEL_HEIGHT, PANEL_WIDTH, PAPER, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_LABELS, _VALUES, _SPARK_HEIGHT = 240, 90, 24  # pixels, of sparklines: names of rows, values, lines
GAPS = "break-paths-filter-domains"  # of lines and bands, where nothing is known
_TICKS = 4
_AMOUNT: dict[str, Any] = {"type": "quantitative", "title": None, "scale": {"zero": True, "nice": True}}
_LINE: dict[str, Any] = {"type": "line", "invalid": GAPS}


def month_axis(ticks: int = _TICKS) -> dict[str, Any]:
    """Return the encoding of ``month_date`` from left to right."""
    return {
        "field": "month_date",
        "type": "temporal",
        "scale": {"type": "utc"},
        "title": None,
        "axis": {"format": "%m.%Y", "tickCount": ticks, "labelFlush": True},
    }


def with_floor(frame: "pd.DataFrame", panel: str, *values: str) -> tuple["pd.DataFrame", list[dict[str, Any]]]:
    """Return a frame, and the layer that its panels of nothing but zeros need: a scale from 0 to 0 has no axis.

    It does not show, and reaches to 1. ``values`` are the columns of what is drawn; without such a panel there is no
    layer.
    """
    highest = frame[[*values]].astype(float).groupby(frame[panel]).transform("max").max(axis=1)
    shown = frame.assign(is_floor=(highest == 0) & ~frame.duplicated(panel))
    floor = {
        "transform": [{"filter": "datum.is_floor"}],
        "mark": {"type": "point", "opacity": 0},
        "encoding": {"y": {"datum": 1}},
    }
    return shown, [floor] if shown["is_floor"].any() else []


def panels(frame: "pd.DataFrame", panel: str, value: str, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return lines of ``value`` by ``month_date``: a panel for each of ``colours``, which ``panel`` names in words.

    An empty value is a gap, and a point is open where ``is_whole`` is false. Where the frame has ``mark``, it stands
    above its point. Vertical scales differ.
    """
    colour = {"field": panel, "scale": {"domain": [*colours], "range": [*colours.values()]}, "legend": None}
    points = {
        "mark": {"type": "point", "strokeWidth": 1.4},
        "encoding": {
            "fill": {"condition": {"test": "datum.is_whole", **colour}, "value": PAPER},
            "stroke": colour,
        },
    }
    marks = {
        "transform": [{"filter": "isValid(datum.mark)"}],
        "mark": {"type": "text", "dy": -9, "fontSize": 9},
        "encoding": {"text": {"field": "mark"}},
    }
    line = {"mark": _LINE, "encoding": {"color": colour}}
    y = {**_AMOUNT, "field": value}
    shown, floor = with_floor(frame, panel, value)
    has_marks = "mark" in frame and frame["mark"].notna().any()
    return _multiples(shown, panel, [*colours], [line, points, *([marks] if has_marks else []), *floor], {"y": y})


def forecast_panels(frame: "pd.DataFrame") -> dict[str, Any]:
    """Return a panel for each ``panel``, in the order of the frame and in its ``colour``.

    ``observed`` is a line with gaps where it is not known; ``forecast`` is dashed, within a dark band from
    ``lower_narrow`` to ``upper_narrow`` and a light one from ``lower_wide`` to ``upper_wide``. Vertical scales differ.
    """
    colour = {"field": "colour", "type": "nominal", "scale": None}
    observed, forecast = ({**_AMOUNT, "field": name} for name in ("observed", "forecast"))
    bands = [
        {
            "transform": [{"filter": f"isValid(datum.lower_{band})"}],
            "mark": {"type": "area", "fillOpacity": opacity, "opacity": 1, "strokeWidth": 0.6},
            "encoding": {
                "y": {**_AMOUNT, "field": f"lower_{band}"},
                "y2": {"field": f"upper_{band}"},
                "fill": colour,
                "stroke": colour,
            },
        }
        for band, opacity in (("wide", 0.16), ("narrow", 0.24))
    ]
    lines: list[dict[str, Any]] = [
        {"mark": _LINE, "encoding": {"y": observed, "color": colour}},
        {
            "transform": [{"filter": "isValid(datum.forecast)"}],
            "mark": {"type": "line", "strokeDash": [4, 3]},
            "encoding": {"y": forecast, "color": colour},
        },
        {
            "transform": [{"filter": "isValid(datum.observed)"}],
            "mark": {"type": "point", "strokeWidth": 1.2, "stroke": FAINT, "size": 14},
            "encoding": {"y": observed, "fill": {"value": PAPER}},
        },
    ]
    shown, floor = with_floor(frame, "panel", "observed", "forecast", "upper_wide")
    return _multiples(shown, "panel", [*dict.fromkeys(frame["panel"])], [*bands, *lines, *floor], {})


def sparklines(frame: "pd.DataFrame") -> dict[str, Any]:
    """Return a line of ``value`` by ``month_date`` for each ``row``, in the frame's order; null is a gap.

    ``label`` is what stands beside the last known month of a row; each row has a scale of its own.
    """
    known = frame.dropna(subset=["value"])
    last = known.groupby("row", sort=False)["month_date"].transform("max")
    shown = frame.assign(last=known["label"].where(known["month_date"] == last))
    ends = [{"filter": "isValid(datum.last)"}]
    layers = [
        {"mark": _LINE},
        {"transform": ends, "mark": {"type": "point", "color": ACCENT}},
        {
            "transform": ends,
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {"text": {"field": "last"}},
        },
    ]
    header = {
        "labelAngle": 0, "labelAlign": "left", "labelBaseline": "middle", "labelAnchor": "middle", "labelColor": INK,
        "labelFontWeight": "normal", "labelLimit": _LABELS,
    }  # fmt: skip
    rows = {"field": "row", "type": "nominal", "title": None, "sort": [*dict.fromkeys(frame["row"])], "header": header}
    return {
        "data": {"values": records(shown)},
        "facet": {"row": rows},
        "spacing": 4,
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": WIDTH - _LABELS - _VALUES - 40,
            "height": _SPARK_HEIGHT,
            "encoding": {
                "x": month_axis() | {"axis": None},
                "y": {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": False}},
            },
            "layer": layers,
        },
    }


def _multiples(
    frame: "pd.DataFrame", panel: str, order: list[str], layers: list[dict[str, Any]], encoding: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "data": {"values": records(frame)},
        "columns": 2,
        "spacing": {"row": 18, "column": 34},
        "facet": {"field": panel, "type": "nominal", "sort": order, "title": None},
        "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
        "spec": {
            "width": PANEL_WIDTH,
            "height": PANEL_HEIGHT,
            "encoding": {"x": month_axis(), **encoding},
            "layer": layers,
        },
    }
