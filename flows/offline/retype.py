"""Typing anew all that was sent, in a temporary copy: whether what the ledger says was typed follows from it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.offline.prepared_folder import stage_landed
from flows.offline.prepared_warehouse import prepare
from warehouse.ledger.derived import Derived, digest_codelists, digest_typed, read_derived
from warehouse.ledger.rehearsal import copy_past
from warehouse.storage.database import open_database, writing
from warehouse.storage.settings import Settings
from warehouse.transform.staging_version import staging_version

_REPAIR = "Find out who wrote to the database, then run `sarai repair --retype`."


def compare_retyped(settings: Settings) -> list[str]:
    """Return what was typed otherwise than the rows that were sent are typed now, and codelists that are others.

    Nothing is found where staging is of another version: the next ingest types everything. Raises CacheError,
    ModelError, WriterBusyError when another run writes too long.
    """
    prepared = prepare(settings)
    with tempfile.TemporaryDirectory(prefix="sarai-") as home:
        copy = settings.at(Path(home))
        shutil.copyfile(prepared / settings.database.name, copy.database)
        with writing(settings):
            with open_database(settings) as connection:
                derived = read_derived(connection)
            copy_past(settings.database, copy.database)
        if derived.version != staging_version(settings.dbt_project):
            return []
        with open_database(copy) as connection:
            stage_landed(connection, prepared)
            return list(_compare(connection, derived))


def _compare(connection: duckdb.DuckDBPyConnection, derived: Derived) -> Iterator[str]:
    if derived.codelists != digest_codelists(connection, derived.codelists):
        yield f"codelists: what was entered in the ledger is not what stands in their files. {_REPAIR}"
    found = digest_typed(connection, entered=derived.typed)
    for name, entry in sorted(derived.typed.items()):
        differing = set(entry.splitlines()) ^ set(found.get(name, "").splitlines())
        for table in sorted({line.split(" ")[0] for line in differing}):
            yield f"{name}, {table}: what was typed does not follow from what was sent. {_REPAIR}"
