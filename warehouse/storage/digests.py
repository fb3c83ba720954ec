"""A digest of rows by their columns: one sha256 over whole columns costs a small part of one for the text of each row.

It depends on no way in which DuckDB writes a value as text. Numbers are little-endian:

| what | its bytes |
|---|---|
| rows of an owner, in their order | blocks of 16,384 rows, the last may have fewer |
| block | its number of rows (8 bytes), its columns by name, ``ffffffff`` |
| column | name and type, each as its length (4 bytes) and UTF-8; nulls; values |
| nulls | 00 where there are none, else 01 and a byte for each row: 0 for null, 1 for a value |
| values of text | the length in bytes of each (4 bytes), then all of them in UTF-8; null has none |
| values of other types | each as in ``_WIDTHS``; null is 0 |

All lengths are in it, so that other rows have other bytes. A column without any value in a block is left out of it: a
new question changes no digest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import duckdb

from warehouse.storage.arrow import Laid, lay_out, read_batches
from warehouse.storage.sql import identifier

_BLOCK = 16_384
_FEW = 2048  # rows that are sorted sooner than it is found out whether they lie in order, by finding the first so many
# Bytes of values, by the names of types as they are hashed: IEEE 754; days, or microseconds, since 1970; else text.
_WIDTHS = {"BIGINT": 8, "BOOLEAN": 1, "DATE": 4, "DOUBLE": 8, "INTEGER": 4, "TIMESTAMP": 8}
_END = b"\xff\xff\xff\xff"
Digests = dict[str | None, tuple[int, str]]  # owner → number of its rows and their sha256 (hex)
ALL = "''"  # the SQL of the owner of rows that belong to nobody


@dataclass(frozen=True)
class Rows:
    """Rows of a table, named as in SQL, that are asked for, and its columns with their types.

    ``owner`` is the SQL of the text whose rows have one digest together. ``order`` are the columns by which rows of one
    owner follow each other; all others decide where these are equal.
    """

    table: str
    columns: Sequence[tuple[str, str]]
    owner: str = ALL
    order: Sequence[str] = ()
    condition: str = "true"


@dataclass(frozen=True)
class _Run:
    """Rows of one owner, from a place among the rows asked for up to another."""

    owner: str | None
    begin: int
    end: int


def digest_rows(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Digests:
    """Return owner → number of its rows and their sha256 (hex); an owner without rows is none."""
    is_whole = rows.owner == ALL
    count, there = _by_place(connection, rows) if is_whole or rows.order else (1, None)
    is_sorted_sooner = not rows.order or (is_whole and count <= _FEW)
    if there and not is_sorted_sooner and (runs := _find_runs(connection, there)) is not None:
        return _digest(connection, there, runs)
    if not count or not (runs := [_Run("", 0, count)] if is_whole else _count(connection, rows)):
        return {}
    if (count := runs[-1].end) <= _window(rows.columns):
        few = f" limit {count}" if count <= _FEW else ""
        return _digest(connection, replace(rows, table=f"({_sort(rows)}{few})", condition="true"), runs)
    keys = ", ".join([f"coalesce({rows.owner}, '')", *map(identifier, rows.order)])
    distinct = f"select count(distinct ({keys})) from {rows.table} where {rows.condition}"
    is_unique = rows.order and connection.execute(distinct).fetchone() == (count,)
    connection.execute(f"create or replace temp table rows_in_order as {_sort(rows, is_unique=bool(is_unique))}")
    try:
        return _digest(connection, replace(rows, table="temp.rows_in_order", condition="true"), runs)
    finally:
        connection.execute("drop table temp.rows_in_order")


def _by_place(connection: duckdb.DuckDBPyConnection, rows: Rows) -> tuple[int, Rows | None]:
    """Return how many rows there are, and them by place if they lie together: a list of owners keeps no order."""
    places = "0, 0" if rows.condition == "true" else "min(rowid), max(rowid)"  # a count alone reads no row
    sql = f"select count(*), {places} from {rows.table} where {rows.condition}"
    count, first, last = connection.execute(sql).fetchone() or (0, None, None)
    if not count or rows.condition == "true":
        return count, rows if count else None
    return count, replace(rows, condition=f"rowid between {first} and {last}") if last - first < count else None


def _count(connection: duckdb.DuckDBPyConnection, rows: Rows) -> list[_Run]:
    """Return where the rows of each owner lie when they are sorted."""
    counts = connection.execute(
        f"select {rows.owner}, count(*) from {rows.table} where {rows.condition} group by 1 order by 1 nulls first"
    ).fetchall()
    ends = list(accumulate(count for _, count in counts))
    return [_Run(owner, end - count, end) for (owner, count), end in zip(counts, ends, strict=True)]


def _sort(rows: Rows, *, is_unique: bool = False) -> str:
    """Return the SQL of rows by owner in their order."""
    owner = [] if rows.owner == ALL else [rows.owner]
    others = [] if is_unique else sorted(column for column in rows.columns if column[0] not in rows.order)
    # DuckDB takes away the sign of zeros that it sorts by, but not of the first few: rows without an order have none.
    plain = {identifier(n): f"if({identifier(n)} = 0, 0, {identifier(n)})" for n, kind in others if kind == "DOUBLE"}
    names = [*owner, *map(identifier, (*rows.order, *(name for name, _ in others)))]
    order = ", ".join(f"{plain.get(name, name)} nulls first" for name in names)
    replaced = f" replace ({', '.join(f'{sql} as {name}' for name, sql in plain.items())})" if plain else ""
    return f"select *{'' if rows.order else replaced} from {rows.table} where {rows.condition} order by {order}"


def _find_runs(connection: duckdb.DuckDBPyConnection, rows: Rows) -> list[_Run] | None:
    """Return where the rows of each owner lie; None where the table does not have them together and in order."""
    found = connection.execute(
        f"""
        select place, owner, is_new
        from (
            select
                row_number() over () - 1 as place, {rows.owner} as owner,
                row_number() over () = 1 or {rows.owner} is distinct from lag({rows.owner}) over () as is_new,
                {_follows(rows.order)} as is_later
            from {rows.table}
            where {rows.condition}
        )
        where is_new or is_later is not true
        union all
        select count(*), null, null from {rows.table} where {rows.condition}
        order by place, is_new nulls last
        """
    ).fetchall()
    owners = [owner for _, owner, is_new in found if is_new]
    if len(owners) < len(found) - 1 or len(set(owners)) < len(owners):
        return None
    return [_Run(owner, begin, end) for (begin, owner, _), (end, _, _) in pairwise(found)]


def _follows(order: Sequence[str]) -> str:
    """Return the SQL of whether a row comes after the one before it in the table, which null never does."""
    if not order:
        return "true"
    name, *others = order
    own, before = identifier(name), f"lag({identifier(name)}) over ()"
    if not others:
        return f"{own} > {before}"
    return f"({own} > {before} or ({own} = {before} and {_follows(others)}))"


def _digest(connection: duckdb.DuckDBPyConnection, rows: Rows, runs: Sequence[_Run]) -> Digests:
    hashes = {run.owner: hashlib.sha256() for run in runs}
    columns = sorted(rows.columns)
    widths = [_WIDTHS.get(kind) for _, kind in columns]
    frames = [b"".join(len(text.encode()).to_bytes(4, "little") + text.encode() for text in one) for one in columns]
    values = ", ".join(_value(name, kind) for name, kind in columns)
    for blocks, condition in _windows(connection, rows, runs):
        bounds = [block.begin - blocks[0].begin for block in (*blocks, replace(blocks[-1], begin=blocks[-1].end))]
        query = f"select {values} from {rows.table} where {rows.condition} and {condition}"
        for batch in read_batches(connection, query, widths):
            laid = [lay_out(column, width, bounds) for column, width in zip(batch, widths, strict=True)]
            for place, block in enumerate(blocks):
                for part in _parts(place, bounds, laid, frames):
                    hashes[block.owner].update(part)
    return {run.owner: (run.end - run.begin, hashes[run.owner].hexdigest()) for run in runs}


def _value(name: str, kind: str) -> str:
    if kind == "BOOLEAN":  # Arrow has eight of them in a byte
        return f"{identifier(name)}::tinyint"
    return identifier(name) if kind in _WIDTHS else f"{identifier(name)}::varchar"


def _window(columns: Sequence[tuple[str, str]]) -> int:
    """Return how many rows are in memory at once, if blocks are full: the fewer columns, the more."""
    return max(4, 64 // len(columns)) * _BLOCK


def _windows(
    connection: duckdb.DuckDBPyConnection, rows: Rows, runs: Sequence[_Run]
) -> Iterator[tuple[list[_Run], str]]:
    """Yield blocks that are fetched together, and the condition on their rows."""
    size = _window(rows.columns)
    windows: list[list[_Run]] = [[]]
    for run in runs:
        for begin in range(run.begin, run.end, _BLOCK):
            if windows[-1] and begin - windows[-1][0].begin >= size:
                windows.append([])
            windows[-1].append(_Run(run.owner, begin, min(begin + _BLOCK, run.end)))
    if len(windows) == 1:
        yield from ((blocks, "true") for blocks in windows if blocks)
        return
    firsts = connection.execute(
        f"select id from (select rowid as id, row_number() over () - 1 as place from {rows.table} "
        f"where {rows.condition}) where list_contains(?, place) order by place",
        [[blocks[0].begin for blocks in windows]],
    ).fetchall()
    for blocks, (first,), (following,) in zip(windows, firsts, [*firsts[1:], (None,)], strict=True):
        yield blocks, f"rowid >= {first}" + (f" and rowid < {following}" if following is not None else "")


def _parts(
    place: int, bounds: Sequence[int], columns: Sequence[Laid], frames: Sequence[bytes]
) -> Iterator[bytes | memoryview]:
    """Yield the bytes of one block of a window."""
    begin, end = bounds[place], bounds[place + 1]
    yield (end - begin).to_bytes(8, "little")
    for column, frame in zip(columns, frames, strict=True):
        count = end - begin if column.counts is None else column.counts[place]
        if not count:
            continue
        yield frame
        if column.is_there is None or count == end - begin:
            yield b"\0"
        else:
            yield b"\1"
            yield column.is_there[begin:end]
        yield column.values[begin * column.width : end * column.width]
        if column.text is not None:
            yield column.text[column.ends[place] : column.ends[place + 1]]
    yield _END
