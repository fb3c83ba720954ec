"""Changes: the rows that two releases do not have alike, and the cause of each row of facts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import duckdb

from warehouse.lineage.causes import Cause, Causes
from warehouse.lineage.contributions import RowChange
from warehouse.lineage.fact_keys import Row
from warehouse.lineage.release_pair import AFTER, BEFORE, MartTable
from warehouse.storage.sql import identifier

LINEAGE = frozenset({"submission_id", "sheet", "source_row"})
# What other rows say of a seizure: whether one of them tells of it too, and which counts.
_COUNTED = "counted_seizure_id"
_OF_OTHER_ROWS = frozenset({"is_presumed_duplicate", _COUNTED})


def differing_rows(connection: duckdb.DuckDBPyConnection, table: MartTable) -> list[tuple[Row | None, Row | None]]:
    """Return the rows before and after, None where one is not there, in the order of their keys.

    Numbers are compared to the last digit: a mart has the same digits as long as its rows are the same.
    """
    columns = ", ".join(map(identifier, table.columns))
    joined = " and ".join(f"old.{identifier(name)} = new.{identifier(name)}" for name in table.key)
    order = ", ".join(f"coalesce(old.{identifier(name)}, new.{identifier(name)})" for name in table.key)
    first = identifier(table.key[0])
    rows = connection.execute(
        f"""
        select if(old.{first} is null, null, old), if(new.{first} is null, null, new)
        from (select {columns} from {table.source(BEFORE)}) as old
        full join (select {columns} from {table.source(AFTER)}) as new on {joined}
        where old is distinct from new
        order by {order}
        """
    ).fetchall()
    return [(before, after) for before, after in rows]


def fact_changes(table: MartTable, pairs: Sequence[tuple[Row | None, Row | None]], causes: Causes) -> list[RowChange]:
    """Return the rows of facts that differ, each with its cause.

    A seizure that only came to be presumed double, or is so no more, has the cause of the row that counts in its place.
    """
    name = questionnaire_table(table.name, causes.tables)
    changes = [RowChange(before, after, causes.of_row(name, before, after)) for before, after in pairs]
    found = {(change.after or change.before or {})[table.key[0]]: change.cause for change in changes}
    return [replace(change, cause=_cause_of_double(change, found)) for change in changes]


def _cause_of_double(change: RowChange, found: Mapping[str, Cause]) -> Cause:
    columns = change.cause.columns
    if not (change.before and change.after and columns and _OF_OTHER_ROWS.issuperset(columns)):
        return change.cause
    counted = change.after[_COUNTED] or change.before[_COUNTED]
    return found.get(counted, change.cause)


def without_carried(table: MartTable, changes: Sequence[RowChange]) -> tuple[list[RowChange], int]:
    """Return the changes without rows that only came in another file, and how many those are.

    A row that is gone and one that is new are carried over when the same cause brought the same content: a correction
    repeats all rows that were right before.
    """
    gone = Counter(_content(table, c.before, c) for c in changes if c.before and not c.after)
    new = Counter(_content(table, c.after, c) for c in changes if c.after and not c.before)
    carried = gone & new
    left = {False: carried.copy(), True: carried.copy()}
    kept = []
    for change in changes:
        row = change.after or change.before
        content = _content(table, row, change)
        if not (change.before and change.after) and left[change.after is None][content]:
            left[change.after is None][content] -= 1
        else:
            kept.append(change)
    return kept, carried.total()


def _content(table: MartTable, row: Row | None, change: RowChange) -> tuple[object, ...]:
    passed = {*table.key, *LINEAGE, _COUNTED}
    return (change.cause, *(row[name] for name in table.columns if row and name not in passed))


def questionnaire_table(mart: str, tables: Iterable[str]) -> str:
    """Return which of the tables facts hold: that of fct_blo_register_entries is blo_register."""
    stem = mart.removeprefix("fct_")
    return max((table for table in tables if stem.startswith(table)), key=len, default=stem)
