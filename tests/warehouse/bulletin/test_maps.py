"""Maps: every province of the region is there, and a state that has not reported is told from one without seizures."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.bulletin.charts.drawing import Drawing, svg
from warehouse.bulletin.charts.maps import circles, countries_on_map, provinces, provinces_drawn

BOUNDARIES = Path("warehouse/kits/gis/boundaries.geojson")
NAMES = {code: code.lower() for code in countries_on_map()}
LARGEST = 62_000  # bytes of a map


def filled(spec: dict[str, Any]) -> dict[str, set[str]]:
    """Return fill → countries that are drawn in it."""
    found: dict[str, set[str]] = {}
    for layer in spec["layer"]:
        for one in layer["data"]["values"]:
            if one.get("properties", {}).get("kind") == "country" and layer["mark"]["fill"]:
                found.setdefault(layer["mark"]["fill"], set()).add(one["properties"]["country_code"])
    return found


def test_every_province_of_the_gis_kit_is_on_the_maps() -> None:
    kept = [one["properties"] for one in json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]]
    expected = {
        code: one["subdivision_code"]
        for one in kept
        if one["kind"] == "province"
        for code in (one["subdivision_code"], *filter(None, one["drawn_with"].split(",")))
    }
    assert provinces_drawn() == expected


def test_a_state_without_a_report_is_grey_and_one_without_seizures_is_not() -> None:
    by_fill = filled(provinces({"TJ-KT": 3}, NAMES, ["TKM"], "seizures"))
    assert sorted(map(sorted, by_fill.values())) == [["KAZ", "KGZ", "TJK", "UZB"], ["TKM"]]


def test_a_map_is_small_and_has_its_numbers() -> None:
    every = dict.fromkeys(provinces_drawn().values(), 1) | {"TJ-KT": 97}
    drawn = svg(Drawing(provinces(every, NAMES, [], "seizures"), "what one sees"), "en", "m")
    assert len(drawn.encode()) < LARGEST
    points = pd.DataFrame({"longitude": [68.9, 69.2], "latitude": [40.5, 37.2], "value": [50, 1], "group": ["a", "b"]})
    shown = svg(Drawing(circles(points, NAMES, {"a": "#332288", "b": "#117733"}, [], "seizures"), "seen"), "en", "m")
    assert len(shown.encode()) < LARGEST
    assert ">50<" in shown
    assert 'fill="#117733"' in shown
