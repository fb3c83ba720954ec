"""Bars that are lists too: a few answers of each question with their numbers, and shares of a whole."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, INK, LINE, PAPER

if TYPE_CHECKING:
    import pandas as pd

_ROW = 20
_WORDS: dict[str, Any] = {"domain": False, "ticks": False, "labelColor": INK, "labelLimit": 120}
_NO_AXIS: dict[str, Any] = {"axis": None}
_LEAST_LABELLED = 14  # per cent: a narrower segment has no room for its number


def answer_bars(frame: "pd.DataFrame") -> dict[str, Any]:
    """Return bars of each ``panel``: ``answer`` in words with its ``value`` beside, in the order of the frame."""
    x = {"field": "value", "type": "quantitative", "title": None, **_NO_AXIS}
    y = {"field": "answer", "type": "nominal", "title": None, "sort": None, "axis": _WORDS}
    number = {
        "mark": {"type": "text", "align": "left", "dx": 4},
        "encoding": {"text": {"field": "value", "format": ",d"}},
    }
    return {
        "data": {"values": records(frame)},
        "columns": 2,
        "spacing": {"row": 6, "column": 16},
        "facet": {
            "field": "panel",
            "type": "nominal",
            "sort": [*frame["panel"].unique()],
            "title": None,
            "header": {"labelAnchor": "end"},  # over the answers too, which stand to the left of the bars
        },
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 60,
            "height": {"step": 14},
            "encoding": {"x": x, "y": y},
            "layer": [{"mark": {"type": "bar", "height": 10}}, number],
        },
    }


def share_bars(frame: "pd.DataFrame", parts: Mapping[str, str]) -> dict[str, Any]:
    """Return a bar of a hundred per cent for each ``row``, in the frame's order, of segments ``part`` with ``pct``.

    ``parts`` are the segments in words, from the left: the first three filled, a fourth that is withheld hatched by its
    outline alone.
    """
    names, fills = [*parts], [*parts.values()]
    position = frame["part"].map({name: number for number, name in enumerate(names)})
    ends = frame.groupby("row", sort=False)["pct"].cumsum()
    shown = frame.assign(position=position, end=ends, begin=ends - frame["pct"], middle=ends - frame["pct"] / 2)
    colour = {
        "field": "part",
        "scale": {"domain": names, "range": fills},
        "legend": {
            "title": None,
            "symbolStrokeColor": FAINT,
            "symbolStrokeWidth": 0.8,
            "labelLimit": 260,
            "columns": 1,
        },
    }
    x = {"field": "begin", "type": "quantitative", "title": None, "scale": {"domain": [0, 100]}, **_NO_AXIS}
    y = {"field": "row", "type": "nominal", "title": None, "sort": None, "axis": {**_WORDS, "labelLimit": 200}}
    return {
        "data": {"values": records(shown)},
        "width": 190,
        "height": {"step": _ROW - 3},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": 13, "stroke": FAINT, "strokeWidth": 0.8},
                "encoding": {"x2": {"field": "end"}, "color": colour},
            },
            _labels(names[-1]),
        ],
    }


def _labels(withheld: str) -> dict[str, Any]:
    """Return the numbers in segments that have room for them; that of what is withheld stands on paper."""
    return {
        "transform": [{"filter": f"datum.pct >= {_LEAST_LABELLED}"}],
        "mark": {"type": "text"},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "text": {"field": "label"},
            "color": {"condition": {"test": f"datum.part === '{withheld}'", "value": INK}, "value": PAPER},
        },
    }


def range_bars(frame: "pd.DataFrame", captions: tuple[str, str, str], highest: float) -> dict[str, Any]:
    """Return, for each ``row``, a line from ``lowest`` to ``highest``, a mark at ``median`` and a dot at ``value``.

    ``captions`` name value, median and range for the legend; the axis ends at ``highest``. Rows without a median have
    the dot alone, and where none has one the legend names no other.
    """
    own, median, spread = captions
    shown = 3 if frame["median"].notna().any() else 1
    names = {"domain": [own, median, spread][:shown], "range": [ACCENT, INK, LINE][:shown]}
    x = {"type": "quantitative", "title": None, "scale": {"domain": [0, highest]}, "axis": {"tickMinStep": 1}}
    y = {"field": "row", "type": "nominal", "title": None, "sort": None, "axis": {**_WORDS, "labelLimit": 190}}

    def legend(name: str) -> dict[str, Any]:
        return {"color": {"datum": name, "scale": names, "legend": {"title": None, "columns": 2}}}

    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 6},
            "encoding": {"x": {"field": "lowest", **x}, "x2": {"field": "highest"}, **legend(spread)},
        },
        {
            "mark": {"type": "tick", "thickness": 2, "size": 11},
            "encoding": {"x": {"field": "median", **x}, **legend(median)},
        },
        {
            "mark": {"type": "circle", "size": 48, "opacity": 1},
            "encoding": {"x": {"field": "value", **x}, **legend(own)},
        },
    ]
    return {
        "data": {"values": records(frame)},
        "width": 150,
        "height": {"step": _ROW - 6},
        "encoding": {"y": y},
        "layer": layers[-shown:],
    }
