"""The tables of a release as PostgreSQL holds them: columns, keys, comments."""

from collections.abc import Iterable, Iterator, Sequence

from warehouse.releases.marts import Column, Mart
from warehouse.serving.errors import ServingError
from warehouse.storage.sql import identifier, literal

_TYPES = {
    "BIGINT": "bigint", "INTEGER": "integer", "DOUBLE": "double precision", "VARCHAR": "text", "DATE": "date",
    "BOOLEAN": "boolean", "TIMESTAMP": "timestamp",
}  # fmt: skip


def postgres_type(mart: Mart, column: Column) -> str:
    """Return the type of a column in PostgreSQL; raises ServingError for one that no mart had so far."""
    try:
        return _TYPES[column.data_type]
    except KeyError:
        raise ServingError(
            f"{mart.name}.{column.name} is of type {column.data_type}, which has no counterpart in "
            "warehouse/serving/tables.py. Add it there."
        ) from None


def create_tables(marts: Iterable[Mart], schema: str) -> Iterator[str]:
    """Yield the statements that make the tables, empty and without keys: those are cheaper once the rows are there.

    Nothing is kept of which values are frequent: the planner's estimates would tell it of the rows of others.
    """
    for mart in marts:
        columns = ", ".join(
            f"{identifier(one.name)} {postgres_type(mart, one)}{'' if one.is_nullable else ' not null'}"
            for one in mart.columns
        )
        yield f"create table {table(schema, mart.name)} ({columns})"
        yield without_statistics(schema, mart.name, (column.name for column in mart.columns))


def without_statistics(schema: str, name: str, columns: Iterable[str]) -> str:
    """Return the statement that keeps PostgreSQL from counting the values of a table."""
    parts = ", ".join(f"alter column {identifier(column)} set statistics 0" for column in columns)
    return f"alter table {table(schema, name)} {parts}"


def add_keys(marts: Sequence[Mart], schema: str) -> Iterator[str]:
    """Yield the statements that give the tables their primary keys."""
    for mart in marts:
        if mart.primary_key:
            key = ", ".join(map(identifier, mart.primary_key))
            yield f"alter table {table(schema, mart.name)} add primary key ({key})"


def foreign_keys(marts: Sequence[Mart]) -> Iterator[tuple[Mart, str, Mart]]:
    """Yield (mart, column, dimension) where a column may refer to a dimension with one key: tools guess joins by it.

    It may when it is called like that key, or ends like it: ``producing_country_code``.
    """
    keys = {mart.primary_key[0]: mart for mart in marts if mart.name.startswith("dim_") and len(mart.primary_key) == 1}
    for mart in marts:
        for column in mart.columns:
            for key, dimension in keys.items():
                if dimension != mart and (column.name == key or column.name.endswith(f"_{key}")):
                    yield mart, column.name, dimension


def orphans(schema: str, mart: Mart, column: str, dimension: Mart) -> str:
    """Return the query of whether a column holds what the dimension has no row of, such as NOT_ANSWERED."""
    key = identifier(dimension.primary_key[0])
    name = identifier(column)
    return (
        f"select exists (select from {table(schema, mart.name)} as mart where mart.{name} is not null and not exists "
        f"(select from {table(schema, dimension.name)} as dimension where dimension.{key} = mart.{name}))"
    )


def add_foreign_key(schema: str, mart: Mart, column: str, dimension: Mart) -> str:
    """Return the statement that ties a column to a dimension."""
    return (
        f"alter table {table(schema, mart.name)} add foreign key ({identifier(column)}) "
        f"references {table(schema, dimension.name)}"
    )


def comments(kind: str, schema: str, mart: Mart, columns: Iterable[str]) -> Iterator[str]:
    """Yield the statements that describe a table or view and these columns of it."""
    name = table(schema, mart.name)
    if mart.comment:
        yield f"comment on {kind} {name} is {literal(mart.comment)}"
    described = {column.name: column.comment for column in mart.columns if column.comment}
    for column in columns:
        if column in described:
            yield f"comment on column {name}.{identifier(column)} is {literal(described[column])}"


def table(schema: str, name: str) -> str:
    """Return the quoted name of a table or view."""
    return f"{identifier(schema)}.{identifier(name)}"
