"""Opens a project of the GIS kit in QGIS, without a window: run by the system's Python, which has ``qgis``.

Usage: ``python3 open_in_qgis.py PROJECT PICTURE``. Loads the styles beside the project, writes the page that it has to
print to PICTURE (png), and prints as JSON: the version, how many features each layer has, of seizures identity, day and
drug in Russian, and how many colours the picture has.
"""

import json
import sys
from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsLayoutExporter, QgsProject
from qgis.PyQt.QtCore import QDate
from qgis.PyQt.QtGui import QImage

_DPI = 130
_ASKED = ("seizure_id", "seizure_date", "drug_name_ru")


def main() -> None:
    """Open the project, read its layers and draw it."""
    project_path, picture = sys.argv[1:]
    application = QgsApplication([], GUIenabled=False)
    application.initQgis()
    project = QgsProject.instance()
    if not (project.read(project_path) and project.crs().isValid()):
        sys.exit(f"{project_path}: {project.error()}")
    counts, records = {}, []
    for layer in project.mapLayers().values():
        if not layer.isValid() or (layer.isSpatial() and layer.crs().authid() != "EPSG:4326"):
            sys.exit(f"{layer.name()}: {layer.error().message()} {layer.crs().authid()}")
        name = layer.source().partition("layername=")[2]
        counts[name] = layer.featureCount()
        if name.startswith("seizures"):
            records += [[_value(feature[column]) for column in _ASKED] for feature in layer.getFeatures()]
    _load_styles(project, Path(project_path).with_name("styles"))
    colours = _draw(project, picture)
    print(json.dumps({"version": Qgis.QGIS_VERSION, "counts": counts, "records": records, "colours": colours}))
    application.exitQgis()


def _load_styles(project: QgsProject, folder: Path) -> None:
    """Load every style into a copy of its layer; exits where QGIS does not read one."""
    for path in sorted(folder.iterdir()):
        layer = project.mapLayer(f"sarai_{path.stem.rpartition('_')[0]}").clone()
        load = layer.loadNamedStyle if path.suffix == ".qml" else layer.loadSldStyle
        problem, is_read = load(str(path))
        if not is_read:
            sys.exit(f"{path.name}: {problem}")


def _draw(project: QgsProject, picture: str) -> int:
    """Draw the page that the project has to print, and return how many colours that took."""
    (page,) = project.layoutManager().printLayouts()
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = _DPI
    if QgsLayoutExporter(page).exportToImage(picture, settings) != QgsLayoutExporter.Success:
        sys.exit(f"{picture} cannot be written.")
    image = QImage(picture)
    step = 3
    return len({
        image.pixel(across, down)
        for across in range(0, image.width(), step)
        for down in range(0, image.height(), step)
    })  # fmt: skip


def _value(value: object) -> object:
    return value.toString("yyyy-MM-dd") if isinstance(value, QDate) else value


if __name__ == "__main__":
    main()
