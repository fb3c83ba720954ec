"""The database of Prefect's server: a new home begins with a copy of one that Prefect has migrated before.

Prefect makes its tables by more than a hundred migrations, which take five seconds of processor time, and looks for new
ones at every start, which takes half a second. What migrations leave is the same in every home, and empty.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from warehouse.storage.durable import DRAFT, file_sha256, replace_file, replacing
from warehouse.storage.permissions import create_folder, private_files

_NAME = "prefect.db"


def prepare_database(home: Path, cache: Path, version: str, migrate: Callable[[], None]) -> bool:
    """Give a home that has no database one that this version of Prefect has migrated; return whether it is up to date.

    It is copied from the cache, else ``migrate`` makes it and the cache keeps a copy. Without a cache that takes it, or
    where the kept one is damaged, homes are migrated each. What is there already is left alone, and compared.
    """
    database = home / _NAME
    kept = _find_kept(cache, version)
    if not any(home.glob(f"{_NAME}*")):  # SQLite would replay a log that is left of another database
        with private_files():
            if kept is None or not _copy(kept, database):
                migrate()
                kept = _keep(database, cache, version)
    return kept is not None and _revision(database) == _revision(kept) is not None


def _copy(kept: Path, database: Path) -> bool:
    """Copy the kept database; returns False where it has gone meanwhile, as another process kept one."""
    with suppress(FileNotFoundError), replacing(database) as draft:
        shutil.copyfile(kept, draft)
        return True
    return False


def _find_kept(cache: Path, version: str) -> Path | None:
    """Return the kept database of this version; None if there is none, or not with the digest that its name holds."""
    for path in _folder(cache).glob(f"{version}-*.db"):
        with suppress(OSError):  # a folder, or what has gone meanwhile
            if path.stem == _stem(version, path):
                return path
    return None


def _keep(database: Path, cache: Path, version: str) -> Path | None:
    """Keep a copy of a database that nobody has written to since its migrations, in place of all others."""
    folder = _folder(cache)
    with suppress(OSError, sqlite3.Error):
        create_folder(folder)
        with tempfile.TemporaryDirectory(prefix=DRAFT, dir=folder) as made:
            copy = Path(made) / _NAME
            with closing(_open(database)) as connection:
                connection.execute("vacuum into ?", [str(copy)])  # with what is still in the write-ahead log
            kept = folder / f"{_stem(version, copy)}.db"
            replace_file(kept, copy.read_bytes())
        for old in folder.glob("*.db"):
            if old != kept and old.is_file():
                old.unlink(missing_ok=True)
        return kept
    return None


def _folder(cache: Path) -> Path:
    return cache / "prefect"


def _stem(version: str, path: Path) -> str:
    return f"{version}-{file_sha256(path)}"


def _revision(database: Path) -> list[tuple[str]] | None:
    """Return the last migration of a database; None if it does not say."""
    with suppress(sqlite3.Error), closing(_open(database)) as connection:
        return connection.execute("select version_num from alembic_version").fetchall()
    return None


def _open(database: Path) -> sqlite3.Connection:
    """Open a database that exists, to read it."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
