"""Programs that open a kit, each compared with what its reader may see of the release."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clients.programs import ENVIRONMENT, HERE, LIMIT_S, SYSTEM_PYTHON
from warehouse.kits.folder import make_kit
from warehouse.kits.kits import KITS
from warehouse.kits.source import Source, opened
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

# Layer of the GIS kit → the mart whose rows it has, with those that no map shows.
_LAYERS = {
    "seizures": "fct_seizures",
    "crossings": "dim_border_points",
    "figures_by_country": "rpt_seizures_by_year",
    "figures_by_province": "rpt_seizures_by_province",
    "figures_by_crossing": "rpt_seizures_by_border_point",
    "figures_by_route": "rpt_routes",
}
_LEAST_COLOURS = 100  # of a map with shades, lines and names; an empty one has two


@dataclass(frozen=True)
class Opened:
    """What a program says of itself, how many rows, dates and texts in Cyrillic it read, and what is wrong."""

    version: str
    counts: tuple[int, int, int]
    problem: str


def open_gis_kit(release: Release, settings: Settings, country: str) -> Opened:
    """Open the GIS kit of a country in QGIS, in Russian, and draw its map to a temporary file that stays."""
    with tempfile.TemporaryDirectory(prefix="sarai-kit-") as folder, opened(release, country, settings) as source:
        made = make_kit(KITS["gis"], source, Path(folder))
        with tempfile.NamedTemporaryFile(prefix="sarai-map-", suffix=".png", delete=False) as picture:
            pass
        done = subprocess.run(
            [SYSTEM_PYTHON, str(HERE / "open_in_qgis.py"), str(made.path / "sarai_ru.qgs"), picture.name],
            env=ENVIRONMENT | {"HOME": folder},
            check=True, capture_output=True, text=True, timeout=LIMIT_S,
        )  # fmt: skip
        read = json.loads(done.stdout.strip().splitlines()[-1])
        print(f"The map of {country} is drawn in {picture.name}")
        rows = {layer: read["counts"].get(layer, 0) + read["counts"].get(f"{layer}_unlocated", 0) for layer in _LAYERS}
        return Opened(read["version"], (sum(rows.values()), *_counts(read["records"])), _problem(source, read, rows))


def _counts(records: list[list[str]]) -> tuple[int, int]:
    return sum(day is not None for _, day, _ in records), sum(not name.isascii() for *_, name in records)


def _problem(source: Source, read: dict[str, object], rows: dict[str, int]) -> str:
    """Return what differs first between what QGIS read and what the release shows, empty if nothing does."""
    wanted = {layer: source.marts[mart].row_count for layer, mart in _LAYERS.items()}
    if rows != wanted:
        return f"{rows} was read, and the release has {wanted}"
    records = source.execute(
        "select seizure_id, cast(seizure_date as varchar), drug_name_ru "
        "from fct_seizures join dim_drugs using (drug_code)"
    ).fetchall()
    if sorted(map(tuple, read["records"])) != sorted(records):  # type: ignore[call-overload]
        return "identity, day or drug of a seizure differ"
    return "" if int(str(read["colours"])) >= _LEAST_COLOURS else "the map is empty"
