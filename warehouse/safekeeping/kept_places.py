"""What a backup keeps of SARAI_HOME, what in its folders cannot be kept, and which files must not be missing.

A link is followed by nobody here: what it leads to lies on another disk, or was never ours. Only a whole folder of
SARAI_HOME (``vault`` itself, say) may be one.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from warehouse.releases.catalogue import CURRENT, list_releases, listed_hashes
from warehouse.releases.entries import named_files
from warehouse.storage.regular_files import is_regular
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path
from warehouse.text_table import printable


def kept_places(settings: Settings) -> Iterator[Path]:
    """Yield the folders and files of a backup.

    The database is the first: DuckDB keeps other processes out only until we close a file of that name ourselves.
    """
    yield settings.database
    for folder in (*_folders(settings), settings.inbox):
        for parent, names in _walk(folder):
            yield parent
            yield from filter(is_regular, (parent / name for name in names))


def compare_places(settings: Settings) -> Iterator[str]:
    """Name what stands where a folder or a file of ours should be, and is neither; the inbox belongs to senders."""
    for folder in _folders(settings):
        for parent, names in _walk(folder):
            for path in (parent / name for name in names):
                if not is_regular(path) and path != settings.releases / CURRENT:
                    yield (
                        f"{printable(str(path))} is {_kind(path)}: no backup would hold what belongs there. Move "
                        "the folder or file itself to this place; to use another disk, mount it there."
                    )


def missing_files(
    connection: duckdb.DuckDBPyConnection, settings: Settings, stored: Mapping[str, str]
) -> Iterator[str]:
    """Yield what a backup has to hold and does not: bytes of the ledger and files of releases.

    ``stored`` is path relative to SARAI_HOME → sha256.
    """
    needed = {
        vault_path(settings.vault, sha256): sha256
        for (sha256,) in connection.execute("select distinct sha256 from raw.submissions order by all").fetchall()
    }
    for release in list_releases(settings):
        files = listed_hashes(release) | named_files(release)
        needed |= {release.path / name: sha256 for name, sha256 in files.items()}
    for path, sha256 in needed.items():
        if stored.get(path.relative_to(settings.root).as_posix()) != sha256:
            yield f"{printable(str(path))} would be missing from the backup, or be another file there."


def _folders(settings: Settings) -> tuple[Path, ...]:
    others = (settings.shown_editions, settings.root / "reminders")
    return (settings.vault, settings.releases, settings.feedback, settings.gates, *others)


def _walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folders below one, without hidden ones, each with the names of all in it that are no folders."""
    for place, folders, names in os.walk(folder):
        parent = Path(place)
        linked = [name for name in folders if (parent / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in linked)
        yield parent, sorted([*names, *linked])


def _kind(path: Path) -> str:
    if path.is_symlink():
        return f"a link to {printable(str(path.readlink()))}"
    return "a pipe" if stat.S_ISFIFO(path.lstat().st_mode) else "no regular file"
