"""The GIS kit: what an audience sees of a release as layers of maps."""

from pathlib import Path

from warehouse.kits.gis.figures import create_figures
from warehouse.kits.gis.geopackage import GEOPACKAGE, write_geopackage, write_geoparquet
from warehouse.kits.gis.layers import create_layers
from warehouse.kits.gis.places import create_places
from warehouse.kits.gis.project import write_projects
from warehouse.kits.source import Source


def write(source: Source, folder: Path) -> None:
    """Write the layers as one GeoPackage, those with geometry as GeoParquet, and projects and styles for QGIS."""
    create_places(source)
    create_figures(source)
    layers = create_layers(source)
    write_geopackage(source, layers, folder / GEOPACKAGE)
    write_geoparquet(source, layers, folder / "geoparquet")
    write_projects(source, layers, folder)
