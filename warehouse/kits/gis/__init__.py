"""The GIS kit: layers of a release as GeoPackage and GeoParquet, with projects and styles for QGIS."""
