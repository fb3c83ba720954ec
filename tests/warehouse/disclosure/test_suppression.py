"""Complementary suppression: an attack recovers nothing, and much when it is switched off."""

import numpy as np
import pytest
from examples import examples
from made_tables import attack, draw_table, make_counts
from scipy.sparse import csr_array

from warehouse.disclosure.attack import sum_equations
from warehouse.disclosure.suppression import suppress

# Shape, size of the groups of the first dimension (1: none), and how many tables of a thousand are drawn like this.
SIZES = [((3, 3), 1, 450), ((2, 4), 1, 250), ((4, 2), 2, 120), ((2, 2, 2), 1, 130), ((2, 2, 3), 1, 40), ((3, 4), 1, 10)]


@pytest.mark.chance
@pytest.mark.parametrize(("shape", "groups", "count"), SIZES)
def test_the_attack_recovers_nothing_and_much_without_complements(
    shape: tuple[int, ...], groups: int, count: int
) -> None:
    """Of every fifth table also what it recovers when the small counts alone are hidden: the true values of most."""
    chance = np.random.default_rng(count)
    small, recovered_alone = 0, 0
    for number in range(examples(count // 10, count)):
        counts = draw_table(chance, shape, groups=groups)
        hidden = suppress(counts)
        assert not np.any(counts.is_hidden & ~hidden)
        ranges = attack(counts, hidden)
        assert not np.any(ranges.lowest == ranges.highest)
        assert ranges.is_enough.all()
        if number % 5 == 0:
            alone = attack(counts, counts.is_hidden)
            exact = alone.lowest == alone.highest
            assert alone.lowest[exact].tolist() == counts.values[counts.is_hidden][exact].tolist()
            small += int(counts.is_hidden.sum())
            recovered_alone += int(exact.sum())
    assert recovered_alone > small / 2


def test_a_table_without_small_counts_is_shown_whole() -> None:
    counts = make_counts([5, 6, 11], sum_equations([(2, [0, 1])], 3))
    assert not suppress(counts).any()


def test_a_small_count_takes_the_cheapest_other_with_it() -> None:
    """3 + 40 + 6 = 49: the six, not the forty, and the total stays."""
    counts = make_counts([3, 40, 6, 49], sum_equations([(3, [0, 1, 2])], 4))
    assert suppress(counts).tolist() == [True, False, True, False]


def test_a_zero_that_is_shown_protects_nothing() -> None:
    counts = make_counts([3, 0, 40, 43], sum_equations([(3, [0, 1, 2])], 4))
    assert suppress(counts).tolist() == [True, False, True, False]


def test_what_was_shown_before_protects_nothing() -> None:
    """Of 3 + 40 + 6 = 49 the six was shown in an earlier edition."""
    counts = make_counts([3, 40, 6, 49], sum_equations([(3, [0, 1, 2])], 4))
    counts.is_open[2] = True
    assert suppress(counts).tolist() == [True, True, False, False]


def test_a_small_change_is_protected_like_a_small_count() -> None:
    """Once 30 + 20 = 50 was shown; now 32 + 20 = 52. Who sees 52 knows that two persons were added."""
    equations = sum_equations([(2, [0, 1]), (4, [3, 1])], 5)
    counts = make_counts([30, 20, 50, 32, 52], equations)
    counts.is_open[:3] = True
    counts.is_hidden[3] = True
    changes = csr_array(np.array([[-1, 0, 0, 1, 0], [0, 0, -1, 0, 1]]))
    hidden = suppress(type(counts)(**{**vars(counts), "differences": changes}))
    assert hidden.tolist() == [False, False, False, True, True]
