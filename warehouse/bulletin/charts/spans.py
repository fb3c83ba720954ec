"""Spans: a line from the least to the most, a point between, and where there is one a second figure beside."""

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, INK, LINE, PAPER, WIDTH, row_names

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT, _LETTER, _MOST_LABELS = 19, 5.9, 300  # pixels
_FEW_POWERS = 2


def spans(frame: "pd.DataFrame", *, is_log: bool, title: str) -> dict[str, Any]:
    """Return panels below each other: ``low`` to ``high`` with ``point`` of each ``label``, by ``panel``, on one scale.

    ``other`` is a second figure, drawn open. What is null has no mark; on a logarithmic scale neither has a zero.
    ``title`` stands at the axis; panels and labels keep the order of the frame.
    """
    values = frame[["low", "point", "high", "other"]]
    scale = _log_scale(values[values > 0].min().min(), values.max().max()) if is_log else {"domain": [0, 100]}
    labels = min(_MOST_LABELS, int(_LETTER * frame["label"].str.len().max()) + 8)
    axis = {
        "grid": True, "gridColor": LINE, "format": ",~g" if is_log else ",~r", "ticks": False,
        "values": scale.pop("values", None), "tickCount": 5,
    }  # fmt: skip
    panels = [*dict.fromkeys(frame["panel"])]
    return {
        "vconcat": [
            _panel(
                frame[frame["panel"] == panel],
                {
                    "type": "quantitative",
                    "scale": scale,
                    "title": title if panel == panels[-1] else None,
                    "axis": axis | {"labels": panel == panels[-1]},
                },
                labels,
            )
            for panel in panels
        ],
        "spacing": 10,
    }


def _log_scale(lowest: float, highest: float) -> dict[str, Any]:
    """Return a logarithmic scale and the values at its lines: powers of ten, and between a few of them halves too."""
    if not lowest > 0:  # nothing is known, or nothing above zero
        lowest, highest = 1, 1
    first, last = floor(log10(lowest)), ceil(log10(highest))
    steps = (1,) if last - first > _FEW_POWERS else (1, 2, 5)
    values = [step * 10.0**power for power in range(first, last + 1) for step in steps if step == 1 or power < last]
    return {"type": "log", "domain": [10.0**first, 10.0 ** max(last, first + 1)], "values": values}


def _panel(frame: "pd.DataFrame", x: dict[str, Any], labels: int) -> dict[str, Any]:
    least = 0 if x["scale"].get("type") == "log" else -1
    layers = [
        ({"type": "rule", "strokeWidth": 2, "color": FAINT}, "low", {"x2": {"field": "high"}}),
        ({"type": "point", "size": 60, "color": ACCENT, "opacity": 1}, "point", {}),
        ({"type": "point", "shape": "diamond", "size": 70, "fill": PAPER, "stroke": INK, "opacity": 1}, "other", {}),
    ]
    return {
        "title": frame["panel"].iloc[0],
        "data": {"values": records(frame)},
        "width": WIDTH - labels - 20,
        "height": {"step": _ROW_HEIGHT},
        "encoding": {"y": row_names(frame, labels)},
        "layer": [
            {
                "transform": [{"filter": f"isValid(datum.{field}) && datum.{field} > {least}"}],
                "mark": mark,
                "encoding": {"x": {"field": field, **x}, **more},
            }
            for mark, field, more in layers
        ],
    }
