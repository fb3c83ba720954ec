"""Two releases side by side in one read-only connection."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from warehouse.releases.catalogue import Release, current_release, list_releases
from warehouse.releases.errors import ReleaseError
from warehouse.storage.reading import open_beside, open_release
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier

BEFORE, AFTER = "release_before", "release_after"


@dataclass(frozen=True)
class MartTable:
    """A mart as a release holds it: primary key and columns; ``queries``, by schema, where no release holds it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    queries: Mapping[str, str] = field(default_factory=dict)

    def source(self, schema: str) -> str:
        """Return the rows of the release attached as ``schema``, in SQL."""
        if self.queries:
            return f"({self.queries[schema]})"
        return f"{identifier(schema)}.{identifier(self.name)}"


@contextmanager
def attached(before: Release, after: Release) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open both releases read-only under the names BEFORE and AFTER; raises ReleaseError."""
    for release in (before, after):
        try:
            with open_release(release.database):
                pass
        except duckdb.Error as error:
            raise ReleaseError(f"Release {release.number} cannot be opened. {error}") from error
    with open_beside({BEFORE: before.database, AFTER: after.database}) as connection:
        yield connection


def read_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, MartTable]:
    """Return the marts of facts and figures; the others only give names to codes."""
    columns = read_columns(connection, schema)
    keys = dict(
        connection.execute(
            "select table_name, constraint_column_names from duckdb_constraints() "
            "where database_name = ? and constraint_type = 'PRIMARY KEY'",
            [schema],
        ).fetchall()
    )
    return {
        name: MartTable(name, tuple(keys.get(name, ())), tuple(names))
        for name, names in sorted(columns.items())
        if name.startswith(("fct_", "rpt_"))
    }


def read_columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    """Return table → its columns, in their order, of an attached database."""
    columns: dict[str, list[str]] = {}
    for name, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = ? order by column_index", [database]
    ).fetchall():
        columns.setdefault(name, []).append(column)
    return columns


def find_release(settings: Settings, name: str) -> Release:
    """Return the release with this number, or the one that is ``current``; raises ReleaseError."""
    releases = list_releases(settings)
    current = current_release(settings) if name == "current" else None
    found = current or next((release for release in releases if str(release.number) == name), None)
    if found is None:
        numbers = ", ".join(str(release.number) for release in releases) or "none; run `sarai publish`"
        if name == "current" and releases:
            raise ReleaseError(f"No release is current. There are: {numbers}. Run `sarai rollback NUMBER`.")
        raise ReleaseError(f"There is no release {name}. There are: {numbers}.")
    return found
