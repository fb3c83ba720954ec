"""Backup and restore of everything in SARAI_HOME that cannot be made again; a folder holds one backup, the last.

Files lie in ``files/`` under their sha256, so that only new ones are written, and ``backup.json`` maps paths to them.
It is replaced last: a backup that is killed leaves the one before.
"""

import errno
import hashlib
import logging
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import BinaryIO

import duckdb

from warehouse.ledger.chain import read_head
from warehouse.ledger.raw import create_tables
from warehouse.progress import each
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import CURRENT, current_number
from warehouse.releases.publication import complete_releases
from warehouse.safekeeping.backup_folder import (
    COPYING,
    FILES,
    Backup,
    BackupError,
    BackupFile,
    LedgerEnd,
    forget_files,
    open_target,
    read_backup,
    require_target,
    write_manifest,
)
from warehouse.safekeeping.kept_places import kept_places, missing_files
from warehouse.safekeeping.notes import LastBackup, note_backup
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.safekeeping.restoration import enter_restored
from warehouse.storage.database import open_database, writing
from warehouse.storage.durable import file_sha256, sync_folder, sync_tree
from warehouse.storage.permissions import create_folder, private_files
from warehouse.storage.regular_files import is_regular, open_below, open_regular
from warehouse.storage.settings import Settings
from warehouse.storage.vault import vault_path
from warehouse.text_table import printable

log = logging.getLogger("sarai")

_RESTORING = ".restoring"
# DuckDB's own name for changes that are not in the database yet.
_WRITE_AHEAD = "warehouse.duckdb.wal"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_KEPT = "No backup was made; the one before is as it was."


def back_up(settings: Settings, target: Path) -> Backup:
    """Copy the warehouse into a folder, while nobody writes to it; readers of releases go on.

    Waits for the writer's lock, see WriterBusyError. Raises BackupError, and leaves the backup that is there, when the
    warehouse does not reconcile: what is damaged must not replace what is whole.
    """
    target = target.resolve()
    if target.is_relative_to(settings.root):
        raise BackupError(f"{target} is inside of {settings.root}. Name a folder on another disk.")
    require_target(target)
    with writing(settings):
        with open_database(settings) as connection:
            create_tables(connection, load_questionnaire())
            complete_releases(connection, settings)
        if problems := reconcile(settings):
            raise BackupError("\n".join([*problems, _KEPT]))
        with open_database(settings) as connection:
            open_target(connection, settings, target)
            backup = _copy_all(connection, settings, target / FILES)
            stored = {name: file.sha256 for name, file in backup.files.items()}
            if missing := list(missing_files(connection, settings, stored)):
                raise BackupError("\n".join([*missing, _KEPT, "Look what is at that place, then run it again."]))
        sync_tree(target / FILES)
        write_manifest(target, backup)
        forget_files(target, {file.sha256 for file in backup.files.values()})
        note_backup(settings, LastBackup(created_at=backup.created_at, folder=str(target)))
    return backup


def _copy_all(connection: duckdb.DuckDBPyConnection, settings: Settings, files: Path) -> Backup:
    connection.execute("force checkpoint")  # nothing is left in the write-ahead log
    head = read_head(connection)
    backup = Backup(
        created_at=datetime.now(UTC),
        current_release=current_number(settings),
        folders={},
        files={},
        ledger=LedgerEnd(position=head.position, chain_sha256=head.chain_sha256),
    )
    kept = list(kept_places(settings))
    for path in each("Copying files", kept, len(kept)):
        name = path.relative_to(settings.root).as_posix()
        if path.is_dir():
            backup.folders[name] = path.stat().st_mode & 0o7777
        elif source := _open(settings, path):
            with source:
                mode = os.fstat(source.fileno()).st_mode & 0o7777
                backup.files[name] = BackupFile(sha256=_store(source, files), mode=mode)
    return backup


def _open(settings: Settings, path: Path) -> BinaryIO | None:
    """Open a file of the warehouse; None, with a warning, for one of the inbox that its sender took away or withholds.

    Raises OSError.
    """
    if not path.is_relative_to(settings.inbox):
        return open_regular(path)
    try:
        return open_below(settings.inbox, path.relative_to(settings.inbox))
    except OSError as error:
        log.warning("%s is not in the backup (%s). What was received of it is.", printable(str(path)), error.strerror)
        return None


def _store(source: BinaryIO, files: Path) -> str:
    """Copy a file under its sha256 unless it is there undamaged; returns the sha256."""
    draft = files / COPYING
    draft.unlink(missing_ok=True)
    digest = hashlib.sha256()
    with draft.open("xb") as copy:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            copy.write(chunk)
    stored = vault_path(files, digest.hexdigest())
    if is_regular(stored) and file_sha256(stored) == stored.name:
        draft.unlink()
    else:
        create_folder(stored.parent)
        draft.replace(stored)
    return stored.name


def restore(settings: Settings, source: Path) -> Backup:
    """Put a backup into SARAI_HOME, which has to be empty; every file is compared with its sha256 on the way.

    The ledger then waits for a statement of what was shown since, see warehouse.safekeeping.restoration.
    Raises BackupError, and leaves SARAI_HOME empty, when the backup is not whole.
    """
    backup = read_backup(source, settings.database.name)
    with writing(settings):
        restoring, ours = settings.root / _RESTORING, (settings.lock, settings.logs)
        _clear_unfinished(backup, restoring)
        if found := sorted(path.name for path in settings.root.iterdir() if path not in ours):
            raise BackupError(f"{settings.root} is not empty, there is {found[0]}. Name an empty folder as SARAI_HOME.")
        restoring.mkdir()
        try:
            _put_back(backup, source / FILES, restoring)
            _require_ledger(backup, settings.at(restoring))
            enter_restored(settings.at(restoring))
            sync_tree(restoring)
            # The database last: without it nobody takes the rest for a warehouse.
            for path in sorted(restoring.iterdir(), key=lambda path: path.name == settings.database.name):
                path.rename(settings.root / path.name)
            sync_folder(settings.root)
        finally:
            shutil.rmtree(restoring, ignore_errors=True)
    return backup


def _require_ledger(backup: Backup, restored: Settings) -> None:
    """Raise BackupError when the ledger that was put back does not end as that of which the backup was made."""
    with open_database(restored) as connection:
        head = read_head(connection)
    if backup.ledger and head != (backup.ledger.position, backup.ledger.chain_sha256):
        raise BackupError(
            f"The ledger in the backup ends with entry {head.position}, and that of which it was made with "
            f"{backup.ledger.position}. Restore another backup."
        )


def _clear_unfinished(backup: Backup, restoring: Path) -> None:
    """Remove what a killed run restored of this backup; anything else is somebody's and stays."""
    known = {PurePath(name) for name in (*backup.files, *backup.folders, f"releases/{CURRENT}", _WRITE_AHEAD)}
    known |= {parent for path in known for parent in path.parents}
    found = {path.relative_to(restoring) for path in restoring.rglob("*")}
    if found <= known and not restoring.is_symlink():
        shutil.rmtree(restoring, ignore_errors=True)


def _put_back(backup: Backup, files: Path, folder: Path) -> None:
    for name in backup.folders:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, file in each("Putting files back", backup.files.items(), len(backup.files)):
        stored, path = vault_path(files, file.sha256), folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with private_files(), open_regular(stored) as opened, path.open("wb") as copy:
                shutil.copyfileobj(opened, copy, 1 << 20)
        except OSError as error:
            if error.errno in _FULL:
                raise  # the backup may be whole
            raise BackupError(f"{name} is not in the backup ({error}). Restore another backup.") from error
        if file_sha256(path) != file.sha256:
            raise BackupError(f"{name} has changed in the backup: {stored} has another sha256. Restore another backup.")
        path.chmod(file.mode)
    if backup.current_release is not None:
        (folder / "releases" / CURRENT).symlink_to(str(backup.current_release))
    for name, mode in sorted(backup.folders.items(), reverse=True):
        (folder / name).chmod(mode)
