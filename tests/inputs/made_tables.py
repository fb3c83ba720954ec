"""Tables of counts with all their totals, drawn by chance, and what an attacker makes of what is shown of them."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.sparse import csr_array, eye_array

from warehouse.disclosure.attack import (
    Booleans,
    Integers,
    ProtectionLevels,
    Published,
    Ranges,
    find_ranges,
    sum_equations,
)
from warehouse.disclosure.suppression import KNOWN_WITHIN, THRESHOLD, WIDTH, CountSystem, protection_levels


def draw_table(chance: np.random.Generator, shape: Sequence[int], *, groups: int = 1) -> CountSystem:
    """Draw a table with a total over each dimension; with ``groups``, the first has subtotals of so many at a time.

    Counts are mostly small and some large. Those from 1 to 4 have to be hidden.
    """
    inner = chance.poisson(6 * chance.gamma(0.5, 2, size=shape))
    places: dict[tuple[str, ...], int] = {}
    values: list[int] = []
    names = [[f"{i}" for i in range(size)] for size in shape]
    levels = [[*own, *(["g0", "g1"] if groups > 1 and not axis else []), "T"] for axis, own in enumerate(names)]
    for key in product(*levels):
        places[key] = len(values)
        chosen = [_below(name, size, groups) for name, size in zip(key, shape, strict=True)]
        values.append(int(inner[np.ix_(*chosen)].sum()))
    sums = []
    for key, place in places.items():
        for axis, name in enumerate(key):
            parts = {"T": ["g0", "g1"] if groups > 1 and not axis else names[axis]}.get(name)
            parts = [str(i) for i in _below(name, shape[axis], groups)] if name.startswith("g") else parts
            if parts:
                sums.append((place, [places[(*key[:axis], part, *key[axis + 1 :])] for part in parts]))
    return make_counts(values, sum_equations(sums, len(values)))


def _below(name: str, size: int, groups: int) -> list[int]:
    """Return the places along a dimension that a name stands for: all, one group, or one."""
    if name == "T":
        return list(range(size))
    if name.startswith("g"):
        return [i for i in range(size) if (i >= groups) == (name == "g1")]
    return [int(name)]


def make_counts(values: Sequence[int], equations: csr_array) -> CountSystem:
    """Return counts of which nothing was shown before; those from 1 to 4 have to be hidden."""
    array = np.array(values, dtype=np.int64)
    count = len(array)
    return CountSystem(
        values=array,
        least=np.zeros(count, dtype=np.int64),
        equations=equations,
        is_open=np.zeros(count, dtype=bool),
        is_hidden=(array > 0) & (array < THRESHOLD),
        cost=np.log2(2.0 + array),
        width=np.full(count, WIDTH),
        differences=csr_array((0, count), dtype=np.int64),
    )


def attack(counts: CountSystem, hidden: Booleans) -> Ranges:
    """Attack what is shown of a table, as the gate does: the ranges of the hidden counts, in their order."""
    levels = protection_levels(counts)
    asked = levels.subset(np.flatnonzero(hidden), np.arange(len(hidden)))
    return find_ranges(publish(counts, hidden), asked)


def publish(counts: CountSystem, hidden: Booleans) -> Published:
    """Return what an attacker has; he gets no look at the hidden values."""
    shown = np.where(hidden, -1, counts.values)
    return Published(counts.equations, shown, ~hidden, counts.least, counts.values + KNOWN_WITHIN)


def exact_ranges(published: Published) -> Ranges:
    """Return least and largest value of every count, whatever they are: nothing is ever enough."""
    count = len(published.values)
    never = np.full(count, 1 << 41)
    return find_ranges(published, ProtectionLevels(eye_array(count, dtype=np.int64).tocsr(), -never, never, never))


def try_all(published: Published) -> tuple[Integers, Integers]:
    """Return least and largest value of every count by trying all values of all hidden counts."""
    hidden = np.flatnonzero(~published.is_shown)
    options = [range(published.least[i], published.most[i] + 1) for i in hidden]
    tables = np.tile(published.values, (int(np.prod([len(o) for o in options])), 1))
    tables[:, hidden] = np.array(list(product(*options)))
    agreeing = tables[~np.any(tables @ published.equations.toarray().T, axis=1)]
    return agreeing.min(axis=0), agreeing.max(axis=0)
