"""Whether the ledger still fits its chain: what was changed, added or removed, and in which submission."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import duckdb

from warehouse.disclosure.taken_editions import EDITION
from warehouse.ledger.chain import KINDS, is_by_rows, link, read_entries
from warehouse.ledger.derived import DERIVED_KINDS
from warehouse.releases.catalogue import list_releases
from warehouse.releases.entries import RELEASE, illegible_entries
from warehouse.safekeeping.chain_order import compare_order
from warehouse.safekeeping.restoration import RESTORE
from warehouse.storage.settings import Settings
from warehouse.storage.table_digests import read_entry

RESTORE_IT = "Restore the warehouse from a backup."
_SUBMISSION = "submission"
_SUBMISSIONS = f"""
select submission_id from raw.submissions union select entry_key from raw.chain where kind = '{_SUBMISSION}'
"""
_NAMES = {
    "submission": "submission", "decision": "decision on", "answer": "note that answers were written, of",
    "copy": "copy at place",
}  # fmt: skip


class _Link(NamedTuple):
    position: int
    kind: str
    key: str
    entry: str
    chain_sha256: str

    @property
    def name(self) -> str:
        return f"{_NAMES[self.kind]} {self.key}" if self.kind in _NAMES else f"{self.kind} {self.key}"


def compare_chain(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Yield the problems of the links among each other, of the ledger with its links, and of the releases with both."""
    links = _read_links(connection)
    yield from _compare_links(links)
    yield from _compare_entries(connection, links)
    yield from compare_order(connection)
    for position, key in illegible_entries(connection).items():
        yield f"raw.chain, entry {position}: what it says of release {key!r} was written by no run. {RESTORE_IT}"
    yield from compare_heads(connection, settings)


def compare_heads(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Yield the releases that were made from another chain, or a longer one."""
    yield from _compare_heads(
        settings, dict(connection.execute("select position, chain_sha256 from raw.chain").fetchall())
    )


def _read_links(connection: duckdb.DuckDBPyConnection) -> list[_Link]:
    rows = connection.execute(
        "select position, kind, entry_key, entry, chain_sha256 from raw.chain order by position"
    ).fetchall()
    return [_Link(*row) for row in rows]


def _compare_links(links: list[_Link]) -> Iterator[str]:
    position, chain = 0, ""
    for one in links:
        if one.position != position + 1:
            yield f"raw.chain: entry {position + 1} is missing before the {one.name}. {RESTORE_IT}"
        elif one.chain_sha256 != link(chain, *one[:-1]):
            place = f"raw.chain, entry {one.position}"
            yield f"{place}: the {one.name} does not follow from the entry before it. {RESTORE_IT}"
        elif "\n" in one.key or " " in one.kind:  # the hash is that of the same text, divided elsewhere
            yield f"raw.chain, entry {one.position}: a part of it stands in another column. {RESTORE_IT}"
        position, chain = one.position, one.chain_sha256


def compare_submissions(
    connection: duckdb.DuckDBPyConnection, names: Collection[str] | None, landed: Collection[str]
) -> Iterator[str]:
    """Yield what was changed in submissions and their rows since they landed, in these submissions or in all.

    Those that have just ``landed`` are left out.
    """
    if names is None:
        names = {name for (name,) in connection.execute(_SUBMISSIONS).fetchall()}
    if asked := sorted(set(names) - set(landed)):
        links = [one for one in _read_links(connection) if one.kind == _SUBMISSION and one.key in set(asked)]
        yield from _compare_entries(connection, links, [_SUBMISSION], asked)


def _compare_entries(
    connection: duckdb.DuckDBPyConnection,
    links: list[_Link],
    kinds: Iterable[str] = KINDS,
    keys: Sequence[str] | None = None,
) -> Iterator[str]:
    earlier = {one.key for one in links if one.kind == _SUBMISSION and is_by_rows(one.entry)}
    there = {(kind, key): entry for kind, key, entry in read_entries(connection, kinds, keys, earlier)}
    for one in links:
        if one.kind in (*DERIVED_KINDS, RELEASE, EDITION, RESTORE):
            continue  # each is compared elsewhere, or is a statement and nothing else
        found = there.pop((one.kind, one.key), "")
        if not found or found != one.entry:  # no run writes an empty one
            yield from _compare_parts(one, found)
    for kind, key in there:
        yield f"{key}: this {kind} stands in the ledger and was written by no run, it is not in raw.chain. {RESTORE_IT}"


def _compare_parts(one: _Link, found: str) -> Iterator[str]:
    """Name the tables in which an entry is not what was written."""
    if not found:
        yield f"{one.key}: the {one.name} was written as entry {one.position} and is gone. {RESTORE_IT}"
        return
    written, there = read_entry(one.entry), read_entry(found)
    for part in sorted(written.keys() | there.keys()):
        before, now = written.get(part, (0, "")), there.get(part, (0, ""))
        place = f"{one.key}, {part}"
        if before[0] != now[0]:
            yield f"{place}: {before[0]} rows were written by the {one.kind} and {now[0]} are there. {RESTORE_IT}"
        elif before != now:
            yield f"{place}: a value in the {now[0]} rows of the {one.kind} has been changed. {RESTORE_IT}"


def _compare_heads(settings: Settings, chain: dict[int, str]) -> Iterator[str]:
    for release in list_releases(settings):
        head = release.package.get("ledger") if release.is_readable else None
        if not head or not head["position"]:
            continue
        position = head["position"]
        if position not in chain:
            yield (
                f"Release {release.number} was made from a ledger of {position} entries, and entry {position} is not "
                f"there: the end was cut off. {RESTORE_IT} If no run has published that release, take {release.path} "
                "away."
            )
        elif chain[position] != head["chain_sha256"]:
            yield (
                f"Release {release.number} was made from another ledger: entry {position} of raw.chain has been "
                f"written anew. {RESTORE_IT}"
            )
