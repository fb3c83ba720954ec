"""Files of the last release that hold the same rows are linked, and none that is not what was published."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from made_marts import change

from warehouse.releases.catalogue import Release, verify_release
from warehouse.releases.formats import TABLE_FORMATS
from warehouse.releases.kept_files import EarlierFiles
from warehouse.releases.marts import read_marts
from warehouse.releases.publication import write_release
from warehouse.releases.rollback import rollback
from warehouse.storage.settings import Settings

EQUAL = ("parquet/fct_seizures.parquet", "csv/fct_seizures.csv")
CHANGED = ("parquet/rpt_seizures_by_month.parquet", "csv/rpt_seizures_by_month.csv")


def linked(first: Release, second: Release, names: tuple[str, ...]) -> list[bool]:
    return [(first.path / name).samefile(second.path / name) for name in names]


def test_equal_files_are_shared_and_each_release_stands_alone(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path
) -> None:
    first = write_release(connection, settings, gate_results=gate)
    change(connection)
    second = write_release(connection, settings, gate_results=gate)
    assert linked(first, second, EQUAL) == [True, True]
    assert linked(first, second, CHANGED) == [False, False]
    assert [path.stat().st_mode & 0o777 for path in (second.path / EQUAL[0], second.path / CHANGED[0])] == [0o440] * 2
    connection.close()
    assert [verify_release(release) for release in (first, second)] == [[], []]
    assert rollback(settings).number == 1
    for path in sorted(first.path.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert verify_release(second) == []


def _rewritten(path: Path) -> None:
    content = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    path.chmod(0o440)


def _opened_to_all(path: Path) -> None:
    path.chmod(0o444)


def _linked(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


@pytest.mark.parametrize("harm", [_rewritten, _opened_to_all, _linked, Path.unlink])
def test_a_file_that_is_not_as_published_is_written_anew(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, harm: Callable[[Path], None]
) -> None:
    first = write_release(connection, settings, gate_results=gate)
    published = [(first.path / name).read_bytes() for name in EQUAL]
    for name in EQUAL:
        harm(first.path / name)
    change(connection)
    second = write_release(connection, settings, gate_results=gate)
    assert [(second.path / name).read_bytes() for name in EQUAL] == published
    assert [(second.path / name).lstat().st_nlink for name in EQUAL] == [1, 1]
    assert verify_release(second) == []


@pytest.mark.parametrize(
    "other",
    [
        "update marts.fct_seizures set quantity_kg = '-0.0' where seizure_id = 's1'",
        "comment on column marts.fct_seizures.place is 'As sent'",
        "update marts.fct_seizures set place = null where seizure_id = 's1'",
    ],
)
def test_what_differs_in_anything_that_a_file_or_its_description_shows_is_written(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, other: str
) -> None:
    connection.execute("update marts.fct_seizures set quantity_kg = 0.0 where seizure_id = 's1'")
    first = write_release(connection, settings, gate_results=gate)
    connection.execute(other)
    second = write_release(connection, settings, gate_results=gate)
    assert linked(first, second, EQUAL) == [False, False]


def test_where_no_link_can_be_made_the_file_is_left_to_be_written(
    connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path, tmp_path: Path
) -> None:
    earlier = EarlierFiles(write_release(connection, settings, gate_results=gate))
    for name in TABLE_FORMATS:
        (tmp_path / name).write_text("a file, in which nothing can be linked")
    earlier.link(connection, tmp_path, read_marts(connection))
    assert [path.is_file() for path in (tmp_path / "parquet", tmp_path / "csv")] == [True, True]
