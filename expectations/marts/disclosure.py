"""The gate of the public edition: it is attacked before anybody sees it, and one recovered count closes the gate.

The attack does not know how counts were chosen for suppression. It takes the public table as it would be published and
every earlier public edition as it was, and computes which values each suppressed count can have
(warehouse.disclosure.attack).
"""

from datetime import date

import duckdb
import numpy as np

from expectations.gate.rules import Rule, Suite, rows_where
from warehouse.disclosure.earlier_editions import read_editions
from warehouse.disclosure.joint_editions import attack, join_editions
from warehouse.disclosure.person_counts import CountKey, block_of
from warehouse.disclosure.public_edition import countable, read_candidate
from warehouse.disclosure.suppression import THRESHOLD
from warehouse.storage.database import append_rows, replace_table
from warehouse.storage.settings import Settings
from warehouse.words.catalogue import N_

ATTACKED = "public_counts"
_COLUMNS = {
    **dict.fromkeys(CountKey._fields, "varchar"),
    "is_shown": "boolean",
    **dict.fromkeys(("calendar_year", "month_number", "lowest_count", "highest_count"), "bigint"),
    "is_enough": "boolean",
}

# No message contains a count, because the pages and logs of a closed gate reach more people than the members' tables.
_SMALL_SHOWN = N_(
    "fewer than {threshold} persons would be shown. Nothing is published; the count has to be suppressed in the public "
    "edition."
)
_RECOVERED = N_(
    "suppressed, and yet it can be computed from what this and earlier public editions show. Nothing is published; "
    "more has to be suppressed in the public edition."
)
_TOO_NARROW = N_(
    "suppressed, and yet what this and earlier public editions show leaves it only a few values. Nothing is published; "
    "more has to be suppressed in the public edition."
)


def attack_public_edition(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> None:
    """Attack the public edition in the working database and write the range of each count to audit.public_counts.

    The table has a row for each count of the candidate, each that an earlier edition suppressed, and each small change
    since an earlier edition, in persons. Both ends of the range of a shown count are the count itself. Raises
    ReleaseError as read_editions does.
    """
    candidate = read_candidate(connection, today)
    truth = countable(connection, today)
    joint = join_editions({key: truth[key] for key in candidate.values}, read_editions(settings, truth))
    shown = {key: value for key, value in candidate.values.items() if key not in candidate.hidden}
    is_hidden = np.array([key not in shown for key, _ in joint.states], dtype=bool)
    targets, ranges = attack(joint, is_hidden)
    keys = [joint.states[joint.state_of(target)][0] for target in targets]
    found = (ranges.lowest.tolist(), ranges.highest.tolist(), ranges.is_enough.tolist())
    # What editions that did not know each other gave away in a year and stage cannot be protected any more: this one
    # leaves it out, and so adds nothing to it.
    blocks = {block_of(key) for key in candidate.values}
    rows = [(key, False, *values) for key, *values in zip(keys, *found, strict=True) if block_of(key) in blocks]
    rows += [(key, True, value, value, True) for key, value in shown.items()]
    _write(connection, rows)


def _write(connection: duckdb.DuckDBPyConnection, rows: list[tuple[CountKey, bool, int, int, bool]]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute("create schema if not exists audit")
    replace_table(connection, "audit", ATTACKED, f"({columns})")
    append_rows(connection, f"audit.{ATTACKED}", _COLUMNS, [(*key, *found) for key, *found in rows])


def disclosure_suites() -> dict[str, Suite]:
    """Return the suite of audit.public_counts, under its name; a row is named by what it counts."""
    rules = [
        Rule(
            "small_count_shown", "error", _SMALL_SHOWN, "persons_count",
            failing=rows_where(f"is_shown and lowest_count between 1 and {THRESHOLD - 1}"),
            constants={"threshold": THRESHOLD},
        ),
        Rule(
            "count_recovered", "error", _RECOVERED, "persons_count",
            failing=rows_where("not is_shown and lowest_count = highest_count"),
        ),
        Rule(
            "count_too_narrow", "error", _TOO_NARROW, "persons_count",
            failing=rows_where("not is_shown and lowest_count < highest_count and not is_enough"),
        ),
    ]  # fmt: skip
    return {ATTACKED: Suite(ATTACKED, CountKey._fields, tuple(rules))}
