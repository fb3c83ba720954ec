"""The bulletins of an audience that are there, each of the release that its folder names."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from warehouse.releases.catalogue import is_release_name
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.storage.regular_files import read_regular


class _Package(BaseModel):
    """What is used of a bulletin's data package here: the number of its release."""

    version: str


def bulletins_at(place: Path) -> Iterator[tuple[int, Path]]:
    """Yield number and folder of the bulletins that are whole, the newest first, each looked at when it is asked for.

    A folder has a data package as the last of its files; one that was put there by hand, with that of another release,
    is none.
    """
    numbers = [int(folder.name) for folder in place.iterdir() if is_release_name(folder.name)]
    for number in sorted(numbers, reverse=True):
        folder = place / str(number)
        if _release(folder) == folder.name:
            yield number, folder


def _release(folder: Path) -> str | None:
    try:
        return _Package.model_validate_json(read_regular(folder / DATA_PACKAGE)).version
    except (OSError, ValidationError):
        return None
