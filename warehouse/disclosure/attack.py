"""The attack on suppressed counts: the range of values that published counts leave possible for hidden ones.

Counts are related by equations (a total is the sum of its parts). The intruder sees the published counts, knows the
equations and that every count is an integer within bounds, and computes the least and the largest value that a hidden
count can have. If they are equal, the count is recovered. Method: the intruder's problem of cell suppression
(Willenborg & de Waal, Elements of Statistical Disclosure Control, 2001, ch. 6; Fischetti & Salazar-González,
Management Science 47, 2001), solved in integers and not only in its linear relaxation, because an interval of reals can
be wide and contain a single integer. Every value reported as possible belongs to a complete table that was found and
whose equations were verified in integers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from warehouse.progress import each

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# Of the solver, per problem; a count that was not shown to be safe within it is treated as recovered.
TIME_LIMIT_S = 60.0
UNBOUNDED = 1 << 40


@dataclass(frozen=True)
class Published:
    """What the intruder knows of n counts: published values, bounds of hidden ones, and m equations.

    ``equations`` @ counts is 0, with shape (m, n), 1 for a part and -1 for its total. ``values`` (n,) are read where
    ``is_shown`` (n,). Hidden counts are between ``least`` and ``most`` (n,).
    """

    equations: csr_array
    values: Integers
    is_shown: Booleans
    least: Integers
    most: Integers


@dataclass(frozen=True)
class ProtectionLevels:
    """What must stay possible for each of k linear combinations ``targets`` (k, n) of counts, e.g. single counts.

    Lower, upper and sliding protection levels, each (k,): a value of ``low`` or less, one of ``high`` or more, and two
    values at least ``width`` apart.
    """

    targets: csr_array
    low: Integers
    high: Integers
    width: Integers

    def lacks_high(self, lowest: Integers, highest: Integers) -> Booleans:
        """Tell for which of k targets (k,) a value above ``highest`` has to be possible."""
        return np.asarray((highest < self.high) | (highest - lowest < self.width))

    def lacks(self, lowest: Integers, highest: Integers) -> Booleans:
        """Tell for which of k targets (k,) the range from ``lowest`` to ``highest`` is not enough."""
        return np.asarray((lowest > self.low) | self.lacks_high(lowest, highest))

    def subset(self, rows: Integers, columns: Integers) -> "ProtectionLevels":
        """Return the levels of some targets (indices of rows), in terms of some counts (indices of columns)."""
        return ProtectionLevels(self.targets[rows][:, columns], self.low[rows], self.high[rows], self.width[rows])


@dataclass(frozen=True)
class Ranges:
    """The range found possible for each of k targets, ``lowest`` to ``highest`` (k,).

    ``is_enough`` (k,): whether it satisfies the protection levels.
    """

    lowest: Integers
    highest: Integers
    is_enough: Booleans


def sum_equations(sums: list[tuple[int, list[int]]], count: int) -> csr_array:
    """Return the equations (m, ``count``) of m sums, each given as the position of its total and those of its parts."""
    entries = [(row, part, 1) for row, (_, parts) in enumerate(sums) for part in parts]
    entries += [(row, total, -1) for row, (total, _) in enumerate(sums)]
    rows, columns, signs = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return coo_array((signs, (rows, columns)), shape=(len(sums), count)).tocsr()


def find_ranges(published: Published, levels: ProtectionLevels) -> Ranges:
    """Return the range of values that the intruder cannot exclude, for each target of ``levels``.

    The search for a target stops once its levels are satisfied; where ``is_enough`` is false the range is exact. Raises
    ValueError if the published counts contradict the equations or bounds, or the solver finds no table in time.
    """
    hidden = np.flatnonzero(~published.is_shown)
    shown = np.where(published.is_shown, published.values, 0)
    right, known = -(published.equations @ shown), levels.targets @ shown
    lowest, highest = known.astype(np.int64), known.astype(np.int64)
    blocks = list(independent_blocks(published.equations, levels.targets, hidden))
    for columns, rows, targets in each("Attacking counts of persons", blocks, len(blocks)):
        bounds = (published.least[columns], published.most[columns])
        tables = _FeasibleTables(published.equations[rows][:, columns], right[rows], *bounds)
        low, high = _range_over(tables, levels.subset(targets, columns), known[targets])
        lowest[targets], highest[targets] = low, high
    return Ranges(lowest, highest, ~levels.lacks(lowest, highest))


def independent_blocks(
    equations: csr_array, targets: csr_array, columns: Integers
) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Split counts into blocks that share no equation and no target.

    Yields the indices of each block's counts, equations and targets; ``columns`` are the counts to be split.
    """
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


class _FeasibleTables:
    """All integer tables with ``equations @ table == right`` and ``least <= table <= most``."""

    def __init__(self, equations: csr_array, right: Integers, least: Integers, most: Integers) -> None:
        self.equations, self.right = equations, right
        self.least, self.most = least, most

    def find(self, cost: NDArray[np.float64]) -> Integers | None:
        """Return the table of least cost; None if the solver found none in time."""
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
    """Return the integer vector (n,) of least ``cost`` @ vector between ``least`` and ``most``, each (n,).

    ``rows`` holds linear constraints: a matrix (m, n) and the lower and upper limits (m,) of matrix @ vector. None if
    there is no such vector or the solver did not finish in time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    constraints = [LinearConstraint(matrix, low, high) for matrix, low, high in rows if matrix.shape[0]]
    # The linear relaxation, which is ten times faster, mostly has an integer solution already.
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


def _range_over(tables: _FeasibleTables, levels: ProtectionLevels, known: Integers) -> tuple[Integers, Integers]:
    """Return the lowest and highest values (k,) of the targets; ``known`` (k,) is what published counts add to each."""
    count = levels.targets.shape[0]
    low, high = np.full(count, UNBOUNDED), np.full(count, -UNBOUNDED)

    def minimise(cost: NDArray[np.float64]) -> bool:
        table = tables.find(cost)
        if table is not None:
            values = levels.targets @ table + known
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)
        return table is not None

    everything = np.asarray(levels.targets.sum(axis=0), dtype=float).ravel()
    if not minimise(everything):
        raise ValueError("no table agrees with what is shown, or none was found in time")
    minimise(-everything)
    for target in range(count):
        cost = levels.targets[[target]].toarray().ravel().astype(float)
        if levels.lacks_high(low, high)[target]:
            minimise(-cost)
        if levels.lacks(low, high)[target]:
            minimise(cost)
    return low, high
