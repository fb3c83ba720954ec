"""The chain of the ledger: what was written to it cannot be changed, added or taken away unnoticed.

Every submission, copy, decision, note of an answer and repair is an entry: how many rows of which tables it wrote, with
a digest of them; so is what is derived from them and kept (warehouse.ledger.derived). The hash of an entry covers the
hash of the entry before, as in Haber and Stornetta, How to time-stamp a digital document, Journal of Cryptology 3,
1991. Each release names the last hash, so that the end cannot be cut off either.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.storage.database import append_rows, transaction

log = logging.getLogger("sarai")

KINDS = ("submission", "decision", "answer", "repair", "copy")
_AT = "strftime(decided_at, '%Y-%m-%dT%H:%M:%S.%f')"
_KEYS = {
    "submission": "submission_id",
    "decision": f"submission_id || ' ' || {_AT}",
    "answer": _AT,
    "repair": "strftime(repaired_at, '%Y-%m-%dT%H:%M:%S.%f')",
    "copy": "position::varchar",
}
# (kind, table of the ledger, which of its rows): what entries of this kind are made of, rows of questions aside.
_PARTS = (
    ("submission", "submissions", "true"),
    ("submission", "landings", "true"),
    ("submission", "replies", "true"),
    ("submission", "findings", "decided_at is null"),
    ("decision", "decisions", "true"),
    ("decision", "findings", "decided_at is not null"),
    ("decision", "confirmations", "true"),
    ("answer", "answers", "true"),
    ("repair", "repairs", "true"),
    ("copy", "copies", "true"),
)
_TABLE = """
create table raw.chain (
    position bigint primary key, kind varchar not null, entry_key varchar not null, entry varchar not null,
    chain_sha256 varchar not null
)
"""


class Head(NamedTuple):
    """The last entry of the chain: its position, counted from 1, and its hash (hex); 0 and "" of an empty chain."""

    position: int
    chain_sha256: str


def create_chain(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the chain if there is none, and enter what the ledger holds already, which is logged."""
    if _exists(connection):
        return
    with transaction(connection):
        connection.execute(_TABLE)
        is_new = connection.execute("from raw.submissions limit 1").fetchone() is None
        for kind in () if is_new else KINDS:
            append_links(connection, sorted(read_entries(connection, kind), key=_place_of(connection)))
    if count := read_head(connection).position:
        log.info("The ledger was begun before it had a chain. %d entries were chained as they stand now.", count)


def _place_of(connection: duckdb.DuckDBPyConnection) -> Callable[[tuple[str, str, str]], int]:
    """Return what gives an entry its place: submissions follow each other as they were written, others by their key."""
    rows = connection.execute("select submission_id from raw.submissions order by rowid").fetchall()
    places = {name: place for place, (name,) in enumerate(rows)}
    return lambda entry: places.get(entry[1], 0) if entry[0] == "submission" else 0


def append_entries(connection: duckdb.DuckDBPyConnection, kind: str, keys: Sequence[str] | None) -> None:
    """Append entries of one kind, in the transaction that wrote their rows; without keys all that the ledger holds.

    The key of a submission is its id, of a decision id and time, of an answer the time of its decisions, of a repair
    its time, of a copy its place in the order of receipts.
    """
    append_links(connection, read_entries(connection, kind, keys))


def append_links(connection: duckdb.DuckDBPyConnection, entries: Iterable[tuple[str, str, str]]) -> None:
    """Append (kind, key, entry) to the end of the chain."""
    position, chain = read_head(connection)
    rows = []
    for entry_kind, key, entry in entries:
        position += 1
        chain = link(chain, position, entry_kind, key, entry)
        rows.append((position, entry_kind, key, entry, chain))
    columns = {"position": "bigint", **dict.fromkeys(("kind", "entry_key", "entry", "chain_sha256"), "varchar")}
    append_rows(connection, "raw.chain", columns, rows)


def dated(decided_at: datetime) -> str:
    """Return a time (UTC) as keys of entries have it."""
    return decided_at.isoformat(timespec="microseconds")


def link(previous: str, position: int, kind: str, key: str, entry: str) -> str:
    """Return the hash (sha256, hex) of an entry; ``previous`` is that of the entry before, "" for the first."""
    return hashlib.sha256(f"{previous}\n{position} {kind} {key}\n{entry}".encode()).hexdigest()


def read_head(connection: duckdb.DuckDBPyConnection) -> Head:
    """Return the end of the chain; that of an empty one where there is none yet."""
    row = None
    if _exists(connection):
        row = connection.execute(
            "select position, chain_sha256 from raw.chain order by position desc limit 1"
        ).fetchone()
    return Head(*row) if row else Head(0, "")


def read_hash(connection: duckdb.DuckDBPyConnection, position: int) -> str | None:
    """Return the hash of the entry at this position; None where the chain has no such entry."""
    row = connection.execute("select chain_sha256 from raw.chain where position = ?", [position]).fetchone()
    return row[0] if row else None


def read_entries(
    connection: duckdb.DuckDBPyConnection, kind: str, keys: Sequence[str] | None = None
) -> list[tuple[str, str, str]]:
    """Return (kind, key, entry) of what the ledger holds now, by key.

    An entry has a line for each table: its name, the number of rows, and a sha256 over those of the rows, sorted. The
    text of a row names its columns that are not null, so that a new question changes no hash of old rows.
    """
    columns = _columns(connection)
    known = {table for _, table, _ in _PARTS}
    parts = [(table, condition) for part, table, condition in _PARTS if part == kind]
    if kind == "submission":
        parts += [(table, "true") for table in columns if table not in known]
    rows = " union all ".join(
        f"""
        select {_KEYS[kind]} as entry_key, 'raw.{table}' as part, sha256({_text(columns[table])}) as row_sha256
        from raw."{table}"
        where {condition} and ($keys::varchar[] is null or {_KEYS[kind]} in (select unnest($keys::varchar[])))
        """
        for table, condition in parts
    )
    return connection.execute(
        f"""
        with written as ({rows}),
        digests as (
            select
                entry_key, part, count(*) as row_count,
                sha256(string_agg(row_sha256, '' order by row_sha256)) as rows_sha256
            from written
            group by all
        )
        select '{kind}', entry_key, string_agg(concat_ws(' ', part, row_count, rows_sha256), chr(10) order by part)
        from digests
        group by entry_key
        order by entry_key
        """,
        {"keys": None if keys is None else list(keys)},
    ).fetchall()


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of the ledger and of all tables of questions, those that are asked no longer among them.

    A table that knows neither submission nor time belongs to none of them.
    """
    rows = connection.execute(
        """
        select table_name, list(column_name order by column_name)
        from duckdb_columns()
        where database_name = current_database() and schema_name = 'raw' and table_name <> 'chain'
        group by table_name
        having bool_or(column_name in ('submission_id', 'decided_at', 'repaired_at'))
        order by table_name
        """
    ).fetchall()
    return dict(rows)


def _text(columns: Sequence[str]) -> str:
    """Return the SQL of a text that two rows share only if they are equal: names, lengths in bytes, and values."""
    parts = (f"""'{name} ' || strlen("{name}"::varchar) || ':', "{name}"::varchar""" for name in columns)
    return f"concat({', '.join(parts)})"


def _exists(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'raw' and table_name = 'chain'"
    ).fetchone()
    return row is not None and row[0] > 0
