"""Durable writes: what was written survives a power cut."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.storage.regular_files import is_regular, open_regular

# How the names of drafts begin; a run that is killed leaves at most a draft.
DRAFT = ".new-"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: fsync of a file alone does not keep its name after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make every file below a folder durable, then every folder from the innermost outwards."""
    for parent, _, names in os.walk(folder, topdown=False):
        for path in filter(is_regular, (Path(parent, name) for name in names)):
            with open_regular(path) as file:
                os.fsync(file.fileno())
        sync_folder(Path(parent))


def remove_left(path: Path) -> None:
    """Remove what lies under a name of ours that a killed run may leave: a file, a folder, or a link itself."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield the path of a draft in the same folder, which becomes ``path`` at the end, durable.

    Readers see the old file or the new one, never half of it. When anything is raised, the old one stays.
    """
    draft = path.with_name(f"{DRAFT}{path.name}")
    remove_left(draft)  # a link there would be written through
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole and durable, in place of one that may be there; see replacing. Raises OSError."""
    with replacing(path) as draft:
        draft.write_bytes(content)


def file_sha256(path: Path) -> str:
    """Return the sha256 (hex) of a file; raises OSError, also for a pipe or a device."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
