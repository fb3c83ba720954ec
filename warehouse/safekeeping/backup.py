"""Backup and restore of everything in SARAI_HOME that cannot be made again; a folder holds one backup, the last.

Files lie in ``files/`` under their sha256, so that only new ones are written, and ``backup.json`` maps paths to them.
It is replaced last: a backup that is killed leaves the one before.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated

import duckdb
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.database import open_database, writing
from warehouse.storage.durable import file_sha256, replace_file, sync_folder, sync_tree
from warehouse.storage.errors import SaraiError
from warehouse.storage.permissions import create_folder, private_files
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path

FILE_NAME = "backup.json"
_FILES = "files"
_RESTORING = ".restoring"
_CURRENT = "current"


class BackupError(SaraiError):
    """A backup cannot be made or restored; the message names the reason and what to do."""


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise ValueError("leads out of SARAI_HOME")
    return path


_Path = Annotated[str, AfterValidator(_inside)]
_Mode = Annotated[int, Field(ge=0, le=0o7777)]


class _File(BaseModel):
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    mode: _Mode


class Backup(BaseModel):
    """``backup.json``: paths relative to SARAI_HOME, with the sha256 of files and the modes of files and folders."""

    model_config = ConfigDict(extra="forbid")

    created_at: datetime
    current_release: int | None
    folders: dict[_Path, _Mode]
    files: dict[_Path, _File]


def back_up(settings: Settings, target: Path) -> Backup:
    """Copy the warehouse into a folder, while nobody writes to it; readers of releases go on.

    Waits for the writer's lock, see WriterBusyError. Raises BackupError, and leaves the backup that is there, when the
    warehouse does not reconcile: what is damaged must not replace what is whole.
    """
    target = target.resolve()
    if target.is_relative_to(settings.root):
        raise BackupError(f"{target} is inside of {settings.root}. Name a folder on another disk.")
    if target.is_dir() and any(target.iterdir()) and not (target / _FILES).is_dir():
        raise BackupError(f"{target} holds something else than a backup. Name an empty folder.")
    with writing(settings):
        with open_database(settings) as connection:
            create_tables(connection, load_questionnaire())
        if problems := reconcile(settings):
            raise BackupError("\n".join([*problems, "No backup was made; the one before is as it was."]))
        create_folder(target)
        create_folder(target / _FILES)
        with open_database(settings) as connection:
            backup = _copy_all(connection, settings, target)
        sync_tree(target / _FILES)
        replace_file(target / FILE_NAME, backup.model_dump_json(indent=1).encode())
        _forget(target, {file.sha256 for file in backup.files.values()})
    return backup


def _copy_all(connection: duckdb.DuckDBPyConnection, settings: Settings, target: Path) -> Backup:
    connection.execute("force checkpoint")  # nothing is left in the write-ahead log
    current = settings.releases / _CURRENT
    backup = Backup(
        created_at=datetime.now(UTC),
        current_release=int(current.readlink().name) if current.is_symlink() else None,
        folders={},
        files={},
    )
    for path in _kept(settings):
        name, mode = path.relative_to(settings.root).as_posix(), path.stat().st_mode & 0o7777
        if path.is_dir():
            backup.folders[name] = mode
        else:
            backup.files[name] = _File(sha256=_store(path, target / _FILES), mode=mode)
    return backup


def _kept(settings: Settings) -> Iterator[Path]:
    """Yield the folders and files of a backup.

    The database is the first: DuckDB keeps other processes out only until we close a file of that name ourselves.
    """
    yield settings.database
    reminders = settings.root / "reminders"
    for folder in (settings.vault, settings.releases, settings.inbox, settings.feedback, settings.gates, reminders):
        for parent, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield Path(parent)
            paths = (Path(parent, name) for name in sorted(names))
            yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _store(path: Path, files: Path) -> str:
    """Copy a file under its sha256 unless it is there undamaged; returns the sha256."""
    draft = files / ".new"
    digest = hashlib.sha256()
    with path.open("rb") as source, draft.open("wb") as copy:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            copy.write(chunk)
    stored = vault_path(files, digest.hexdigest())
    if stored.is_file() and file_sha256(stored) == stored.name:
        draft.unlink()
    else:
        create_folder(stored.parent)
        draft.replace(stored)
    return digest.hexdigest()


def _forget(target: Path, kept: set[str]) -> None:
    for path in (target / _FILES).glob("*/*"):
        if path.name not in kept:
            path.unlink()


def read_backup(source: Path) -> Backup:
    """Return the backup in a folder; raises BackupError when there is none or it is incomplete."""
    try:
        return Backup.model_validate_json((source / FILE_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise BackupError(f"{source} holds no backup: {FILE_NAME} cannot be read. {error}") from error


def restore(settings: Settings, source: Path) -> Backup:
    """Put a backup into SARAI_HOME, which has to be empty; every file is compared with its sha256 on the way.

    Raises BackupError, and leaves SARAI_HOME empty, when the backup is not whole.
    """
    backup = read_backup(source)
    with writing(settings):
        restoring = settings.root / _RESTORING
        shutil.rmtree(restoring, ignore_errors=True)
        if found := sorted(path.name for path in settings.root.iterdir() if path != settings.lock):
            raise BackupError(f"{settings.root} is not empty, there is {found[0]}. Name an empty folder as SARAI_HOME.")
        restoring.mkdir()
        try:
            _put_back(backup, source / _FILES, restoring)
            sync_tree(restoring)
            # The database last: without it nobody takes the rest for a warehouse.
            for path in sorted(restoring.iterdir(), key=lambda path: path.name == settings.database.name):
                path.rename(settings.root / path.name)
            sync_folder(settings.root)
        finally:
            shutil.rmtree(restoring, ignore_errors=True)
    return backup


def _put_back(backup: Backup, files: Path, folder: Path) -> None:
    for name in backup.folders:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, file in backup.files.items():
        stored, path = vault_path(files, file.sha256), folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with private_files(), stored.open("rb") as opened, path.open("wb") as copy:
                shutil.copyfileobj(opened, copy, 1 << 20)
        except OSError as error:
            raise BackupError(f"{name} is not in the backup ({error}). Restore another backup.") from error
        if file_sha256(path) != file.sha256:
            raise BackupError(f"{name} has changed in the backup: {stored} has another sha256. Restore another backup.")
        path.chmod(file.mode)
    if backup.current_release is not None:
        (folder / "releases" / _CURRENT).symlink_to(str(backup.current_release))
    for name, mode in sorted(backup.folders.items(), reverse=True):
        (folder / name).chmod(mode)
