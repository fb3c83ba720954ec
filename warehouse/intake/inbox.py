"""The inbox: files of the countries, found and copied into the vault.

Files are left in place, because a country's folder is its own copy. What was received before is recognised by its bytes
and its name, so that receiving a file again changes nothing.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.findings.finding import Finding
from warehouse.intake.landing import Request
from warehouse.storage.regular_files import is_regular, open_below
from warehouse.storage.settings import Settings
from warehouse.storage.vault import clear_unfinished, deposit
from warehouse.words.catalogue import N_, Argument

SETTLE_S = 2.0  # seconds without a change after which a file is taken for complete
_PERIOD = re.compile(r"[\d._-]+")
UNFINISHED = (".part", ".filepart", ".crdownload", ".tmp", ".swp")

_NOT_RECEIVED = N_("the file could not be received ({reason}). Check its permissions and the space left.")
_UNSETTLED = N_("the file is still being written. It will be received at the next run.")


@dataclass(frozen=True)
class Arrival:
    """A file in the inbox; ``name`` is its path relative to ``root``, as valid Unicode: e.g. KAZ/KAZ_2012-12.csv."""

    path: Path
    name: str
    root: Path


class _Version(NamedTuple):
    """Which file it is and what it holds: device and inode, size in bytes, modification time in ns."""

    device: int
    inode: int
    byte_count: int
    changed_ns: int


@dataclass
class Receipt:
    """Result of receiving files: requests to read new ones, names of known ones, and findings about failures."""

    requests: list[Request] = field(default_factory=list)
    known_names: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def find_arrivals(paths: Sequence[Path], members: Iterable[str], inbox: Path) -> list[Arrival]:
    """Return the files at and below the paths, sorted by name; raises FileNotFoundError for a path that does not exist.

    A path is a folder of country folders, a country's folder, or a file; ``members`` are the alpha-3 codes that name
    country folders. Names begin below the inbox or, of files elsewhere, with the country's folder.

    Skipped are hidden files, unfinished downloads, symbolic links (their targets were not sent by the country) and what
    is not a regular file (a pipe would never end).
    """
    known = set(members)
    arrivals: dict[Path, Arrival] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} is not there. Name a file, or a folder that holds KAZ, KGZ …")
        start = path.resolve()
        root = _root(start, known, inbox.resolve())
        for found in [start] if start.is_file() else _walk(start):
            arrivals[found] = Arrival(found, _readable(found.relative_to(root)), root)
    return sorted(arrivals.values(), key=lambda arrival: arrival.name)


def _root(path: Path, members: set[str], inbox: Path) -> Path:
    """Return the folder that file names are relative to: the inbox or, elsewhere, the parent of the country's folder.

    A country's folder holds files, or folders of years and months. One further up says nothing about the sender.
    """
    if path.is_relative_to(inbox):
        return inbox
    own = path if path.is_dir() else path.parent
    for folder in (own, *own.parents):
        if folder.name.upper() in members:
            return folder.parent
        if not _PERIOD.fullmatch(folder.name):
            break
    return own


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            is_sent = not name.startswith((".", "~$")) and path.suffix.lower() not in UNFINISHED
            if is_sent and is_regular(path):
                yield path


def _readable(path: Path) -> str:
    """Return a path as valid Unicode: undecodable bytes become the replacement character."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def receive_files(
    arrivals: Sequence[Arrival],
    settings: Settings,
    known: Mapping[tuple[str, str], str],
    received_at: datetime,
    folder: Path,
) -> Receipt:
    """Copy every complete file into the vault; a file that cannot be copied becomes a finding and stops no other.

    ``known`` holds the pairs (sha256, name) of the ledger; ``received_at`` is UTC without a zone; readers write their
    canonical CSV files into ``folder``. A file whose size or modification time changes meanwhile, or that is replaced
    by another, is still being written and is left for the next run.
    """
    clear_unfinished(settings.vault)
    receipt = Receipt()
    for arrival, version in _settled(arrivals, receipt).items():
        try:
            with open_below(arrival.root, arrival.path.relative_to(arrival.root)) as file:
                is_settled = _version(os.fstat(file.fileno())) == version
                kept = deposit(file, settings.vault) if is_settled else None
                changed = _version(os.fstat(file.fileno())) != version
        except OSError as error:
            receipt.problems.append(_problem(arrival, _NOT_RECEIVED, reason=error.strerror))
            continue
        if kept is None or changed:
            receipt.problems.append(_problem(arrival, _UNSETTLED))
        elif (kept.sha256, arrival.name) in known:
            receipt.known_names.append(arrival.name)
        else:
            receipt.requests.append(
                Request(kept.path, kept.sha256, kept.byte_count, arrival.name, received_at, settings.codelists, folder)
            )
    return receipt


def _settled(arrivals: Sequence[Arrival], receipt: Receipt) -> dict[Arrival, _Version | None]:
    """Wait until no file is younger than SETTLE_S, and return those that did not change meanwhile with their version.

    The others are added to the problems of the receipt.
    """
    before = {arrival: _file_version(arrival.path) for arrival in arrivals}
    youngest = max((version.changed_ns for version in before.values() if version), default=0)
    time.sleep(min(SETTLE_S, max(0.0, SETTLE_S - time.time() + youngest / 1e9)))
    after = {arrival: _file_version(arrival.path) for arrival in arrivals}
    receipt.problems += [_problem(arrival, _UNSETTLED) for arrival in arrivals if before[arrival] != after[arrival]]
    return {arrival: version for arrival, version in after.items() if before[arrival] == version}


def _file_version(path: Path) -> _Version | None:
    """Return which file is at a path, itself and not what it links to; None when it is gone or not accessible."""
    try:
        return _version(path.lstat())
    except OSError:
        return None


def _version(status: os.stat_result) -> _Version:
    return _Version(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _problem(arrival: Arrival, message: str, **arguments: Argument) -> Finding:
    return Finding(None, "error", "file_not_received", message, arguments={"file_name": arrival.name, **arguments})
