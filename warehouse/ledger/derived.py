"""What is derived from the ledger and kept: typed rows, codelists, forecasts, marts. The chain has a digest of each.

What was typed of a submission is one entry, so are all codelists of a version of staging, all forecasts, and all marts.
The last entry counts. Before everything is typed anew an entry says so, and none before it counts: a run that is killed
then leaves nothing that anybody relies on. So it is with marts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb

from warehouse.ledger.chain import append_links
from warehouse.storage.database import replace_table, transaction
from warehouse.storage.digests import ALL
from warehouse.storage.sql import identifier
from warehouse.storage.table_digests import (
    BY_COLUMNS,
    BY_OWNERS,
    Tables,
    digest_each_row,
    digest_owners,
    digest_tables,
    is_earlier,
    read_tables,
)

RETYPING, CODELISTS, TYPING, _FORECASTS, _MARTS = DERIVED_KINDS = (
    "retyping", "codelists", "typing", "forecasts", "marts",
)  # fmt: skip
# Key of the entry of marts that show all that is known, and not what was known on a day.
ALL_KNOWN = "all"
# Stands for an entry that is made as they are made now.
_BY_NOW = f" {BY_COLUMNS} {BY_OWNERS}"
# Marts that are built by submission, as dbt_project/macros/materializations/slices.sql does.
_BY_SUBMISSION = ("fct_seizures",)


@dataclass
class Derived:
    """What the chain says last: the entries of the typed rows by submission, of the codelists, and of the forecasts.

    ``version`` is that of staging; None before anything was typed, and after a run that did not finish typing anew.
    ``marts`` is empty before they were first built, and after a run that did not finish building them; ``marts_of`` is
    the day whose knowledge they show, or "all".
    """

    version: str | None = None
    codelists: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    forecasts: str | None = None
    marts: str = ""
    marts_of: str = ""


def read_derived(connection: duckdb.DuckDBPyConnection) -> Derived:
    """Return what was entered last of all that is derived."""
    derived = Derived()
    for kind, key, entry in connection.execute(
        "select kind, entry_key, entry from raw.chain where list_contains(?, kind) order by position",
        [list(DERIVED_KINDS)],
    ).fetchall():
        if kind == RETYPING:
            derived = Derived()
        elif kind == CODELISTS:
            derived.version, derived.codelists = key, entry
        elif kind == TYPING:
            derived.typed[key] = entry
        elif kind == _FORECASTS:
            derived.forecasts = entry
        else:
            derived.marts_of, derived.marts = key, entry
    return derived


def begin_typing(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Enter that everything is about to be derived anew, by this version of staging: what is there counts no more."""
    append_links(connection, [(RETYPING, version, "")])


def forget_unproven(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete typed rows of which the chain has no entry, left by a run that was killed: they are typed anew.

    So are rows of no submission, beside which none would be typed: a list with a null in it lacks nothing for sure.
    """
    typed = list(read_derived(connection).typed)
    for schema, table in _typed_tables(connection):
        connection.execute(
            f"delete from {schema}.{identifier(table)} "
            "where submission_id is null or submission_id not in (select unnest(?::varchar[]))",
            [typed],
        )


def tables_to_type(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Return those of the tables of the questionnaire that hold rows without typed ones, or have no typed table."""
    typed = {name for _, name in _typed_tables(connection)}
    return [name for name in tables if f"stg_{name}" not in typed or _has_untyped_rows(connection, name)]


def _has_untyped_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    untyped = f"""
        select 1
        from raw.{identifier(table)}
        where submission_id in (
            select submission_id from raw.submissions
            except
            select submission_id from staging.{identifier(f"stg_{table}")}
        )
        limit 1
    """
    return connection.execute(untyped).fetchone() is not None


def enter_typed(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Enter the codelists if that was not done since typing began, and all typed rows that have no entry yet."""
    known = read_derived(connection)
    found = digest_typed(connection, _untyped(connection, known))
    links = [(TYPING, submission_id, entry) for submission_id, entry in sorted(found.items())]
    if known.version is None:
        links.insert(0, (CODELISTS, version, digest_codelists(connection)))
    with transaction(connection):
        append_links(connection, links)


def enter_forecasts(connection: duckdb.DuckDBPyConnection) -> None:
    """Enter the forecasts as they are now, in the transaction that wrote them."""
    append_links(connection, [(_FORECASTS, "all", digest_forecasts(connection))])


def begin_marts(connection: duckdb.DuckDBPyConnection, as_of: date | None) -> None:
    """Enter that the marts are about to be built: what is there counts no more."""
    append_links(connection, [(_MARTS, str(as_of or ALL_KNOWN), "")])


def enter_marts(
    connection: duckdb.DuckDBPyConnection, as_of: date | None, names: Collection[str], *, only_changes: bool = False
) -> None:
    """Enter the marts of these names as they are now; with ``only_changes`` only these were built in them.

    What the chain does not say of each submission is kept beside the marts, for that.
    """
    tables = _read_marts(connection, names)
    lines = _digest_all(connection, _of_nobody(tables), _BY_NOW).splitlines()
    for schema, name in tables.keys() - _of_nobody(tables).keys():
        place = f"intermediate.{identifier(f'{name}_digests')}"
        kept = _read_kept(connection, place, name) if only_changes else {}
        line, own = digest_owners(connection, (schema, name), tables[schema, name], "submission_id", kept)
        lines.append(line)
        replace_table(
            connection, "intermediate", f"{name}_digests", "as select unnest(?) as submission_id, unnest(?) as line",
            [list(own), list(own.values())],
        )  # fmt: skip
    append_links(connection, [(_MARTS, str(as_of or ALL_KNOWN), "\n".join(sorted(lines)))])


def _read_kept(connection: duckdb.DuckDBPyConnection, place: str, name: str) -> dict[str, str]:
    changed = f"intermediate.{identifier(f'{name}_changed')}"
    rows = connection.execute(f"from {place} where submission_id not in (select slice_key from {changed})").fetchall()
    return dict(rows)


def unfinished(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the submissions that were decided on and whose rows were not typed, as far as the chain knows."""
    known = read_derived(connection)
    rows = connection.execute(
        """
        select distinct submission_id
        from raw.landings
        where row_count > 0 and submission_id in (select submission_id from raw.decisions)
            and 'stg_' || table_name in (select table_name from duckdb_tables() where schema_name = 'staging')
        order by all
        """
    ).fetchall()
    return [name for (name,) in rows if name not in known.typed]


def digest_typed(
    connection: duckdb.DuckDBPyConnection,
    submissions: Collection[str] | None = None,
    entered: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return submission_id → entry of its typed rows as they are, of these submissions or of all that have any.

    It is made as that which was ``entered`` of the submission, which may be in an earlier way.
    """
    tables = _typed_tables(connection)
    found = digest_tables(connection, tables, "submission_id", submissions)
    earlier = [name for name in found if is_earlier(entered.get(name, _BY_NOW))]
    return found | (digest_each_row(connection, tables, "submission_id", earlier) if earlier else {})


def digest_codelists(connection: duckdb.DuckDBPyConnection, entered: str = _BY_NOW) -> str:
    """Return the entry of the codelists as they are, with the spellings and conversions that staging makes of them."""
    tables = read_tables(connection, ("seeds", "staging"))
    others = {one: names for one, names in tables.items() if one[0] == "seeds" or not _is_typed(names)}
    return _digest_all(connection, others, entered)


def digest_forecasts(connection: duckdb.DuckDBPyConnection, entered: str = _BY_NOW) -> str:
    """Return the entry of the forecasts as they are; see digest_typed."""
    return _digest_all(connection, read_tables(connection, ("forecasts",)), entered)


def digest_marts(connection: duckdb.DuckDBPyConnection, names: Collection[str], entered: str = _BY_NOW) -> str:
    """Return the entry of the marts of these names as they are; see digest_typed."""
    tables = _read_marts(connection, names)
    if f" {BY_OWNERS}" not in entered:
        return _digest_all(connection, tables, entered)
    lines = _digest_all(connection, _of_nobody(tables), entered).splitlines()
    own = tables.keys() - _of_nobody(tables).keys()
    lines += [digest_owners(connection, table, tables[table], "submission_id")[0] for table in own]
    return "\n".join(sorted(lines))


def _read_marts(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> Tables:
    return {table: columns for table, columns in read_tables(connection, ("marts",)).items() if table[1] in names}


def _of_nobody(tables: Tables) -> Tables:
    """Return the marts that are not built by submission."""
    return {table: columns for table, columns in tables.items() if table[1] not in _BY_SUBMISSION}


def _digest_all(connection: duckdb.DuckDBPyConnection, tables: Tables, entered: str) -> str:
    """Return the entry of tables whose rows belong to nobody."""
    digest = digest_each_row if is_earlier(entered) else digest_tables
    return digest(connection, tables, ALL).get("", "")


def _untyped(connection: duckdb.DuckDBPyConnection, known: Derived) -> list[str]:
    rows = connection.execute("select submission_id from raw.submissions order by all").fetchall()
    return [name for (name,) in rows if name not in known.typed]


def foreign_tables(connection: duckdb.DuckDBPyConnection, dbt_project: Path) -> list[str]:
    """Return the tables of schema staging that no model makes."""
    models = {path.stem for path in (dbt_project / "models" / "staging").glob("*.sql")}
    return sorted(table for _, table in read_tables(connection, ("staging",)) if table not in models)


def _typed_tables(connection: duckdb.DuckDBPyConnection) -> Tables:
    return {table: columns for table, columns in read_tables(connection, ("staging",)).items() if _is_typed(columns)}


def _is_typed(columns: Sequence[tuple[str, str]]) -> bool:
    return "submission_id" in dict(columns)
