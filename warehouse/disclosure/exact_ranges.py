"""The attack solved to the end: least and largest values of hidden counts, without any knowledge but what is published.

These values do not depend on the solver, so that others can compute them too.
"""

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from warehouse.disclosure.attack import (
    TIME_LIMIT_S,
    UNBOUNDED,
    Booleans,
    Integers,
    ProtectionLevels,
    Published,
    find_ranges,
)

# Of drawing conclusions from one sum to the next; what they leave open is solved.
_ROUNDS = 20


def exact_ranges(published: Published) -> tuple[Integers, Integers, Booleans]:
    """Return the least and the largest possible value (n,) of every count, and whether it has a largest one (n,).

    Of a count without an upper bound the largest value that is returned means nothing; ``published.most`` is not read.
    Raises ValueError as find_ranges does.
    """
    count = len(published.values)
    hidden = np.flatnonzero(~published.is_shown)
    is_bounded = np.ones(count, dtype=bool)
    is_bounded[hidden] = ~_is_unbounded(published.equations[:, hidden])
    # A vertex of the possible tables is at most as large as all that bounds it.
    furthest = 2 * int(published.values[published.is_shown].sum() + published.least.sum()) + 1000
    within = Published(**{**vars(published), "most": np.full(count, furthest)})
    low, high = _deduce_bounds(within)
    # A bound that is reached needs no solver, and one that is not is no level, so its range is found whole.
    never = np.full(count, -UNBOUNDED)
    levels = ProtectionLevels(
        eye_array(count, dtype=np.int64).tocsr(), low, np.where(is_bounded, high, -UNBOUNDED), never
    )
    found = find_ranges(within, levels)
    return found.lowest, found.highest, is_bounded


def _deduce_bounds(published: Published) -> tuple[Integers, Integers]:
    """Return bounds (n,) of all counts that follow from one sum at a time: no value beyond them is possible.

    Raises ValueError when a sum contradicts them.
    """
    low = np.where(published.is_shown, published.values, published.least)
    high = np.where(published.is_shown, published.values, published.most)
    entries = published.equations.tocoo()
    rows, columns = entries.row, entries.col
    for _ in range(_ROUNDS):
        before = low.copy(), high.copy()
        for sign in (1, -1):
            # The entries of a row add up to 0, with either sign: each is at most what the least of the others leave.
            is_added = entries.data == sign
            least = np.where(is_added, low[columns], -high[columns])
            left = least - np.bincount(rows, least, published.equations.shape[0]).astype(np.int64)[rows]
            np.minimum.at(high, columns[is_added], left[is_added])
            np.maximum.at(low, columns[~is_added], -left[~is_added])
        if np.any(low > high):
            raise ValueError("no table agrees with what is shown")
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def _is_unbounded(equations: csr_array) -> Booleans:
    """Tell which of n counts, not negative, may grow without end while ``equations`` (m, n) stay satisfied.

    A direction of growth may be scaled, and two may be added: one linear program finds all counts that can grow.
    """
    count = equations.shape[1]
    if not count:
        return np.zeros(0, dtype=bool)
    from scipy.optimize import linprog

    identity = eye_array(count)
    found = linprog(
        np.append(np.zeros(count), -np.ones(count)),
        A_ub=hstack([-identity, identity]),
        b_ub=np.zeros(count),
        A_eq=hstack([equations, csr_array(equations.shape)]),
        b_eq=np.zeros(equations.shape[0]),
        bounds=[(0, None)] * count + [(0, 1)] * count,
        options={"time_limit": TIME_LIMIT_S},
    )
    if found.status != 0:
        raise ValueError("which counts are unbounded was not found in time")
    return np.asarray(found.x[count:] > 1 / 2)
