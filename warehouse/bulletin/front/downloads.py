"""The files that go with a bulletin.

Everybody's are those of the public edition, which is copied whole, so that a web server has it and `sarai verify`
judges the copy: through a link to the release's own files, whoever changes one in the bulletin would change the
release. Kits for members and the centre are named by their place: they are made at other times, are larger than all
pages, and whoever hands one out decides to whom.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warehouse.bulletin.numbers import short
from warehouse.kits.source import MEMBERS, Source
from warehouse.questionnaire.language import Language
from warehouse.releases.catalogue import PUBLIC_FOLDER, SIGNATURES, listed_hashes
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.storage.durable import file_sha256
from warehouse.storage.regular_files import is_regular
from warehouse.words.catalogue import N_, fill

DOWNLOADS = "downloads"
_KILO, _MEGA = 1000, 1_000_000
_KILOBYTES, _MEGABYTES = N_("{size} kB"), N_("{size} MB")


@dataclass(frozen=True)
class Download:
    """A file of a bulletin by its path in there, or a kit by its name and that of its folder; ``size`` is in bytes.

    ``sha256`` is that of the file, of a kit that of its data package, which has those of all its files.
    """

    path: str
    size: int
    sha256: str

    def size_in(self, language: Language) -> str:
        """Return the size in words."""
        whole, text = (_MEGA, _MEGABYTES) if self.size >= _MEGA else (_KILO, _KILOBYTES)
        return fill(text, {"size": short(self.size / whole, language)}, language)


def copy_public_edition(source: Source, folder: Path) -> list[Download]:
    """Copy the public edition of a release into the folder of its bulletin, and return its files.

    Raises ReleaseError for a file that is not as it was published.
    """
    release, found = source.release, []
    prefix = f"{PUBLIC_FOLDER}/"
    wanted = {name: digest for name, digest in listed_hashes(release).items() if name.startswith(prefix)}
    signatures = {name: "" for name in SIGNATURES if name.startswith(prefix) and is_regular(release.path / name)}
    for name, digest in sorted((wanted | signatures).items()):
        path = f"{DOWNLOADS}/{name.removeprefix(prefix)}"
        copy = folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release.path / name, copy)
        sha256 = file_sha256(copy)
        if digest and sha256 != digest:
            raise ReleaseError(
                f"Release {release.number}: {name} is not as it was published. Restore it from a backup, or run `sarai "
                "publish`."
            )
        found.append(Download(path, copy.stat().st_size, sha256))
    return found


def kits_on_disk(source: Source) -> Iterator[Download]:
    """Yield the kits of a release that are there for its audience, named as in ``kits/3/excel``."""
    audience = () if source.audience == MEMBERS else (source.audience,)
    place = source.settings.kits.joinpath(str(source.release.number), *audience)
    for package in sorted(place.glob(f"[!.]*/{DATA_PACKAGE}")):
        with suppress(FileNotFoundError):  # of a kit that is being made anew
            size = sum(path.stat().st_size for path in package.parent.rglob("*") if path.is_file())
            name = package.parent.relative_to(source.settings.kits.parent).as_posix()
            yield Download(name, size, file_sha256(package))
