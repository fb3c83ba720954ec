"""A prepared warehouse: empty, codelists loaded and staging compiled, so that files are typed without starting dbt."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version
from warehouse.storage.table_digests import filled_tables
from warehouse.transform.dbt_build import build_staging

_VERSIONS_KEPT = 3
_NAME_LENGTH = 12
_COMPILED = Path("dbt", "compiled", "sarai", "models", "staging")


class CacheError(SaraiError):
    """The prepared warehouse cannot be kept in any folder; the message names the setting."""


def prepared_folder(settings: Settings) -> Path:
    """Return where the prepared warehouse of this code and these codelists is kept; it is whole or absent.

    Its name is the version of all sources.
    """
    return settings.cache / sources_version(settings.dbt_project)[:_NAME_LENGTH]


@contextmanager
def new_folder(settings: Settings) -> Iterator[Path]:
    """Yield an empty folder that becomes ``prepared_folder``, unless another process has made the same one first.

    Only the last few versions are kept. Raises CacheError when the cache can not be written.
    """
    kept = prepared_folder(settings)
    try:
        settings.cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=settings.cache))
    except OSError as error:
        message = f"The prepared warehouse can not be kept: {error}. Set SARAI_CACHE to a folder that you may write to."
        raise CacheError(message) from error
    try:
        yield made
        if not kept.is_dir():
            made.rename(kept)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    # In SARAI_CACHE may be what others keep there: a version of ours is a folder of such a name that holds a database.
    databases = settings.cache.glob(f"{'[0-9a-f]' * _NAME_LENGTH}/{settings.database.name}")
    versions = sorted((path.parent for path in databases), key=lambda path: path.stat().st_mtime)
    for path in versions[:-_VERSIONS_KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def build_empty(settings: Settings) -> None:
    """Build a warehouse that has received nothing, with staging and codelists; raises ModelError."""
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
    build_staging(settings)


def keep_prepared(settings: Settings, folder: Path) -> None:
    """Copy an empty warehouse, and its staging as dbt compiled it, into a folder."""
    with open_database(settings) as connection:
        connection.execute("force checkpoint")  # what is only in the write-ahead log would not be copied
    shutil.copyfile(settings.database, folder / settings.database.name)
    for table in load_questionnaire().tables:
        shutil.copyfile(settings.root / _COMPILED / f"stg_{table.name}.sql", folder / f"stg_{table.name}.sql")


def stage_landed(connection: duckdb.DuckDBPyConnection, prepared: Path) -> None:
    """Type all that was landed, in a copy of a prepared warehouse in which nothing is typed yet.

    Tables without rows are left alone: planning how to type them takes most of the time of a small batch.
    """
    landed = {f"raw.{table.name}": table.name for table in load_questionnaire().tables}
    for table in sorted(landed[place] for place in filled_tables(connection, landed)):
        query = (prepared / f"stg_{table}.sql").read_text(encoding="utf-8")
        connection.execute(f'insert into staging."stg_{table}" by name {query}')
