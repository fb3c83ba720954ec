"""Numbers of releases: each is given once, also when a release was deleted or is not here."""

from pathlib import Path

from warehouse.releases.catalogue import list_releases
from warehouse.releases.errors import ReleaseError
from warehouse.storage.durable import replace_file
from warehouse.storage.permissions import RELEASE_FOLDER, create_folder
from warehouse.storage.regular_files import read_regular
from warehouse.storage.settings import Settings

_FINISHED = ".finished"
# No warehouse comes near it: a number beyond is a slip or was planted, and the next one could not be told from it.
HIGHEST_NUMBER = 999_999


def next_number(settings: Settings) -> int:
    """Return the number of the next release: above every one ever given, also when somebody deleted that release.

    Raises ReleaseError when none is left.
    """
    last = max([read_finished(settings), *(release.number for release in list_releases(settings))])
    if last >= HIGHEST_NUMBER:
        raise ReleaseError(
            f"Release {last} is there, and no run gives a number above {HIGHEST_NUMBER}. Take "
            f"{settings.releases / str(last)} away."
        )
    return last + 1


def mark_used(settings: Settings, number: int) -> None:
    """Record, durable, that all numbers up to this one are used, be it by releases that are not here."""
    create_folder(settings.releases, RELEASE_FOLDER)
    replace_file(used_numbers(settings), str(max(number, read_finished(settings))).encode())


def read_finished(settings: Settings) -> int:
    """Return the number up to which all are recorded as used; raises ReleaseError when the record is no number."""
    path = used_numbers(settings)
    try:
        text = read_regular(path).strip() if path.exists() else b"0"
    except OSError as error:
        raise ReleaseError(f"{path} cannot be read ({error.strerror}). Take it away.") from error
    if not text.isdigit() or len(text) > len(str(HIGHEST_NUMBER)):
        raise ReleaseError(f"{path} holds no number of a release. Take it away: `sarai publish` writes it anew.")
    return int(text)


def used_numbers(settings: Settings) -> Path:
    """Return the file with the number up to which all are used."""
    return settings.releases / _FINISHED
