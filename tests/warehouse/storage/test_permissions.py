"""Nobody but its user reads what was received, and only the user's group the releases, whatever the umask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Warehouse
from made_marts import make_gate, make_marts

from warehouse.releases.publication import write_release
from warehouse.storage.database import open_database, writing
from warehouse.storage.permissions import close_home, create_folder
from warehouse.storage.settings import Settings
from warehouse.storage.vault import deposit


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.lstat().st_mode & 0o777


def modes(folder: Path) -> tuple[set[int], set[int]]:
    """Return the modes of folders and of files, from a folder on; links have none."""
    paths = [folder, *(path for path in folder.rglob("*") if not path.is_symlink())]
    return {mode(path) for path in paths if path.is_dir()}, {mode(path) for path in paths if path.is_file()}


def test_modes_are_the_same_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    gate = make_gate(tmp_path / "gate")
    source = tmp_path / "KAZ_2024-05.csv"
    source.write_bytes(b"text")
    settings = Settings(home=tmp_path / "var")
    with writing(settings), source.open("rb") as file:
        deposit(file, settings.vault)
        with open_database(settings) as connection:
            make_marts(connection)
            release = write_release(connection, settings, gate_results=gate)
    assert os.umask(umask) == umask
    assert modes(settings.vault) == ({0o700}, {0o400})
    assert modes(release.path) == ({0o750}, {0o440})
    assert {path.name: mode(path) for path in settings.root.iterdir()} == {
        "releases": 0o750, "vault": 0o700, "warehouse.duckdb": 0o600, "writer.lock": 0o600,
    }  # fmt: skip
    assert mode(settings.root) == 0o710


def test_a_warehouse_that_was_run_is_private(published: Warehouse) -> None:
    settings = published.settings
    for folder in (settings.inbox, settings.vault, settings.feedback, settings.gates):
        assert mode(folder) == 0o700, folder
    assert modes(settings.feedback) == ({0o700}, {0o600})
    assert modes(settings.vault) == ({0o700}, {0o400})
    for release in settings.releases.glob("[0-9]*"):
        assert modes(release) == ({0o750}, {0o440})
    others = [path for path in settings.root.iterdir() if path != settings.releases]
    assert [path for path in others if mode(path) & 0o077] == []


def test_what_stood_open_is_closed_and_what_a_group_was_given_stays(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var")
    close_home(settings)
    for folder, open_mode in {settings.vault: 0o755, settings.inbox: 0o770, settings.releases: 0o755}.items():
        create_folder(folder, open_mode)
    settings.database.touch()
    settings.database.chmod(0o644)
    close_home(settings)
    paths = (settings.vault, settings.inbox, settings.releases, settings.database)
    assert [mode(path) for path in paths] == [0o700, 0o770, 0o755, 0o600]
