"""The attack on suppressed counts: it finds which values everything that was shown leaves possible.

Counts hang together by equations (a total is the sum of its parts). The attacker sees the counts that are shown, knows
the equations and that a count is an integer within bounds, and asks for the least and the largest value that a hidden
count can have. Where both are the same he has recovered it. Method: the intruder's problem of cell suppression
(Willenborg & de Waal, Elements of Statistical Disclosure Control, 2001, ch. 6; Fischetti & Salazar-González,
Management Science 47, 2001), here in integers and not only in its linear relaxation, because counts are integers: an
interval of reals can be wide when a single integer lies in it. Every value reported as possible belongs to a whole
table that was found and whose equations were checked in integers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# A solver that has not ended by then has shown nothing, and what is not shown to be safe counts as recovered.
TIME_LIMIT_S = 60.0
UNBOUNDED = 1 << 40


@dataclass(frozen=True)
class Published:
    """What an attacker has: n counts, of which those with ``is_shown`` have ``values``, and m equations that are 0.

    ``equations`` has shape (m, n), 1 for a part and -1 for its total. ``least`` and ``most`` bound a hidden count.
    ``values`` of hidden counts are not read.
    """

    equations: csr_array
    values: Integers
    is_shown: Booleans
    least: Integers
    most: Integers


@dataclass(frozen=True)
class Wanted:
    """What must stay possible for each of k sums ``targets`` (k, n) of counts, a single count being the simplest.

    A value of ``low`` or less, one of ``high`` or more, and two values that are ``width`` or more apart.
    """

    targets: csr_array
    low: Integers
    high: Integers
    width: Integers

    def lacks_high(self, lowest: Integers, highest: Integers) -> Booleans:
        """Tell for which targets a larger value has to be possible."""
        return np.asarray((highest < self.high) | (highest - lowest < self.width))

    def lacks(self, lowest: Integers, highest: Integers) -> Booleans:
        """Tell for which targets the values from ``lowest`` to ``highest`` are not enough."""
        return np.asarray((lowest > self.low) | self.lacks_high(lowest, highest))

    def part(self, rows: Integers, columns: Integers) -> "Wanted":
        """Return the targets of some rows in terms of some counts."""
        return Wanted(self.targets[rows][:, columns], self.low[rows], self.high[rows], self.width[rows])


@dataclass(frozen=True)
class Ranges:
    """The values that were found possible for each target: ``lowest`` to ``highest``, ``is_enough`` where wanted."""

    lowest: Integers
    highest: Integers
    is_enough: Booleans


def link(sums: list[tuple[int, list[int]]], count: int) -> csr_array:
    """Return the equations (m, ``count``) of sums, each the position of a total and those of its parts."""
    entries = [(row, part, 1) for row, (_, parts) in enumerate(sums) for part in parts]
    entries += [(row, total, -1) for row, (total, _) in enumerate(sums)]
    rows, columns, signs = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return coo_array((signs, (rows, columns)), shape=(len(sums), count)).tocsr()


def find_ranges(published: Published, wanted: Wanted) -> Ranges:
    """Attack: find for each target of ``wanted`` how low and how high it can be.

    The search for a target ends as soon as enough is possible; where ``is_enough`` is false the range is exact. Raises
    ValueError when what is shown contradicts the equations or the bounds.
    """
    hidden = np.flatnonzero(~published.is_shown)
    shown = np.where(published.is_shown, published.values, 0)
    right, known = -(published.equations @ shown), wanted.targets @ shown
    lowest, highest = known.astype(np.int64), known.astype(np.int64)
    for columns, rows, targets in split(published.equations, wanted.targets, hidden):
        asked = wanted.part(targets, columns)
        bounds = (published.least[columns], published.most[columns])
        tables = _Tables(published.equations[rows][:, columns], right[rows], *bounds)
        low, high = _range_over(tables, asked, known[targets])
        lowest[targets], highest[targets] = low, high
    return Ranges(lowest, highest, ~wanted.lacks(lowest, highest))


def split(equations: csr_array, targets: csr_array, columns: Integers) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Split counts into sets that no equation and no target ties together: columns, rows, targets of each."""
    if not len(columns):
        return
    ties = vstack([equations[:, columns], targets[:, columns]]).tocoo()
    size, row_count = len(columns), equations.shape[0]
    graph = coo_array((np.ones(ties.nnz), (ties.row + size, ties.col)), shape=(size + ties.shape[0],) * 2)
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    edges = np.flatnonzero(np.diff(labels[order])) + 1
    for members in np.split(order, edges):
        inside = columns[members[members < size]]
        if len(inside):
            others = members[members >= size] - size
            yield inside, others[others < row_count], others[others >= row_count] - row_count


class _Tables:
    """All integer tables with ``equations @ table == right`` and ``least <= table <= most``."""

    def __init__(self, equations: csr_array, right: Integers, least: Integers, most: Integers) -> None:
        self.equations, self.right = equations, right
        self.least, self.most = least, most

    def find(self, cost: NDArray[np.float64]) -> Integers | None:
        """Return the cheapest table; None when the solver found none or did not end."""
        table = solve(cost, [(self.equations, self.right, self.right)], self.least, self.most)
        if table is None or np.any(self.equations @ table != self.right):
            return None
        return table


def solve(
    cost: NDArray[np.float64],
    rows: Sequence[tuple[csr_array, NDArray[Any], NDArray[Any]]],
    least: NDArray[Any],
    most: NDArray[Any],
) -> Integers | None:
    """Return the integer vector of least ``cost`` within bounds, each of ``rows`` @ vector within its two limits.

    None when there is none or the solver did not end in time. A vector outside the bounds is never returned.
    """
    constraints = [LinearConstraint(matrix, low, high) for matrix, low, high in rows if matrix.shape[0]]
    # A vertex of the linear relaxation is mostly integer already, and then it is the answer: ten times faster.
    for is_integer in (0, 1):
        found = milp(
            cost,
            constraints=constraints,
            bounds=Bounds(least, most),
            integrality=np.full(len(cost), is_integer),
            options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": 0.0},
        )
        if found.status != 0:
            return None
        vector = np.rint(found.x).astype(np.int64)
        if np.allclose(found.x, vector, rtol=0, atol=1e-6):
            return vector if np.all((least <= vector) & (vector <= most)) else None
    return None


def _range_over(tables: _Tables, asked: Wanted, known: Integers) -> tuple[Integers, Integers]:
    """Return how low and how high the targets can be in the tables; ``known`` is what shown counts add to each."""
    count = asked.targets.shape[0]
    low, high = np.full(count, UNBOUNDED), np.full(count, -UNBOUNDED)

    def look(cost: NDArray[np.float64]) -> bool:
        table = tables.find(cost)
        if table is not None:
            values = asked.targets @ table + known
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)
        return table is not None

    everything = np.asarray(asked.targets.sum(axis=0), dtype=float).ravel()
    if not look(everything):
        raise ValueError("no table agrees with what is shown, or none was found in time")
    look(-everything)
    for target in range(count):
        cost = asked.targets[[target]].toarray().ravel().astype(float)
        if asked.lacks_high(low, high)[target]:
            look(-cost)
        if asked.lacks(low, high)[target]:
            look(cost)
    return low, high
