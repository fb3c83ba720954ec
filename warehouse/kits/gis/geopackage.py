"""The GeoPackage and the GeoParquet files of the GIS kit: the same layers, with captions, notes and a disclaimer.

The GeoPackage is of version 1.3, which ArcGIS Pro reads from 3.1 on, and is written by the GDAL of pyogrio out of
arrays of numpy, so that a day stays a day. DuckDB writes the GeoParquet.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.kits.gis.layers import DISCLAIMER, GEOMETRY, Layer
from warehouse.kits.labels import captions
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES, in_language
from warehouse.storage.sql import identifier, literal

if TYPE_CHECKING:
    import numpy as np

GEOPACKAGE = "sarai.gpkg"
_MOST_ROWS = 100_000  # more is no map for a person: the newest are kept, and the GeoParquet file has all
_CRS = "EPSG:4326"
# By the extension "Schema" of the standard: QGIS and GDAL show the title in place of the name of a column.
_CAPTIONS = """
    create table gpkg_data_columns (
        table_name text not null, column_name text not null, name text, title text, description text, mime_type text,
        constraint_name text, constraint pk_gdc primary key (table_name, column_name)
    );
    insert into gpkg_extensions values ('gpkg_data_columns', null, 'gpkg_schema',
        'http://www.geopackage.org/spec121/#extension_schema', 'read-write');"""


def write_geopackage(source: Source, layers: Sequence[Layer], path: Path) -> None:
    """Write the layers into one file; it is dated as the release, so that the same release gives the same bytes."""
    from pyogrio.raw import write

    with _dated(source):
        for layer in layers:
            names, values, masks, geometry = _arrays(source, layer)
            options = {"DESCRIPTION": about(layer), "IDENTIFIER": _in_both(layer.title, " / ")}
            write(
                path,
                geometry,
                values,
                names,
                field_mask=masks,
                layer=layer.name,
                driver="GPKG",
                geometry_type=layer.geometry or None,
                crs=_CRS if layer.geometry else None,
                dataset_options=None if path.exists() else {"VERSION": "1.3"},
                layer_options=options | ({"GEOMETRY_NAME": GEOMETRY} if layer.geometry else {}),
                layer_metadata={f"disclaimer_{language}": in_language(DISCLAIMER, language) for language in LANGUAGES},
            )
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_CAPTIONS)
        database.executemany(
            "insert into gpkg_data_columns values (?, ?, ?, ?, ?, null, null)",
            [
                (layer.name, name, name, captions()[name].en, captions()[name].ru)
                for layer in layers
                for name in layer.columns
            ],
        )


def write_geoparquet(source: Source, layers: Sequence[Layer], folder: Path) -> None:
    """Write each layer with geometry as GeoParquet 1.0, compressed by Snappy, which ArcGIS Pro reads."""
    folder.mkdir()
    for layer in layers:
        if layer.geometry:
            columns = ", ".join(map(identifier, layer.columns))
            path = folder / f"{layer.name}.parquet"
            source.execute(
                f"copy (select {columns}, {GEOMETRY} as geometry from {layer.table}) to {literal(str(path))} "
                "(format parquet, compression snappy, geoparquet_version 'V1')"
            )


def about(layer: Layer) -> str:
    """Return what to know of a layer, and of its boundaries, in both languages."""
    return f"{_in_both(layer.note, ' ')} {_in_both(DISCLAIMER, ' ')}"


def _in_both(words: Any, separator: str) -> str:
    return separator.join((words.en, words.ru))


@contextmanager
def _dated(source: Source) -> Iterator[None]:
    """Let GDAL take the day of the release for the present, and leave it as it was."""
    from pyogrio import get_gdal_config_option, set_gdal_config_options

    name = "OGR_CURRENT_DATE"
    before = get_gdal_config_option(name)
    set_gdal_config_options({name: f"{str(source.package['created'])[:19]}Z"})
    try:
        yield
    finally:
        set_gdal_config_options({name: before})


def _arrays(
    source: Source, layer: Layer
) -> "tuple[list[str], list[np.ndarray[Any, Any]], list[np.ndarray[Any, Any]], np.ndarray[Any, Any] | None]":
    """Return names of columns, their values, masks that are true where there is none, and the geometries as WKB."""
    import numpy as np

    shown = [*map(identifier, layer.columns)] + ([f"st_aswkb({GEOMETRY}) as {GEOMETRY}"] if layer.geometry else [])
    newest = f"order by {identifier(layer.newest)} desc nulls last, rowid limit {_MOST_ROWS}" if layer.newest else ""
    read = source.execute(f"select {', '.join(shown)} from {layer.table} {newest}")
    days = {column[0] for column in read.description if str(column[1]) == "DATE"}
    arrays: dict[str, Any] = {**read.fetchnumpy()}
    geometry = np.array([bytes(one) for one in arrays.pop(GEOMETRY)], dtype=object) if layer.geometry else None
    values, masks = [], []
    for name, array in arrays.items():
        masks.append(np.ma.getmaskarray(array))
        values.append(np.ma.getdata(array).astype("datetime64[D]") if name in days else np.ma.getdata(array))
    return [*arrays], values, masks, geometry
