"""Files of the last release that the next has too: a mart whose rows are the same is not written again but linked.

A file is linked (a second name of the same bytes) only if it still has the sha256 that was published, and is read-only
and owned as a new one would be, because both releases share its permissions from then on. Where a link cannot be made,
as on a file system without them, the file is written.
"""

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from warehouse.releases.catalogue import Release, list_releases
from warehouse.releases.datapackage import table_schema
from warehouse.releases.entries import Entered, is_as_entered
from warehouse.releases.formats import TABLE_FORMATS, file_of
from warehouse.releases.marts import Mart
from warehouse.storage.durable import file_sha256
from warehouse.storage.permissions import RELEASE_FILE
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version
from warehouse.storage.sql import identifier, literal


@dataclass(frozen=True)
class EarlierFiles:
    """The files of a release that was written by the same version of everything."""

    release: Release

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The entry of each file in the data package, by path."""
        return {resource["path"]: resource for resource in self.release.package["resources"]}

    def link(self, connection: duckdb.DuckDBPyConnection, folder: Path, marts: Sequence[Mart]) -> None:
        """Link the files of all marts, given in key order, that have the same rows into the folder of a release."""
        for mart in marts:
            if self._describes(mart) and self._is_equal(connection, mart):
                for name in TABLE_FORMATS:
                    self._link(folder, file_of(mart, name))

    def _describes(self, mart: Mart) -> bool:
        wanted = (mart.row_count, table_schema(mart))
        found = [self.resources.get(file_of(mart, name).as_posix(), {}) for name in TABLE_FORMATS]
        return all((resource.get("row_count"), resource.get("schema")) == wanted for resource in found)

    def _is_equal(self, connection: duckdb.DuckDBPyConnection, mart: Mart) -> bool:
        """Return whether the rows are the same, one by one, those of the earlier release being read from Parquet."""
        place = file_of(mart, "parquet")
        path = self.release.path / place
        if not self._is_unchanged(path, place):
            return False
        differs = " or ".join(_differs(identifier(column.name), column.data_type) for column in mart.columns)
        row = connection.execute(
            f"select 1 from {mart.source} positional join read_parquet({literal(str(path))}) as earlier "
            f"where {differs} limit 1"
        ).fetchone()
        return row is None

    def _link(self, folder: Path, place: Path) -> None:
        source, target = self.release.path / place, folder / place
        if not _is_owned_alike(source, target.parent):
            return
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            return
        if not self._is_unchanged(target, place):
            target.unlink()

    def _is_unchanged(self, path: Path, place: Path) -> bool:
        resource = self.resources[place.as_posix()]
        try:
            return bool(f"sha256:{file_sha256(path)}" == resource["hash"])
        except OSError:
            return False


def earlier_files(settings: Settings, entered: Mapping[int, Entered]) -> EarlierFiles | None:
    """Return the files of the last release if it is as it was entered in the chain, and written by our version."""
    readable = [release for release in list_releases(settings) if release.is_readable]
    last = readable[-1] if readable else None
    if (
        last is None
        or last.package.get("code_sha256") != sources_version(settings.dbt_project)
        or not is_as_entered(entered, last)
    ):
        return None
    return EarlierFiles(last)


def _is_owned_alike(path: Path, folder: Path) -> bool:
    """Return whether a file has the owner, group and permissions of a file of a release made in this folder."""
    try:
        status, there = path.lstat(), folder.stat()
    except OSError:
        return False
    is_ours = (status.st_uid, status.st_gid) == (there.st_uid, there.st_gid)
    return is_ours and stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == RELEASE_FILE


def _differs(name: str, data_type: str) -> str:
    """Return the SQL that is true where the files would differ: they tell 0.0 from -0.0, which are equal."""
    values = f"mart.{name} is distinct from earlier.{name}"
    is_signed = data_type in ("DOUBLE", "FLOAT")
    return f"{values} or signbit(mart.{name}) is distinct from signbit(earlier.{name})" if is_signed else values
