"""Verification of a copy of a release by its recipient: offline, with only the folder and a public key.

Nothing in the folder is trusted: a data package that somebody else wrote must not make us read outside of it.
"""

import errno
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pydantic import BaseModel, NonNegativeInt, ValidationError

from warehouse.progress import each
from warehouse.releases.catalogue import PUBLIC_FOLDER, unlisted
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.signing import SIGNATURE, is_signed_by, read_public_key
from warehouse.storage.durable import file_sha256
from warehouse.storage.regular_files import read_regular
from warehouse.words.catalogue import N_, Argument

_UNREADABLE = N_("{file_name}: it is missing or describes no release. Ask for the whole release again.")
_OUTSIDE = N_("{file_name}: the data package names a file outside of its folder. Do not use this release.")
_MISSING = N_("{file_name}: it is missing. Ask for the whole release again.")
_CHANGED = N_("{file_name}: it is not the file that was published. Ask for the release again.")
_ADDED = N_("{file_name}: it is not part of the release. Do not use it.")
_NOT_SIGNED = N_("{file_name}: it is not signed, so nobody can tell who wrote it. Ask for a signed release.")
_WRONG_SIGNATURE = N_(
    "{file_name}: the signature does not fit. The data package was changed, or signed with another key than this. Ask "
    "the publisher for the right key; if it is right, do not use this release."
)
SIGNED = N_("Release {number}: all {count} files are as they were published, and signed with this key.")
UNSIGNED = N_(
    "Release {number}: all {count} files are as its data package says, but it is not signed: nobody can tell who wrote "
    "it."
)
UNCHECKED = N_(
    "Release {number}: all {count} files are as its data package says. It is signed; name the publisher's public key "
    "with --key to check by whom."
)


class _File(BaseModel):
    path: str
    bytes: NonNegativeInt
    hash: str


class _Package(BaseModel):
    version: str
    resources: list[_File]


class Verified(NamedTuple):
    """The result of a verification: messages with their arguments; ``is_sound`` if no problem was found."""

    messages: list[tuple[str, dict[str, Argument]]]
    is_sound: bool = False


def verify_folder(folder: Path, key: Path | None = None) -> Verified:
    """Check each file of a release, or of its public edition alone, and its signature if a key is given.

    ``key`` is a file with an Ed25519 public key in PEM. Raises ReleaseError when it is not.
    """
    public_key = read_public_key(key) if key else None
    problems: list[tuple[str, str]] = []
    packages = [name for name in ("", f"{PUBLIC_FOLDER}/") if not name or (folder / name).is_dir()]
    listed: list[_File] = []
    described = [(name, _read_package(folder / name)) for name in packages]
    for name, package in described:
        if package is None:
            problems.append((_UNREADABLE, f"{name}{DATA_PACKAGE}"))
            continue
        listed += [part.model_copy(update={"path": f"{name}{part.path}"}) for part in package.resources]
        if public_key and not is_signed_by(folder / name, public_key):
            is_signed = (folder / name / SIGNATURE).is_file()
            problems.append((_WRONG_SIGNATURE if is_signed else _NOT_SIGNED, f"{name}{DATA_PACKAGE}"))
    own = {f"{name}{file}" for name in packages for file in (DATA_PACKAGE, SIGNATURE)}
    problems += _compare_files(folder, listed, own)
    if problems:
        return Verified([(message, {"file_name": name}) for message, name in problems])
    state = SIGNED if public_key else UNCHECKED if (folder / SIGNATURE).is_file() else UNSIGNED
    number = next(package.version for _, package in described if package)
    count = len({part.path for part in listed} | {DATA_PACKAGE})
    return Verified([(state, {"number": number, "count": count})], is_sound=True)


def _read_package(folder: Path) -> _Package | None:
    try:
        content: Any = json.loads(read_regular(folder / DATA_PACKAGE))
        return _Package.model_validate(content)
    except (OSError, ValueError, RecursionError, ValidationError):
        return None


def _compare_files(folder: Path, listed: list[_File], own: set[str]) -> Iterator[tuple[str, str]]:
    for part in each("Verifying files", listed, len(listed)):
        if message := _difference(folder, part):
            yield message, part.path
    present = {path.relative_to(folder) for path in folder.rglob("*")}
    for name in unlisted(present, own | {part.path for part in listed}):
        yield _ADDED, name


def _difference(folder: Path, part: _File) -> str | None:
    path, stated = folder / part.path, PurePosixPath(part.path)
    try:
        if stated.is_absolute() or ".." in stated.parts or _is_linked(folder, path):
            return _OUTSIDE
        if not path.is_file():
            return _MISSING
        is_same = path.stat().st_size == part.bytes and f"sha256:{file_sha256(path)}" == part.hash
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:  # no file can have that name
            raise
        return _MISSING
    return None if is_same else _CHANGED


def _is_linked(folder: Path, path: Path) -> bool:
    """Return whether the file, or a folder on the way to it, is a symbolic link."""
    return any(part.is_symlink() for part in (path, *path.parents) if part.is_relative_to(folder) and part != folder)
