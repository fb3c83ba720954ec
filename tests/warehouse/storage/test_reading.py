"""Releases opened to be read: nothing is written into their folder, whatever a query spills to disk."""

import tempfile
from pathlib import Path

import duckdb
import pytest

from warehouse.storage.reading import open_beside, open_release

LARGE = "select i, hash(i)::varchar || repeat('x', 40) as text from numbers order by text"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    path = tmp_path / "1" / "marts.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select range as i from range(1000000)")
    return path


@pytest.mark.parametrize("name", ["marts", "one"])
def test_a_query_spills_elsewhere(release: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release.parent)
    with open_release(release) if name == "marts" else open_beside({name: release}) as connection:
        connection.execute(f"use {name}; set memory_limit = '40MB'; set threads = 1")
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        folder = connection.execute("select current_setting('temp_directory')").fetchone()
        assert folder
        assert connection.execute(LARGE).fetchone()
        assert any(Path(folder[0]).iterdir()), "the query was too small to spill"
        assert [path.name for path in release.parent.iterdir()] == ["marts.duckdb"]
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("create table more as select 1")
    assert Path(folder[0]).parent == Path(tempfile.gettempdir())
    assert not Path(folder[0]).exists()
