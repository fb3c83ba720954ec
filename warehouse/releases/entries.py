"""Entries of releases in the chain of the ledger: which data package a release has, and who signed it.

A release is entered when it is built and before anybody can see it. It lies in ``.built-<number>`` then, and a run that
is killed before the release has its name leaves it there for the next run to complete. So a release without an entry
was written by somebody else.
"""

import logging
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from warehouse.ledger.chain import append_links
from warehouse.releases.catalogue import SIGNATURES, Release, is_release_name, list_releases, verify_release
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.signing import key_fingerprint
from warehouse.storage.durable import file_sha256, remove_left, sync_folder
from warehouse.storage.regular_files import is_regular
from warehouse.storage.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

log = logging.getLogger("sarai")

RELEASE = "release"
BUILT = ".built-"
REMOVED = "removed"
_KEY = "key"
_INPUTS = "inputs"


@dataclass(frozen=True)
class Entered:
    """What the chain says of a release: at which position, the sha256 of its data package and signatures by path.

    ``key`` is the fingerprint of the key that signed it, None if none did or it was published before it was noted;
    ``inputs`` are those that were found later to give its content, beside those that its data package names.
    ``is_removed``: it was deleted, and `sarai repair` has entered that.
    """

    position: int
    files: dict[str, str] = field(default_factory=dict)
    key: str | None = None
    inputs: str | None = None
    is_removed: bool = False


def read_entered(connection: duckdb.DuckDBPyConnection) -> dict[int, Entered]:
    """Return release number → what was entered last; empty before the first release of this version of Sarai."""
    entered: dict[int, Entered] = {}
    for position, key, entry in _read_entries(connection):
        if not _is_legible(key, entry):
            continue
        number = int(key)
        if entry == REMOVED:
            entered[number] = replace(entered.get(number, Entered(position)), is_removed=True)
        else:
            files = dict(line.split(" ") for line in entry.splitlines())
            signer, inputs = files.pop(_KEY, None), files.pop(_INPUTS, None)
            entered[number] = Entered(position, files, signer, inputs)
    return entered


def illegible_entries(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return position → key of the entries of releases that no version of Sarai has written."""
    return {position: key for position, key, entry in _read_entries(connection) if not _is_legible(key, entry)}


def _read_entries(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
    return connection.execute(
        "select position, entry_key, entry from raw.chain where kind = ? order by position", [RELEASE]
    ).fetchall()


def _is_legible(key: str, entry: str) -> bool:
    return is_release_name(key) and (entry == REMOVED or all(line.count(" ") == 1 for line in entry.splitlines()))


def enter_release(
    connection: duckdb.DuckDBPyConnection, release: Release, key: "Ed25519PrivateKey | None" = None
) -> None:
    """Enter a release that is built, and durable, with the key that has signed it."""
    signer = key_fingerprint(key.public_key()) if key else None
    _enter(connection, release.number, Entered(0, named_files(release), signer))


def enter_inputs(connection: duckdb.DuckDBPyConnection, number: int, inputs: str) -> None:
    """Enter that a release says what would be published of other inputs too: models that changed no figure."""
    _enter(connection, number, replace(read_entered(connection)[number], inputs=inputs))


def _enter(connection: duckdb.DuckDBPyConnection, number: int, entered: Entered) -> None:
    lines = [f"{name} {sha256}" for name, sha256 in sorted(entered.files.items())]
    lines += [f"{name} {value}" for name, value in ((_KEY, entered.key), (_INPUTS, entered.inputs)) if value]
    append_links(connection, [(RELEASE, str(number), "\n".join(lines))])


def enter_earlier(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Enter the releases of a version of Sarai that entered none, as they stand now, which is logged."""
    if read_entered(connection):
        return
    earlier = [release for release in list_releases(settings) if is_earlier(release)]
    for release in earlier:
        enter_release(connection, release)
    if earlier:
        log.info("The ledger had no entries of releases. %d were entered as they stand now.", len(earlier))


def enter_removed(connection: duckdb.DuckDBPyConnection, numbers: Collection[int]) -> None:
    """Enter that releases were deleted."""
    append_links(connection, [(RELEASE, str(number), REMOVED) for number in sorted(numbers)])


def complete_built(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Give a release its name that a killed run has built and entered, and remove what was not entered.

    One that is not whole stays for somebody to look at, and so does one beside a release of its number that is not as
    it was published.
    """
    entered = read_entered(connection)
    for folder in settings.releases.glob(f"{BUILT}*"):
        name = folder.name.removeprefix(BUILT)
        if not is_release_name(name):
            continue  # none of ours
        built, named = Release(int(name), folder), Release(int(name), settings.releases / name)
        is_there = os.path.lexists(named.path)
        if is_complete(entered, built) and not is_there:
            name_built(settings, built)
        elif not is_as_entered(entered, built) or (is_there and is_as_entered(entered, named)):
            remove_left(folder)


def is_complete(entered: Mapping[int, Entered], release: Release) -> bool:
    """Return whether a release is as it was entered, to its last file, and its folder is no link."""
    return is_as_entered(entered, release) and not release.path.is_symlink() and not verify_release(release)


def name_built(settings: Settings, release: Release) -> None:
    """Give a release that is built and entered its name, durable."""
    release.path.rename(settings.releases / str(release.number))
    sync_folder(settings.releases)


def is_as_entered(entered: Mapping[int, Entered], release: Release) -> bool:
    """Return whether data package and signatures of a release are those that were entered."""
    known = entered.get(release.number)
    return known is not None and named_files(release) == known.files


def is_ours(entered: Mapping[int, Entered], release: Release) -> bool:
    """Return whether a release is as it was entered; where none was entered, whether it is of before that was done."""
    return is_as_entered(entered, release) or (not entered and is_earlier(release))


def is_earlier(release: Release) -> bool:
    """Return whether a release says that it is of a version of Sarai that entered none: those named no ``inputs``."""
    return release.is_readable and "inputs" not in release.package


def named_files(release: Release) -> dict[str, str]:
    """Return the sha256 of data package and signatures, by path: the package has those of all other files."""
    paths = {name: release.path / name for name in (DATA_PACKAGE, *SIGNATURES)}
    return {name: file_sha256(path) for name, path in paths.items() if is_regular(path)}
