"""Numbers of releases: each is given once, also when a release was deleted or is not here."""

from warehouse.releases.catalogue import list_releases
from warehouse.releases.errors import ReleaseError
from warehouse.storage.durable import replace_file
from warehouse.storage.permissions import RELEASE_FOLDER, create_folder
from warehouse.storage.regular_files import read_regular
from warehouse.storage.settings import Settings

_FINISHED = ".finished"


def next_number(settings: Settings) -> int:
    """Return the number of the next release: above every one ever given, also when somebody deleted that release."""
    return max([read_finished(settings), *(release.number for release in list_releases(settings))]) + 1


def mark_used(settings: Settings, number: int) -> None:
    """Record, durable, that all numbers up to this one are used, be it by releases that are not here."""
    create_folder(settings.releases, RELEASE_FOLDER)
    replace_file(settings.releases / _FINISHED, str(max(number, read_finished(settings))).encode())


def read_finished(settings: Settings) -> int:
    """Return the number up to which all are recorded as used; raises ReleaseError when the record is no number."""
    path = settings.releases / _FINISHED
    text = read_regular(path).strip() if path.exists() else b"0"
    if not text.isdigit():
        raise ReleaseError(f"{path} holds no number of a release. Restore it from a backup.")
    return int(text)
