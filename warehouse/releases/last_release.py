"""The current release beside the marts that may replace it: gate 2 compares both."""

import duckdb

from warehouse.releases.catalogue import Release, current_release, list_releases
from warehouse.releases.entries import is_as_entered, read_entered
from warehouse.releases.errors import WrongLinkError
from warehouse.storage.database import replace_table
from warehouse.storage.settings import Settings
from warehouse.storage.sql import literal

LAST_RELEASE_COLUMNS = {
    "country_code": "varchar",
    "month_date": "date",
    "drug_code": "varchar",
    "seizures_count": "bigint",
    "quantity_kg": "double",
}


def load_last_release(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fill audit.last_release_by_month with rpt_seizures_by_month of the current release; empty if there is none.

    Where the link ``current`` leads to no release, the last one that was published takes its place.
    """
    columns = ", ".join(f"{name} {data_type}" for name, data_type in LAST_RELEASE_COLUMNS.items())
    connection.execute("create schema if not exists audit")
    replace_table(connection, "audit", "last_release_by_month", f"({columns})")
    try:
        release = current_release(settings)
    except WrongLinkError:
        release = _last_entered(connection, settings)
    if release and (path := release.path / "parquet" / "rpt_seizures_by_month.parquet").exists():
        connection.execute(
            f"insert into audit.last_release_by_month select {', '.join(LAST_RELEASE_COLUMNS)} "
            f"from read_parquet({literal(str(path))})"
        )


def _last_entered(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Release | None:
    entered = read_entered(connection)
    known = [one for one in list_releases(settings) if is_as_entered(entered, one) and one.as_of is None]
    return known[-1] if known else None
