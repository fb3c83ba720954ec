"""The inbox: files of the countries, copied into the vault.

Files are left in place, because a country's folder is its own copy. What was received before is recognised by its bytes
and its name: while it only lies there, nothing changes. It was sent again if other bytes came under its name meanwhile
and it was put there since, or if its modification time is another; then it is received again, unless nothing would
change, see ReceivedFile.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.findings.finding import Finding
from warehouse.intake.arrivals import Arrival
from warehouse.intake.landing import Request
from warehouse.intake.submission import Subject
from warehouse.storage.regular_files import open_below
from warehouse.storage.settings import Settings
from warehouse.storage.vault import MAX_FILE_BYTES, Deposit, clear_unfinished, deposit
from warehouse.words.catalogue import N_, Argument

SETTLE_S = 2.0  # seconds without a change after which a file is taken for complete
_YEAR_2200_S = 7_258_118_400

_NOT_RECEIVED = N_("the file could not be copied ({reason}). Check its permissions and the space left.")
_TOO_LARGE = N_(
    "the file was not read: it has {size} MB, and no report needs more than {most} MB. Ask its sender for the "
    "table alone, as XLSX or CSV."
)
_UNSETTLED = N_("the file is still being written. The next run reads it.")


class _Version(NamedTuple):
    """Which file it is and what it holds: device and inode, size in bytes, modification time in ns."""

    device: int
    inode: int
    byte_count: int
    changed_ns: int


@dataclass(frozen=True)
class ReceivedFile:
    """The last receipt of bytes under a name, and what receiving them again would change.

    ``received_at`` is UTC without a zone. ``subjects`` are country and month of each of its submissions; ``in_force``
    of those that speak for all their tables, ``counts_again`` of those that would if it came again, ``due`` of those
    that were refused because their month had not begun, and now it has. ``is_overwritten``: other bytes came under its
    name later.
    """

    received_at: datetime
    modified_at: datetime | None
    is_overwritten: bool
    subjects: frozenset[Subject]
    in_force: frozenset[Subject]
    counts_again: frozenset[Subject]
    due: frozenset[Subject]


@dataclass(frozen=True)
class Known:
    """What the ledger holds: (sha256, file name) → the last receipt, and sha256 → the ids of its submissions."""

    files: Mapping[tuple[str, str], ReceivedFile] = field(default_factory=dict)
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Receipt:
    """Result of receiving files: requests to read new ones, copies, names of known ones, findings about failures.

    ``passed_over`` is how many names were passed over, see warehouse.intake.arrivals.
    """

    requests: list[Request] = field(default_factory=list)
    copies: list[Request] = field(default_factory=list)
    known_names: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    passed_over: int = 0


def receive_files(
    arrivals: Sequence[Arrival],
    settings: Settings,
    known: Known,
    received_at: datetime,
    folder: Path,
) -> Receipt:
    """Copy every complete file into the vault; a file that cannot be copied becomes a finding and stops no other.

    ``received_at`` is UTC without a zone; readers write their canonical CSV files into ``folder``. A file whose size or
    modification time changes meanwhile, or that is replaced by another, is still being written and is left for the
    next run.
    """
    clear_unfinished(settings.vault)
    receipt = Receipt()
    requests: list[Request] = []
    for arrival, version in _settled(arrivals, receipt).items():
        try:
            kept = _keep(arrival, version, settings)
        except OSError as error:
            receipt.problems.append(_problem(arrival, _NOT_RECEIVED, reason=error.strerror))
            continue
        if isinstance(kept, Finding):
            receipt.problems.append(kept)
            continue
        copy, status = kept
        requests.append(
            Request(
                copy.path, copy.sha256, copy.byte_count, arrival.name, received_at, settings.codelists, folder,
                known.ids.get(copy.sha256, ()), _time(status.st_mtime_ns), _time(status.st_ctime_ns),
            )
        )  # fmt: skip
    receipt.requests, receipt.copies = choose_requests(requests, known)
    chosen = {(request.sha256, request.file_name) for request in receipt.requests}
    receipt.known_names = [one.file_name for one in requests if (one.sha256, one.file_name) not in chosen]
    return receipt


def _keep(arrival: Arrival, version: _Version | None, settings: Settings) -> tuple[Deposit, os.stat_result] | Finding:
    """Copy a file into the vault; returns the copy and the file's status, or why it is not received now.

    Raises OSError, also where the file could not be looked at before (``version`` is None).
    """
    if version is None:
        arrival.path.lstat()
    elif version.byte_count > MAX_FILE_BYTES:
        size, most = version.byte_count // 10**6, MAX_FILE_BYTES // 10**6
        return _problem(arrival, _TOO_LARGE, size=size, most=most)
    with open_below(arrival.root, arrival.path.relative_to(arrival.root)) as file:
        is_settled = _version(os.fstat(file.fileno())) == version
        kept = deposit(file, settings.vault) if is_settled else None
        status = os.fstat(file.fileno())
    return (kept, status) if kept and _version(status) == version else _problem(arrival, _UNSETTLED)


def choose_requests(requests: Sequence[Request], known: Known) -> tuple[list[Request], list[Request]]:
    """Return which files to read, new ones and those that count again, and which were sent again and change nothing.

    Of a file of several months only those that count are read again.

    When a carrier delivers a whole folder anew, what was replaced comes again together with what replaced it: where the
    file in force is among what was sent again about a country and month, nothing changes.
    """
    lying = {
        (request.sha256, request.file_name)
        for request in requests
        if (file := known.files.get((request.sha256, request.file_name))) and file.modified_at == request.modified_at
    }
    chosen: list[Request] = []
    again: list[Request] = []
    copies: list[Request] = []
    delivered_anew = set[Subject]()
    for request in requests:
        file = known.files.get((request.sha256, request.file_name))
        if file is None:
            chosen.append(request)
            continue
        is_put_back = file.is_overwritten and not _has_lain(request, file)
        is_touched = file.modified_at is not None and (request.sha256, request.file_name) not in lying
        if is_put_back and file.counts_again:
            chosen.append(request)
        elif is_put_back or is_touched:
            (again if file.counts_again or file.due else copies).append(request)
            delivered_anew |= file.in_force
        elif file.due:
            chosen.append(replace(request, settled=file.subjects - file.due))
    for request in again:
        file = known.files[request.sha256, request.file_name]
        if counting := (file.counts_again - delivered_anew) | file.due:
            chosen.append(replace(request, settled=file.subjects - counting))
        else:
            copies.append(request)
    return chosen, copies


def _has_lain(request: Request, file: ReceivedFile) -> bool:
    """Return whether a file lies where it was when it was received: what came under its name came from elsewhere.

    Names can be the same in the inbox and in a folder that an operator names, or where bytes in them are no letters.
    While the clock says that the receipt is still to come, nobody can tell.
    """
    return request.placed_at is not None and request.placed_at <= file.received_at <= request.received_at


def _time(modified_ns: int) -> datetime:
    """Return the time of a file as UTC without a zone; one before 1970 or after 2200 is taken for that year."""
    return datetime.fromtimestamp(min(max(modified_ns, 0) / 1e9, _YEAR_2200_S), UTC).replace(tzinfo=None)


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
