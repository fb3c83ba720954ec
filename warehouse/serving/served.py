"""What a database serves: the list of loaded releases, the switch from one to another, and what is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.releases.marts import Mart
from warehouse.serving.access import Access, public_access
from warehouse.serving.errors import ServingError
from warehouse.serving.layout import LATEST, LATEST_CENTRE, SERVED, tables_schema, views_schema
from warehouse.serving.rights import changed_rights, create_rights, forget_rights, grantees, keep_rights, loaded_marts
from warehouse.serving.rules import Policy, allow, centre_views, member_views, withdraw
from warehouse.serving.server import rows, run, unless_held, value
from warehouse.storage.sql import identifier, literal

if TYPE_CHECKING:
    from warehouse.serving.server import Connection

# A switch waits this long for whoever holds what it renames; readers never wait for it.
_LOCK_TIMEOUT = "5s"
_LEFT_BEHIND = rf"""
    select nspname from pg_namespace
    where nspname ~ '^sarai_(centre_)?before_\d+$' or nspname ~ '^release_\d+(_tables)?$'
        and substring(nspname, '\d+')::bigint not in (select number from {SERVED})
"""


@dataclass(frozen=True)
class Served:
    """A release on the server: loaded and verified, and under which policy readers see it."""

    number: int
    release_sha256: str
    access: Access
    loaded_at: datetime
    is_latest: bool


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
    columns = "number, release_sha256, access_policy, loaded_at, is_latest"
    found = rows(connection, f"select {columns} from {SERVED} order by switched_at, number")
    return [Served(number, digest, Access.from_text(text), at, latest) for number, digest, text, at, latest in found]


def all_altered(connection: "Connection") -> list[str]:
    """Return the tables and views of which readers may see something else than `sarai serve` left them, by hand."""
    served = list_served(connection)
    stable = changed_rights(connection) if served else []
    return [*stable, *(name for one in served for name in changed_rights(connection, one.number))]


def clear(connection: "Connection", number: int) -> None:
    """Remove a release from the server, whole or what a killed load left of it."""
    with connection.transaction():
        connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'".encode())
        for schema in (views_schema(number), tables_schema(number)):
            connection.execute(f"drop schema if exists {identifier(schema)} cascade".encode())
        connection.execute(f"delete from {SERVED} where number = %s".encode(), (number,))
        forget_rights(connection, number)


def apply(connection: "Connection", marts: Sequence[Mart], number: int, policy: Policy) -> None:
    """Let readers see of a loaded release what a policy allows; whoever reads that release holds it up."""
    source = tables_schema(number)
    with connection.transaction():
        connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'".encode())
        run(connection, withdraw(marts, source, grantees(connection, source), _policies(connection, source)))
        connection.execute(f"drop schema if exists {identifier(views_schema(number))} cascade".encode())
        run(connection, allow(marts, source, policy))
        run(connection, member_views(marts, views_schema(number), source, policy))
        update = f"update {SERVED} set access_policy = %s where number = %s"
        connection.execute(update.encode(), (policy.access.text, number))
        keep_rights(connection, number)


def bring_under(connection: "Connection", policy: Policy, *, but: int) -> list[int]:
    """Apply a policy to the releases that are kept, where it or what was changed by hand makes a difference.

    A public edition shows all of itself. Those that the policy cannot be applied to, as they lack what it decides by,
    are removed; their numbers are returned.
    """
    removed = []
    for one in list_served(connection):
        if one.number == but:
            continue
        marts = loaded_marts(connection, one.number)
        theirs = policy if policy.circle.centre else replace(policy, access=public_access(marts))
        if theirs.access == one.access and not changed_rights(connection, one.number):
            continue
        try:
            apply(connection, marts, one.number, theirs)
        except ServingError:
            clear(connection, one.number)
            removed.append(one.number)
    return removed


def switch(connection: "Connection", marts: Sequence[Mart], number: int, digest: str, policy: Policy) -> None:
    """Let readers see a loaded release under a policy, at once or not at all; whoever reads is not stopped.

    What they may see of it stays untouched where it is right already, as nobody may read a table while it is changed.
    """
    source, circle = tables_schema(number), policy.circle
    with connection.transaction():
        connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'".encode())
        is_allowed = any(one.number == number and one.access == policy.access for one in list_served(connection))
        if not is_allowed or changed_rights(connection, number):
            apply(connection, marts, number, policy)
        run(connection, _replace(connection, LATEST, member_views(marts, LATEST, source, policy)))
        run(connection, _describe(number, digest, policy))
        if circle.centre:
            views = centre_views(marts, LATEST_CENTRE, source, policy.access, circle.centre)
            run(connection, _replace(connection, LATEST_CENTRE, views))
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


def _replace(connection: "Connection", schema: str, statements: Iterator[str]) -> Iterator[str]:
    """Yield the statements that put a new schema in the place of an old one, which is renamed: nobody waits for it."""
    if value(connection, "select to_regnamespace(%s)", (schema,)) is not None:
        yield f"alter schema {identifier(schema)} rename to {identifier(f'{schema}_before_{_new_id(connection)}')}"
    yield from statements


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


def remove_old(connection: "Connection", kept_count: int) -> list[int]:
    """Remove all but the releases that were switched to last, and return their numbers.

    So are the schemas of before a switch, and of loads that were killed and never begun again. What a reader still
    holds is left for the next time.
    """
    old = [one.number for one in list_served(connection)[:-kept_count]]
    removed = []
    for number in old:
        with unless_held():
            clear(connection, number)
            removed.append(number)
    for (schema,) in rows(connection, _LEFT_BEHIND):
        with unless_held(), connection.transaction():
            connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'".encode())
            connection.execute(f"drop schema {identifier(schema)} cascade".encode())
    return removed
