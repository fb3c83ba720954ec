"""Where places of the GIS kit lie: polygons and anchor points, as tables of the opened release.

``boundaries.geojson`` and ``country_points.csv`` are made of Natural Earth (public domain); how is said in the first.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warehouse.kits.source import Source

# A boundary: surroundings, country or province, which provinces are drawn with it, a point in it, and how far from that
# point the province reaches.
_BOUNDARIES = """kind varchar, country_code varchar, subdivision_code varchar, drawn_with varchar, longitude double,
    latitude double, reach_m integer, geom geometry"""
_NAMES = ("kind", "country_code", "subdivision_code", "drawn_with", "longitude", "latitude", "reach_m")


def create_places(source: Source) -> None:
    """Create the tables gis_boundaries, gis_drawn (province → the one it is drawn with) and gis_country_points."""
    source.execute(f"create or replace temp table gis_boundaries ({_BOUNDARIES})")
    source.connection.executemany(
        "insert into gis_boundaries values (?, ?, ?, ?, ?, ?, ?, cast(cast(? as varchar) as geometry))",
        [*_boundaries()],
    )
    source.execute("""
        create or replace temp table gis_drawn as
        select subdivision_code as drawn_code,
            unnest(list_append(string_split(drawn_with, ','), subdivision_code)) as subdivision_code
        from gis_boundaries where kind = 'province'""")
    source.execute("create or replace temp table gis_country_points (code varchar, longitude double, latitude double)")
    text = Path(__file__).with_name("country_points.csv").read_text(encoding="utf-8")
    _, *points = csv.reader(text.splitlines())
    source.connection.executemany("insert into gis_country_points values (?, ?, ?)", points)


def _boundaries() -> Iterator[tuple[Any, ...]]:
    text = Path(__file__).with_name("boundaries.geojson").read_text(encoding="utf-8")
    for feature in json.loads(text)["features"]:
        held = feature["properties"]
        yield *(held.get(name) for name in _NAMES), _as_text(feature["geometry"]["coordinates"])


def _as_text(polygons: list[list[list[list[float]]]]) -> str:
    """Return the coordinates of a multipolygon as well-known text."""
    shapes = (
        "(" + ",".join("(" + ",".join(f"{x} {y}" for x, y in ring) + ")" for ring in rings) + ")" for rings in polygons
    )
    return f"MULTIPOLYGON({','.join(shapes)})"
