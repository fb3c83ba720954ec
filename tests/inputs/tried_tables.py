"""An intruder who knows the program: of the tables that agree with an edition, those of which it had made the same."""

from dataclasses import replace

import numpy as np
from made_tables import make_counts

from warehouse.disclosure.attack import Booleans, Integers, Published
from warehouse.disclosure.exact_ranges import exact_ranges
from warehouse.disclosure.suppression import CountSystem, suppress


def agreeing_tables(counts: CountSystem, hidden: Booleans, most: int) -> Integers | None:
    """Return all tables (k, n) that agree with what is shown, the true one among them; None if they are too many."""
    shown = Published(counts.equations, counts.values, ~hidden, counts.least, counts.values)
    lowest, highest, is_bounded = exact_ranges(shown)
    if not is_bounded.all():
        return None
    equations, tables = counts.equations.toarray(), np.where(hidden, 0, counts.values)[None]
    left = hidden.copy()
    for place in np.flatnonzero(hidden):
        values = np.arange(lowest[place], highest[place] + 1)
        if len(tables) * len(values) > 300 * most:
            return None
        tables = np.repeat(tables, len(values), axis=0)
        tables[:, place] = np.tile(values, len(tables) // len(values))
        left[place] = False
        complete = equations[~np.any(equations[:, left], axis=1)]
        tables = tables[~np.any(tables @ complete.T, axis=1)]
    return tables if len(tables) <= most else None


def possible_values(counts: CountSystem, hidden: Booleans, most: int) -> dict[int, tuple[set[int], set[int]]] | None:
    """Return what each hidden count can be, by place: for who knows the sums, and for who knows the program too.

    None if more than ``most`` tables agree with what is shown.
    """
    tables = agreeing_tables(counts, hidden, most)
    if tables is None:
        return None
    made = [table for table in tables if np.array_equal(suppress(_like(counts, table)), hidden)]
    return {
        int(place): (set(tables[:, place].tolist()), {int(table[place]) for table in made})
        for place in np.flatnonzero(hidden)
    }


def _like(counts: CountSystem, table: Integers) -> CountSystem:
    return replace(make_counts(table.tolist(), counts.equations), width=counts.width)
