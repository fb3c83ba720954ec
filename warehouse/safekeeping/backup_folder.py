"""The folder of a backup: its manifest, whether a folder may become one, and what in it is ours to delete.

Files lie in ``files/`` under their sha256, and ``backup.json`` maps paths to them. No other file there is
touched.
"""

import re
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import Annotated

import duckdb
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from warehouse.ledger.chain import read_hash
from warehouse.storage.durable import DRAFT, replace_file
from warehouse.storage.errors import SaraiError
from warehouse.storage.permissions import create_folder
from warehouse.storage.regular_files import is_regular, read_regular
from warehouse.storage.settings import Settings

MANIFEST = "backup.json"
FILES = "files"
COPYING = ".new"
LOCK = "writer.lock"
_SHA256 = "^[0-9a-f]{64}$"


class BackupError(SaraiError):
    """A backup cannot be made or restored; the message names the reason and what to do."""


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise ValueError("leads out of SARAI_HOME")
    if parts[0].startswith(".") or parts[0] == LOCK or "\0" in path:
        raise ValueError("is no file that a backup holds")
    return path


_Path = Annotated[str, AfterValidator(_inside)]
_Mode = Annotated[int, Field(ge=0, le=0o7777)]


class BackupFile(BaseModel):
    """A file of a backup: the sha256 of its bytes, under which it is stored, and its mode."""

    sha256: Annotated[str, Field(pattern=_SHA256)]
    mode: _Mode


class LedgerEnd(BaseModel):
    """The end of the ledger of a backup: number and hash of its last entry; see warehouse.ledger.chain.Head."""

    position: int
    chain_sha256: str


class Backup(BaseModel):
    """``backup.json``: paths relative to SARAI_HOME, with the sha256 of files and the modes of files and folders.

    Without files the first backup into the folder was not completed. ``ledger`` is None in one of an earlier version.
    """

    model_config = ConfigDict(extra="forbid")

    created_at: datetime
    current_release: int | None
    folders: dict[_Path, _Mode]
    files: dict[_Path, BackupFile]
    ledger: LedgerEnd | None = None


def require_target(target: Path) -> None:
    """Raise BackupError for a folder that is neither empty nor the target of a backup: what is in it is not ours."""
    try:
        names = {path.name for path in target.iterdir()} if target.exists() else set()
    except NotADirectoryError as error:
        raise BackupError(f"{target} is a file. Name an empty folder.") from error
    if MANIFEST in names:
        _read_manifest(target)
    elif names - {f"{DRAFT}{MANIFEST}"}:
        raise BackupError(f"{target} holds something else than a backup. Name an empty folder.")
    for folder in (target / FILES, *(target / FILES).glob("*")):
        if folder.is_symlink() and folder.name != COPYING:
            raise BackupError(
                f"{folder} is a link, and what is written there would lie elsewhere. Replace it by the folder that it "
                "leads to, or name an empty folder."
            )


def open_target(connection: duckdb.DuckDBPyConnection, settings: Settings, target: Path) -> None:
    """Create the folder and mark it as ours, so that the next run finds it marked if this one is killed.

    Raises BackupError when it holds the backup of a ledger that ours does not continue.
    """
    if not (target / MANIFEST).exists():
        create_folder(target)
        write_manifest(target, Backup(created_at=datetime.now(UTC), current_release=None, folders={}, files={}))
    backup = _read_manifest(target)
    kept = backup.ledger
    if kept and kept.position:
        is_ours = read_hash(connection, kept.position) == kept.chain_sha256
    else:  # of a ledger without entries, or by a version that noted no end
        is_ours = all((settings.root / name).exists() for name in backup.files if PurePath(name).parts[0] == "vault")
    if not is_ours:
        raise BackupError(
            f"{target} holds the backup of another warehouse, or of this one with entries that it no longer has. Name "
            "an empty folder, so that this backup stays."
        )
    create_folder(target / FILES)


def write_manifest(target: Path, backup: Backup) -> None:
    """Replace the manifest, durable."""
    replace_file(target / MANIFEST, backup.model_dump_json(indent=1).encode())


def forget_files(target: Path, kept: set[str]) -> None:
    """Delete files that no path needs any longer (``kept`` are sha256), and nothing under a name that is not ours."""
    for path in (target / FILES).glob("[0-9a-f][0-9a-f]/*"):
        is_ours = re.fullmatch(_SHA256, path.name) and path.name.startswith(path.parent.name) and is_regular(path)
        if is_ours and not path.parent.is_symlink() and path.name not in kept:
            path.unlink()


def read_backup(source: Path, database: str) -> Backup:
    """Return the backup in a folder; raises BackupError when there is none or it is without a ``database``."""
    backup = _read_manifest(source)
    if not backup.files:
        raise BackupError(f"{source} holds no backup: the first one was not completed. Run `sarai backup` again.")
    if database not in backup.files:
        raise BackupError(f"{source} holds no whole backup: {database} is not in it. Restore another backup.")
    return backup


def _read_manifest(folder: Path) -> Backup:
    try:
        return Backup.model_validate_json(read_regular(folder / MANIFEST))
    except (OSError, ValidationError) as error:
        raise BackupError(f"{folder} holds no backup: {MANIFEST} cannot be read. {error}") from error
