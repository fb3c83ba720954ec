"""Whether what is derived and kept is still what the chain says: typed rows, codelists, forecasts."""

from collections.abc import Collection, Iterator

import duckdb

from warehouse.ledger.derived import Derived, digest_codelists, digest_forecasts, digest_typed, read_derived, unfinished
from warehouse.ledger.in_force import undecided_submissions
from warehouse.safekeeping.chain_check import compare_chain, compare_heads, compare_submissions
from warehouse.safekeeping.release_check import lost_history, missing_releases
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings
from warehouse.storage.table_digests import read_entry
from warehouse.transform.staging_version import staging_version

REPAIR_IT = "Find out who wrote to the database, then run `sarai repair`."
_STOPPED = "Nothing was judged or published."


class ChangedError(SaraiError):
    """The working database is not what the chain of the ledger says; the message names tables and submissions."""


def compare_derived(connection: duckdb.DuckDBPyConnection, submissions: Collection[str] | None = None) -> Iterator[str]:
    """Yield what was changed since it was derived; with ``submissions``, typed rows of these only.

    Typed rows of a submission that waits for its first decision may have no entry: a killed run leaves them, and they
    are typed anew before anybody reads them.
    """
    derived = read_derived(connection)
    if derived.version is not None:
        yield from _compare("codelists", derived.codelists, digest_codelists(connection, derived.codelists))
        there = digest_typed(connection, submissions, derived.typed)
        asked = derived.typed.keys() if submissions is None else derived.typed.keys() & set(submissions)
        for name in sorted(asked | (there.keys() - _waiting(connection, derived))):
            yield from _compare(name, derived.typed.get(name, ""), there.get(name, ""))
    if derived.forecasts is not None:
        yield from _compare("forecasts", derived.forecasts, digest_forecasts(connection, derived.forecasts))


def refuse_changed(
    connection: duckdb.DuckDBPyConnection, submissions: Collection[str] | None, landed: Collection[str]
) -> None:
    """Raise ChangedError when something was changed of which new typed rows or decisions would be made.

    That are the codelists, forecasts, and of these submissions, or of all, what was sent and what was typed of it. What
    was sent of those that have just ``landed`` is not compared.
    """
    asked = None if submissions is None else {*submissions, *unfinished(connection)}
    problems = [*compare_submissions(connection, asked, landed), *compare_derived(connection, submissions)]
    if problems:
        raise ChangedError("\n".join([*problems, _STOPPED]))


def refuse_unproven(connection: duckdb.DuckDBPyConnection, settings: Settings, *, is_proven: bool = False) -> None:
    """Raise ChangedError when the ledger or anything derived is not what the chain says, or has no entry in it.

    So it is when the chain no longer holds what releases were made from, and when a release is gone that was not
    entered as deleted: its public edition would be missing among those that a new one is compared with. Where the
    database ``is_proven`` (warehouse.safekeeping.proof), its rows are not compared with the chain again.
    """
    compared = compare_heads(connection, settings) if is_proven else compare_chain(connection, settings)
    problems = [*compared, *missing_releases(connection, settings).values(), *lost_history(connection, settings)]
    problems += [] if is_proven else compare_derived(connection)
    if read_derived(connection).version not in (None, staging_version(settings.dbt_project)):
        problems.append("What was typed is of another version of staging. Run `sarai ingest`, which types it anew.")
    problems += [
        f"{name}: what was typed of it is not entered in the ledger. Run `sarai ingest`, which types it."
        for name in unfinished(connection)
    ]
    if problems:
        raise ChangedError("\n".join([*problems, _STOPPED]))


def _waiting(connection: duckdb.DuckDBPyConnection, derived: Derived) -> set[str]:
    """Return the submissions that wait for their first decision and have no entry yet."""
    return undecided_submissions(connection) - derived.typed.keys()


def _compare(name: str, entry: str, found: str) -> Iterator[str]:
    entered, there = read_entry(entry), read_entry(found)
    for table in sorted(entered.keys() | there.keys()):
        (before, _), (now, _) = entered.get(table, (0, "")), there.get(table, (0, ""))
        if before != now:
            yield f"{name}, {table}: {before} rows were derived and {now} are there. {REPAIR_IT}"
        elif entered.get(table) != there.get(table):
            yield f"{name}, {table}: a value in the {now} derived rows has been changed. {REPAIR_IT}"
