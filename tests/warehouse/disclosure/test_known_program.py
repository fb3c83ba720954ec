"""An intruder who knows the program, its threshold and the order of its choices, and tries every table."""

from dataclasses import replace

import numpy as np
from made_tables import draw_table, make_counts
from tried_tables import possible_values

from warehouse.disclosure.suppression import suppress

MOST_TABLES = 60


def test_which_counts_are_suppressed_does_not_tell_their_values() -> None:
    """Columns of 0 and of 1 + 4: once the program suppressed other totals of 2 + 3, and so told the 1 and the 4."""
    equations = draw_table(np.random.default_rng(0), (2, 2)).equations
    counts = replace(make_counts([0, 1, 1, 0, 4, 4, 0, 5, 5], equations), width=np.full(9, 4))
    hidden = suppress(counts)
    found = possible_values(counts, hidden, 1000)
    assert found
    assert min(len(made) for _, made in found.values()) >= 3


def test_no_count_is_left_fewer_than_three_values_in_tables_drawn_by_chance() -> None:
    chance = np.random.default_rng(3)
    remaining: list[int] = []
    while len(remaining) < 25:
        counts = draw_table(chance, (2, 2))
        hidden = suppress(counts)
        found = possible_values(counts, hidden, MOST_TABLES) if hidden.any() else None
        for place, (summed, made) in (found or {}).items():
            assert int(counts.values[place]) in made <= summed
            remaining.append(len(made))
    assert min(remaining) >= 3
