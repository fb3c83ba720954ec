"""The attack finds exactly what is possible: compared with trying everything, on tables small enough for that."""

from dataclasses import replace

import numpy as np
import pytest
from made_tables import attack, draw_table, exact_ranges, make_counts, publish, try_all
from scipy.sparse import csr_array

from warehouse.disclosure.attack import Published, sum_equations
from warehouse.disclosure.exact_ranges import exact_ranges as exact
from warehouse.disclosure.suppression import suppress

# Two rows of a table with totals: positions 0 1 | 2, 3 4 | 5, and the totals of the columns 6 7 | 8.
TWO_BY_TWO = sum_equations([(2, [0, 1]), (5, [3, 4]), (6, [0, 3]), (7, [1, 4]), (8, [2, 5])], 9)


def test_a_count_alone_in_its_sum_is_recovered() -> None:
    counts = make_counts([3, 7, 10, 20, 30, 50, 23, 37, 60], TWO_BY_TWO)
    ranges = attack(counts, counts.is_hidden)
    assert (ranges.lowest.tolist(), ranges.highest.tolist(), ranges.is_enough.tolist()) == ([3], [3], [False])


def test_a_rectangle_of_hidden_counts_is_safe() -> None:
    counts = make_counts([3, 7, 10, 20, 30, 50, 23, 37, 60], TWO_BY_TWO)
    hidden = np.isin(np.arange(9), [0, 1, 3, 4])
    found = exact_ranges(publish(counts, hidden))
    assert [(found.lowest[i], found.highest[i]) for i in (0, 1, 3, 4)] == [(0, 10), (0, 10), (13, 23), (27, 37)]


def test_a_single_integer_in_a_wide_interval_is_recovered() -> None:
    """2 x + 3 y = 12 with x from 1 to 5: reals leave x anywhere, integers only at 3."""
    equations = csr_array(np.array([[2, 3, -1]]))
    published = Published(equations, np.array([-1, -1, 12]), np.array([False, False, True]),
                          np.array([1, 0, 0]), np.array([5, 9, 99]))  # fmt: skip
    found = exact_ranges(published)
    assert (found.lowest.tolist(), found.highest.tolist()) == ([3, 2, 12], [3, 2, 12])


def test_tables_protected_one_after_the_other_are_recovered_together() -> None:
    """Regions A and I of one county, J and K of another, B of a third; A and B are large, the others small.

    By county the 3 hides with A and the 4 with J; by size A hides with B: each table is safe alone. Together the
    counties give B, B gives A, and A the 3 (the kind of sdcTools/UserSupport issues 133 and 136).
    """
    values = [11, 7, 3, 9, 4, 14, 13, 18, 16, 34]
    a, b, i, j, k, county, other, large, small, total = range(10)
    by_county = [(county, [a, i]), (other, [j, k]), (total, [county, other, b])]
    by_size = [(large, [a, b]), (small, [i, j, k]), (total, [large, small])]
    found = {}
    for name, sums, cells in (
        ("county", by_county, [a, i, j, k]), ("size", by_size, [a, b, i, j, k]),
        ("both", by_county + by_size, [a, b, i, j, k]),
    ):  # fmt: skip
        counts = make_counts(values, sum_equations(sums, 10))
        found[name] = attack(counts, np.isin(np.arange(10), cells))
    assert found["county"].is_enough.all()
    assert found["size"].is_enough.all()
    assert (found["both"].lowest[2], found["both"].highest[2]) == (3, 3)
    counts = make_counts(values, sum_equations(by_county + by_size, 10))
    assert attack(counts, suppress(counts)).is_enough.all()


def test_what_contradicts_itself_is_an_error() -> None:
    counts = make_counts([3, 7, 11, 20, 30, 50, 23, 37, 60], TWO_BY_TWO)
    with pytest.raises(ValueError, match="no table agrees"):
        attack(counts, np.isin(np.arange(9), [0, 1]))


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (2, 2, 2)])
def test_ranges_are_those_of_trying_everything(shape: tuple[int, ...]) -> None:
    """Hidden counts of any pattern, protected or not; three of them, so a few thousand tables each time."""
    chance = np.random.default_rng(7)
    for _ in range(8):
        counts = draw_table(chance, shape)
        hidden = np.zeros(len(counts.values), dtype=bool)
        hidden[chance.choice(len(hidden), size=3, replace=False)] = True
        published = publish(counts, hidden)
        found = exact_ranges(published)
        lowest, highest = try_all(published)
        assert found.lowest.tolist() == lowest.tolist()
        assert found.highest.tolist() == highest.tolist()


def test_exact_ranges_are_those_of_trying_everything_with_no_bound_known() -> None:
    """A count without an upper bound has ever more values, the further one tries."""
    chance = np.random.default_rng(5)
    tried = 0
    while tried < 8:
        counts = draw_table(chance, (2, 2))
        if counts.values.max() > 25:
            continue
        tried += 1
        hidden = np.zeros(len(counts.values), dtype=bool)
        hidden[chance.choice(len(hidden), size=3, replace=False)] = True
        published = replace(publish(counts, hidden), most=np.full(len(hidden), 30))
        lowest, highest = try_all(published)
        is_bounded = highest == try_all(replace(published, most=np.full(len(hidden), 40)))[1]
        found = exact(published)
        assert found[0].tolist() == lowest.tolist()
        assert found[1][is_bounded].tolist() == highest[is_bounded].tolist()
        assert found[2].tolist() == is_bounded.tolist()


def test_counts_reported_safe_are_safe_in_an_exhaustive_search() -> None:
    """A brute-force attacker on protected tables: no hidden count has one value, no small one is known to be small."""
    chance = np.random.default_rng(11)
    tried = 0
    while tried < 15:
        counts = draw_table(chance, (2, 2))
        hidden = suppress(counts)
        if not 0 < hidden.sum() <= 5:
            continue
        tried += 1
        lowest, highest = try_all(publish(counts, hidden))
        assert np.all(highest[hidden] - lowest[hidden] >= 4)
        small = counts.is_hidden
        assert np.all((lowest[small] <= 1) & (highest[small] >= 5))
