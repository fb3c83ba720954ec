"""A grid of states and months that shows who reported what."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import ACCENT, FAINT, INK, LINE, PAPER, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_ROW_HEIGHT = 26
_SIGN_SIZE = 38  # square pixels


class _Cell(NamedTuple):
    """How a coverage is shown: what fills its cell, and the sign in it, which says the same without colour.

    The sign is a shape, as it takes Vega a millisecond to measure a text.
    """

    fill: str
    shape: str
    sign_fill: str
    sign_stroke: str


_CELLS = {
    "data": _Cell(ACCENT, "circle", PAPER, PAPER),
    "nil": _Cell("#dbe8ee", "circle", "transparent", INK),
    "missing": _Cell(PAPER, "stroke", "transparent", FAINT),
}

_MONTHS: dict[str, Any] = {
    "field": "month_date",
    "type": "ordinal",
    "timeUnit": "utcyearmonth",
    "title": None,
    "axis": {
        "format": "%m.%Y", "labelAngle": 0, "labelOverlap": True, "domain": False, "ticks": False, "orient": "top",
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
    names = {code: name for code, name in coverages.items() if code in _CELLS}
    cells = {name: _CELLS[code] for code, name in names.items()}
    shown = frame.assign(cell=frame["coverage"].map(names))

    def by_cell(values: Iterable[str]) -> dict[str, Any]:
        return {"field": "cell", "scale": {"domain": [*cells], "range": [*values]}, "legend": None}

    fill = by_cell(cell.fill for cell in cells.values()) | {"legend": {"title": None, "symbolStrokeColor": FAINT}}
    sign = {
        "shape": by_cell(cell.shape for cell in cells.values()),
        "fill": by_cell(cell.sign_fill for cell in cells.values()),
        "stroke": by_cell(cell.sign_stroke for cell in cells.values()),
    }
    return {
        "data": {"values": records(shown)},
        "width": WIDTH - 120,
        "height": _ROW_HEIGHT * shown["country"].nunique(),
        "encoding": {"x": _MONTHS, "y": _COUNTRIES},
        "layer": [
            {"mark": {"type": "rect", "stroke": LINE, "strokeWidth": 1}, "encoding": {"color": fill}},
            {"mark": {"type": "point", "size": _SIGN_SIZE, "strokeWidth": 1.4, "opacity": 1}, "encoding": sign},
        ],
    }
