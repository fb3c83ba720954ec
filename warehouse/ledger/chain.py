"""The chain of the ledger: what was written to it cannot be changed, added or taken away unnoticed.

Every submission, copy, decision, note of an answer and repair is an entry: how many rows of which tables it wrote, with
a digest of them; so is what is derived from them and kept (warehouse.ledger.derived). The hash of an entry covers the
hash of the entry before, as in Haber and Stornetta, How to time-stamp a digital document, Journal of Cryptology 3,
1991. Each release names the last hash, so that the end cannot be cut off either.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.storage.database import append_rows, transaction
from warehouse.storage.digests import Rows, digest_rows
from warehouse.storage.sql import identifier, is_one_of, literal
from warehouse.storage.table_digests import BY_COLUMNS

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
    ("decision", "acceptances", "true"),
    ("answer", "answers", "true"),
    ("repair", "repairs", "true"),
    ("copy", "copies", "true"),
)
_OWN = {table for _, table, _ in _PARTS}
# Table → its columns with their types.
_Tables = Mapping[str, Sequence[tuple[str, str]]]
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
        if not is_new:
            append_links(connection, sorted(read_entries(connection, KINDS), key=_place_of(connection)))
    if count := read_head(connection).position:
        log.info("The ledger was begun before it had a chain. %d entries were chained as they stand now.", count)


def _place_of(connection: duckdb.DuckDBPyConnection) -> Callable[[tuple[str, str, str]], tuple[int, int]]:
    """Return what gives an entry its place: submissions follow each other as they were written, others by their key."""
    rows = connection.execute("select submission_id from raw.submissions order by rowid").fetchall()
    places = {name: place for place, (name,) in enumerate(rows)}
    return lambda entry: (KINDS.index(entry[0]), places.get(entry[1], 0) if entry[0] == "submission" else 0)


def append_entries(connection: duckdb.DuckDBPyConnection, kind: str, keys: Sequence[str] | None) -> None:
    """Append entries of one kind, in the transaction that wrote their rows; without keys all that the ledger holds.

    The key of a submission is its id, of a decision id and time, of an answer the time of its decisions, of a repair
    its time, of a copy its place in the order of receipts.
    """
    append_links(connection, read_entries(connection, [kind], keys))


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
    head = "select position, chain_sha256 from raw.chain order by position desc limit 1"
    # To look whether the table is there costs ten times more, and its absence ends no transaction.
    try:
        row = connection.execute(head).fetchone()
    except duckdb.CatalogException:
        row = None
    return Head(*row) if row else Head(0, "")


def read_hash(connection: duckdb.DuckDBPyConnection, position: int) -> str | None:
    """Return the hash of the entry at this position; None where the chain has no such entry."""
    row = connection.execute("select chain_sha256 from raw.chain where position = ?", [position]).fetchone()
    return row[0] if row else None


def read_entries(
    connection: duckdb.DuckDBPyConnection,
    kinds: Iterable[str],
    keys: Sequence[str] | None = None,
    earlier: Collection[str] = (),
) -> list[tuple[str, str, str]]:
    """Return (kind, key, entry) of what the ledger holds now, by kind and key.

    An entry has a line for each table: its name, the number of rows, and a digest of them. Rows of questions have
    numbers and are digested by their columns, see warehouse.storage.digests; "columns:" stands before that. Of other
    rows it is a sha256 over those of each, sorted; the text of a row names its columns that are not null. So a new
    question changes no digest. Entries of keys ``earlier`` are made as before there were digests by columns.
    """
    entries: dict[tuple[str, str], list[str]] = {}
    for kind in kinds:
        for key, line in sorted(_read_lines(connection, kind, None if keys is None else list(keys), earlier)):
            entries.setdefault((kind, key), []).append(line)
    return [(kind, key, "\n".join(written)) for (kind, key), written in entries.items()]


def _read_lines(
    connection: duckdb.DuckDBPyConnection, kind: str, keys: list[str] | None, earlier: Collection[str]
) -> list[tuple[str, str]]:
    """Return (key, line of its entry) of one kind."""
    parts = {table: condition for part, table, condition in _PARTS if part == kind}
    lines = _digest_each_row(connection, kind, {table: _columns_of(connection, table) for table in parts}, parts, keys)
    if kind == "submission":
        questions = {table: names for table, names in _columns(connection).items() if table not in _OWN}
        lines += _digest_columns(connection, questions, keys, earlier)
        if earlier:
            lines += _digest_each_row(connection, kind, questions, {}, list(earlier))
    return lines


def is_by_rows(entry: str) -> bool:
    """Return whether an entry has rows of questions, and was made before there were digests by columns."""
    return any(
        f" {BY_COLUMNS}" not in line and line.partition(" ")[0].removeprefix("raw.") not in _OWN
        for line in entry.splitlines()
    )


def _digest_each_row(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    tables: _Tables,
    conditions: Mapping[str, str],
    keys: list[str] | None,
) -> list[tuple[str, str]]:
    """Return (key, line of its entry) of tables, with the conditions on their rows."""
    rows = " union all ".join(
        f"""
        select {_KEYS[kind]} as entry_key, 'raw.{table}' as part, sha256({_text(columns)}) as row_sha256
        from raw."{table}"
        where {conditions.get(table, "true")}
            and ($keys::varchar[] is null or {_KEYS[kind]} in (select unnest($keys::varchar[])))
        """
        for table, columns in tables.items()
    )
    return connection.execute(
        f"""
        select entry_key, concat_ws(' ', part, count(*), sha256(string_agg(row_sha256, '' order by row_sha256)))
        from ({rows})
        group by entry_key, part
        """,
        {"keys": keys},
    ).fetchall()


def _digest_columns(
    connection: duckdb.DuckDBPyConnection, tables: _Tables, keys: list[str] | None, others: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield (submission_id, line of its entry) of tables of questions, but of no others."""
    condition = "true" if keys is None else is_one_of("submission_id", keys)
    if others:
        condition += f" and submission_id not in ({', '.join(map(literal, others))})"
    for table, columns in tables.items():
        rows = Rows(f"raw.{identifier(table)}", columns, "submission_id", ("sheet", "source_row"), condition)
        for key, (count, digest) in digest_rows(connection, rows).items():
            yield str(key), f"raw.{table} {count} {BY_COLUMNS}{digest}"


def _columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> Sequence[tuple[str, str]]:
    """Return the columns of one table; the catalogue is slower, as it lists those of all."""
    found = connection.table(f"raw.{identifier(table)}")
    return sorted(zip(found.columns, map(str, found.types), strict=True))


def _columns(connection: duckdb.DuckDBPyConnection) -> _Tables:
    """Return the columns of the ledger and of all tables of questions, those that are asked no longer among them.

    A table that knows neither submission nor time belongs to none of them.
    """
    rows = connection.execute(
        """
        select table_name, list((column_name, data_type) order by column_name)
        from duckdb_columns()
        where database_name = current_database() and schema_name = 'raw' and table_name <> 'chain'
        group by table_name
        having bool_or(column_name in ('submission_id', 'decided_at', 'repaired_at'))
        order by table_name
        """
    ).fetchall()
    return dict(rows)


def _text(columns: Iterable[tuple[str, str]]) -> str:
    """Return the SQL of a text that two rows share only if they are equal: names, lengths in bytes, and values."""
    parts = (f"""'{name} ' || strlen("{name}"::varchar) || ':', "{name}"::varchar""" for name, _ in columns)
    return f"concat({', '.join(parts)})"


def _exists(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'raw' and table_name = 'chain'"
    ).fetchone()
    return row is not None and row[0] > 0
