"""The folder of a kit: complete or absent, with a data package that names its release by its hash."""

import filecmp
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from warehouse.kits.errors import KitError, NothingToShowError
from warehouse.kits.source import MEMBERS, PUBLIC, Source
from warehouse.packages import require_packages
from warehouse.releases.datapackage import DATA_PACKAGE, describe_file
from warehouse.releases.formats import Output
from warehouse.releases.signing import sign_package
from warehouse.storage.durable import DRAFT, remove_left, sync_folder, sync_tree

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_MEDIA_TYPES = {
    ".anx": "application/xml",
    ".csv": "text/csv",
    ".gexf": "application/xml",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".pbip": "application/json",
    ".pbir": "application/json",
    ".pbism": "application/json",
    ".platform": "application/json",
    ".qgs": "application/xml",
    ".qml": "application/xml",
    ".sld": "application/vnd.ogc.sld+xml",
    ".tmdl": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}


@dataclass(frozen=True)
class Kit:
    """A kit: for which tool, what it is in a sentence, and what writes its files into a folder.

    ``write`` gives the same bytes for the same source. It may write nothing, where an audience sees nothing that the
    tool could show. ``packages`` are those that it needs beyond those that Sarai always has.
    """

    name: str
    title: str
    write: Callable[[Source, Path], None]
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """A kit on disk; ``is_new`` if the call that returned it wrote it."""

    path: Path
    files_count: int
    is_new: bool


def make_kit(kit: Kit, source: Source, folder: Path, key: "Ed25519PrivateKey | None" = None) -> Made:
    """Make a kit of a release below ``folder``, unless the same one is there.

    The kit for all members is ``<release>/<kit>``, those for others ``<release>/<audience>/<kit>``. Raises what
    ``make_folder`` does.
    """
    audience = () if source.audience == MEMBERS else (source.audience,)
    return make_folder(kit, source, folder, folder.joinpath(str(source.release.number), *audience, kit.name), key)


def make_folder(kit: Kit, source: Source, folder: Path, path: Path, key: "Ed25519PrivateKey | None") -> Made:
    """Make a kit at ``path`` below ``folder``, unless the same one is there.

    It is whole or not there at all; of two that are made at once one waits. Raises KitError, NothingToShowError where
    it would be empty; then one that was made when its audience saw more is gone.
    """
    refuse_links(path, folder)
    require_packages(kit.packages, "requirements-kits.lock", KitError)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"), _draft(path, folder) as draft, _earlier_withdrawn(path):
        kit.write(source, draft)
        package = _describe(kit, source, draft)
        if not package["resources"]:
            raise NothingToShowError(f"Of what {source.audience} may see, the kit {kit.name} shows nothing.")
        (draft / DATA_PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if key:
            sign_package(draft, key)
        count = len(package["resources"])
        if _is_same(draft, path):
            return Made(path, count, is_new=False)
        sync_tree(draft)
        _put(draft, path)
    return Made(path, count, is_new=True)


def refuse_links(path: Path, folder: Path) -> None:
    """Raise KitError where a link would lead what is written at ``path``, below ``folder``, elsewhere."""
    if linked := next(
        (part for part in (path, *path.parents) if part.is_symlink() and part.is_relative_to(folder)), None
    ):
        raise KitError(f"{linked} is a link, and files would be written elsewhere. Remove it.")


@contextmanager
def _draft(path: Path, folder: Path) -> Iterator[Path]:
    """Yield the folder to write into, which does not stay; removes what killed runs have left anywhere below.

    A draft that is a file stays: it is of a page beside kits, whose next writing replaces it, and may be in use.
    """
    for left in [*folder.glob(f"**/{DRAFT}*/")]:  # which follows no link
        remove_left(left)
    draft = path.with_name(f"{DRAFT}{path.name}")
    remove_left(draft)
    draft.mkdir(parents=True)
    try:
        yield draft
    except OSError as error:  # what fails to write an opened file, as on a full disk, does not say which
        error.filename = error.filename or str(draft)
        raise
    finally:
        remove_left(draft)


@contextmanager
def _earlier_withdrawn(path: Path) -> Iterator[None]:
    """Remove the kit that is there if its audience may see nothing of it any more."""
    try:
        yield
    except NothingToShowError:
        _put_aside(path)
        sync_folder(path.parent)
        remove_left(_aside(path))
        raise


def _describe(kit: Kit, source: Source, folder: Path) -> dict[str, Any]:
    """Return the descriptor of a kit, by the Data Package standard, without any time of its own."""
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    types = {path: _MEDIA_TYPES.get(path.suffix or path.name, "application/octet-stream") for path in files}
    described = [describe_file(folder, Output(path, {"type": "file", "mediatype": types[path]})) for path in files]
    package = source.package
    return {
        "profile": "data-package",
        "name": f"sarai-kit-{kit.name}",
        "title": kit.title,
        "edition": "public" if source.audience == PUBLIC else "member",
        "audience": source.audience,
        "version": str(source.release.number),
        "created": package["created"],
        "as_of": package["as_of"],
        "code_version": package["code_version"],
        "release": source.origin,
        "resources": described,
    }


def _is_same(draft: Path, path: Path) -> bool:
    """Return whether the kit that is there has the same files as the draft, byte for byte, and no others."""
    names = {file.relative_to(draft) for file in draft.rglob("*")}
    files = [name for name in names if (draft / name).is_file()]
    return names == {file.relative_to(path) for file in path.rglob("*")} and all(
        filecmp.cmp(draft / name, path / name, shallow=False) for name in files
    )


def _put(draft: Path, path: Path) -> None:
    """Put a finished kit in its place; of an earlier one nothing stays. A run that is killed between leaves neither."""
    _put_aside(path)
    draft.rename(path)
    sync_folder(path.parent)
    remove_left(_aside(path))


def _put_aside(path: Path) -> None:
    remove_left(_aside(path))
    if path.exists():
        path.rename(_aside(path))


def _aside(path: Path) -> Path:
    return path.with_name(f"{DRAFT}old-{path.name}")
