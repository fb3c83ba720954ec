"""Which kits there are: one entry each, for the tool that its files open in."""

from collections.abc import Mapping

from warehouse.kits import excel, i2, sdmx
from warehouse.kits.folder import Kit

KITS: Mapping[str, Kit] = {
    kit.name: kit
    for kit in (
        Kit(
            "excel",
            "Workbooks for Excel and LibreOffice: tables to filter and pivot, charts, statistical annex",
            excel.write,
        ),
        Kit("i2", "Charts of Analyst's Notebook, the network as CSV and GEXF", i2.write),
        Kit("sdmx", "SDMX: structures in English and Russian, and data in SDMX-CSV 2.0", sdmx.write),
    )
}
