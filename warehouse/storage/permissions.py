"""Permissions of SARAI_HOME, whatever the umask: only its user reads it, and the user's group the releases."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.storage.settings import Settings

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
RECEIVED_FILE = 0o400
HOME = 0o710  # the group may reach the releases and list nothing else
RELEASE_FOLDER = 0o750
RELEASE_FILE = 0o440


@contextmanager
def private_files() -> Iterator[None]:
    """Deny others access to files that this process, or one that it starts, creates inside the block."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def create_folder(folder: Path, mode: int = PRIVATE_FOLDER) -> None:
    """Create a folder with this mode unless it exists; the mode of one that exists is the operator's choice."""
    if not folder.is_dir():
        with private_files():
            folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def close_home(settings: Settings) -> None:
    """Create SARAI_HOME, and revoke access of others to what is private in it and was left open.

    Access that an operator granted to a group stays, and so do files that belong to another user.
    """
    create_folder(settings.root, HOME)
    for folder in settings.private_folders:
        _close(folder, PRIVATE_FOLDER)
    _close(settings.database, PRIVATE_FILE)


def share_release(folder: Path) -> None:
    """Let the group read a finished release, and nobody write to its files."""
    folder.chmod(RELEASE_FOLDER)
    for path in folder.rglob("*"):
        path.chmod(RELEASE_FOLDER if path.is_dir() else RELEASE_FILE)


def _close(path: Path, mode: int) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    if status.st_uid == os.geteuid() and status.st_mode & stat.S_IRWXO:
        path.chmod(mode)
