"""Reads views in QGIS, without a window: run by the system's Python, which has ``qgis``.

Usage: ``python3 read_by_qgis.py HOST PORT USER PASSWORD FOLDER``, with lines NAME<tab>KEY<tab>COLUMNS on standard
input: a view has no key of its own, so QGIS is told one. Writes FOLDER/NAME.csv without headings, and \\N for what is
not there.
"""

import csv
import sys
from pathlib import Path

from qgis.core import NULL, Qgis, QgsApplication, QgsDataSourceUri, QgsVectorLayer
from qgis.PyQt.QtCore import QDate


def main() -> None:
    """Open each view as a layer, and write its rows."""
    host, port, user, password, folder = sys.argv[1:]
    application = QgsApplication([], GUIenabled=False)
    application.initQgis()
    print(Qgis.QGIS_VERSION)
    for line in sys.stdin:
        name, key, columns = line.rstrip("\n").split("\t")
        source = QgsDataSourceUri()
        source.setConnection(host, port, "sarai", user, password)
        source.setDataSource("sarai", name, "", "", key)
        layer = QgsVectorLayer(source.uri(expandAuthConfig=False), name, "postgres")
        if not layer.isValid():
            sys.exit(f"{name}: {layer.error().message()}")
        with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for feature in layer.getFeatures():
                writer.writerow([_value(feature[column]) for column in columns.split(",")])
    application.exitQgis()


def _value(value: object) -> object:
    if value is None or value == NULL:
        return r"\N"
    if isinstance(value, QDate):
        return value.toString("yyyy-MM-dd")
    return repr(value) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
