"""The releases on disk: which exist, which one is current, and whether their files are unchanged."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ValidationError

from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError, WrongLinkError
from warehouse.releases.formats import DATABASE
from warehouse.releases.signing import SIGNATURE
from warehouse.storage.durable import file_sha256
from warehouse.storage.regular_files import is_regular, read_regular
from warehouse.storage.settings import Settings
from warehouse.text_table import printable

PUBLIC_FOLDER = "public"
CURRENT = "current"
_LONGEST = 255  # of names on usual file systems; Python reads no number of thousands of digits
SIGNATURES = {SIGNATURE, f"{PUBLIC_FOLDER}/{SIGNATURE}"}


class _Listed(BaseModel):
    path: str
    bytes: int
    hash: str


class _Resources(BaseModel):
    resources: list[_Listed]


class _Head(BaseModel):
    position: int
    chain_sha256: str


class _Package(_Resources):
    """What is used of a data package here; releases of earlier versions name no end of the ledger."""

    as_of: date | None
    ledger: _Head | None = None


@dataclass(frozen=True)
class Release:
    """A release on disk; ``is_new`` if the call that returned it wrote it.

    ``rolled_back`` is the number of the one that would be current but for a rollback, from the call that looked for it.
    """

    number: int
    path: Path
    is_new: bool = False
    rolled_back: int | None = field(default=None, compare=False)

    @cached_property
    def package(self) -> dict[str, Any]:
        """The content of datapackage.json; raises ReleaseError when it cannot be read or describes no release."""
        try:
            content: dict[str, Any] = json.loads(read_regular(self.path / DATA_PACKAGE))
            _Package.model_validate(content)
        except (OSError, ValueError, RecursionError) as error:
            reason = "it describes no release" if isinstance(error, ValidationError) else error
            raise ReleaseError(
                f"Release {self.number}: {DATA_PACKAGE} cannot be read ({reason}). Restore {self.path} from a backup."
            ) from error
        return content

    @property
    def as_of(self) -> date | None:
        """The day whose knowledge the release shows; None for the knowledge of its own day."""
        text = self.package["as_of"]
        return date.fromisoformat(text) if text else None

    @property
    def database(self) -> Path:
        """The DuckDB file with all marts in schema main; open it with ``read_only=True``."""
        return self.path / DATABASE

    @property
    def public(self) -> Path:
        """The folder of the public edition; not there when the release has none."""
        return self.path / PUBLIC_FOLDER

    @property
    def public_database(self) -> Path:
        """The DuckDB file of the public edition, with its tables in schema main."""
        return self.public / DATABASE

    @property
    def mart_hashes(self) -> dict[str, str]:
        """The sha256 of the Parquet file of each mart, by its name; raises ReleaseError as ``package`` does."""
        listed = (_Listed.model_validate(resource) for resource in self.package["resources"])
        found = {PurePosixPath(one.path): one.hash for one in listed}
        return {path.stem: digest for path, digest in found.items() if path.suffix == ".parquet"}

    @property
    def is_readable(self) -> bool:
        """Whether datapackage.json can be read: a damaged old release must not prevent a new one."""
        try:
            return bool(self.package)
        except ReleaseError:
            return False


def list_releases(settings: Settings) -> list[Release]:
    """Return all releases by number, those with ``as_of`` among them."""
    if not settings.releases.is_dir():
        return []
    names = {path.name for path in settings.releases.iterdir()}
    numbers = sorted(int(name) for name in names if is_release_name(name))
    return [Release(number, settings.releases / str(number)) for number in numbers]


def is_release_name(text: str) -> bool:
    """Return whether a text is the number of a release as its folder is named: ``1``, and neither ``01`` nor ``١``."""
    return text.isdecimal() and len(text) <= _LONGEST and text == str(int(text))


def current_release(settings: Settings) -> Release | None:
    """Return the release that readers see, None before the first; raises ReleaseError if ``current`` leads to none."""
    number = current_number(settings)
    if number is None:
        return None
    release = Release(number, settings.releases / str(number))
    if not release.path.is_dir():
        raise ReleaseError(
            f"Release {number} is current, but {release.path} is not there. Restore the folder from a backup, "
            "or name another release: `sarai rollback NUMBER`."
        )
    return release


def current_number(settings: Settings) -> int | None:
    """Return the number that the link ``current`` names, whether that release is there or not.

    Raises WrongLinkError when it names anything else, ReleaseError when something that is no link is in its place.
    """
    link = settings.releases / "current"
    if not link.is_symlink():
        if link.exists():
            raise ReleaseError(
                f"{link} is in the way of the link to the release that readers see. Move it away, then run `sarai "
                "rollback NUMBER`."
            )
        return None
    text = str(link.readlink())
    if not is_release_name(text):
        raise WrongLinkError(
            f"{link} leads to {printable(text)}, which is no release of this warehouse. Run `sarai rollback NUMBER`, "
            "or `sarai publish`: both set it right."
        )
    return int(text)


def verify_release(release: Release) -> list[str]:
    """Compare the files with datapackage.json (bytes, sha256, none missing, none added); empty when all is well."""
    try:
        resources = _resources(release)
    except ReleaseError as error:
        return [str(error)]
    advice = "Restore it from a backup; the next `sarai publish` writes a new release."
    problems = [f"{text}. {advice}" for text in (_compare(release.path, one) for one in resources) if text]
    signatures = {name for name in SIGNATURES if is_regular(release.path / name)}
    listed = {DATA_PACKAGE, *signatures, *(resource["path"] for resource in resources)}
    present = {path.relative_to(release.path) for path in release.path.rglob("*")}
    added = [f"{name} does not belong to the release. Delete it." for name in unlisted(present, listed)]
    return [f"Release {release.number}, {text}" for text in [*problems, *added]]


def unlisted(present: Collection[Path], listed: Collection[str]) -> list[str]:
    """Return those of the files, folders and links of a release that are neither listed nor hold anything listed.

    An empty folder is one: a folder ``public`` says that there is a public edition.
    """
    known = {parent for name in listed for parent in (PurePosixPath(name), *PurePosixPath(name).parents)}
    return sorted(path.as_posix() for path in present if PurePosixPath(path) not in known)


def listed_hashes(release: Release) -> dict[str, str]:
    """Return path → sha256 of the files that the data packages of a release list; raises ReleaseError."""
    return {resource["path"]: resource["hash"].removeprefix("sha256:") for resource in _resources(release)}


def _resources(release: Release) -> list[dict[str, Any]]:
    return [*release.package["resources"], *_public_resources(release)]


def _public_resources(release: Release) -> list[dict[str, Any]]:
    """Return the files that the data package of the public edition lists; it is itself listed and compared."""
    try:
        package = json.loads(read_regular(release.public / DATA_PACKAGE))
        _Resources.model_validate(package)
    except (OSError, ValueError, RecursionError):
        return []
    return [{**resource, "path": f"{PUBLIC_FOLDER}/{resource['path']}"} for resource in package["resources"]]


def require_whole_edition(release: Release) -> None:
    """Compare what the counts of a public edition are read from, its own files and the members' database.

    Raises ReleaseError for the first that is not as datapackage.json says.
    """
    prefixes = (f"{PUBLIC_FOLDER}/", DATABASE)
    own = [resource for resource in release.package["resources"] if resource["path"].startswith(prefixes)]
    for resource in [*own, *_public_resources(release)]:
        if problem := _compare(release.path, resource):
            raise ReleaseError(problem)


def require_published(release: Release, file: Path) -> None:
    """Raise ReleaseError when a file of a release is not the one that datapackage.json lists."""
    path = file.relative_to(release.path).as_posix()
    listed = next((resource for resource in _resources(release) if resource["path"] == path), None)
    problem = _compare(release.path, listed) if listed else f"{path} is not listed"
    if problem:
        raise ReleaseError(f"Release {release.number}: {problem}. Restore it from a backup, or run `sarai publish`.")


def _compare(folder: Path, resource: dict[str, Any]) -> str | None:
    path = folder / resource["path"]
    if not is_regular(path):
        return f"{resource['path']} is missing"
    if path.stat().st_size != resource["bytes"]:
        return f"{resource['path']} has {path.stat().st_size} bytes and had {resource['bytes']}"
    if f"sha256:{file_sha256(path)}" != resource["hash"]:
        return f"{resource['path']} has changed: its sha256 is another"
    return None
