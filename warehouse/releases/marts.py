"""Marts as the working database holds them: columns, keys, descriptions and number of rows."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.storage.sql import identifier, literal

log = logging.getLogger("sarai")


@dataclass(frozen=True)
class Column:
    """A column; ``data_type`` as DuckDB writes it, ``comment`` as dbt persisted it."""

    name: str
    data_type: str
    is_nullable: bool
    comment: str | None


@dataclass(frozen=True)
class Mart:
    """A published table; ``primary_key`` is empty when the table has no such constraint."""

    name: str
    comment: str | None
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    row_count: int
    schema: str = "marts"

    @property
    def source(self) -> str:
        """The table in SQL, under the alias ``mart``."""
        return f"{self.schema}.{identifier(self.name)} as mart"

    @property
    def order(self) -> str:
        """``order by`` of the rows: by key, else by all columns, so that the same data give the same bytes."""
        names = self.primary_key or tuple(column.name for column in self.columns)
        return "order by " + ", ".join(f"mart.{identifier(name)}" for name in names)

    def definition(self, table: str) -> Iterator[str]:
        """Yield the statements that make the table, still empty and without key, under the quoted name ``table``."""
        parts = [f"{identifier(c.name)} {c.data_type}{'' if c.is_nullable else ' not null'}" for c in self.columns]
        yield f"create table {table} ({', '.join(parts)})"
        if self.comment:
            yield f"comment on table {table} is {literal(self.comment)}"
        for column in self.columns:
            if column.comment:
                yield f"comment on column {table}.{identifier(column.name)} is {literal(column.comment)}"

    def constraint(self, table: str) -> Iterator[str]:
        """Yield the statement that gives the table its key, which is cheaper once its rows are there; none without."""
        if self.primary_key:
            yield f"alter table {table} add primary key ({', '.join(map(identifier, self.primary_key))})"


def read_marts(connection: duckdb.DuckDBPyConnection, schema: str = "marts") -> list[Mart]:
    """Return every table and view of a schema, by name."""
    # a block of text in yml ends with a line break, which is no part of the words
    fields = "table_name, column_name, data_type, is_nullable, rtrim(comment, chr(10))"
    columns: dict[str, list[Column]] = {}
    for table, *column in _catalog(connection, schema, "columns", fields):
        columns.setdefault(table, []).append(Column(*column))
    comments: dict[str, str | None] = dict(
        _catalog(connection, schema, "tables", "table_name, rtrim(comment, chr(10))")
    )
    comments |= dict(_catalog(connection, schema, "views", "view_name, rtrim(comment, chr(10))"))
    constraints = _catalog(connection, schema, "constraints", "table_name, constraint_type, constraint_column_names")
    keys = {table: tuple(names) for table, kind, names in constraints if kind == "PRIMARY KEY"}
    counts = count_rows(connection, schema, columns)
    return [
        Mart(name, comments[name], tuple(columns[name]), keys.get(name, ()), counts[name], schema)
        for name in sorted(columns)
    ]


def released_marts(connection: duckdb.DuckDBPyConnection, dbt_project: Path) -> list[Mart]:
    """Return the marts that are published, by name: those of a model of dbt; others are logged, and left out."""
    marts, models = read_marts(connection), model_names(dbt_project)
    for mart in marts:
        if mart.name not in models:
            log.warning("%s", _describe_foreign(mart.name))
    return [mart for mart in marts if mart.name in models]


def foreign_marts(connection: duckdb.DuckDBPyConnection, dbt_project: Path) -> dict[str, str]:
    """Return name → problem of each table or view of schema marts that no model makes."""
    rows = connection.execute(
        "select table_name from information_schema.tables where table_catalog = current_database() "
        "and table_schema = 'marts' order by all"
    ).fetchall()
    models = model_names(dbt_project)
    return {name: _describe_foreign(name) for (name,) in rows if name not in models}


def remove_marts(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Drop tables and views of schema marts."""
    views = {name for (name,) in _catalog(connection, "marts", "views", "view_name")}
    for name in names:
        connection.execute(f"drop {'view' if name in views else 'table'} marts.{identifier(name)}")


def model_names(dbt_project: Path) -> set[str]:
    """Return the names of the marts that models of dbt make."""
    return {path.stem for path in (dbt_project / "models" / "marts").rglob("*.sql")}


def _describe_foreign(name: str) -> str:
    return f"marts.{name}: no model makes it, so it is in no release. `sarai repair` removes it."


def _catalog(connection: duckdb.DuckDBPyConnection, schema: str, kind: str, fields: str) -> list[tuple[Any, ...]]:
    order = "order by table_name, column_index" if kind == "columns" else ""
    return connection.execute(
        f"select {fields} from duckdb_{kind}() where database_name = current_database() and schema_name = ? {order}",
        [schema],
    ).fetchall()


def count_rows(connection: duckdb.DuckDBPyConnection, schema: str, names: Iterable[str]) -> dict[str, int]:
    """Return the number of rows of each table or view; one query costs a fourth of as many."""
    counts = (f"select {literal(name)}, count(*) from {schema}.{identifier(name)}" for name in names)
    union = " union all ".join(counts)
    return dict(connection.execute(union).fetchall()) if union else {}
