"""Which kits there are: one entry each, for the tool that its files open in."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.dictionary import pages
from warehouse.kits import excel, i2, sdmx
from warehouse.kits.errors import KitError
from warehouse.kits.folder import Kit, Made, make_kit
from warehouse.kits.gis import kit as gis
from warehouse.kits.powerbi import kit as powerbi
from warehouse.kits.source import Source
from warehouse.storage.errors import SaraiError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KITS: Mapping[str, Kit] = {
    kit.name: kit
    for kit in (
        Kit("dictionary", "Pages in English and Russian that say what each mart and column is", pages.write),
        Kit(
            "excel",
            "Workbooks for Excel and LibreOffice: tables to filter and pivot, charts, statistical annex",
            excel.write,
        ),
        Kit(
            "gis",
            "GeoPackage and GeoParquet: states, provinces, crossings, routes and seizures as layers",
            gis.write,
            ("pyogrio",),
        ),
        Kit("i2", "Charts of Analyst's Notebook, the network as CSV and GEXF", i2.write, ("anxwritter",)),
        Kit("powerbi", "A project for Power BI: model, reports in English and Russian, and their data", powerbi.write),
        Kit("sdmx", "SDMX: structures in English and Russian, and data in SDMX-CSV 2.0", sdmx.write, ("sdmx",)),
    )
}


def make_kits(
    names: Iterable[str], source: Source, folder: Path, key: "Ed25519PrivateKey | None"
) -> Iterator[Made | KitError]:
    """Make one kit after the other below ``folder``, and yield what was made of each or why it was not.

    One that cannot be made keeps no other waiting. ``key`` signs them, if there is one.
    """
    for name in names:
        try:
            yield make_kit(KITS[name], source, folder, key)
        except KitError as error:
            yield error
        except SaraiError as error:
            yield KitError(f"The kit {name} was not made. {error}")
