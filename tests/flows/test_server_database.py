"""The database of Prefect's server: which homes begin with the kept one, and what that holds."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from flows.runs.server_database import prepare_database

Begin = Callable[[str], bool]


def read(database: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def definitions(database: Path) -> list[tuple[str, ...]]:
    return read(database, "select type, name, tbl_name, sql from sqlite_master order by 1, 2")


@pytest.fixture
def migrated() -> list[Path]:
    """The homes that were migrated."""
    return []


@pytest.fixture
def begin(tmp_path: Path, migrated: list[Path]) -> Begin:
    """What begins a home by its name, with a stand-in for Prefect's migrations; returns whether it is up to date."""

    def begin(name: str) -> bool:
        home = tmp_path / name
        home.mkdir(exist_ok=True)

        def migrate() -> None:
            migrated.append(home)
            with closing(sqlite3.connect(home / "prefect.db")) as connection:
                connection.executescript(
                    "pragma journal_mode = wal; create table alembic_version (version_num); create table flow (id);"
                    "insert into alembic_version values ('c3');"
                )

        return prepare_database(home, tmp_path / "cache", "3.1.0", migrate)

    return begin


def kept_in(cache: Path) -> Path:
    [kept] = (cache / "prefect").iterdir()
    return kept


def test_one_home_is_migrated_and_the_next_begin_with_a_copy(
    begin: Begin, migrated: list[Path], tmp_path: Path
) -> None:
    assert [begin("first"), begin("first"), begin("second")] == [True, True, True]
    assert migrated == [tmp_path / "first"]
    assert definitions(tmp_path / "second" / "prefect.db") == definitions(tmp_path / "first" / "prefect.db")
    kept = kept_in(tmp_path / "cache")
    for private in (kept, kept.parent, tmp_path / "second" / "prefect.db"):
        assert private.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", [b"", b"damaged", None])
def test_a_damaged_kept_database_is_made_anew(
    damage: bytes | None, begin: Begin, migrated: list[Path], tmp_path: Path
) -> None:
    begin("first")
    kept = kept_in(tmp_path / "cache")
    whole = kept.read_bytes()
    kept.write_bytes(whole.replace(b"flow", b"fl0w") if damage is None else damage)
    assert begin("second")
    assert migrated == [tmp_path / "first", tmp_path / "second"]
    assert kept_in(tmp_path / "cache").read_bytes() == whole


def test_a_folder_in_its_place_keeps_no_database_from_being_kept(
    begin: Begin, migrated: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "cache" / "prefect" / "3.1.0-folder.db").mkdir(parents=True)
    assert [begin("first"), begin("second")] == [True, True]
    assert migrated == [tmp_path / "first"]


def test_where_the_kept_database_goes_meanwhile_the_home_is_migrated(
    begin: Begin, migrated: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin("first")
    copy = shutil.copyfile

    def lose(kept: Path, draft: Path) -> None:
        kept.unlink()
        copy(kept, draft)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", lose)
        assert begin("second")
    assert migrated == [tmp_path / "first", tmp_path / "second"]


def test_without_a_cache_each_home_is_migrated(begin: Begin, migrated: list[Path], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert [begin("first"), begin("second")] == [False, False]
    assert len(migrated) == 2


def test_what_a_home_holds_is_left_to_prefect_unless_it_is_up_to_date(
    begin: Begin, migrated: list[Path], tmp_path: Path
) -> None:
    begin("first")
    for name in ("older", "of another", "log alone"):
        shutil.copytree(tmp_path / "first", tmp_path / name)
    with closing(sqlite3.connect(tmp_path / "older" / "prefect.db")) as connection:
        connection.executescript("update alembic_version set version_num = 'b2'")
    (tmp_path / "of another" / "prefect.db").write_bytes(b"another program's")
    (tmp_path / "log alone" / "prefect.db").rename(tmp_path / "log alone" / "prefect.db-wal")
    assert [begin(name) for name in ("older", "of another", "log alone")] == [False, False, False]
    assert migrated == [tmp_path / "first"]
    assert not (tmp_path / "log alone" / "prefect.db").exists()
    assert read(tmp_path / "older" / "prefect.db", "select * from alembic_version") == [("b2",)]


def test_the_database_of_another_version_gives_way(begin: Begin, migrated: list[Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "prefect"
    cache.mkdir(parents=True)
    (cache / f"3.0.0-{sha256(b'old').hexdigest()}.db").write_bytes(b"old")
    assert begin("first")
    assert migrated == [tmp_path / "first"]
    assert kept_in(tmp_path / "cache").name.startswith("3.1.0-")
