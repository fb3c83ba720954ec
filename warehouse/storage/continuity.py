"""Whether a file is as this process left it: others can write to a database whenever it is closed here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Identity, size and times of a file and of the log beside it, None for one that is not there.
FileState = tuple[tuple[int, ...] | None, ...]


@dataclass
class Watch:
    """What was seen of a database file since the watch began, while it was closed in this process."""

    path: Path
    left: FileState
    open_count: int = 0
    is_broken: bool = False


_WATCHES: dict[Path, Watch] = {}
# Database file → how this process left it when it had used it as its own.
_LEFT: dict[Path, FileState] = {}


@contextmanager
def watched(path: Path) -> Iterator[Watch]:
    """Watch a database file that is closed now; ``is_broken`` is set when somebody else changes it meanwhile."""
    _WATCHES[path] = watch = Watch(path, file_state(path))
    try:
        yield watch
    finally:
        del _WATCHES[path]


def note_opening(path: Path) -> None:
    """Note whether the file is as it was left, now that it is open in this process and DuckDB keeps others out."""
    if watch := _WATCHES.get(path):
        if not watch.open_count:
            watch.is_broken |= file_state(path) != watch.left
        watch.open_count += 1


def note_closing(path: Path) -> None:
    """Note that the file was closed once in this process."""
    if watch := _WATCHES.get(path):
        watch.open_count -= 1
        if not watch.open_count:
            watch.left = file_state(path)


def note_left(path: Path) -> None:
    """Note how the file is now that this process, which had found nothing foreign in it, has closed it."""
    _LEFT[path] = file_state(path)


def is_as_left(path: Path) -> bool:
    """Return whether a file that is open now is as this process left it, and nobody wrote to it meanwhile."""
    return _LEFT.get(path) == file_state(path)


def file_state(path: Path) -> FileState:
    """Return what changes with every write to a database file or the log that DuckDB keeps beside it."""
    return tuple(map(_state, (path, log_of(path))))


def log_of(path: Path) -> Path:
    """Return the file in which DuckDB writes what it has not yet written to the database file."""
    return path.with_name(f"{path.name}.wal")


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
