"""Bars of 100 per cent: what each part makes of a whole, with the numbers, or a note where they are withheld."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, PAPER, WIDTH, row_names

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT, _LABELS = 22, 270
_COLOURS = ("#5b3fa0", ACCENT, "#6b7782")  # each 4.5 to 1 with the white numbers on it
_LEAST_PCT = 7  # of a bar that has room for its number


def shares(frame: "pd.DataFrame", parts: Mapping[str, str]) -> dict[str, Any]:
    """Return panels below each other of bars for each ``label``, by ``panel``, in ``part``s of ``value``.

    ``parts`` has the parts in their order with their names, three at most. A label with ``note`` has no bar, and says
    that. Panels and labels keep the order of the frame.
    """
    panels = [*dict.fromkeys(frame["panel"])]
    return {
        "vconcat": [_panel(frame[frame["panel"] == panel], parts, is_first=panel == panels[0]) for panel in panels],
        "spacing": 12,
    }


def _panel(frame: "pd.DataFrame", parts: Mapping[str, str], *, is_first: bool) -> dict[str, Any]:
    wholes = frame.groupby("label", sort=False)["value"].transform("sum")
    before = frame.groupby("label", sort=False)["value"].cumsum() - frame["value"]
    shown = frame.assign(
        part=frame["part"].map(parts), start=100 * before / wholes, end=100 * (before + frame["value"]) / wholes
    )
    names = [*parts.values()]
    legend = {"title": None} if is_first else None
    x = {"field": "start", "type": "quantitative", "title": None, "axis": None, "scale": {"domain": [0, 100]}}
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": names, "range": [*_COLOURS[: len(names)]]},
        "legend": legend,
    }
    return {
        "title": frame["panel"].iloc[0],
        "data": {"values": records(shown)},
        "width": WIDTH - _LABELS - 20,
        "height": {"step": _ROW_HEIGHT},
        "encoding": {"y": row_names(shown, _LABELS)},
        "layer": _layers(x, colour),
    }


def _layers(x: dict[str, Any], colour: dict[str, Any]) -> list[dict[str, Any]]:
    """Return bars, the numbers on those that have room, and notes where there is no bar."""
    return [
        {
            "transform": [{"filter": "datum.note === '' && datum.value > 0"}],
            "mark": {"type": "bar", "stroke": PAPER, "strokeWidth": 1},
            "encoding": {"x": x, "x2": {"field": "end"}, "color": colour},
        },
        {
            "transform": [
                {"filter": f"datum.note === '' && datum.end - datum.start >= {_LEAST_PCT}"},
                {"calculate": "(datum.start + datum.end) / 2", "as": "middle"},
            ],
            "mark": {"type": "text", "color": PAPER, "fontSize": 10},
            "encoding": {"x": {**x, "field": "middle"}, "text": {"field": "value", "format": ","}},
        },
        {
            "transform": [{"filter": "datum.note !== ''"}],
            "mark": {"type": "text", "align": "left", "color": FAINT, "fontSize": 11},
            "encoding": {"x": {"value": 4}, "text": {"field": "note"}},
        },
    ]
