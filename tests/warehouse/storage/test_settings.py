"""Settings: what is refused before it is used."""

from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from warehouse.storage.settings import Settings


@pytest.mark.parametrize(
    "limit",
    ["4GB", " 4 gib ", "1.5GB", ".5GB", "1.GB", "1e3MB", "1E+3mb", "1e-1TB", "2000000KB", "9megabytes", "none", "-1",
     "1.5.5GB", "1eMB", "1e1.5MB", "+4GB", "1,5GB", "1_000MB", "4", "1e3", "80%", "1PB", "infGB", ".GB", "NONE", ""],
)  # fmt: skip
def test_a_memory_limit_is_what_duckdb_accepts(limit: str) -> None:
    try:
        duckdb.connect(config={"memory_limit": limit}).close()
    except duckdb.Error:
        with pytest.raises(ValidationError):
            Settings(memory_limit=limit)
    else:
        assert Settings(memory_limit=limit).memory_limit == limit


def test_a_folder_that_is_a_pattern_to_duckdb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader told to open ``a[1]/x.parquet`` opens that of the folder ``a1``, although only ``a[1]`` is allowed."""
    for name, value in (("a[1]", 1), ("a1", 2)):
        (tmp_path / name).mkdir()
        duckdb.execute(f"copy (select {value}) to '{tmp_path / name / 'x.parquet'}' (format parquet)")
    assert duckdb.execute(f"from read_parquet('{tmp_path / 'a[1]' / 'x.parquet'}')").fetchone() == (2,)
    monkeypatch.chdir(tmp_path / "a[1]")
    for home in (Path("var"), tmp_path / "a*", tmp_path / "b?"):
        with pytest.raises(ValidationError, match="takes for a pattern"):
            Settings(home=home)
    assert Settings(home=tmp_path / "b]{1}~").root == tmp_path / "b]{1}~"


def test_a_cluster_is_an_address_and_is_not_used_for_another_folder(tmp_path: Path) -> None:
    """Where files are checked before they are sent, the workers see nothing."""
    for wrong in ("host:8786", "tcp://host", "http://host:8786", "tcp://a b:1", ""):
        with pytest.raises(ValidationError):
            Settings(dask=wrong)
    settings = Settings(dask="tls://host:8786")
    assert (settings.dask, settings.at(tmp_path).dask) == ("tls://host:8786", None)
