"""The policy file: it names every column of every mart, once, and what it cannot mean is refused."""

from collections import Counter

import pytest
from made_release import contracts

from warehouse.releases.marts import Column, Mart
from warehouse.serving.access import Access, MartAccess, compare, members_access
from warehouse.serving.errors import ServingError

_COLUMNS = tuple(
    Column(name, "VARCHAR", is_nullable=True, comment=None) for name in ("country_code", "place", "colour")
)
SEIZURES = Mart("fct_seizures", None, _COLUMNS, (), 0)


def test_every_column_of_every_mart_has_one_audience() -> None:
    named = {
        name: Counter([*rule.shared, *rule.own, *rule.centre, *(one for side in rule.sides.values() for one in side)])
        for name, rule in members_access().marts.items()
    }
    published = {name: Counter([c["name"] for c in contract["columns"]]) for name, contract in contracts().items()}

    assert {name: published.get(name) for name in named} == named
    assert published.keys() - named.keys() == set()


def test_single_records_are_never_shared() -> None:
    """A fact is a record of one country, and so is a row that one record is named in."""
    shared = {name for name, rule in members_access().marts.items() if rule.shared}
    ids = {"seizure_id", "row_id", "largest_seizure_id", "event_id"}
    naming = {
        name for name, contract in contracts().items() if ids & {column["name"] for column in contract["columns"]}
    }  # fmt: skip

    assert shared & naming == set()
    assert naming >= {"fct_seizures", "fct_persons", "rpt_seizure_sizes"}


@pytest.mark.parametrize(
    ("rule", "words"),
    {
        "{shared: [a], own: [b], countries: [a]}": "all rows or their own",
        "{own: [b]}": "whose row it is",
        "{own: [b], countries: [b], small_cells: {count: n, below: 2}}": "small_cells is a rule for shared rows",
        "{own: [b], countries: [a, b], sides: {a: [c]}}": "an entry for each of countries",
        "{open: [b]}": "Extra inputs",
    }.items(),
)
def test_what_a_rule_cannot_mean_is_refused(rule: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Access.from_text(f"fct_seizures: {rule}")


def test_nobody_sees_what_the_policy_does_not_name() -> None:
    policy = Access.from_text("fct_seizures: {own: [country_code, gone], centre: [place], countries: [country_code]}")

    assert [*policy.unnamed([SEIZURES, Mart("fct_new", None, (), (), 0)])] == ["fct_seizures.colour", "fct_new"]
    assert policy.of(SEIZURES) == MartAccess(own=("country_code",), centre=("place",), countries=("country_code",))
    with pytest.raises(ServingError, match=r"by fct_seizures\.reporter_code who sees which rows"):
        Access.from_text("fct_seizures: {own: [place], countries: [reporter_code]}").of(SEIZURES)


def test_two_policies_are_compared_by_column_and_by_rule_of_rows() -> None:
    before = Access.from_text(
        "a: {shared: [x, y], countries: [x], small_cells: {count: y, below: 2}}\n"
        "b: {own: [x], countries: [x]}"
    )  # fmt: skip
    after = Access.from_text(
        "# comments and order change nothing\n"
        "b: {own: [x], centre: [z], countries: [x]}\n"
        "a: {shared: [y], centre: [x], countries: [x], small_cells: {count: y, below: 1}}"
    )  # fmt: skip

    assert compare(before, after) == ["~ a hides: y below 2 → y below 1", "~ a.x: shared → centre", "+ b.z: centre"]
    assert compare(after, Access.from_text(after.text)) == []
    assert after.version == Access.from_text(after.text).version != before.version
