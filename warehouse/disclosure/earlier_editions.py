"""Every public edition that somebody may have kept: those of the releases here, and those that only others still have.

The latter were shown after the backup that this warehouse was restored from, or by another warehouse. Their suppressed
counts are known to nobody here. Assumed is what is nearest to the counts of today, so that a count that can be the same
is taken to be the same, which an intruder is assumed to know too.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

import duckdb
import numpy as np
from scipy.sparse import csr_array, hstack

from warehouse.disclosure.attack import UNBOUNDED, Integers, solve, sum_equations
from warehouse.disclosure.joint_editions import PublicEdition
from warehouse.disclosure.person_counts import (
    PERSONS_TABLE,
    CountKey,
    PersonCounts,
    block_of,
    completed,
    find_sums,
    least_counts,
    read_counts,
    read_shown,
    suppressed,
)
from warehouse.disclosure.shown_edition import (
    WIDTH_WITHOUT_CERTIFICATE,
    ShownEdition,
    read_certificate,
    read_shown_edition,
)
from warehouse.disclosure.taken_editions import taken_in
from warehouse.releases.catalogue import PUBLIC_FOLDER, Release, list_releases, require_whole_edition
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.releases.errors import ReleaseError
from warehouse.storage.durable import file_sha256
from warehouse.storage.reading import open_release
from warehouse.storage.settings import Settings
from warehouse.storage.sql import literal


def read_editions(settings: Settings, today: PersonCounts) -> list[PublicEdition]:
    """Return all public editions, those taken in first; ``today`` are the true counts of a new one.

    Raises ReleaseError for one that cannot be read.
    """
    taken = [read_shown_edition(folder) for folder in taken_in(settings)]
    releases = [release for release in list_releases(settings) if _was_public(release)]
    own = [_read_edition(release, _package_sha256(release)) for release in releases]
    return [*(_complete(edition, today) for edition in taken), *own]


def _was_public(release: Release) -> bool:
    """Return whether a release had a public edition, be it gone; nobody knows it of one that cannot be read."""
    if release.public.is_dir() or not release.is_readable:
        return True
    return f"{PUBLIC_FOLDER}/{DATA_PACKAGE}" in {resource["path"] for resource in release.package["resources"]}


def _package_sha256(release: Release) -> str:
    path = release.public / DATA_PACKAGE
    return file_sha256(path) if path.is_file() else ""


# A publication asks for the editions three times; each is immutable, and named by the sha256 of its data package.
@lru_cache(maxsize=1000)
def _read_edition(release: Release, sha256: str) -> PublicEdition:
    """Read published counts from the public edition, and hidden ones from the members' tables of the same release."""
    path = release.public / "parquet" / f"{PERSONS_TABLE}.parquet"
    try:
        require_whole_edition(release)
        with open_release(release.database) as connection:
            truth = read_counts(connection, "rpt_persons_by_month")
            shown = read_shown(connection, f"read_parquet({literal(str(path))})")
        values = _true_counts(shown, truth)
        certificate = read_certificate(release.public)
    except (duckdb.Error, ReleaseError) as error:
        raise ReleaseError(
            f"The public edition of release {release.number} cannot be read ({error}), so nobody knows what a new one "
            f"would give away. Restore {release.path} from a backup, or take it away if `sarai reconcile` says that no "
            "run has published it."
        ) from error
    return PublicEdition(
        values,
        suppressed(shown),
        certificate.width if certificate else WIDTH_WITHOUT_CERTIFICATE,
        str(release.number),
        sha256,
    )


def _true_counts(shown: Mapping[CountKey, int | None], truth: PersonCounts) -> PersonCounts:
    """Return shown counts with the true ones where they are suppressed; raises ReleaseError when they contradict."""
    if unknown := sorted((key for key in suppressed(shown) if key not in truth), key=str):
        raise ReleaseError(f"{'/'.join(map(str, unknown[0]))} is suppressed and not among the counts of the members")
    values = completed(shown, truth)
    for total, parts in find_sums(values):
        if values[total] != sum(values[part] for part in parts):
            raise ReleaseError(f"{'/'.join(map(str, total))} is not the sum of its parts")
    return values


def _complete(edition: ShownEdition, today: PersonCounts) -> PublicEdition:
    """Return an edition whose suppressed counts are assumed; raises ReleaseError when none agree with what it shows."""
    values: PersonCounts = {}
    for _, keys in groupby(sorted(edition.counts, key=lambda key: (block_of(key), key)), block_of):
        values |= _nearest({key: edition.counts[key] for key in keys}, today, edition.version)
    hidden = frozenset(key for key, value in edition.counts.items() if value is None)
    return PublicEdition(values, hidden, edition.width, edition.version, edition.sha256)


def _nearest(shown: dict[CountKey, int | None], today: PersonCounts, version: str) -> PersonCounts:
    """Return complete counts that agree with those shown and differ from those of today by the fewest persons."""
    keys = list(shown)
    place = {key: number for number, key in enumerate(keys)}
    sums = [(place[total], [place[part] for part in parts]) for total, parts in find_sums(keys)]
    least = np.array(least_counts(keys, [(total, tuple(parts)) for total, parts in sums]), dtype=np.int64)
    hidden = np.array([number for number, key in enumerate(keys) if shown[key] is None], dtype=np.int64)
    values = np.array([shown[key] or 0 for key in keys], dtype=np.int64)
    values[hidden] = np.maximum([today.get(keys[number], 0) for number in hidden], least[hidden])
    equations = sum_equations(sums, len(keys))
    change = _smallest_change(equations[:, hidden], -(equations @ values), values[hidden] - least[hidden])
    if change is None:
        raise ReleaseError(
            f"In public edition {version} totals are not the sums of their parts. Ask for the edition again, and check "
            "it with `sarai verify`."
        )
    values[hidden] += change
    return dict(zip(keys, values.tolist(), strict=True))


def _smallest_change(equations: csr_array, missing: Integers, room_down: Integers) -> Integers | None:
    """Return the change (n,) of the fewest persons with ``equations`` (m, n) @ change == ``missing`` (m,), or None.

    No count falls by more than ``room_down`` (n,).
    """
    count = len(room_down)
    if not count:
        return None if np.any(missing) else np.zeros(0, dtype=np.int64)
    both = hstack([equations, -equations]).tocsr()
    most = np.append(np.full(count, UNBOUNDED), room_down)
    found = solve(np.ones(2 * count), [(both, missing, missing)], np.zeros(2 * count, dtype=np.int64), most)
    if found is None or np.any(both @ found != missing):
        return None
    change: Integers = found[:count] - found[count:]
    return change
