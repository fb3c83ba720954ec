"""All public editions as one system: the knowledge of an intruder who kept every one of them.

The intruder is assumed to know which counts did not change between editions. So the same count with the same value is
one unknown in all editions, every edition adds its sums, and a count that any of them showed stays known, whether its
release is current, was rolled back or replaced. Editions of deleted releases are lost here, though not to the intruder.

Not assumed is that the intruder knows how much a count changed (as whoever made the submission does), reasons about how
this program chooses the counts to suppress, or uses counts of other stages of a case as bounds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array

from warehouse.disclosure.attack import Booleans, Integers, Published, Ranges, find_ranges, sum_equations
from warehouse.disclosure.person_counts import (
    TOTAL,
    CountKey,
    PersonCounts,
    block_of,
    find_sums,
    group_of,
    least_counts,
    totals_of,
)
from warehouse.disclosure.suppression import KNOWN_WITHIN, THRESHOLD, WIDTH, CountSystem, protection_levels, suppress

# A count with one of the values that it had in any edition: the unknowns of the joint system.
CountState = tuple[CountKey, int]


@dataclass(frozen=True)
class PublicEdition:
    """The true counts of an edition, which of them are hidden, and the least width that hidden ones had to keep.

    ``version`` is the number of its release and ``sha256`` that of its data package; empty while it has none.
    """

    values: PersonCounts
    hidden: frozenset[CountKey] = frozenset()
    width: int = WIDTH
    version: str = ""
    sha256: str = ""

    @property
    def states(self) -> Iterable[CountState]:
        """Every count with its value."""
        return self.values.items()

    @property
    def shown(self) -> set[CountState]:
        """Every count that it shows, with its value."""
        return {state for state in self.states if state[0] not in self.hidden}


@dataclass
class JointSystem:
    """The system of all editions: ``counts`` as vectors over ``states``, and the indices ``new`` of the candidate's."""

    counts: CountSystem
    states: list[CountState]
    new: list[int] = field(default_factory=list)

    def state_of(self, target: int) -> int:
        """Return the index of the state that a target of protection_levels is about; of a change, the later count."""
        count = len(self.states)
        row = self.counts.differences[[target - count]] if target >= count else None
        return target if row is None else int(row.indices[row.data > 0][0])


def join_editions(candidate: PersonCounts, earlier: Sequence[PublicEdition]) -> JointSystem:
    """Return the system of all earlier editions and a candidate, of which nothing is decided yet."""
    editions = [*earlier, PublicEdition(candidate)]
    states = list(dict.fromkeys(state for edition in editions for state in edition.states))
    place = {state: number for number, state in enumerate(states)}
    shown = {state for edition in earlier for state in edition.shown}
    hidden = {s for e in earlier for s in e.states if s[0] in e.hidden} | _small(candidate)
    changes = _small_changes(states, place)
    hidden |= {s for s in candidate.items() if any(other in shown for other in changes.get(s, ()))}
    # A count hidden by an earlier edition keeps what that one promised; what it showed cannot be taken back.
    widths = {state: min([WIDTH, *(e.width for e in earlier if _hides(e, state))]) for state in states}
    sums = dict.fromkeys(
        (place[total, edition.values[total]], tuple(sorted(place[part, edition.values[part]] for part in parts)))
        for edition in editions
        for total, parts in find_sums(edition.values)
    )
    pairs = [(place[b], place[a]) for a, others in changes.items() for b in others if place[a] < place[b]]
    counts = CountSystem(
        values=np.array([value for _, value in states], dtype=np.int64),
        least=np.array(least_counts([key for key, _ in states], list(sums)), dtype=np.int64),
        equations=sum_equations([(total, list(parts)) for total, parts in sums], len(states)),
        is_open=np.array([state in shown for state in states], dtype=bool),
        is_hidden=np.array([state in hidden for state in states], dtype=bool),
        cost=np.array([_cost(*state) for state in states]),
        width=np.array([widths[state] for state in states], dtype=np.int64),
        differences=_differences(pairs, len(states)),
    )
    return JointSystem(counts, states, [place[state] for state in candidate.items()])


def attack(joint: JointSystem, is_hidden: Booleans) -> tuple[Integers, Ranges]:
    """Attack a candidate, of which ``is_hidden`` (n,) tells the hidden states, together with all earlier editions.

    Returns the indices of the attacked targets of protection_levels (all hidden counts and all small changes) and their
    ranges. Raises ValueError as find_ranges does.
    """
    counts = joint.counts
    is_shown = counts.is_open.copy()
    is_shown[[place for place in joint.new if not is_hidden[place]]] = True
    targets = np.flatnonzero(np.append(~is_shown, np.ones(counts.differences.shape[0], dtype=bool)))
    published = Published(counts.equations, counts.values, is_shown, counts.least, counts.values + KNOWN_WITHIN)
    return targets, find_ranges(published, protection_levels(counts).subset(targets, np.arange(len(is_shown))))


def protect(candidate: PersonCounts, earlier: Sequence[PublicEdition]) -> PublicEdition:
    """Return the edition that may be published of a candidate after the earlier editions.

    A year and stage that cannot be protected, because of what was published before, is left out whole: what is not in
    an edition adds nothing to the earlier ones, and those were safe.
    """
    joint = join_editions(candidate, earlier)
    is_hidden = suppress(joint.counts)
    targets, ranges = attack(joint, is_hidden)
    weak = {block_of(joint.states[joint.state_of(target)][0]) for target in targets[~ranges.is_enough]}
    kept = {key: value for key, value in candidate.items() if block_of(key) not in weak}
    if len(kept) < len(candidate):
        return protect(kept, earlier)
    return PublicEdition(candidate, frozenset(joint.states[place][0] for place in joint.new if is_hidden[place]))


def _hides(edition: PublicEdition, state: CountState) -> bool:
    return state[0] in edition.hidden and edition.values[state[0]] == state[1]


def _small(counted: PersonCounts) -> set[CountState]:
    """Return the counts that are never shown: 1 to 4, and all characteristics of a group of 1 to 4 persons.

    These include zeros, which would disclose what those persons are not, but no zero that a larger group shows anyway.
    """
    return {
        (key, value) for key, value in counted.items()
        if 0 < value < THRESHOLD or (value == 0 and not _is_plain_zero(counted, key))
    }  # fmt: skip


def _is_plain_zero(counted: PersonCounts, key: CountKey) -> bool:
    """Tell whether a zero is that of a group of THRESHOLD persons or more, or part of such a zero total."""
    larger = [total for _, total in totals_of(key) if total.characteristic_code == key.characteristic_code]
    return counted[key] == 0 and (
        counted[group_of(key)] >= THRESHOLD or any(_is_plain_zero(counted, total) for total in larger)
    )


def _small_changes(states: Sequence[CountState], place: dict[CountState, int]) -> dict[CountState, list[CountState]]:
    """Return for each state the other states of the same count that differ by fewer than THRESHOLD persons."""
    values: dict[CountKey, list[int]] = {}
    for key, value in states:
        values.setdefault(key, []).append(value)
    near: dict[CountState, list[CountState]] = {}
    for key, found in values.items():
        for a, b in combinations(found, 2):
            if abs(a - b) < THRESHOLD:
                near.setdefault((key, a), []).append((key, b))
                near.setdefault((key, b), []).append((key, a))
    return {state: near[state] for state in place if state in near}


def _differences(pairs: Sequence[tuple[int, int]], count: int) -> csr_array:
    """Return a matrix (pairs, ``count``) of differences: 1 for the first count of a pair and -1 for the second."""
    rows = np.repeat(np.arange(len(pairs)), 2)
    signs = np.tile([1, -1], len(pairs))
    return csr_array((signs, (rows, np.array(pairs, dtype=np.int64).ravel())), shape=(len(pairs), count))


def _cost(key: CountKey, value: int) -> float:
    """Return the cost of hiding a count: it grows with the value, and doubles for each dimension summed over."""
    totals = (key.country_code, key.offence_code, key.characteristic_code).count(TOTAL)
    return float(np.log2(2 + value) * 2**totals)
