"""The vault: received bytes under their sha256, private, read-only, never overwritten."""

import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from warehouse.storage.durable import remove_left, sync_folder
from warehouse.storage.permissions import RECEIVED_FILE, create_folder

CHUNK = 1 << 20
MAX_FILE_BYTES = 1_000_000_000  # the readers refuse what any larger file holds; a file of holes has any size
_RECEIVING = ".receiving-"


@dataclass(frozen=True)
class Deposit:
    """Bytes in the vault: sha256 (hex), number of bytes and path."""

    sha256: str
    byte_count: int
    path: Path


def vault_path(vault: Path, sha256: str) -> Path:
    """Return the path of the bytes with this sha256, whether they exist or not."""
    return vault / sha256[:2] / sha256


def deposit(source: BufferedReader, vault: Path) -> Deposit:
    """Copy an open file into the vault and make it durable; bytes that exist already stay untouched.

    The copy is hashed and not the source, which may change meanwhile. Raises OSError, also for more than
    MAX_FILE_BYTES.
    """
    create_folder(vault)
    handle, name = tempfile.mkstemp(dir=vault, prefix=_RECEIVING)
    temporary = Path(name)
    try:
        sha256, byte_count = _copy(source, handle)
        target = vault_path(vault, sha256)
        if not target.exists():
            create_folder(target.parent)
            temporary.chmod(RECEIVED_FILE)
            temporary.rename(target)
        # Also when it exists: the run that wrote it may have been killed before its name was durable.
        sync_folder(target.parent)
        sync_folder(vault)
        return Deposit(sha256, byte_count, target)
    finally:
        temporary.unlink(missing_ok=True)


def _copy(source: BufferedReader, handle: int) -> tuple[str, int]:
    digest, byte_count = hashlib.sha256(), 0
    with os.fdopen(handle, "wb") as writer:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            byte_count += len(chunk)
            if byte_count > MAX_FILE_BYTES:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest(), byte_count


def clear_unfinished(vault: Path) -> None:
    """Remove partial copies of runs that were killed; the caller holds the writer's lock."""
    for path in vault.glob(f"{_RECEIVING}*"):
        remove_left(path)
