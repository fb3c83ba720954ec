"""Complementary suppression: which counts to hide beside the small ones, so that no hidden count can be recovered.

For each hidden count that the shown ones pin down too closely, the cheapest other table is looked for in which it has
the value that must stay possible; whatever differs in that table is hidden too. So each hidden count comes with whole
integer tables that agree with everything shown. This is the heuristic of Kelly, Golden & Assad (Networks 22, 1992) and
Castro (European Journal of Operational Research 171, 2006), with integers in place of flows, because three-way tables
are no networks. It is not the smallest possible pattern, it is a proven one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from warehouse.disclosure.attack import UNBOUNDED, Booleans, Integers, Wanted, solve, split

# Counts of persons from here on may be shown.
THRESHOLD = 5
# Two possible values of a hidden count lie at least so far apart.
WIDTH = THRESHOLD - 1
# An attacker may know from elsewhere that a hidden count is at most so much above the true one.
KNOWN_WITHIN = 2 * THRESHOLD
# Nearly nothing: hidden counts protect each other at no further loss, and small changes go before large ones.
FREE = 1e-3


@dataclass(frozen=True)
class Counts:
    """n true counts with their equations (m, n); ``equations @ values`` is 0.

    ``least`` is what everybody knows of a hidden count. ``is_open`` counts were shown earlier and are known;
    ``is_hidden`` ones have to be hidden, or were hidden earlier. ``cost`` is the loss when another one is hidden.
    ``differences`` (d, n) are changes since an earlier edition, 1 for the new count and -1 for the earlier.
    """

    values: Integers
    least: Integers
    equations: csr_array
    is_open: Booleans
    is_hidden: Booleans
    cost: NDArray[np.float64]
    differences: csr_array


def protection(counts: Counts) -> Wanted:
    """Return what must stay possible for each count, should it be hidden, and for each difference.

    Of a count under THRESHOLD everything between 1 (or what everybody knows) and THRESHOLD, so that nobody can even
    tell that it is small; so of a change of fewer persons than that. Of other counts two values WIDTH apart.
    """
    targets = vstack([eye_array(len(counts.values), dtype=np.int64), counts.differences]).tocsr()
    truth = targets @ counts.values
    is_change = np.arange(len(truth)) >= len(counts.values)
    up = (truth < THRESHOLD) & (~is_change | (truth > 0))
    down = is_change & (truth > -THRESHOLD) & (truth < 0)
    # what everybody knows cannot be unsaid: three countries with a row have three persons
    known = np.append(counts.least, np.zeros(counts.differences.shape[0], dtype=np.int64))
    low = np.select([up, down], [np.maximum(1, known), -THRESHOLD], UNBOUNDED)
    high = np.select([up, down], [THRESHOLD, -1], -UNBOUNDED)
    return Wanted(targets, low.astype(np.int64), high.astype(np.int64), np.full(len(truth), WIDTH))


def suppress(counts: Counts) -> Booleans:
    """Return which counts to hide (n,): those that have to be, and what protects them.

    A count that cannot be protected, because too much was shown before, is left to the attack to be found.
    """
    hidden = counts.is_hidden & ~counts.is_open
    wanted = protection(counts)
    for columns, rows, targets in split(counts.equations, wanted.targets, np.flatnonzero(~counts.is_open)):
        if hidden[columns].any():
            block = _Block(counts, columns, rows, wanted.part(targets, columns), hidden[columns])
            known = wanted.targets[targets] @ np.where(counts.is_open, counts.values, 0)
            hidden[columns] = block.protect(known)
    return np.asarray(hidden)


class _Block:
    """Counts that hang together, without those that are known."""

    def __init__(self, counts: Counts, columns: Integers, rows: Integers, wanted: Wanted, hidden: Booleans) -> None:
        self.must, self.hidden, self.wanted = hidden, hidden, wanted
        self.cost = counts.cost[columns]
        self.values = counts.values[columns]
        # A zero that is shown is not taken for protection: readers would not believe that it could be another number.
        self.may_move = hidden | (self.values > 0)
        self.room_up = np.where(self.may_move, KNOWN_WITHIN, 0)
        self.room_down = np.where(self.may_move, self.values - counts.least[columns], 0)
        self.equations = counts.equations[rows][:, columns]
        # a change is what is added less what is taken away: one half of a vector each
        self.both = hstack([self.equations, -self.equations]).tocsr()
        self.none = np.zeros(len(rows))
        self.concerned = abs(wanted.targets)

    def protect(self, known: Integers) -> Booleans:
        """Return what to hide so that everything wanted stays possible; ``known`` counts add that to each target."""
        wanted, moves = self.wanted, list[Integers]()
        truth = wanted.targets @ self.values + known
        lowest, highest = truth.copy(), truth.copy()
        given_up = np.zeros(len(truth), dtype=bool)
        while (lacking := wanted.lacks(lowest, highest) & self._is_asked(self.hidden) & ~given_up).any():
            target = int(np.flatnonzero(lacking)[0])
            move = self._move(target, lowest, highest, truth)
            if move is None:
                given_up[target] = True
                continue
            self.hidden = self.hidden | (move != 0)
            moves.append(move)
            low, high = self._reach([move])
            np.minimum(lowest, truth + low, out=lowest)
            np.maximum(highest, truth + high, out=highest)
        return self._without_idle(moves, truth, given_up)

    def _without_idle(self, moves: list[Integers], truth: Integers, given_up: Booleans) -> Booleans:
        """Return what has to be hidden when every move is dropped that later ones have made superfluous."""
        must, needed = self.must, moves
        for move in sorted(moves, key=lambda m: -self.cost[(m != 0) & ~must].sum()):
            rest = [other for other in needed if other is not move]
            hidden = must | np.any([other != 0 for other in rest], axis=0) if rest else must
            low, high = self._reach(rest)
            if not np.any(self.wanted.lacks(truth + low, truth + high) & self._is_asked(hidden) & ~given_up):
                needed, self.hidden = rest, hidden
        return self.hidden

    def _reach(self, moves: list[Integers]) -> tuple[Integers, Integers]:
        """Return how far the moves, there and where bounds allow it back, bring each target down and up."""
        back = [-m for m in moves if np.all((m <= self.room_down) & (-m <= self.room_up))]
        reached = self.wanted.targets @ np.array([np.zeros_like(self.values), *moves, *back]).T
        return reached.min(axis=1), reached.max(axis=1)

    def _is_asked(self, hidden: Booleans) -> Booleans:
        """Tell which targets concern hidden counts: a count that is shown needs no protection."""
        return np.asarray(self.concerned @ hidden.astype(np.int64) > 0)

    def _move(self, target: int, lowest: Integers, highest: Integers, truth: Integers) -> Integers | None:
        """Return the cheapest change of the table after which more is possible for a target."""
        wanted = self.wanted
        up = max(wanted.high[target], lowest[target] + wanted.width[target]) - truth[target]
        down = truth[target] - min(wanted.low[target], highest[target] - wanted.width[target])
        if wanted.lacks_high(lowest, highest)[target]:
            move = self._cheapest(target, 1, up)
            if move is not None or wanted.high[target] > highest[target]:
                return move
        return self._cheapest(target, -1, down)

    def _cheapest(self, target: int, sign: int, amount: int) -> Integers | None:
        """Return the integer change of least cost that moves a target by ``amount`` or more; None if there is none."""
        count, row = len(self.cost), self.wanted.targets[[target]] * sign
        least, most = np.zeros(2 * count), np.concatenate([self.room_up, self.room_down])
        rows = [(self.both, self.none, self.none)]
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
