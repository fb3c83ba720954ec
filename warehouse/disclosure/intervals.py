"""The intervals that published counts leave to suppressed ones, from what is published alone and for several editions.

It is the attack of warehouse.disclosure.attack, solved to the end and without the upper bounds that an intruder may
have from elsewhere: least and largest values are the same whatever solver finds them, so others can compute them too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from warehouse.disclosure.attack import UNBOUNDED, ProtectionLevels, Published, find_ranges, sum_equations
from warehouse.disclosure.exact_ranges import exact_ranges
from warehouse.disclosure.person_counts import CountKey, block_of, find_sums, least_counts


class Unknown(NamedTuple):
    """A count in one or several editions: its value where it is shown, else None.

    Suppressed counts of one key are the same number in all editions where they have the same ``number``.
    """

    key: CountKey
    value: int | None
    number: int = 0


class Interval(NamedTuple):
    """The least and the largest value that a count can have; ``highest`` is None without an upper bound."""

    lowest: int
    highest: int | None

    def is_enough(self, threshold: int, width: int) -> bool:
        """Return whether it is wide enough for a suppressed count, which nobody may know to be under the threshold."""
        return self.highest is None or (self.highest - self.lowest >= width and self.highest >= threshold)

    @property
    def arguments(self) -> dict[str, int]:
        """Both ends, for a message; of an interval that has both."""
        return {"lowest": self.lowest, "highest": self.lowest if self.highest is None else self.highest}


# An edition: each of its counts as an unknown, or as the number that it is.
Table = Mapping[CountKey, Unknown]
# Which counts are taken for which others.
Same = dict[Unknown, Unknown]


def split_blocks(tables: Sequence[Table]) -> dict[tuple[int, str], list[Table]]:
    """Split editions by year and stage; what two of them say alike stands there once."""
    blocks: dict[tuple[int, str], list[Table]] = {}
    for table in tables:
        parts: dict[tuple[int, str], dict[CountKey, Unknown]] = {}
        for key in sorted(table):
            parts.setdefault(block_of(key), {})[key] = table[key]
        for block, part in parts.items():
            if part not in (known := blocks.setdefault(block, [])):
                known.append(part)
    return dict(sorted(blocks.items()))


def find_intervals(tables: Sequence[Table]) -> dict[Unknown, Interval]:
    """Return the interval of each suppressed count of one block; raises ValueError when the editions contradict."""
    unknowns, published = _publish(tables)
    if published.is_shown.all():
        _require_agreement(published)
        return {}
    lowest, highest, is_bounded = exact_ranges(published)
    return {
        unknown: Interval(int(lowest[place]), int(highest[place]) if is_bounded[place] else None)
        for place, unknown in enumerate(unknowns)
        if unknown.value is None
    }


def assume_same(tables: Sequence[Table], pairs: Iterable[tuple[Unknown, Unknown]]) -> Same:
    """Return which suppressed counts an intruder may take for a number that another edition shows or suppresses.

    Of the ``pairs`` he takes all that contradict nothing that is shown, of several for a count the first.
    """
    wanted: dict[tuple[int, str], list[tuple[Unknown, Unknown]]] = {}
    for pair in pairs:
        wanted.setdefault(block_of(pair[0].key), []).append(pair)
    same: Same = {}
    for block, parts in split_blocks(tables).items() if wanted else ():
        inside = dict(reversed(wanted.get(block, [])))
        if not inside or _agree(parts, inside):
            same |= inside
            continue
        for unknown, other in wanted[block]:
            if unknown not in same and _agree(parts, same | {unknown: other}):
                same[unknown] = other
    return same


def _agree(parts: Sequence[Table], same: Same) -> bool:
    return _can_agree([replace_same(part, same) for part in parts])


def replace_same(table: Table, same: Same) -> Table:
    """Return an edition in which counts that are the same number are the same unknown."""
    return {key: resolve_same(unknown, same) for key, unknown in table.items()}


def resolve_same(unknown: Unknown, same: Same) -> Unknown:
    """Return the unknown, or the number shown, that a count is taken for."""
    while unknown in same:
        unknown = same[unknown]
    return unknown


def _can_agree(tables: Sequence[Table]) -> bool:
    """Return whether any counts agree with what the editions of one block show."""
    _, published = _publish(tables)
    count = len(published.values)
    nothing = np.zeros(0, dtype=np.int64)
    levels = ProtectionLevels(csr_array((0, count), dtype=np.int64), nothing, nothing, nothing)
    try:
        _require_agreement(published)
        find_ranges(published, levels)
    except ValueError:
        return False
    return True


def _require_agreement(published: Published) -> None:
    """Raise ValueError when sums that are shown whole do not add up."""
    hidden = (~published.is_shown).astype(np.int64)
    is_whole = abs(published.equations) @ hidden == 0
    if np.any((published.equations @ np.where(published.is_shown, published.values, 0))[is_whole]):
        raise ValueError("a total is not the sum of its parts")


def _publish(tables: Sequence[Table]) -> tuple[list[Unknown], Published]:
    unknowns = list(dict.fromkeys(unknown for table in tables for unknown in table.values()))
    place = {unknown: number for number, unknown in enumerate(unknowns)}
    sums = list(
        dict.fromkeys(
            (place[table[total]], tuple(sorted(place[table[part]] for part in parts)))
            for table in tables
            for total, parts in find_sums(table)
        )
    )
    count = len(unknowns)
    values = np.array([unknown.value or 0 for unknown in unknowns], dtype=np.int64)
    return unknowns, Published(
        equations=sum_equations([(total, list(parts)) for total, parts in sums], count),
        values=values,
        is_shown=np.array([unknown.value is not None for unknown in unknowns], dtype=bool),
        least=np.array(least_counts([unknown.key for unknown in unknowns], sums), dtype=np.int64),
        most=np.full(count, UNBOUNDED),
    )
