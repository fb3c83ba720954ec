"""Repair: what was derived and then changed by somebody is derived anew from the ledger, and the ledger says so."""

from collections.abc import Collection, Sequence

import duckdb

from warehouse.ledger.chain import append_entries, dated
from warehouse.ledger.clock import now
from warehouse.ledger.derived import enter_typed, foreign_tables
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.entries import enter_removed
from warehouse.releases.marts import foreign_marts, remove_marts
from warehouse.releases.publication import complete_releases
from warehouse.safekeeping.chain_check import compare_chain
from warehouse.safekeeping.derived_check import ChangedError, compare_derived
from warehouse.safekeeping.release_check import missing_releases
from warehouse.safekeeping.seed_check import compare_seeds
from warehouse.storage.database import append_rows, open_database, transaction, writing
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier
from warehouse.transform.dbt_build import type_anew
from warehouse.transform.staging_version import staging_version


def repair(settings: Settings, found: Sequence[str] = ()) -> list[str]:
    """Type everything anew when something derived was changed, and enter what it was; returns that.

    ``found`` is what was found of it by typing everything anew elsewhere.
    Forecasts are forgotten: the next publication computes them. Releases that are gone are entered as deleted, and
    tables of the schemas staging and marts that no model makes are removed. Raises ChangedError when the ledger itself
    was changed, WriterBusyError when another run holds the warehouse too long, ModelError.
    """
    with writing(settings), open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        complete_releases(connection, settings)
        if problems := list(compare_chain(connection, settings)):
            raise ChangedError("\n".join([*problems, "Nothing was repaired."]))
        changed = [*found, *compare_derived(connection), *compare_seeds(connection, settings)]
        gone = missing_releases(connection, settings)
        foreign = foreign_marts(connection, settings.dbt_project)
        if problems := [*changed, *gone.values(), *foreign.values()]:
            _enter_repair(connection, problems, gone)
        remove_marts(connection, foreign)
        if changed:
            for table in foreign_tables(connection, settings.dbt_project):
                connection.execute(f"drop table staging.{identifier(table)}")
            type_anew(connection, settings)
            enter_typed(connection, staging_version(settings.dbt_project))
        return problems


def _enter_repair(connection: duckdb.DuckDBPyConnection, problems: list[str], gone: Collection[int]) -> None:
    repaired_at = now()
    with transaction(connection):
        columns = {"repaired_at": "timestamp", "problem": "varchar"}
        append_rows(connection, "raw.repairs", columns, [(repaired_at, text) for text in problems])
        append_entries(connection, "repair", [dated(repaired_at)])
        enter_removed(connection, gone)
