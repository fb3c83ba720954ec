"""Who may read the files of SARAI_HOME: its user alone, and the user's group the releases, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.storage.settings import Settings

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
RECEIVED_FILE = 0o400
HOME = 0o710  # the group may pass through to the releases, not look around
RELEASE_FOLDER = 0o750
RELEASE_FILE = 0o440


@contextmanager
def private_files() -> Iterator[None]:
    """Let nobody else read what is created meanwhile, by this process or one that it starts."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def create_folder(folder: Path, mode: int = PRIVATE_FOLDER) -> None:
    """Create a folder with this mode unless it is there; what an operator made of one that is there stays."""
    if not folder.is_dir():
        with private_files():
            folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def close_home(settings: Settings) -> None:
    """Create SARAI_HOME, and close what is private in it to others: an older version or another program left it open.

    What an operator opened to a group stays open to it, and what belongs to another user is left alone.
    """
    create_folder(settings.root, HOME)
    for folder in settings.private_folders:
        _close(folder, PRIVATE_FOLDER)
    _close(settings.database, PRIVATE_FILE)


def open_release(folder: Path) -> None:
    """Let the group read a release that is built, and nobody write to its files."""
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
