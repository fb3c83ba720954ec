"""Releases: immutable, numbered sets of audited marts. ``current`` is the one that readers open.

A release is built in a hidden folder, made durable, entered in the chain of the ledger and renamed; then the link
``current`` is replaced. A run that is killed at any point leaves either no release or a whole one. All functions that
write expect the caller to hold the writer's lock (``warehouse.storage.database.writing``).
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.releases.catalogue import Release, current_number, list_releases, verify_release
from warehouse.releases.datapackage import describe_files, describe_package, write_package
from warehouse.releases.entries import (
    BUILT,
    Entered,
    complete_built,
    enter_earlier,
    enter_inputs,
    enter_release,
    is_as_entered,
    is_ours,
    name_built,
    read_entered,
)
from warehouse.releases.errors import ReleaseError, WrongLinkError
from warehouse.releases.formats import Output, write_formats
from warehouse.releases.kept_files import earlier_files
from warehouse.releases.marts import Mart, released_marts
from warehouse.releases.numbers import mark_used, next_number, read_finished
from warehouse.releases.signing import is_signed_by, read_signing_key, sign_package
from warehouse.storage.durable import DRAFT, remove_left, sync_folder, sync_tree
from warehouse.storage.permissions import RELEASE_FOLDER, create_folder, share_release
from warehouse.storage.settings import Settings
from warehouse.storage.sources import sources_version
from warehouse.transform.parsed_project import project_version

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

GATE_FILES = {"results.json": "application/json", "index.html": "text/html"}


def write_release(  # noqa: PLR0913 - keyword-only but the first two
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    gate_results: Path,
    as_of: date | None = None,
    write_public: Callable[[Path, int], Output] | None = None,
    inputs: str | None = None,
) -> Release:
    """Write the marts as the next release and make it current, unless ``as_of`` is given.

    ``write_public`` writes its public edition into its folder, given with its number, and returns the file that
    describes it; without it the release has none. ``inputs`` is a digest of what the marts are made of, and
    ``gate_results`` the folder with results.json and index.html of gate 2, copied into the release. Nothing is
    written when the current release has the same content (or, with ``as_of``, the last one of that day): that one is
    returned. So it is after a rollback, until the marts differ from the release that was rolled back. With a signing
    key in the settings it is signed, and written anew when its like is not. The connection must not be inside a
    transaction. Raises ReleaseError.
    """
    key = read_signing_key(settings)
    number = _begin(connection, settings)
    built = Release(number, settings.releases / f"{BUILT}{number}")
    building = settings.releases / f".building-{number}"
    try:
        candidate = Release(number, building)
        marts = released_marts(connection, settings.dbt_project)
        outputs = _write_files(connection, marts, candidate, gate_results, settings)
        if write_public:
            outputs.append(write_public(building, number))
        package = describe_package(connection, marts, describe_files(building, outputs), number, as_of)
        _write_package(candidate, package | {"inputs": inputs} | _made_by(settings))
        if same := _find_written(connection, settings, as_of, package["fingerprint"], inputs):
            return same
        _keep(candidate, built, key)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    enter_release(connection, built, key)
    name_built(settings, built)
    finish(settings, number, is_current=as_of is None)
    return Release(number, settings.releases / str(number), is_new=True)


def _begin(connection: duckdb.DuckDBPyConnection, settings: Settings) -> int:
    """Bring the releases of earlier runs in order; returns the number of the next."""
    create_folder(settings.releases, RELEASE_FOLDER)
    complete_releases(connection, settings)
    enter_earlier(connection, settings)
    return next_number(settings)


def _write_files(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    candidate: Release,
    gate_results: Path,
    settings: Settings,
) -> list[Output]:
    if not marts:
        raise ReleaseError(
            "The working database has no marts to release. Run `sarai publish`, which builds them first."
        )
    folder = candidate.path
    folder.mkdir()
    earlier = earlier_files(settings, read_entered(connection))
    keep = partial(earlier.link, connection, folder) if earlier else None
    return write_formats(connection, marts, folder, keep) + _copy_gate(gate_results, folder)


def _made_by(settings: Settings) -> dict[str, str]:
    """Return hashes of all that makes a release, and of the models alone."""
    folder = settings.dbt_project
    return {"code_sha256": sources_version(folder), "models_sha256": project_version(folder)}


def _write_package(candidate: Release, package: dict[str, Any]) -> None:
    package["waivers"] += _read_waived_in_marts(candidate.path)
    write_package(candidate.path, package)


def _copy_gate(gate_results: Path, folder: Path) -> list[Output]:
    (folder / "gate").mkdir()
    for name in GATE_FILES:
        try:
            shutil.copyfile(gate_results / name, folder / "gate" / name)
        except OSError as error:
            raise ReleaseError(
                f"The gate left no {name} ({error}). Run `sarai publish`, which checks first."
            ) from error
    return [Output(Path("gate", name), {"type": "file", "mediatype": kind}) for name, kind in GATE_FILES.items()]


def _read_waived_in_marts(folder: Path) -> list[dict[str, Any]]:
    results: dict[str, Any] = json.loads((folder / "gate" / "results.json").read_text(encoding="utf-8"))
    waived: list[dict[str, Any]] = results["waivers"]
    return waived


def _find_written(
    connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date | None, content: str, inputs: str | None
) -> Release | None:
    """Return the release that has this content already, if any; it is entered that it is what these inputs give."""
    same = find_same(connection, settings, as_of, fingerprint=content)
    if same and inputs:
        enter_inputs(connection, same.rolled_back or same.number, inputs)
    return same


def find_same(
    connection: duckdb.DuckDBPyConnection, settings: Settings, as_of: date | None = None, **wanted: str
) -> Release | None:
    """Return the release that readers see (with ``as_of``, the last of that day) when it is what would be written.

    ``wanted`` is ``fingerprint``, its content, or ``inputs``, a digest of what its marts are made of. After a rollback
    it may be that of the release that was rolled back, which the returned one then names. None for a release that is
    damaged, unfinished, replaced, or not signed by the key in the settings, and where ``current`` leads to no release.
    Only releases count that are as they were entered in the chain. Raises ReleaseError when ``current`` is no link.
    """
    entered = read_entered(connection)
    peers = [r for r in list_releases(settings) if r.is_readable and r.as_of == as_of and is_as_entered(entered, r)]
    number = peers[-1].number if peers and as_of else _linked_number(settings)
    shown = next((release for release in peers if release.number == number), None)
    if shown is None or next_number(settings) > read_finished(settings) + 1:
        return None
    ((name, value),) = wanted.items()
    known = {one.number: {one.package.get(name)} for one in (shown, peers[-1])}
    if name == "inputs":
        known = {one: values | {entered[one].inputs} for one, values in known.items()}
    found = [one for one, values in known.items() if value in values]
    key = read_signing_key(settings)
    if not found or verify_release(shown) or (key and not is_signed_by(shown.path, key.public_key())):
        return None
    return shown if found[0] == number else replace(shown, rolled_back=found[0])


def _linked_number(settings: Settings) -> int | None:
    """Return the number that ``current`` names; None where it leads to no release, as the next one replaces it."""
    try:
        return current_number(settings)
    except WrongLinkError:
        return None


def describe_release(release: Release) -> str:
    """Return what became of a publication that returned this release."""
    if release.rolled_back:
        return f"Release {release.number} stays after a rollback. `sarai rollback {release.rolled_back}` ends that."
    if not release.is_new:
        return f"Release {release.number} says all this already; no new one was written."
    if release.as_of:
        return f"Release {release.number} shows what was known on {release.as_of}; readers keep the current one."
    return f"Release {release.number} is current: {release.path}"


def _keep(candidate: Release, built: Release, key: "Ed25519PrivateKey | None") -> None:
    """Sign the candidate, make every file read-only, for the group too, and durable, and rename it to ``built``."""
    if key:
        for folder in filter(Path.is_dir, (candidate.path, candidate.public)):
            sign_package(folder, key)
    share_release(candidate.path)
    sync_tree(candidate.path)
    candidate.path.rename(built.path)
    sync_folder(built.path.parent)


def complete_releases(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Complete the release that a killed run has entered, and remove what one left behind; see tidy.

    Before it, that release is missing where others are compared with all that were published.
    """
    complete_built(connection, settings)
    entered = read_entered(connection)
    tidy(settings, entered)
    if max(entered, default=0) > read_finished(settings):
        mark_used(settings, max(entered))


def tidy(settings: Settings, entered: Mapping[int, Entered]) -> None:
    """Remove what a killed run left behind, or finish its release if only the last step was missing.

    Only a release of ours is finished: another was written by nobody of ours. Raises ReleaseError when something that
    is no link is in the place of ``current``.
    """
    _linked_number(settings)
    for pattern in (".building-*", f"{DRAFT}*"):
        for path in settings.releases.glob(pattern):
            remove_left(path)
    finished = read_finished(settings)
    for release in list_releases(settings):
        if release.number > finished and release.is_readable and is_ours(entered, release):
            finish(settings, release.number, is_current=release.as_of is None)


def finish(settings: Settings, number: int, *, is_current: bool) -> None:
    """Point ``current`` to the release, then record that all numbers up to it are used."""
    if is_current:
        link = settings.releases / f"{DRAFT}current"
        link.symlink_to(str(number))
        link.rename(settings.releases / "current")
        sync_folder(settings.releases)
    mark_used(settings, number)
