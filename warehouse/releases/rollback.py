"""Rollback: an earlier release becomes current again, if it is undamaged and the one that was published."""

import logging

import duckdb

from warehouse.releases.catalogue import Release, current_number, list_releases, verify_release
from warehouse.releases.entries import Entered, is_ours, read_entered
from warehouse.releases.errors import NO_RELEASE, ReleaseError
from warehouse.releases.publication import finish, tidy
from warehouse.storage.database import ForeignFunctionError, open_database
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")


def rollback(settings: Settings, number: int | None = None) -> Release:
    """Make an earlier release current again (or a later one, by its number), atomically; returns it.

    Without a number: the one before the current. Raises ReleaseError, and changes nothing, when there is none, when it
    is damaged, when it is not the one that was published, or when it was made with ``as_of``.
    """
    if number is None:
        number = _number_before_current(settings)
    target = next((release for release in list_releases(settings) if release.number == number), None)
    if target is None:
        numbers = ", ".join(str(release.number) for release in list_releases(settings)) or "none"
        raise ReleaseError(f"There is no release {number}. There are: {numbers}.")
    if target.as_of:
        raise ReleaseError(
            f"Release {number} shows what was known on {target.as_of} and cannot be current. Name another one."
        )
    damage = verify_release(target)
    if damage:
        raise ReleaseError(f"Release {number} is damaged and was not made current. {damage[0]}")
    tidy(settings, _require_entered(settings, target))
    finish(settings, number, is_current=True)
    return target


def _require_entered(settings: Settings, target: Release) -> dict[int, Entered]:
    """Return the entries of releases; raises ReleaseError for a release that is not the one entered in the ledger.

    Without a database that can be read, which may be why somebody rolls back, only a warning is logged.
    """
    if not settings.database.exists():
        return {}
    try:
        with open_database(settings) as connection:
            entered = read_entered(connection)
    except (duckdb.Error, ForeignFunctionError) as error:
        log.warning("Release %d could not be compared with the ledger: %s", target.number, error)
        return {}
    if not is_ours(entered, target):
        raise ReleaseError(
            f"Release {target.number} is not the one that was published and was not made current. Run `sarai "
            "reconcile`, which says what was changed."
        )
    return entered


def _number_before_current(settings: Settings) -> int:
    current = current_number(settings)
    if current is None:
        raise ReleaseError(NO_RELEASE)
    earlier = [r.number for r in list_releases(settings) if r.number < current and r.is_readable and r.as_of is None]
    if not earlier:
        raise ReleaseError(f"Release {current} is current and there is none before it. Nothing was changed.")
    return earlier[-1]
