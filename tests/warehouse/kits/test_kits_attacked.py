"""No kit holds what its audience may not see: records of another state, or anything beyond the public edition."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from warehouse.kits.errors import NothingToShowError
from warehouse.kits.folder import make_kit
from warehouse.kits.kits import KITS
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

IDENTIFIERS = {
    "fct_seizures": "seizure_id",
    "fct_prices": "row_id",
    "fct_persons": "row_id",
    "fct_activities": "row_id",
}


def contents(folder: Path) -> Iterator[bytes]:
    """Yield the bytes of every file, and of what is packed in it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                with duckdb.connect() as connection:
                    connection.execute(
                        "set enable_geoparquet_conversion = false"
                    )  # of the kit for GIS, as it lies there
                    yield str(connection.execute(f"from '{path}'").fetchall()).encode()
            yield content.decode("utf-16").encode() if path.suffix == ".anx" else content
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    yield from map(packed.read, packed.namelist())


@pytest.fixture(scope="module")
def others(golden_release: Release, golden: Settings) -> set[bytes]:
    """The identifiers of all records of a state."""
    found: set[bytes] = set()
    with opened(golden_release, CENTRE, golden) as source:
        for mart, column in IDENTIFIERS.items():
            rows = source.execute(f"select {column} from {mart} where country_code = 'XAB'").fetchall()
            found |= {one.encode() for (one,) in rows}
    return found


@pytest.mark.parametrize("name", KITS)
@pytest.mark.parametrize("audience", ["XAA", MEMBERS, PUBLIC])
def test_no_kit_names_a_record_of_another_state(
    name: str, audience: str, others: set[bytes], kit_of: Callable[[str, str], Path]
) -> None:
    assert len(others) > 5
    made = kit_of(name, audience)
    assert [one for content in contents(made) for one in others if one in content] == []


@pytest.mark.parametrize("name", ["excel", "gis", "i2", "powerbi"])
def test_the_attack_finds_a_record_that_is_there(
    name: str, others: set[bytes], kit_of: Callable[[str, str], Path]
) -> None:
    assert any(one in content for content in contents(kit_of(name, CENTRE)) for one in others)


@pytest.mark.parametrize("name", KITS)
def test_a_public_kit_is_made_of_the_public_edition_alone(
    name: str, golden_release: Release, golden: Settings, kit_of: Callable[[str, str], Path], tmp_path: Path
) -> None:
    alone = Release(golden_release.number, tmp_path / "releases" / str(golden_release.number))
    shutil.copytree(golden_release.public, alone.public)
    shutil.copy(golden_release.path / "datapackage.json", alone.path)
    made = tmp_path / "nothing"
    with opened(alone, PUBLIC, golden) as source, suppress(NothingToShowError):
        made = make_kit(KITS[name], source, tmp_path / "kits").path
    assert [*contents(made)] == [*contents(kit_of(name, PUBLIC))]
