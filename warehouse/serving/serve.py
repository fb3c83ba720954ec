"""Serving a release: load it unless it is there, verify it, switch to it, and keep the last ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.releases.catalogue import Release
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.marts import Mart
from warehouse.serving.access import Access, compare, members_access, public_access
from warehouse.serving.errors import ServingError
from warehouse.serving.layout import PUBLIC, Circle, members, tables_schema
from warehouse.serving.loading import copy_rows, release_opened, verify_copy
from warehouse.serving.outcome import Outcome
from warehouse.serving.rules import Policy
from warehouse.serving.served import (
    Served,
    all_altered,
    bring_under,
    clear,
    create_list,
    list_served,
    remove_old,
    switch,
)
from warehouse.serving.server import loading, run, value
from warehouse.serving.server_check import refusals
from warehouse.serving.tables import add_foreign_key, add_keys, comments, create_tables, foreign_keys, orphans, table
from warehouse.storage.durable import file_sha256
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from warehouse.serving.server import Connection


_NAMED_PROBLEMS = 5


@dataclass(frozen=True)
class Edition:
    """An edition of a release and the database that serves it."""

    number: int
    folder: Path
    database: Path
    address: str
    is_public: bool

    @property
    def digest(self) -> str:
        """The sha256 of the data package, which lists the sha256 of everything else."""
        return file_sha256(self.folder / DATA_PACKAGE)


def edition_of(release: Release, settings: Settings, *, is_public: bool) -> Edition:
    """Return an edition of a release; raises ServingError without an address of its server, or without that edition."""
    address = address_of(settings, is_public=is_public)
    database = release.public_database if is_public else release.database
    if not database.exists():
        raise ServingError(f"{database} is not there, so this edition cannot be served. Run `sarai publish`.")
    folder = release.public if is_public else release.path
    return Edition(release.number, folder, database, address, is_public)


def address_of(settings: Settings, *, is_public: bool) -> str:
    """Return how libpq reaches the database of an edition; raises ServingError when it is not named."""
    name = "SARAI_PUBLIC_SERVER_URL" if is_public else "SARAI_SERVER_URL"
    address = settings.public_server_url if is_public else settings.server_url
    if address is None:
        raise ServingError(f"No server is named. Set {name}, for example to service=sarai; see docs/serving.md.")
    return address.get_secret_value()


def editions_to_serve(release: Release, settings: Settings) -> list[Edition]:
    """Return the editions of a release for which a server is named; a release for members only has no public one."""
    named = {False: settings.server_url, True: settings.public_server_url}
    return [
        edition_of(release, settings, is_public=is_public)
        for is_public, address in named.items()
        if address and (release.public_database.exists() or not is_public)
    ]


def serve(edition: Edition, settings: Settings) -> Outcome:
    """Serve an edition, and return what was done: nothing if its readers see it under this policy already.

    Killed at any point it leaves the release that was served before. Raises ServingError.
    """
    with (
        release_opened(edition.database, settings) as (release, marts),
        loading(edition.address, wait_s=settings.lock_timeout_s) as connection,
    ):
        policy = _policy(release, marts, is_public=edition.is_public)
        _refuse_unsafe(connection, policy.circle)
        create_list(connection)
        outcome = _foresee(connection, marts, edition, policy.access)
        if outcome.is_loaded:
            _load(release, marts, connection, edition)
        if outcome.is_switched:
            switch(connection, marts, edition.number, edition.digest, policy)
        unfit = bring_under(connection, policy, but=edition.number)
        _refuse_unsafe(connection, policy.circle)
        return replace(outcome, removed=[*unfit, *remove_old(connection, settings.served_releases)])


def foresee(edition: Edition, settings: Settings) -> Outcome:
    """Return what ``serve`` would do; nothing is written. Raises ServingError."""
    with (
        release_opened(edition.database, settings) as (release, marts),
        loading(edition.address, is_alone=False) as connection,
    ):
        policy = _policy(release, marts, is_public=edition.is_public)
        _refuse_unsafe(connection, policy.circle)
        return _foresee(connection, marts, edition, policy.access)


def _foresee(connection: "Connection", marts: Sequence[Mart], edition: Edition, access: Access) -> Outcome:
    before = list_served(connection)
    there = [one for one in before if one.number == edition.number and one.release_sha256 == edition.digest]
    altered = all_altered(connection)
    is_seen = not altered and any(one.is_latest and one.access == access for one in there)
    unnamed = [*access.unnamed(marts)]
    return Outcome(edition.number, not is_seen, not there, access, _changes(before, access), unnamed, altered)


def _policy(release: duckdb.DuckDBPyConnection, marts: Sequence[Mart], *, is_public: bool) -> Policy:
    if is_public:
        return Policy(public_access(marts), PUBLIC)
    found = release.execute("select country_code from dim_countries where is_member order by all").fetchall()
    return Policy(members_access(), members(tuple(code for (code,) in found)))


def _refuse_unsafe(connection: "Connection", circle: Circle) -> None:
    if problems := refusals(connection, circle):
        more = f", and {len(problems) - _NAMED_PROBLEMS} more" if len(problems) > _NAMED_PROBLEMS else ""
        raise ServingError(
            f"This server lets readers do what they must not: {'; '.join(problems[:_NAMED_PROBLEMS])}{more}. An "
            "administrator runs what `sarai roles` prints, and `sarai roles --check` says what is left."
        )


def _changes(before: Sequence[Served], access: Access) -> list[str]:
    latest = next((one for one in before if one.is_latest), None)
    return compare(latest.access, access) if latest else []


def _load(
    release: duckdb.DuckDBPyConnection, marts: Sequence[Mart], connection: "Connection", edition: Edition
) -> None:
    """Copy a release into new tables, which no reader may see yet, and verify them.

    What is served under its number is another release (the warehouse was made anew): it goes first, unless readers see
    it, as they must never see nothing. Raises ServingError.
    """
    schema = tables_schema(edition.number)
    served = {one.number: one for one in list_served(connection)}
    if edition.number in served and served[edition.number].is_latest:
        raise ServingError(
            f"Readers see another release {edition.number}, with another content. Serve a release with another number "
            "first, then this one."
        )
    clear(connection, edition.number)
    with connection.transaction():
        run(connection, [f'create schema "{schema}"', *create_tables(marts, schema)])
    copy_rows(release, marts, edition.address, schema)
    verify_copy(release, marts, connection, schema)
    run(connection, add_keys(marts, schema))
    for mart, column, dimension in foreign_keys(marts):
        if not value(connection, orphans(schema, mart, column, dimension)):
            run(connection, [add_foreign_key(schema, mart, column, dimension)])
    for mart in marts:
        run(connection, comments("table", schema, mart, [column.name for column in mart.columns]))
        run(connection, [f"analyze {table(schema, mart.name)}"])
