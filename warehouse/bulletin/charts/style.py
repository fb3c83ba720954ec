"""The one look of all charts: colours of drugs and countries, type and lines.

Each colour has a contrast of at least 3 to 1 with the paper (WCAG 2.2, 1.4.11), text one of at least 4.5 to 1 (1.4.3).
Colour never tells alone: panels, labels and shapes tell the same.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

INK, FAINT, LINE, PAPER = "#1d2733", "#52606d", "#d5dce3", "#ffffff"
ACCENT, ALARM = "#1f6f8b", "#b3261e"
DRUG_COLOURS = {
    "OPIUM": "#8a5a00",
    "HEROIN": "#a3262a",
    "CANNABIS_RESIN": "#4d6b1f",
    "CANNABIS_HERB": "#2e7d32",
    "METHAMPHETAMINE": "#5b3fa0",
}
# By their ISO codes, which is the order of every list of countries too.
COUNTRY_COLOURS = {"KAZ": "#332288", "KGZ": "#117733", "TJK": "#882255", "TKM": "#b35900", "UZB": "#1f78b4"}
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"  # the first three have one width
WIDTH = 740  # of a chart over the whole column, in pixels
PANEL_WIDTH, PANEL_HEIGHT = 320, 120

CONFIG: dict[str, Any] = {
    "aria": False,  # the picture is described as a whole
    "background": "transparent",
    "padding": {"left": 12, "top": 4, "right": 12, "bottom": 4},  # for letters that are wider where the page is read
    "font": "sans-serif",  # for measuring: Liberation Sans, which vl-convert brings
    "view": {"stroke": None},
    "axis": {
        "labelColor": FAINT, "titleColor": FAINT, "gridColor": LINE, "domainColor": FAINT, "tickColor": FAINT,
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 190,
    },
    "axisQuantitative": {"labelLimit": 0}, "axisTemporal": {"labelLimit": 0},  # a limit has each measured once more
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False, "tickCount": 3},
    "header": {"labelColor": INK, "labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start", "title": None},
    "title": {"color": INK, "fontSize": 12, "anchor": "start", "offset": 6},
    "legend": {
        "labelColor": FAINT, "titleColor": FAINT, "labelFontSize": 11, "titleFontSize": 11, "orient": "top",
        "columnPadding": 18, "symbolOffset": 4,
    },
    "text": {"color": INK, "fontSize": 11},
    "bar": {"color": ACCENT},
    "line": {"strokeWidth": 1.6, "color": ACCENT},
    "point": {"size": 26, "filled": True},
}  # fmt: skip


def row_names(frame: "pd.DataFrame", width: int) -> dict[str, Any]:
    """Return the encoding of ``label``, the names of rows in the order of the frame, all in so many pixels."""
    return {
        "field": "label",
        "type": "nominal",
        "scale": {"domain": [*dict.fromkeys(frame["label"])]},
        "title": None,
        "axis": {"domain": False, "ticks": False, "labelColor": INK, "labelLimit": width, "minExtent": width},
    }


def drug_colour(code: str) -> str:
    """Return the colour of a drug; those without one of their own share that of everything."""
    return DRUG_COLOURS.get(code, ACCENT)
