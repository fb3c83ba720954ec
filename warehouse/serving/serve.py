"""Serving a release: load it unless it is there, verify it, switch to it, and keep the last ones."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse.releases.catalogue import Release
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.marts import Mart
from warehouse.serving.access import Access, compare, members_access, public_access
from warehouse.serving.errors import ServingError
from warehouse.serving.layout import PUBLIC, loading_schema, members, tables_schema
from warehouse.serving.loading import copy_rows, differences, member_states_of, release_opened, verify_copy
from warehouse.serving.outcome import Outcome
from warehouse.serving.rules import Policy
from warehouse.serving.served import (
    Kept,
    Served,
    all_altered,
    bring_under,
    create_list,
    kept_beside,
    list_served,
    put_in_place,
    remove_old,
    set_right,
    switch,
)
from warehouse.serving.server import changing, loading, run, value
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
    address: str = field(repr=False)  # it may hold a password
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

    What Sarai can set right of what was changed by hand is set right before the server is judged. Killed at any point
    it leaves the release that was served before. Raises ServingError.
    """
    with _opened(edition, settings, is_alone=True) as serving:
        connection, circle = serving.connection, serving.policy.circle
        served = list_served(connection)
        if altered := all_altered(connection, served):
            set_right(connection, served, circle)
        _refuse(refusals(connection, circle))
        create_list(connection)
        kept = kept_beside(connection, _others(served, edition), serving.policy)
        outcome = _foresee(serving, served, kept, settings)
        if outcome.is_loaded:
            _load(serving)
        if outcome.is_switched:
            _switch(serving, served, is_loaded=outcome.is_loaded)
        held = bring_under(connection, kept)
        _refuse(refusals(connection, circle))
        removed = remove_old(connection, [one for one in served if one.number in outcome.removed])
        held += [one.release.number for one in kept if not one.is_fit and one.release.number not in removed]
        return replace(outcome, altered=altered, removed=removed, held=held)


def foresee(edition: Edition, settings: Settings) -> Outcome:
    """Return what ``serve`` would do; nothing is written. Raises ServingError, also where ``serve`` would refuse."""
    with _opened(edition, settings, is_alone=False) as serving:
        connection, policy = serving.connection, serving.policy
        served = list_served(connection)
        altered = all_altered(connection, served)
        _refuse([one for one in refusals(connection, policy.circle) if not _is_of(one, altered)])
        kept = kept_beside(connection, _others(served, edition), policy)
        return replace(_foresee(serving, served, kept, settings), altered=altered)


@dataclass(frozen=True)
class _Serving:
    """An edition, opened, and its server under the policy that it is to be served under."""

    edition: Edition
    release: duckdb.DuckDBPyConnection
    marts: Sequence[Mart]
    connection: "Connection"
    policy: Policy


@contextmanager
def _opened(edition: Edition, settings: Settings, *, is_alone: bool) -> Iterator[_Serving]:
    with (
        release_opened(edition.database, settings) as (release, marts),
        loading(edition.address, is_alone=is_alone, wait_s=settings.lock_timeout_s) as connection,
    ):
        yield _Serving(edition, release, marts, connection, _policy(release, marts, is_public=edition.is_public))


def _others(served: Sequence[Served], edition: Edition) -> list[Served]:
    return [one for one in served if one.number != edition.number]


def _foresee(serving: _Serving, served: Sequence[Served], kept: Sequence[Kept], settings: Settings) -> Outcome:
    there, access = _find(serving.edition, served), serving.policy.access
    spoiled = _spoiled(serving) if there else None
    is_seen = there is not None and spoiled is None and there.is_latest and there.access == access
    is_seen = is_seen and not all_altered(serving.connection, [there] if there else [])
    fit = [one for one in kept if one.is_fit]
    removed = [one for one in kept if not one.is_fit] + fit[: max(0, len(fit) + 1 - settings.served_releases)]
    behind = [one for one in kept if one.policy.access != one.release.access and one not in removed]
    before = next((one for one in served if one.is_latest), None)
    changes = [*(compare(before.access, access) if before else ())]
    for one in behind:
        changes += [line for line in compare(one.release.access, one.policy.access) if line not in changes]
    return Outcome(
        serving.edition.number, not is_seen, there is None or spoiled is not None, access, changes,
        [*access.unnamed(serving.marts)], (), spoiled, [one.release.number for one in behind],
        [one.release.number for one in removed],
    )  # fmt: skip


def _find(edition: Edition, served: Sequence[Served]) -> Served | None:
    digest = edition.digest
    return next((one for one in served if one.number == edition.number and one.release_sha256 == digest), None)


def _spoiled(serving: _Serving) -> str | None:
    schema = tables_schema(serving.edition.number)
    return next(differences(serving.release, serving.marts, serving.connection, schema), None)


def _policy(release: duckdb.DuckDBPyConnection, marts: Sequence[Mart], *, is_public: bool) -> Policy:
    if is_public:
        return Policy(public_access(marts), PUBLIC)
    return Policy(members_access(), members(member_states_of(release)))


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        more = f", and {len(problems) - _NAMED_PROBLEMS} more" if len(problems) > _NAMED_PROBLEMS else ""
        raise ServingError(
            f"This server lets readers do what they must not: {'; '.join(problems[:_NAMED_PROBLEMS])}{more}. An "
            "administrator runs what `sarai roles` prints, and `sarai roles --check` says what is left."
        )


def _is_of(problem: str, altered: Sequence[str]) -> bool:
    """Whether a problem is one of something that was changed by hand, which serving sets right."""
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", problem) for name in altered)


def _load(serving: _Serving) -> None:
    """Copy a release into new tables, which no reader may see yet, and verify them; raises ServingError."""
    connection, marts = serving.connection, serving.marts
    schema = loading_schema(serving.edition.number)
    with connection.transaction():
        run(connection, [f'drop schema if exists "{schema}" cascade', f'create schema "{schema}"'])
        run(connection, create_tables(marts, schema))
    copy_rows(serving.release, marts, serving.edition.address, schema)
    verify_copy(serving.release, marts, connection, schema)
    run(connection, add_keys(marts, schema))
    for mart, column, dimension in foreign_keys(marts):
        if not value(connection, orphans(schema, mart, column, dimension)):
            run(connection, [add_foreign_key(schema, mart, column, dimension)])
    for mart in marts:
        run(connection, comments("table", schema, mart, [column.name for column in mart.columns]))
        run(connection, [f"analyze {table(schema, mart.name)}"])


def _switch(serving: _Serving, served: Sequence[Served], *, is_loaded: bool) -> None:
    """Let readers see the release; what was loaded takes at once the place of what was served under its number."""
    edition = serving.edition
    there = None if is_loaded else _find(edition, served)
    with changing(serving.connection):
        if there is None:
            put_in_place(serving.connection, edition.number)
            there = Served(edition.number, edition.digest, Access({}), is_latest=False)
        switch(serving.connection, serving.marts, there, serving.policy)
