"""Complementary suppression: which counts to hide besides the small ones, so that no hidden count can be recovered.

For each hidden count that published ones determine too closely, the cheapest change to the table is computed under
which it takes a value that must stay possible; every count that changes is hidden too. So for each hidden count there
are complete integer tables that agree with everything published. This is the heuristic of Kelly, Golden & Assad
(Networks 22, 1992) and Castro (European Journal of Operational Research 171, 2006), with integer programs instead of
network flows, because three-way tables are not networks. The pattern is not minimal, but it is verified.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from warehouse.disclosure.attack import UNBOUNDED, Booleans, Integers, ProtectionLevels, independent_blocks, solve

# The smallest count of persons above zero that may be published.
THRESHOLD = 5
# Sliding protection level: the least distance between two possible values of a hidden count. It is more than the small
# counts need, because who knows this program excludes some of the values in between: see SECURITY.md.
WIDTH = THRESHOLD + 1
# How far above the true value an intruder may know from elsewhere that a hidden count cannot lie.
KNOWN_WITHIN = 2 * THRESHOLD
# Cost of changing a count that is hidden already; above zero, so that smaller changes are preferred.
FREE = 1e-3


@dataclass(frozen=True)
class CountSystem:
    """n true counts ``values`` (n,) with m ``equations`` (m, n), whose product is 0.

    ``least`` (n,) is the public lower bound of a hidden count. ``is_open`` (n,): the count was published earlier and is
    known. ``is_hidden`` (n,): it has to be hidden, or was hidden earlier. ``cost`` (n,) is that of hiding it, ``width``
    (n,) its sliding protection level, should it be hidden.
    ``differences`` (d, n) are changes since an earlier edition, 1 for the new count and -1 for the earlier one.
    """

    values: Integers
    least: Integers
    equations: csr_array
    is_open: Booleans
    is_hidden: Booleans
    cost: NDArray[np.float64]
    width: Integers
    differences: csr_array


def protection_levels(counts: CountSystem) -> ProtectionLevels:
    """Return the protection levels of n counts, should they be hidden, and of d differences: n + d targets.

    For a count under THRESHOLD, 1 (or its public lower bound) and THRESHOLD must be possible, so that nobody can even
    tell that it is small; likewise for a change by fewer persons. For any count, two values ``width`` apart.
    """
    targets = vstack([eye_array(len(counts.values), dtype=np.int64), counts.differences]).tocsr()
    truth = targets @ counts.values
    is_change = np.arange(len(truth)) >= len(counts.values)
    up = (truth < THRESHOLD) & (~is_change | (truth > 0))
    down = is_change & (truth > -THRESHOLD) & (truth < 0)
    # A public lower bound cannot be hidden: three countries with a row have at least three persons.
    known = np.append(counts.least, np.zeros(counts.differences.shape[0], dtype=np.int64))
    low = np.select([up, down], [np.maximum(1, known), -THRESHOLD], UNBOUNDED)
    high = np.select([up, down], [THRESHOLD, -1], -UNBOUNDED)
    width = np.append(counts.width, counts.width[counts.differences.indices].reshape(-1, 2).min(axis=1))
    return ProtectionLevels(targets, low.astype(np.int64), high.astype(np.int64), width)


def suppress(counts: CountSystem) -> Booleans:
    """Return which counts to hide (n,): those that have to be hidden, and others that protect them.

    A count that cannot be protected, because too much was published before, stays unprotected: the attack finds it.
    """
    hidden = counts.is_hidden & ~counts.is_open
    levels = protection_levels(counts)
    not_open = np.flatnonzero(~counts.is_open)
    for columns, rows, targets in independent_blocks(counts.equations, levels.targets, not_open):
        if hidden[columns].any():
            block = _Block(counts, columns, rows, levels.subset(targets, columns), hidden[columns])
            known = levels.targets[targets] @ np.where(counts.is_open, counts.values, 0)
            hidden[columns] = block.protect(known)
    return np.asarray(hidden)


class _Block:
    """The counts of one independent block, without those that are known."""

    def __init__(
        self, counts: CountSystem, columns: Integers, rows: Integers, levels: ProtectionLevels, hidden: Booleans
    ) -> None:
        self.required, self.hidden, self.levels = hidden, hidden, levels
        self.cost = counts.cost[columns]
        self.values = counts.values[columns]
        # A zero that is shown is not used as protection: readers would not believe that it could be another number.
        self.may_move = hidden | (self.values > 0)
        self.room_up = np.where(self.may_move, KNOWN_WITHIN, 0)
        self.room_down = np.where(self.may_move, self.values - counts.least[columns], 0)
        self.equations = counts.equations[rows][:, columns]
        # A change is written as increases and decreases, both not negative: the two halves of one vector.
        self.change_equations = hstack([self.equations, -self.equations]).tocsr()
        self.zeros = np.zeros(len(rows))
        self.is_in_target = abs(levels.targets)

    def protect(self, known: Integers) -> Booleans:
        """Return which counts to hide so that the levels are satisfied; ``known`` is added to each target."""
        levels, moves = self.levels, list[Integers]()
        truth = levels.targets @ self.values + known
        lowest, highest = truth.copy(), truth.copy()
        given_up = np.zeros(len(truth), dtype=bool)
        stretched: dict[int, int] = {}
        while (lacking := levels.lacks(lowest, highest) & self._concerns(self.hidden) & ~given_up).any():
            target = int(np.flatnonzero(lacking)[0])
            # What is hidden already is used up first: so the values of hidden counts decide less about what else is.
            count = int(self.hidden.sum())
            found = self._stretch(target, lowest, highest, truth) if stretched.get(target) != count else []
            stretched[target] = count
            if not found:
                move = self._move(target, lowest, highest, truth)
                given_up[target] = move is None
                found = [] if move is None else [move]
            for move in found:
                self.hidden = self.hidden | (move != 0)
            moves += found
            low, high = self._reach(found)
            np.minimum(lowest, truth + low, out=lowest)
            np.maximum(highest, truth + high, out=highest)
        return self._without_superfluous(moves, truth, given_up)

    def _without_superfluous(self, moves: list[Integers], truth: Integers, given_up: Booleans) -> Booleans:
        """Return which counts to hide (n,) without the moves that later ones have made superfluous."""
        required, needed = self.required, moves
        for move in sorted(moves, key=lambda m: -self.cost[(m != 0) & ~required].sum()):
            rest = [other for other in needed if other is not move]
            hidden = required | np.any([other != 0 for other in rest], axis=0) if rest else required
            low, high = self._reach(rest)
            if not np.any(self.levels.lacks(truth + low, truth + high) & self._concerns(hidden) & ~given_up):
                needed, self.hidden = rest, hidden
        return self.hidden

    def _reach(self, moves: list[Integers]) -> tuple[Integers, Integers]:
        """Return by how much the moves, or their reverse where bounds allow it, lower and raise each target (k,)."""
        reverse = [-m for m in moves if np.all((m <= self.room_down) & (-m <= self.room_up))]
        reached = self.levels.targets @ np.array([np.zeros_like(self.values), *moves, *reverse]).T
        return reached.min(axis=1), reached.max(axis=1)

    def _concerns(self, hidden: Booleans) -> Booleans:
        """Tell which targets (k,) contain a hidden count; the others need no protection."""
        return np.asarray(self.is_in_target @ hidden.astype(np.int64) > 0)

    def _move(self, target: int, lowest: Integers, highest: Integers, truth: Integers) -> Integers | None:
        """Return the cheapest change of the table (n,) that widens the range of a target; None if there is none."""
        levels, true = self.levels, truth[target]
        if levels.high[target] > highest[target]:
            return self._cheapest(target, 1, levels.high[target] - true)
        if levels.low[target] < lowest[target]:
            return self._cheapest(target, -1, true - levels.low[target])
        up, down = lowest[target] + levels.width[target] - true, true - highest[target] + levels.width[target]
        move = self._cheapest(target, 1, up)
        return self._cheapest(target, -1, down) if move is None else move

    def _stretch(self, target: int, lowest: Integers, highest: Integers, truth: Integers) -> list[Integers]:
        """Return the changes (n,) of hidden counts alone that take a target's range as far as they can, if it grows."""
        count, row = len(self.cost), self.levels.targets[[target]].toarray().ravel().astype(float)
        most = np.where(np.tile(self.hidden, 2), np.concatenate([self.room_up, self.room_down]), 0)
        changes = []
        for sign in (1, -1):
            cost = np.concatenate([-sign * row, sign * row])
            found = solve(cost, [(self.change_equations, self.zeros, self.zeros)], np.zeros(2 * count), most)
            if found is not None and not np.any(self.equations @ (found[:count] - found[count:])):
                changes.append(found[:count] - found[count:])
        reached = [int(truth[target] + row @ change) for change in changes]
        grows = [reach < lowest[target] or reach > highest[target] for reach in reached]
        return [change for change, is_wider in zip(changes, grows, strict=True) if is_wider]

    def _cheapest(self, target: int, sign: int, amount: int) -> Integers | None:
        """Return the integer change (n,) of least cost that moves a target by ``amount`` or more, up (1) or down (-1).

        None if there is none.
        """
        count, row = len(self.cost), self.levels.targets[[target]] * sign
        least, most = np.zeros(2 * count), np.concatenate([self.room_up, self.room_down])
        rows = [(self.change_equations, self.zeros, self.zeros)]
        if row.nnz == 1:
            half = 0 if row.data[0] > 0 else count
            least[row.indices[0] + half] = amount
            most[row.indices[0] + count - half] = 0
        else:
            rows.append((hstack([row, -row]).tocsr(), np.array([amount]), np.array([np.inf])))
        if np.any(least > most):
            return None
        found = solve(np.tile(np.where(self.hidden, FREE, self.cost), 2), rows, least, most)
        if found is None:
            return None
        move: Integers = found[:count] - found[count:]
        return move if not np.any(self.equations @ move) else None
