"""What a database serves: the list of loaded releases, the switch from one to another, and what is kept."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warehouse.releases.marts import Mart
from warehouse.serving.access import Access, public_access
from warehouse.serving.errors import ServingError
from warehouse.serving.layout import (
    LATEST,
    LATEST_CENTRE,
    SERVED,
    Circle,
    loading_schema,
    tables_schema,
    views_schema,
)
from warehouse.serving.rights import changed_rights, create_rights, forget_rights, grantees, keep_rights, loaded_marts
from warehouse.serving.rules import Policy, allow, centre_views, member_views, withdraw
from warehouse.serving.server import changing, rows, run, unless_held, value
from warehouse.storage.sql import identifier, literal

if TYPE_CHECKING:
    from warehouse.serving.server import Connection

_LEFT_BEHIND = rf"""
    select nspname from pg_namespace
    where nspname ~ '^(sarai|sarai_centre|release_\d+|release_\d+_tables)_before_\d+$'
        or nspname ~ '^release_\d+_loading$' or nspname ~ '^release_\d+(_tables)?$'
        and substring(nspname, '\d+')::bigint not in (select number from {SERVED})
"""


@dataclass(frozen=True)
class Served:
    """A release on the server: loaded and verified, and under which policy readers see it."""

    number: int
    release_sha256: str
    access: Access
    is_latest: bool


@dataclass(frozen=True)
class Kept:
    """A release that stays beside the one that is switched to, and the policy it must follow.

    ``is_fit`` if it has all columns that the policy decides by, ``is_right`` if readers see of it what that allows.
    """

    release: Served
    marts: Sequence[Mart]
    policy: Policy
    is_fit: bool
    is_right: bool


def create_list(connection: "Connection") -> None:
    """Create the list of served releases, which readers do not see, if it is not there."""
    columns = (
        "number bigint primary key, release_sha256 text not null, access_policy text not null, "
        "loaded_at timestamptz not null, switched_at timestamptz not null, is_latest boolean not null"
    )
    run(connection, ["create schema if not exists serving", f"create table if not exists {SERVED} ({columns})"])
    create_rights(connection)


def list_served(connection: "Connection") -> list[Served]:
    """Return the releases that a database serves, the one that was switched to last at the end."""
    if value(connection, "select to_regclass(%s)", (SERVED,)) is None:
        return []
    columns = "number, release_sha256, access_policy, is_latest"
    found = rows(connection, f"select {columns} from {SERVED} order by switched_at, number")
    return [Served(number, digest, Access.from_text(text), latest) for number, digest, text, latest in found]


def all_altered(connection: "Connection", served: Sequence[Served]) -> list[str]:
    """Return the tables and views of which readers may see something else than `sarai serve` left them, by hand."""
    stable = changed_rights(connection) if served else []
    return [*stable, *(name for one in served for name in changed_rights(connection, one.number))]


def set_right(connection: "Connection", served: Sequence[Served], circle: Circle) -> None:
    """Let readers see of each release again what the policy allows that it was left under, and nothing else.

    What a reader holds is left as it is, and so is a release that lacks what its policy decides by.
    """
    for one in served:
        marts, policy = loaded_marts(connection, one.number), Policy(one.access, circle)
        with unless_held(), suppress(ServingError):
            if one.is_latest:
                switch(connection, marts, one, policy)
            elif changed_rights(connection, one.number):
                apply(connection, marts, one.number, policy)


def clear(connection: "Connection", number: int) -> None:
    """Remove a release from the server."""
    with changing(connection):
        for schema in (views_schema(number), tables_schema(number)):
            run(connection, [f"drop schema if exists {identifier(schema)} cascade"])
        connection.execute(f"delete from {SERVED} where number = %s".encode(), (number,))
        forget_rights(connection, number)


def apply(connection: "Connection", marts: Sequence[Mart], number: int, policy: Policy) -> None:
    """Let readers see of a loaded release what a policy allows; whoever reads that release holds it up."""
    source = tables_schema(number)
    with changing(connection):
        run(connection, withdraw(marts, source, grantees(connection, source), _policies(connection, source)))
        run(connection, [f"drop schema if exists {identifier(views_schema(number))} cascade"])
        run(connection, allow(marts, source, policy))
        run(connection, member_views(marts, views_schema(number), source, policy))
        update = f"update {SERVED} set access_policy = %s where number = %s"
        connection.execute(update.encode(), (policy.access.text, number))
        keep_rights(connection, number)


def kept_beside(connection: "Connection", served: Sequence[Served], policy: Policy) -> list[Kept]:
    """Return how releases that stay must follow a policy; a public edition shows all of itself."""
    kept = []
    for one in served:
        marts = loaded_marts(connection, one.number)
        theirs = policy if policy.circle.centre else replace(policy, access=public_access(marts))
        is_right = theirs.access == one.access and not changed_rights(connection, one.number)
        kept.append(Kept(one, marts, theirs, _is_fit(marts, theirs.access), is_right))
    return kept


def _is_fit(marts: Sequence[Mart], access: Access) -> bool:
    try:
        for mart in marts:
            access.of(mart)
    except ServingError:
        return False
    return True


def bring_under(connection: "Connection", kept: Sequence[Kept]) -> list[int]:
    """Apply to releases that stay the policy that they must follow, where they can and do not yet.

    Returns the numbers of those that a reader holds: nothing of them was changed.
    """
    waiting = [one for one in kept if one.is_fit and not one.is_right]
    done = []
    for one in waiting:
        with unless_held():
            apply(connection, one.marts, one.release.number, one.policy)
            done.append(one)
    return [one.release.number for one in waiting if one not in done]


def put_in_place(connection: "Connection", number: int) -> None:
    """Let the tables that were loaded be those of a release; what stood there is renamed, so that nobody waits."""
    for schema in (views_schema(number), tables_schema(number)):
        run(connection, _put_aside(connection, schema))
    loaded, place = identifier(loading_schema(number)), identifier(tables_schema(number))
    run(connection, [f"alter schema {loaded} rename to {place}", f"delete from {SERVED} where number = {number}"])


def switch(connection: "Connection", marts: Sequence[Mart], release: Served, policy: Policy) -> None:
    """Let readers of a view see a loaded release under a policy, at once or not at all; whoever reads is not stopped.

    PostgreSQL looks up each view of a statement by itself, so a statement over several may see both releases.
    What they may see of it stays untouched where it is right already, as nobody may read a table while it is changed.
    """
    number, digest = release.number, release.release_sha256
    source, circle = tables_schema(number), policy.circle
    with changing(connection):
        if release.access != policy.access or changed_rights(connection, number):
            apply(connection, marts, number, policy)
        run(connection, _put_aside(connection, LATEST))
        run(connection, member_views(marts, LATEST, source, policy))
        run(connection, _describe(number, digest, policy))
        if circle.centre:
            run(connection, _put_aside(connection, LATEST_CENTRE))
            run(connection, centre_views(marts, LATEST_CENTRE, source, policy.access, circle.centre))
        connection.execute(f"update {SERVED} set is_latest = false".encode())
        connection.execute(
            f"insert into {SERVED} values (%s, %s, %s, now(), clock_timestamp(), true) on conflict (number) do update "
            "set access_policy = excluded.access_policy, switched_at = excluded.switched_at, is_latest = true".encode(),
            (number, digest, policy.access.text),
        )
        keep_rights(connection)


def _policies(connection: "Connection", schema: str) -> list[tuple[str, str]]:
    found = rows(connection, "select tablename, policyname from pg_policies where schemaname = %s", (schema,))
    return [(name, policy) for name, policy in found]


def _put_aside(connection: "Connection", schema: str) -> Iterator[str]:
    """Yield the statement that renames a schema that is to be replaced, if it is there: nobody waits for it."""
    if value(connection, "select to_regnamespace(%s)", (schema,)) is not None:
        yield f"alter schema {identifier(schema)} rename to {identifier(f'{schema}_before_{_new_id(connection)}')}"


def _new_id(connection: "Connection") -> int:
    return int(value(connection, "select pg_current_xact_id()::text::bigint"))


def _describe(number: int, digest: str, policy: Policy) -> Iterator[str]:
    yield (
        f"create view {LATEST}.release with (security_invoker = true) as select {number} as release_number, "
        f"{literal(digest)} as release_sha256, {literal(policy.access.version)} as access_version"
    )
    comment = "The release that the views of this schema show, and the version of access.yml"
    yield f"comment on view {LATEST}.release is {literal(comment)}"
    yield f"grant select on {LATEST}.release to {policy.circle.reader}"


def remove_old(connection: "Connection", served: Sequence[Served]) -> list[int]:
    """Remove releases, and return the numbers of those that are gone.

    So are the schemas of before a switch, and of loads that were killed. What a reader still holds is left for the
    next time.
    """
    removed = []
    for one in served:
        with unless_held():
            clear(connection, one.number)
            removed.append(one.number)
    for (schema,) in rows(connection, _LEFT_BEHIND):
        with unless_held(), changing(connection):
            run(connection, [f"drop schema {identifier(schema)} cascade"])
    return removed
