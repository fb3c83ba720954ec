"""What a kit is made of: a release as its audience may see it, and nothing else of it.

An audience reads the public edition, what all member states share, what one state sees, or what the centre sees: the
same rules as on the shared server (warehouse/serving/access.yml).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.disclosure.public_columns import public_columns
from warehouse.kits.errors import KitError
from warehouse.releases.catalogue import Release, require_published
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.marts import Mart, count_rows
from warehouse.serving.access import Access, MartAccess, members_access, public_access
from warehouse.serving.loading import member_states_of, release_opened
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier, literal

if TYPE_CHECKING:
    import pandas as pd

PUBLIC, MEMBERS, CENTRE = "public", "members", "centre"
_VISIBLE = "visible"


@dataclass(frozen=True)
class Source:
    """A release as an audience sees it.

    ``connection`` has a view, in schema main, on each mart that the audience may see any column of; ``marts`` are
    these, with the columns and the number of rows that it sees. ``audience`` is ``public``, ``members``, ``centre`` or
    the ISO 3166-1 alpha-3 code of a member state.
    """

    connection: duckdb.DuckDBPyConnection
    marts: Mapping[str, Mart]
    release: Release
    audience: str
    access: Access
    settings: Settings

    @property
    def is_public(self) -> bool:
        """Whether the kit is made of the public edition."""
        return self.audience == PUBLIC

    @property
    def allowed(self) -> set[str]:
        """The marts that the audience may see by the rules of this version, whether the release has them or not."""
        if self.is_public:
            return {*public_columns()}
        rules = members_access().marts.items()
        return {name for name, rule in rules if _rows(rule, self.audience) and _may_see(rule, self.audience)}

    @property
    def package(self) -> Mapping[str, Any]:
        """The data package of the whole release, of which the public edition is a part."""
        return self.release.package

    @property
    def origin(self) -> dict[str, Any]:
        """Which release it is, by number and sha256 of its data package, and under which policy it was read."""
        folder = self.release.public if self.is_public else self.release.path
        policy = {} if self.is_public else {"access_version": self.access.version}
        return {"number": self.release.number, "sha256": file_sha256(folder / DATA_PACKAGE), **policy}

    def has(self, mart: str, *columns: str) -> bool:
        """Return whether the audience sees these columns of a mart."""
        return mart in self.marts and {*columns} <= {column.name for column in self.marts[mart].columns}

    def frame(self, query: str) -> "pd.DataFrame":
        """Return the answer to a query; raises KitError where the release lacks what it asks for."""
        return self.execute(query).df()

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        """Return the answer to a query, still unread; raises KitError where the release lacks what it asks for."""
        try:
            return self.connection.execute(query)
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise KitError(
                f"Release {self.release.number} lacks what is asked of it: an earlier version of Sarai wrote it. Run "
                "`sarai publish`, then this command again."
            ) from error


@contextmanager
def opened(release: Release, audience: str, settings: Settings) -> Iterator[Source]:
    """Open a release as an audience sees it.

    Raises KitError without a public edition, or for an unknown audience, and ReleaseError for a file that is not as
    it was published.
    """
    is_public = audience == PUBLIC
    database = release.public_database if is_public else release.database
    if not database.exists():
        raise KitError(f"{database} is not there, so nothing can be made of it. Run `sarai publish`.")
    _require_published(release, database)
    with release_opened(database, settings) as (connection, marts):
        _require_audience(connection, audience)
        access = public_access(marts) if is_public else members_access()
        connection.execute(f"use memory; create schema {_VISIBLE}; use memory.{_VISIBLE}")
        shown = [one for mart in marts if (one := _show(connection, mart, access.of(mart), audience))]
        counts = count_rows(connection, _VISIBLE, [mart.name for mart in shown])
        seen = {mart.name: replace(mart, row_count=counts[mart.name]) for mart in shown}
        yield Source(connection, seen, release, audience, access, settings)


def audiences_of(release: Release, settings: Settings) -> list[str]:
    """Return all for whom kits of a release are made; raises ReleaseError for a file that is not as published."""
    _require_published(release, release.database)
    with release_opened(release.database, settings) as (connection, _marts):
        states = member_states_of(connection)
    return [*([PUBLIC] if release.public_database.exists() else []), MEMBERS, CENTRE, *states]


def _require_published(release: Release, database: Path) -> None:
    state = database.stat()
    _hash_once(release, database, (state.st_ino, state.st_size, state.st_ctime_ns))


@lru_cache(maxsize=2)  # a database for the public and one for all others
def _hash_once(release: Release, database: Path, _state: tuple[int, ...]) -> None:
    """Raise ReleaseError when a database is not as it was published; read anew only when it was written since."""
    require_published(release, database)


def _require_audience(connection: duckdb.DuckDBPyConnection, audience: str) -> None:
    if audience in {PUBLIC, MEMBERS, CENTRE}:
        return
    states = member_states_of(connection)
    if audience not in states:
        raise KitError(f"{audience} is no member state of this release. Name one of {', '.join(states)}, or centre.")


def _show(connection: duckdb.DuckDBPyConnection, mart: Mart, rule: MartAccess, audience: str) -> Mart | None:
    """Create the view on what an audience sees of a mart; None where that is nothing."""
    rows = _rows(rule, audience)
    shown = _shown_columns(mart, rule, audience)
    if rows is None or not shown:
        return None
    # The marts of the release, which the next statement hides behind views of the same names.
    source = f"release.main.{identifier(mart.name)} as mart"
    columns = ", ".join(f"{expression} as {identifier(name)}" for name, expression in shown.items())
    connection.execute(f"create view {identifier(mart.name)} as select {columns} from {source} where {rows}")
    key = mart.primary_key if {*mart.primary_key} <= {*shown} else ()
    kept = tuple(column for column in mart.columns if column.name in shown)
    return replace(mart, columns=kept, primary_key=key, schema=_VISIBLE)


def _rows(rule: MartAccess, audience: str) -> str | None:
    """Return the condition of the rows that an audience sees, in SQL; None for none."""
    if audience in {PUBLIC, CENTRE}:
        return "true"
    own = None if audience == MEMBERS else rule.own_rows(audience)
    conditions = [f"({one})" for one in (rule.shared_rows, own) if one]
    return " or ".join(conditions) or None


def _may_see(rule: MartAccess, audience: str) -> Sequence[str]:
    """Return the columns that a rule lets an audience see."""
    if audience == CENTRE:
        return tuple(rule.audiences)
    return (*rule.member_columns, *rule.side_of)


def _shown_columns(mart: Mart, rule: MartAccess, audience: str) -> dict[str, str]:
    """Return the columns that an audience sees, in their order, with what stands in them, in SQL."""
    owners, seen, shown = rule.side_of, _may_see(rule, audience), dict[str, str]()
    for column in mart.columns:
        if column.name in seen:
            expression = f"mart.{identifier(column.name)}"
            if audience not in {PUBLIC, CENTRE} and (owner := owners.get(column.name)):
                expression = f"case when mart.{identifier(owner)} = {literal(audience)} then {expression} end"
            shown[column.name] = expression
    return shown
