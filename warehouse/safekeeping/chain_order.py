"""Whether the entries of the chain may follow each other: what no run writes was appended by somebody.

A hash proves that nothing was rewritten, and not who has written the last entry.
"""

from collections.abc import Iterator

import duckdb

from warehouse.disclosure.taken_editions import EDITION
from warehouse.ledger.derived import CODELISTS, RETYPING, TYPING
from warehouse.releases.catalogue import is_release_name
from warehouse.releases.entries import RELEASE, REMOVED

_RESTORE = "It was written by no run. Restore the warehouse from a backup."
_REPAIR = "repair"
_DOUBLED = """
select submission_id, decided_at, rules_version
from raw.decisions
qualify lag(rules_version) over (partition by submission_id order by decided_at) = rules_version
order by all
"""


# Releases that were entered as deleted, but not by a repair, which enters all of them right after itself.
_REMOVED = f"""
select position, entry_key
from (
    select
        *, kind = '{RELEASE}' and entry = '{REMOVED}' as is_removal,
        last_value(if(is_removal, null, kind) ignore nulls) over (
            order by position rows between unbounded preceding and 1 preceding
        ) as cause
    from raw.chain
)
where is_removal and cause is distinct from '{_REPAIR}'
order by position
"""


def compare_order(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Name entries that contradict those before them, and decisions on what the same rules had decided already.

    Everything is typed anew for another version of staging, after a run that did not finish that, or by a repair.
    Otherwise codelists and the rows of a submission are entered once, and so is an edition that was taken in. That a
    release was deleted is entered by a repair.
    """
    yield from _compare_derived(connection)
    for position, key in connection.execute(_REMOVED).fetchall():
        if is_release_name(key):  # of what is none, the entry is illegible
            yield f"raw.chain, entry {position}: release {key} was entered as deleted, and not by a repair. {_RESTORE}"
    for submission_id, decided_at, rules in connection.execute(_DOUBLED).fetchall():
        yield f"{submission_id}: the decision of {decided_at} is a second one by the same rules {rules}. {_RESTORE}"


def _compare_derived(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    typed: dict[tuple[str, str], int] = {}
    editions: dict[str, int] = {}
    version, may_retype = "", True
    for position, kind, key in connection.execute(
        "select position, kind, entry_key from raw.chain where list_contains(?, kind) order by position",
        [[RETYPING, CODELISTS, TYPING, EDITION, _REPAIR]],
    ).fetchall():
        place = f"raw.chain, entry {position}"
        if kind == _REPAIR:
            may_retype = True
        elif kind == EDITION:
            if editions.setdefault(key, position) != position:
                yield f"{place}: edition {key} was taken in as entry {editions[key]} already. {_RESTORE}"
        elif kind == RETYPING:
            if not may_retype and key == version:
                yield f"{place}: everything was typed anew, without another version of staging or a repair. {_RESTORE}"
            version, may_retype, typed = key, True, {}
        else:
            name = f"what was typed of {key}" if kind == TYPING else "what stands in the codelists"
            known = typed.setdefault((kind, "" if kind == CODELISTS else key), position)
            if known != position:
                yield f"{place}: {name} was entered as entry {known}, and nothing says why it was again. {_RESTORE}"
            elif kind == CODELISTS and key != version:
                yield f"{place}: the codelists are those of another version of staging. {_RESTORE}"
            may_retype = may_retype and kind != CODELISTS
