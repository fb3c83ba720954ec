"""Whether the releases are those of the chain: none replaced, added or deleted, and no signature taken away."""

from collections.abc import Iterator, Mapping

import duckdb

from warehouse.releases.catalogue import Release, current_release, list_releases
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.entries import BUILT, Entered, is_complete, is_earlier, named_files, read_entered
from warehouse.releases.errors import ReleaseError
from warehouse.releases.numbers import read_finished, used_numbers
from warehouse.safekeeping.restoration import stated_number
from warehouse.storage.settings import Settings


def compare_releases(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Yield what is wrong with ``current``, and what differs between the releases and their entries.

    Where no release has an entry, those of a version that entered none are not missed there.
    """
    yield from dict.fromkeys([*_compare_current(settings), *lost_history(connection, settings)])
    entered, there = read_entered(connection), {release.number: release for release in list_releases(settings)}
    yield from missing_releases(connection, settings).values()
    for number, release in there.items():
        if number in entered:
            yield from _compare_files(release, entered[number])
        elif entered or not is_earlier(release):
            yield (
                f"Release {number} was published by no run, it is not in raw.chain. Do not use it; take {release.path} "
                "away."
            )


def _compare_current(settings: Settings) -> Iterator[str]:
    """Say that ``current`` is gone, or names no release that readers may see."""
    try:
        current, finished = current_release(settings), read_finished(settings)
    except ReleaseError as error:
        yield str(error)
        return
    shown = [one for one in list_releases(settings) if one.is_readable and one.as_of is None]
    step = "Run `sarai rollback NUMBER` with the number of the release that readers are to see."
    if current is None and any(release.number <= finished for release in shown):
        yield f"{settings.releases / 'current'} is gone, so that readers see no release. {step}"
    elif current and current.is_readable and current not in shown:
        yield f"Release {current.number} is current and shows what was known on {current.as_of}. {step}"


def lost_history(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    """Say that a number of a release is used of which the ledger knows nothing, or the other way round.

    So it is when an older database was put in the place of a newer one, and the later releases are gone.
    """
    entered, stated = read_entered(connection), stated_number(connection)
    if stated is None:
        return
    earlier = [one.number for one in list_releases(settings) if not entered and is_earlier(one)]
    known = max([stated, *entered, *earlier])
    try:
        used = read_finished(settings)
    except ReleaseError as error:
        yield str(error)
        return
    again = "say what was shown since: `sarai restore` with --public-editions FOLDER, --none-shown or --members-only"
    if used > known:
        yield (
            f"{used_numbers(settings)} says that release {used} was published, and the ledger knows none after "
            f"{known or 'the first entry'}: its end was cut off, or an older database put in its place. Restore the "
            f"newer one; if it is lost, {again}."
        )
    elif used < stated:
        yield f"{used_numbers(settings)} says {used}, and numbers up to {stated} were used by others. Again, {again}."


def missing_releases(connection: duckdb.DuckDBPyConnection, settings: Settings) -> dict[int, str]:
    """Return number → problem of each release that was entered, is not there, and was not entered as deleted."""
    entered, there = read_entered(connection), {release.number for release in list_releases(settings)}
    missing = {n: known for n, known in entered.items() if n not in there and not known.is_removed}
    return {number: _describe_missing(settings, entered, number) for number in missing}


def _describe_missing(settings: Settings, entered: Mapping[int, Entered], number: int) -> str:
    place = f"Release {number} was published as entry {entered[number].position}"
    built = settings.releases / f"{BUILT}{number}"
    if is_complete(entered, Release(number, built)):
        return f"{place} and is still {built}: a run was killed. Run `sarai publish`, which gives it its name."
    return (
        f"{place} and is gone. Restore {settings.releases / str(number)} from a backup; if it was deleted on purpose, "
        "run `sarai repair`, which enters that."
    )


def _compare_files(release: Release, known: Entered) -> Iterator[str]:
    """Name the data package or signature that is not what was published."""
    found, restore = named_files(release), f"Restore {release.path} from a backup."
    if found.get(DATA_PACKAGE) != known.files.get(DATA_PACKAGE):
        yield f"Release {release.number}, {DATA_PACKAGE} is not the one that was published. {restore}"
    for name in sorted((found.keys() | known.files.keys()) - {DATA_PACKAGE}):
        if name not in found:
            signed = f", made with the key {known.key}," if known.key else ""
            yield f"Release {release.number}, {name}: the signature{signed} was taken away. {restore}"
        elif name not in known.files:
            yield f"Release {release.number}, {name}: the release was published without a signature. Take it away."
        elif found[name] != known.files[name]:
            yield f"Release {release.number}, {name}: the signature is not the one that was published. {restore}"
