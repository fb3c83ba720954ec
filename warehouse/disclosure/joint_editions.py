"""All public editions at once: what somebody knows who kept every one of them.

The worst is assumed of him: that he knows which counts have not changed from one edition to the other. The same count
with the same value is therefore one unknown in all editions, every edition adds its sums, and what any of them showed
is known for good, whether its release is current, was rolled back or replaced. Editions of releases that were deleted
are not known here: who deletes a release deletes this memory too.

Not assumed: that he knows how much a count has changed, as one could who made the submission; that he reasons from the
choices of this program; that he knows the counts of the other stages of a case to bound these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import duckdb
import numpy as np
from scipy.sparse import csr_array

from warehouse.disclosure.attack import Booleans, Integers, Published, Ranges, find_ranges, link
from warehouse.disclosure.person_counts import TOTAL, Counted, Key, find_sums, group_of, read_counts, totals_of
from warehouse.disclosure.suppression import KNOWN_WITHIN, THRESHOLD, Counts, protection, suppress
from warehouse.releases.catalogue import Release, list_releases
from warehouse.releases.errors import ReleaseError
from warehouse.storage.settings import Settings
from warehouse.storage.sql import literal

TABLE = "rpt_persons_by_period"
# A count with one of its values: the unknowns of the joint system.
State = tuple[Key, int]


@dataclass(frozen=True)
class PublicEdition:
    """True counts and which of them are hidden."""

    values: Counted
    hidden: frozenset[Key] = frozenset()

    @property
    def states(self) -> Iterable[State]:
        """Every count with its value."""
        return self.values.items()


@dataclass
class Joint:
    """The joint system: ``counts`` as vectors, ``states`` says what each place is, ``new`` are the candidate's."""

    counts: Counts
    states: list[State]
    new: list[int] = field(default_factory=list)

    def state_of(self, target: int) -> int:
        """Return the place that a target of suppression.protection is about; of a change, the later count."""
        count = len(self.states)
        row = self.counts.differences[[target - count]] if target >= count else None
        return target if row is None else int(row.indices[row.data > 0][0])


def read_editions(settings: Settings) -> list[PublicEdition]:
    """Return all public editions of the releases that are there; raises ReleaseError for one that cannot be read."""
    return [_read_edition(release) for release in list_releases(settings) if release.public.is_dir()]


def _read_edition(release: Release) -> PublicEdition:
    """Read what was shown from the public edition, and the rest from the members' tables of the same release."""
    path = release.public / "parquet" / f"{TABLE}.parquet"
    try:
        with duckdb.connect(str(release.database), read_only=True) as connection:
            truth = read_counts(connection, "rpt_persons_by_month")
            columns = ", ".join([*Key._fields, "persons_count"])
            shown = {
                Key(*row[:-1]): row[-1]
                for row in connection.execute(f"select {columns} from read_parquet({literal(str(path))})").fetchall()
            }
    except duckdb.Error as error:
        raise ReleaseError(
            f"The public edition of release {release.number} cannot be read ({error}), so nobody knows what a new one "
            f"would give away. Restore {release.path} from a backup."
        ) from error
    hidden = frozenset(key for key, value in shown.items() if value is None)
    return PublicEdition({key: truth[key] if value is None else value for key, value in shown.items()}, hidden)


def join(candidate: Counted, earlier: Sequence[PublicEdition]) -> Joint:
    """Return the system of a candidate, of which nothing is decided yet, and all earlier editions."""
    editions = [*earlier, PublicEdition(candidate)]
    states = list(dict.fromkeys(state for edition in editions for state in edition.states))
    place = {state: number for number, state in enumerate(states)}
    shown = {s for e in earlier for s in e.states if s[0] not in e.hidden}
    hidden = {s for e in earlier for s in e.states if s[0] in e.hidden} | _small(candidate)
    changes = _small_changes(states, place)
    hidden |= {s for s in candidate.items() if any(other in shown for other in changes.get(s, ()))}
    sums = dict.fromkeys(
        (place[total, edition.values[total]], tuple(sorted(place[part, edition.values[part]] for part in parts)))
        for edition in editions
        for total, parts in find_sums(edition.values)
    )
    pairs = [(place[b], place[a]) for a, others in changes.items() for b in others if place[a] < place[b]]
    counts = Counts(
        values=np.array([value for _, value in states], dtype=np.int64),
        least=_least(states, list(sums)),
        equations=link([(total, list(parts)) for total, parts in sums], len(states)),
        is_open=np.array([state in shown for state in states], dtype=bool),
        is_hidden=np.array([state in hidden for state in states], dtype=bool),
        cost=np.array([_cost(*state) for state in states]),
        differences=_differences(pairs, len(states)),
    )
    return Joint(counts, states, [place[state] for state in candidate.items()])


def attack(joint: Joint, is_hidden: Booleans) -> tuple[Integers, Ranges]:
    """Attack a candidate whose counts ``is_hidden`` (as long as ``states``) together with all earlier editions.

    Returns the targets of protection() that were attacked, all hidden counts and all small changes, and their ranges.
    """
    counts = joint.counts
    is_shown = counts.is_open.copy()
    is_shown[[place for place in joint.new if not is_hidden[place]]] = True
    targets = np.flatnonzero(np.append(~is_shown, np.ones(counts.differences.shape[0], dtype=bool)))
    published = Published(counts.equations, counts.values, is_shown, counts.least, counts.values + KNOWN_WITHIN)
    return targets, find_ranges(published, protection(counts).part(targets, np.arange(len(is_shown))))


def protect(candidate: Counted, earlier: Sequence[PublicEdition]) -> PublicEdition:
    """Return what of a candidate is published after the earlier editions, and which of it is hidden.

    A year of a stage that cannot be protected, because of what was shown before, is left out whole: what does not stand
    in an edition adds nothing to the earlier ones, and those were safe.
    """
    joint = join(candidate, earlier)
    is_hidden = suppress(joint.counts)
    targets, ranges = attack(joint, is_hidden)
    weak = {_block_of(joint.states[joint.state_of(target)][0]) for target in targets[~ranges.is_enough]}
    kept = {key: value for key, value in candidate.items() if _block_of(key) not in weak}
    if len(kept) < len(candidate):
        return protect(kept, earlier)
    return PublicEdition(candidate, frozenset(joint.states[place][0] for place in joint.new if is_hidden[place]))


def _block_of(key: Key) -> tuple[int, str]:
    """Return the year and stage of a count: no sum ties it to another."""
    return key.calendar_year, key.contact_stage_code


def _least(states: Sequence[State], sums: Sequence[tuple[int, tuple[int, ...]]]) -> Integers:
    """Return what everybody knows of hidden counts: a group with a row has somebody, a total somebody in each part."""
    least = np.array([int(group_of(key) == key) for key, _ in states], dtype=np.int64)
    for _ in Key._fields:
        for total, parts in sums:
            least[total] = max(least[total], least[list(parts)].sum())
    return least


def _small(counted: Counted) -> set[State]:
    """Return the counts that are never shown: 1 to 4, and all characteristics of a group of 1 to 4.

    Zeros are among these, for they say of the few what they are not. A zero that a larger group shows is known anyway.
    """
    return {
        (key, value) for key, value in counted.items()
        if 0 < value < THRESHOLD or (value == 0 and not _is_plain_zero(counted, key))
    }  # fmt: skip


def _is_plain_zero(counted: Counted, key: Key) -> bool:
    """Tell whether nobody was counted in a group of THRESHOLD or more, here or in a total of which this is a part."""
    larger = [total for _, total in totals_of(key) if total.characteristic_code == key.characteristic_code]
    return counted[key] == 0 and (
        counted[group_of(key)] >= THRESHOLD or any(_is_plain_zero(counted, total) for total in larger)
    )


def _small_changes(states: Sequence[State], place: dict[State, int]) -> dict[State, list[State]]:
    """Return for each state the other states of the same count that differ by fewer persons than may be shown."""
    values: dict[Key, list[int]] = {}
    for key, value in states:
        values.setdefault(key, []).append(value)
    near: dict[State, list[State]] = {}
    for key, found in values.items():
        for a, b in combinations(found, 2):
            if abs(a - b) < THRESHOLD:
                near.setdefault((key, a), []).append((key, b))
                near.setdefault((key, b), []).append((key, a))
    return {state: near[state] for state in place if state in near}


def _differences(pairs: Sequence[tuple[int, int]], count: int) -> csr_array:
    """Return a row for each pair: 1 for its first count and -1 for its second."""
    rows = np.repeat(np.arange(len(pairs)), 2)
    signs = np.tile([1, -1], len(pairs))
    return csr_array((signs, (rows, np.array(pairs, dtype=np.int64).ravel())), shape=(len(pairs), count))


def _cost(key: Key, value: int) -> float:
    """Return the loss of hiding a count: more for a larger one, and double for each dimension that is summed over."""
    totals = (key.country_code, key.offence_code, key.characteristic_code).count(TOTAL)
    return float(np.log2(2 + value) * 2**totals)
