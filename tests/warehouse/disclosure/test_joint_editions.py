"""Sequences of public editions: what one hides, another must not give away."""

from collections.abc import Sequence

import duckdb
import numpy as np
import pytest
from examples import examples
from made_persons import draw_rows, region_of, revise, write_persons, year_of

from warehouse.disclosure.attack import Ranges
from warehouse.disclosure.joint_editions import PublicEdition, attack, join_editions, protect
from warehouse.disclosure.person_counts import PersonCounts, read_counts


def decide(candidate: PersonCounts, earlier: Sequence[PublicEdition]) -> tuple[PublicEdition, Ranges]:
    """Return the edition that is published after the earlier ones, and what an attack on all of them finds."""
    edition = protect(candidate, earlier)
    joint = join_editions(edition.values, earlier)
    return edition, attack(joint, np.array([key in edition.hidden for key, _ in joint.states], dtype=bool))[1]


def decide_alone(candidate: PersonCounts, earlier: Sequence[PublicEdition]) -> tuple[PublicEdition, Ranges]:
    """Do the same, but protect the new edition as if it were the only one."""
    edition = protect(candidate, [])
    joint = join_editions(candidate, earlier)
    hidden = np.zeros(len(joint.states), dtype=bool)
    hidden[[place for place in joint.new if joint.states[place][0] in edition.hidden]] = True
    return edition, attack(joint, hidden)[1]


def make_sequence(seed: int, length: int = 4) -> list[PersonCounts]:
    """Return what the marts say, release after release: revised a little, and sometimes as it was before."""
    chance = np.random.default_rng(seed)
    rows = draw_rows(chance, [2020], countries=3, months=3, offences=3, mean=2)
    history = [rows]
    while len(history) < length:
        revised = revise(chance, history[-1])
        history.append(revised if chance.random() < 0.8 else history[int(chance.integers(len(history)))])
    with duckdb.connect() as connection:
        sequence = []
        for rows in history:
            write_persons(connection, "persons", rows)
            sequence.append(read_counts(connection, "persons"))
    return sequence


@pytest.mark.chance
@pytest.mark.parametrize("seed", range(examples(2, 12)))
def test_an_attack_on_all_editions_recovers_nothing(seed: int) -> None:
    earlier: list[PublicEdition] = []
    for candidate in make_sequence(seed):
        edition, ranges = decide(candidate, earlier)
        assert not np.any(ranges.lowest == ranges.highest)
        assert ranges.is_enough.all()
        earlier.append(edition)


def test_an_attack_on_editions_that_do_not_know_each_other_recovers_much() -> None:
    earlier: list[PublicEdition] = []
    recovered = 0
    for candidate in make_sequence(1):
        edition, ranges = decide_alone(candidate, earlier)
        recovered += int((ranges.lowest == ranges.highest).sum())
        earlier.append(edition)
    assert recovered > 20


def test_what_was_hidden_stays_hidden_while_it_does_not_change() -> None:
    """KGZ was hidden for the sake of TJK; in the next edition another would do, and both would give TJK away."""
    first, _ = decide(region_of(KAZ=50, KGZ=7, TJK=3), [])
    assert first.hidden == {year_of("KGZ"), year_of("TJK")}
    second, ranges = decide(region_of(KAZ=50, KGZ=7, TJK=3, UZB=6), [first])
    assert first.hidden <= second.hidden
    assert ranges.is_enough.all()


def test_a_small_change_of_what_was_shown_is_hidden_and_a_large_one_is_not() -> None:
    first, _ = decide(region_of(KAZ=50, KGZ=20), [])
    assert first.hidden == frozenset()
    small, _ = decide(region_of(KAZ=52, KGZ=20), [first])
    assert small.hidden == {year_of("KAZ"), year_of("TOTAL")}
    large, _ = decide(region_of(KAZ=56, KGZ=20), [first, small])
    assert large.hidden == frozenset()


def test_what_was_shown_once_is_no_secret_again() -> None:
    """The revision is taken back: the first edition showed these figures already."""
    first, _ = decide(region_of(KAZ=50, KGZ=20), [])
    second, _ = decide(region_of(KAZ=52, KGZ=20), [first])
    third, ranges = decide(region_of(KAZ=50, KGZ=20), [first, second])
    assert third == first
    assert ranges.is_enough.all()


def test_the_same_figures_give_the_same_edition() -> None:
    candidate = make_sequence(3)[0]
    first, _ = decide(candidate, [])
    assert decide(candidate, [first])[0] == first


def test_a_small_group_hides_of_whom_it_consists_but_not_what_a_larger_one_tells() -> None:
    """Of 3 convicts nobody is a woman: hidden, unless nobody is among all 40 of the region."""

    def with_women(women: int) -> PersonCounts:
        counted = region_of(KAZ=37, TJK=3)
        for country, part in (("TOTAL", women), ("KAZ", women), ("TJK", 0)):
            for code, count in (("F", part), ("M", counted[year_of(country)] - part)):
                counted[year_of(country)._replace(characteristic_name="sex", characteristic_code=code)] = count
        return counted

    women_there = year_of("TJK")._replace(characteristic_name="sex", characteristic_code="F")
    hidden, ranges = decide(with_women(10), [])
    assert women_there in hidden.hidden
    assert ranges.is_enough.all()
    assert women_there not in decide(with_women(0), [])[0].hidden
