"""Counts of persons as an edition shows them to its readers: the same in each format, and nothing that can vary."""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path, PurePath
from typing import Any

import duckdb

from warehouse.disclosure.person_counts import COUNT_COLUMNS, PERSONS_TABLE, CountKey
from warehouse.releases.errors import ReleaseError
from warehouse.releases.formats import DATABASE, recover_text
from warehouse.storage.reading import open_beside, open_release, shut_in
from warehouse.storage.regular_files import open_below
from warehouse.storage.sql import identifier, literal
from warehouse.words.catalogue import N_, Argument, fill

Counts = Mapping[CountKey, int | None]

_DIFFERENT = N_(
    "{file_name}: its counts of persons are not those of the other formats. Do not use this edition. Ask for it again."
)
_CSV = PurePath("csv", f"{PERSONS_TABLE}.csv")
_MAX_CELL_CHARACTERS = 1_000
_PARQUET = PurePath("parquet", f"{PERSONS_TABLE}.parquet")
_NAMES = [*CountKey._fields, "persons_count", "is_suppressed"]
_KINDS = ["VARCHAR", "BIGINT", "BIGINT", *["VARCHAR"] * 4, "BIGINT", "BOOLEAN"]
_COLUMNS = f"{COUNT_COLUMNS}, is_suppressed"
_NUMBER = re.compile("0|[1-9][0-9]{0,17}")
_FLAGS = {"true": True, "false": False}
# Whatever can answer readers otherwise than this program. All names in full: a macro could take their place.
_FOREIGN = """
select 'macro', function_name from system.main.duckdb_functions() where not internal
union all
select 'type', type_name from system.main.duckdb_types() where not internal
union all
select 'view', view_name from system.main.duckdb_views() where not internal
union all
select case when contains(sql, ' GENERATED ALWAYS AS') then 'generated column in' else 'table' end, table_name
from system.main.duckdb_tables()
where not internal
    and (contains(sql, ' GENERATED ALWAYS AS') or schema_name <> 'main' or not list_contains(?, table_name))
"""

# By key: the count, and whether it is suppressed.
_Rows = Mapping[CountKey, tuple[int | None, bool]]


class DifferentFormatsError(ReleaseError):
    """The formats of a public edition show different counts; ``messages`` name the files, for ``fill``."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """``paths`` are the files whose counts no other format has."""
        self.messages: list[tuple[str, dict[str, Argument]]] = [(_DIFFERENT, {"file_name": str(p)}) for p in paths]
        super().__init__("\n".join(fill(message, arguments, "en") for message, arguments in self.messages))


def read_counts_shown(folder: Path, tables: Collection[str]) -> Counts:
    """Return the counts that all formats show; an edition of before there were reports on persons has none.

    ``tables`` are those that the edition is described to have. Raises ValueError for anything that readers could take
    for another count, DifferentFormatsError when the formats differ.
    """
    csv_rows = _read_csv(folder)
    # More rows than the CSV has are a difference already: a file made to be endless is not read to its end.
    most = len(csv_rows) + 1
    formats = {
        _CSV: csv_rows,
        _PARQUET: _read_parquet(folder, most),
        PurePath(DATABASE): _read_database(folder, most, tables),
    }
    shown = list(formats.values())
    if different := [folder / place for place, rows in formats.items() if shown.count(rows) == 1]:
        raise DifferentFormatsError(different)
    if untrue := [key for key, (count, is_suppressed) in csv_rows.items() if is_suppressed != (count is None)]:
        raise ValueError(f"{', '.join(map(str, untrue[0]))} is not as its is_suppressed says")
    return {key: count for key, (count, _) in csv_rows.items()}


def _read_csv(folder: Path) -> _Rows:
    try:
        with open_below(folder, _CSV) as file:
            text = file.read().decode("utf-8")
    except FileNotFoundError:
        return {}
    try:
        header, *lines = csv.reader(StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise ValueError(f"{_CSV} is no CSV: {error}") from error
    if any(len(cell) > _MAX_CELL_CHARACTERS for line in lines for cell in line):  # the limit of csv is the process's
        raise ValueError(f"{_CSV} is no CSV: a cell has more than {_MAX_CELL_CHARACTERS} characters")
    _require_columns(_CSV, header, _NAMES)
    rows = []
    for line in lines:
        country, year, month, *codes, count, flag = map(recover_text, line)
        shown = _number(count) if count else None
        rows.append((country, _number(year), _number(month), *codes, shown, _FLAGS[flag]))
    return _by_key(rows)


def _number(cell: str) -> int:
    """Return a number that is written in one way only, as every reader reads it; raises ValueError."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{cell!r} is no number of {_CSV}")
    return int(cell)


def _read_parquet(folder: Path, most: int) -> _Rows:
    """Read a copy: DuckDB would take a folder with brackets or asterisks in its name for a pattern of others."""
    with tempfile.TemporaryDirectory(prefix="sarai-") as place:
        copy = Path(place, _PARQUET.name)
        try:
            with open_below(folder, _PARQUET) as file:
                copy.write_bytes(file.read())
        except FileNotFoundError:
            return {}
        with open_beside({}) as connection:
            return _query(connection, _PARQUET, f"read_parquet({literal(str(copy))})", most)


def _read_database(folder: Path, most: int, tables: Collection[str]) -> _Rows:
    try:
        open_below(folder, PurePath(DATABASE)).close()
    except FileNotFoundError:
        return {}
    with open_release(folder / DATABASE) as connection:
        shut_in(connection)
        for kind, name in connection.execute(_FOREIGN, [list(tables)]).fetchall():
            raise ValueError(f"{DATABASE} has the {kind} {name}, which the edition is not described to have")
        named = "select 1 from system.main.duckdb_tables() where table_name = ?"
        if not connection.execute(named, [PERSONS_TABLE]).fetchone():
            return {}
        return _query(connection, PurePath(DATABASE), f"main.{identifier(PERSONS_TABLE)}", most)


def _query(connection: duckdb.DuckDBPyConnection, place: PurePath, relation: str, most: int) -> _Rows:
    described = connection.execute(f"describe from {relation}").fetchall()
    _require_columns(place, [tuple(row[:2]) for row in described], list(zip(_NAMES, _KINDS, strict=True)))
    return _by_key(connection.execute(f"select {_COLUMNS} from {relation} limit {most}").fetchall())


def _require_columns(place: PurePath, columns: Sequence[Any], wanted: Sequence[Any]) -> None:
    if columns != wanted:
        raise ValueError(f"the columns of {place} are not those of an edition")


def _by_key(rows: Iterable[Sequence[Any]]) -> _Rows:
    """Return counts by what they count; raises ValueError for one that is shown twice."""
    keyed = [(CountKey(*row[:-2]), (row[-2], row[-1])) for row in rows]
    if twice := [key for key, times in Counter(key for key, _ in keyed).items() if times > 1]:
        raise ValueError(f"{', '.join(map(str, twice[0]))} is counted twice")
    return dict(keyed)
