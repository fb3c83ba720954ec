"""The inbox: which files of the countries wait to be received.

Files stay where they are: a country's folder is its own copy, and what was received before is known by its bytes and
its name. So receiving twice changes nothing, and nothing that a sender sees disappears.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from warehouse.findings.finding import Finding
from warehouse.intake.landing import Request
from warehouse.storage.settings import Settings
from warehouse.storage.vault import clear_unfinished, deposit
from warehouse.words.catalogue import N_, Argument

SETTLE_S = 2.0
UNFINISHED = (".part", ".filepart", ".crdownload", ".tmp", ".swp")


_NOT_RECEIVED = N_("the file could not be received ({reason}). Check its permissions and the space left.")
_UNSETTLED = N_("the file is still being written. It will be received at the next run.")


@dataclass(frozen=True)
class Arrival:
    """A file and the name it comes under: its path from the inbox, like ``KAZ/KAZ_2012-12.csv``."""

    path: Path
    name: str


@dataclass
class Receipt:
    """What became of the files: to be read, known before, and findings about those that could not be received."""

    requests: list[Request] = field(default_factory=list)
    known_names: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def find_arrivals(paths: Sequence[Path], members: Iterable[str]) -> list[Arrival]:
    """Return the files at and below the paths, sorted by name; raises FileNotFoundError for a path that is not there.

    A path is a folder that holds one folder per country, such a folder itself, or a file. Links, hidden files, the
    half-written files of common programs and what is no file (a pipe would never end) are passed over: what a link
    leads to is nothing that the country sent.
    """
    known = set(members)
    arrivals: dict[Path, Arrival] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} is not there. Name a file, or a folder that holds KAZ, KGZ …")
        start = path.resolve()
        root = _root(start, known)
        for found in [start] if start.is_file() else _walk(start):
            arrivals[found] = Arrival(found, _readable(found.relative_to(root)))
    return sorted(arrivals.values(), key=lambda arrival: arrival.name)


def _root(path: Path, members: set[str]) -> Path:
    """Return the folder from which a file is named: the one that holds the country's folder."""
    own = [path] if path.is_dir() else []
    for folder in (*own, *path.parents):
        if folder.name.upper() in members:
            return folder.parent
    return path if path.is_dir() else path.parent


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            is_sent = not name.startswith((".", "~$")) and path.suffix.lower() not in UNFINISHED
            if is_sent and path.is_file() and not path.is_symlink():
                yield path


def _readable(path: Path) -> str:
    """Return a name that every program can store: bytes of another alphabet become the replacement sign."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def receive_files(
    arrivals: Sequence[Arrival],
    settings: Settings,
    known: Mapping[tuple[str, str], str],
    received_at: datetime,
    folder: Path,
) -> Receipt:
    """Copy every settled file into the vault; a file that cannot be copied is a problem and stops no other.

    ``known`` holds (sha256, name) of the ledger; ``folder`` is where readers put their canonical csv files. A file
    still being written is left for the next run: its size or time changed while we looked.
    """
    clear_unfinished(settings.vault)
    receipt = Receipt()
    for arrival, seen in _settled(arrivals, receipt).items():
        try:
            kept = deposit(arrival.path, settings.vault)
            changed = _look(arrival.path) != seen
        except OSError as error:
            receipt.problems.append(_problem(arrival, _NOT_RECEIVED, reason=error.strerror))
            continue
        if changed:
            receipt.problems.append(_problem(arrival, _UNSETTLED))
        elif (kept.sha256, arrival.name) in known:
            receipt.known_names.append(arrival.name)
        else:
            receipt.requests.append(
                Request(kept.path, kept.sha256, kept.byte_count, arrival.name, received_at, settings.codelists, folder)
            )
    return receipt


def _settled(arrivals: Sequence[Arrival], receipt: Receipt) -> dict[Arrival, tuple[int, int]]:
    """Wait until the youngest file is two seconds old, once, and leave out what was written to meanwhile."""
    before = {arrival: _look(arrival.path) for arrival in arrivals}
    youngest = max((changed_ns for _, changed_ns in before.values()), default=0)
    time.sleep(min(SETTLE_S, max(0.0, SETTLE_S - time.time() + youngest / 1e9)))
    after = {arrival: _look(arrival.path) for arrival in arrivals}
    receipt.problems += [_problem(arrival, _UNSETTLED) for arrival in arrivals if before[arrival] != after[arrival]]
    return {arrival: seen for arrival, seen in after.items() if before[arrival] == seen}


def _look(path: Path) -> tuple[int, int]:
    """Return size and time of change; a file that is gone or closed to us looks empty, and opening it will say so."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_size, status.st_mtime_ns)


def _problem(arrival: Arrival, message: str, **arguments: Argument) -> Finding:
    return Finding(None, "error", "file_not_received", message, arguments={"file_name": arrival.name, **arguments})
