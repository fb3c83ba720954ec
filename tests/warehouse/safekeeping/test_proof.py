"""A database is proven as long as nobody but its runs has written to it, and no longer."""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from conftest import copy_with_another_mart

from warehouse.safekeeping.proof import keeping_proof
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


@pytest.fixture
def proven(tmp_path: Path) -> Settings:
    """A small database that a run has proven."""
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache")
    settings.root.mkdir()
    _write(settings)
    assert not _holds(settings)
    with keeping_proof(settings) as proof:
        proof.make()
    assert _holds(settings)
    return settings


def _write(settings: Settings) -> None:
    with open_database(settings) as connection:
        connection.execute("create or replace table figures as select unnest(range(1000)) as figure")


def _write_from_outside(settings: Settings) -> None:
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("update figures set figure = 7 where figure = 8")


def _leave_a_log(settings: Settings) -> None:
    settings.database.with_name(f"{settings.database.name}.wal").write_bytes(b"left by a killed run")


def _put_an_older_one_back(settings: Settings) -> None:
    older = settings.database.read_bytes()
    with keeping_proof(settings), open_database(settings) as connection:
        connection.execute("delete from figures")
    settings.database.write_bytes(older)


def _say_so_in_the_warehouse(settings: Settings) -> None:
    """Everything in SARAI_HOME that says something about the file is as it was; the cache is elsewhere."""
    status = settings.database.stat()
    content = settings.database.read_bytes()
    settings.database.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(settings.database, ns=(status.st_atime_ns, status.st_mtime_ns))


def _holds(settings: Settings, *, anew: bool = False) -> bool:
    with keeping_proof(settings, anew=anew) as proof:
        return proof.holds


def test_what_runs_write_after_one_another_stays_proven(proven: Settings) -> None:
    with keeping_proof(proven) as proof:
        _write(proven)
        with open_database(proven), open_database(proven):
            pass
        assert proof.holds
    assert _holds(proven)
    assert not _holds(proven, anew=True)


@pytest.mark.parametrize(
    "change", [_write_from_outside, _write, _leave_a_log, _put_an_older_one_back, _say_so_in_the_warehouse]
)
def test_what_anybody_else_wrote_is_not_proven(proven: Settings, change: Callable[[Settings], None]) -> None:
    change(proven)
    assert not _holds(proven)


def test_who_writes_between_two_steps_of_a_run_ends_the_proof(proven: Settings) -> None:
    with keeping_proof(proven) as proof:
        _write(proven)
        _write_from_outside(proven)
        _write(proven)
        assert not proof.holds
    assert not _holds(proven)


def test_a_run_that_fails_keeps_nothing(proven: Settings) -> None:
    def fail() -> None:
        with keeping_proof(proven):
            _write(proven)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not _holds(proven)


def test_another_warehouse_or_another_version_of_sarai_is_not_believed(proven: Settings, tmp_path: Path) -> None:
    other = proven.at(tmp_path / "other")
    other.root.mkdir()
    other.database.write_bytes(proven.database.read_bytes())
    assert not _holds(other)
    project = copy_with_another_mart(tmp_path / "dbt_project")
    assert not _holds(proven.model_copy(update={"dbt_project": project}))
