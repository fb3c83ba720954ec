"""The tables of the Power BI model in DuckDB, so that what its measures mean can be compared with the marts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb

from warehouse.kits.powerbi import kit
from warehouse.kits.powerbi.measures import Measure
from warehouse.kits.powerbi.tables import YEAR_DATE, Table, defined_tables, seen_tables
from warehouse.kits.source import CENTRE, PUBLIC, opened
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

Figures = dict[tuple[str, ...], float]


class _Table(Protocol):
    """A table of the model, as it is defined or as somebody sees it."""

    @property
    def name(self) -> Words: ...
    @property
    def key(self) -> str: ...
    @property
    def rows(self) -> Mapping[str, tuple[str | int, ...]]: ...


# What the golden submissions have no figure of: they are of one year, without precursors in kilograms.
NOT_GOLDEN = {
    "change_year", "change_to_date", "states_compared", "precursor_kg", "persons_rate", "persons_published",
}  # fmt: skip


def load_table(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    """Make a table of the model as its query in M does; of the mart the columns that no field needs come along."""
    path = folder / "parquet" / f"{table.mart}.parquet"
    _load(connection, table, f"'{path}'", is_dated=bool(table.field(YEAR_DATE)))


def load_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the model, with their columns alone, of the marts that a connection finds by their names."""
    for table in defined_tables():
        names = [f"{name}_{language}" for name in table.names.values() for language in LANGUAGES]
        used = {table.key, *table.rows, *table.links, *table.shown, *table.figures, *names} - {"", YEAR_DATE}
        is_dated = YEAR_DATE in table.links
        columns = ", ".join(sorted(used | ({"calendar_year"} if is_dated else set())))
        _load(connection, table, f"(select {columns} from {table.mart})", is_dated=is_dated)


def load_population(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the table of the population, for the measures that are counted per head."""
    path = settings.dbt_project / "seeds" / "reference" / "population.csv"
    connection.execute(f"create temp table population as from '{path}'")


def _load(connection: duckdb.DuckDBPyConnection, table: _Table, mart: str, *, is_dated: bool) -> None:
    rows = " and ".join(
        f"{column} in ({', '.join(repr(value) for value in values)})" for column, values in table.rows.items()
    )
    dated = f", make_date(calendar_year, 1, 1) as {YEAR_DATE}" if is_dated else ""
    single = f"distinct on ({table.key}) " if table.key else ""
    connection.execute(
        f'create or replace temp table "{table.name.en}" as select {single}*{dated} from {mart} where {rows or "true"}'
    )


@contextmanager
def model_beside_marts(release: Release, settings: Settings, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the tables that readers of either edition have, those of the centre before, and the marts of both."""
    with duckdb.connect() as connection:
        for audience in (PUBLIC, CENTRE):
            made = folder / audience
            made.mkdir()
            with opened(release, audience, settings) as source:
                kit.write(source, made)
                for table in seen_tables(source):
                    if table.mart:
                        load_table(connection, table, made)
        for name, path in {"published": release.public_database, "member": release.database}.items():
            connection.execute(f"attach '{path}' as {name} (read_only)")
            marts = connection.execute("select table_name from duckdb_tables() where database_name = ?", [name])
            for (mart,) in marts.fetchall():
                connection.execute(f"create or replace view {mart} as from {name}.main.{mart}")
        load_population(connection, settings)
        yield connection


def figures(connection: duckdb.DuckDBPyConnection, measure: Measure) -> tuple[Figures, Figures]:
    """Return what a measure means over the tables of the model, and the same of the mart, by grain, where it is known.

    Of a measure whose mart knows fewer or other grains, those that both know.
    """
    twin, mart = (
        {tuple(map(str, grain)): value for *grain, value in connection.execute(query).fetchall() if value is not None}
        for query in (measure.expression(measure.twin), measure.expression(measure.mart))
    )
    if measure.is_part:
        both = twin.keys() & mart.keys()
        twin, mart = ({grain: one[grain] for grain in both} for one in (twin, mart))
    return twin, mart
