"""Maps of the region: circles at points, and provinces filled by a number.

``land.geojson`` is made of Natural Earth (public domain); how is said in it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.drawing import records
from warehouse.bulletin.charts.style import FAINT, INK, LINE, PAPER, WIDTH

if TYPE_CHECKING:
    import pandas as pd

_WIDTH, _HEIGHT = WIDTH - 24, 460
# An equal-area projection about the middle of the region; no points are added to the lines of the file.
_PROJECTION = {
    "type": "conicEqualArea", "parallels": [38, 50], "rotate": [-66.8, 0], "center": [0, 44.8], "scale": 1350,
    "translate": [_WIDTH / 2, _HEIGHT / 2], "precision": 0, "clipExtent": [[0, 0], [_WIDTH, _HEIGHT]],
}  # fmt: skip
_WATER, _LAND, _MEMBER, _NOT_REPORTED = "#f3f7f9", "#e3e7ea", PAPER, "#b9c2ca"
_CLASSES = ("#d7e8ee", "#9cc7d5", "#5b9fb4", "#2c748c", "#0d4456")  # light to dark: in grey print too
_LARGEST = 900  # square pixels, of a circle
# Where the names of countries stand: longitude, latitude.
_LABELS = {
    "KAZ": (67.5, 48.6), "KGZ": (75.6, 41.6), "TJK": (71.3, 38.5), "TKM": (59.3, 39.6), "UZB": (63.6, 41.9),
    "AFG": (66.2, 35.2), "CHN": (82.6, 41.6), "IRN": (56.4, 35.6), "RUS": (60.6, 54.6),
}  # fmt: skip


@cache
def _land() -> Sequence[Mapping[str, Any]]:
    text = Path(__file__).with_name("land.geojson").read_text(encoding="utf-8")
    features: list[Mapping[str, Any]] = json.loads(text)["features"]
    return features


def countries_on_map() -> Sequence[str]:
    """Return the codes of countries whose names stand on a map."""
    return [*_LABELS]


def provinces_drawn() -> Mapping[str, str]:
    """Return province → the one that it is drawn with, which for most is the same."""
    drawn = {}
    for feature in _land():
        held = feature["properties"]
        if held["kind"] == "province":
            code = held["subdivision_code"]
            drawn.update(dict.fromkeys((code, *filter(None, held["drawn_with"].split(","))), code))
    return drawn


def circles(
    frame: "pd.DataFrame", names: Mapping[str, str], colours: Mapping[str, str], missing: Sequence[str], title: str
) -> dict[str, Any]:
    """Return a map of circles at ``longitude`` and ``latitude``, with areas by ``value`` and colours by ``group``.

    ``names`` are those of countries, ``missing`` the codes of member states that have not reported, ``colours`` has
    the groups in order, ``title`` says what a circle counts.
    """
    most = int(frame["value"].max())
    size = {
        "field": "value", "type": "quantitative", "scale": {"domain": [0, most], "range": [0, _LARGEST]},
        "legend": {
            "title": title, "values": sorted({1, max(1, most // 3), most}), "symbolFillColor": PAPER,
            "symbolStrokeColor": FAINT, "format": "d",
        },
    }  # fmt: skip
    colour = {
        "field": "group", "type": "nominal", "scale": {"domain": [*colours], "range": [*colours.values()]},
        "legend": {"title": None, "symbolType": "circle"},
    }  # fmt: skip
    points = {
        "data": {"values": records(frame)},
        "mark": {"type": "circle", "opacity": 0.82, "stroke": PAPER, "strokeWidth": 1},
        "encoding": {**_PLACE, "size": size, "color": colour},
    }
    return _map([*_countries(missing), _outlines(), points, *_labels(names)])


def provinces(
    values: Mapping[str, int], names: Mapping[str, str], missing: Sequence[str], title: str
) -> dict[str, Any]:
    """Return a map of provinces filled by ``values`` (code as drawn → number).

    A province without a number is that of its country: white, and grey where the state is ``missing``.
    """
    others = [
        one
        for one in _land()
        if one["properties"]["kind"] == "province" and one["properties"]["subdivision_code"] not in values
    ]
    filled = _filled(_land(), values, {"title": title, "format": "d"})
    return _map(
        [*_countries(missing), _shapes(others, stroke=FAINT, strokeWidth=0.4), *filled, _outlines(), *_labels(names)]
    )


def country_map(
    country: str, values: Mapping[str, int], points: "pd.DataFrame", colour: str, title: str
) -> dict[str, Any]:
    """Return a map of one country: provinces filled by ``values`` (code as drawn → number), and ``points`` on it.

    A point stands at ``longitude`` and ``latitude``, with an area by ``value``. A province without a number is white.
    """
    own = [
        one for one in _land()
        if one["properties"]["kind"] == "province" and one["properties"]["country_code"] == country
    ]  # fmt: skip
    size = {"field": "value", "type": "quantitative", "scale": {"range": [12, _LARGEST / 2]}, "legend": None}
    filled = _filled(own, values, {"title": title, "format": "d", "gradientLength": 180})
    layers: list[dict[str, Any]] = [_shapes(own, fill=PAPER, stroke=FAINT, strokeWidth=0.6), *filled]
    if not points.empty:
        mark = {"type": "circle", "color": colour, "opacity": 0.85, "stroke": PAPER, "strokeWidth": 1}
        layers.append({"data": {"values": records(points)}, "mark": mark, "encoding": {**_PLACE, "size": size}})
    # Without a scale and a place of its own the projection is fitted to what is drawn.
    projection = {key: _PROJECTION[key] for key in ("type", "parallels", "rotate")}
    return {"width": WIDTH / 2 - 30, "height": 190, "projection": projection, "layer": layers}


_PLACE = {
    "longitude": {"field": "longitude", "type": "quantitative"},
    "latitude": {"field": "latitude", "type": "quantitative"},
}


def _breaks(most: int) -> list[int]:
    """Return where the classes of whole numbers up to ``most`` begin, but for the first; always as many."""
    step = max(1, -(-most // len(_CLASSES)))
    return [1 + step * number for number in range(1, len(_CLASSES))]


def _map(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "view": {"fill": _WATER, "stroke": LINE},
        "projection": _PROJECTION,
        "layer": layers,
        "resolve": {"scale": {"color": "independent"}},
    }


def _shapes(features: Sequence[Mapping[str, Any]], **style: Any) -> dict[str, Any]:
    return {"data": {"values": features}, "mark": {"type": "geoshape", "fill": None, **style}}


def _filled(
    features: Sequence[Mapping[str, Any]], values: Mapping[str, int], legend: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the layer of the provinces among ``features`` that have a number, if any has, filled by it."""
    shapes = [
        {**one, "properties": {"value": values[code]}}
        for one in features
        if (code := one["properties"].get("subdivision_code")) in values
    ]
    fill = {
        "field": "properties.value",
        "type": "quantitative",
        "scale": {"type": "threshold", "domain": _breaks(max(values.values(), default=1)), "range": [*_CLASSES]},
        "legend": legend,
    }
    if shapes:
        yield {
            "data": {"values": shapes},
            "mark": {"type": "geoshape", "stroke": FAINT, "strokeWidth": 0.6},
            "encoding": {"color": fill},
        }


def _countries(missing: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the ground: other land in grey, member states lighter, those without a report between."""
    land = [one for one in _land() if one["properties"]["kind"] == "surroundings"]
    members = [one for one in _land() if one["properties"]["kind"] == "country"]
    yield _shapes(land, fill=_LAND)
    for fill, is_missing in ((_MEMBER, False), (_NOT_REPORTED, True)):
        shown = [one for one in members if (one["properties"]["country_code"] in missing) is is_missing]
        if shown:
            yield _shapes(shown, fill=fill)


def _outlines() -> dict[str, Any]:
    members = [one for one in _land() if one["properties"]["kind"] == "country"]
    return _shapes(members, stroke=FAINT, strokeWidth=0.9)


def _labels(names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the names of countries, each before a light edge that keeps it legible on lines."""
    rows = [{"longitude": x, "latitude": y, "name": names[code]} for code, (x, y) in _LABELS.items()]
    for style in ({"stroke": PAPER, "strokeWidth": 3, "strokeOpacity": 0.75}, {}):
        yield {
            "data": {"values": rows},
            "mark": {"type": "text", "fontSize": 11, "color": INK, **style},
            "encoding": {**_PLACE, "text": {"field": "name"}},
        }
