"""The policy file: it names every column of every mart, once, and what it cannot mean is refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import duckdb
import pytest
from made_release import contracts

from warehouse.disclosure.public_columns import public_columns
from warehouse.releases.marts import Column, Mart
from warehouse.serving.access import Access, MartAccess, SmallCells, compare, members_access
from warehouse.serving.errors import ServingError

_COLUMNS = tuple(
    Column(name, "VARCHAR", is_nullable=True, comment=None) for name in ("country_code", "place", "colour")
)
COUNTED = "_without_duplicates"
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


def test_members_see_every_row_that_everybody_sees() -> None:
    """The public edition hides no row of a mart of seizures, so nor does the members' policy."""
    rules = members_access().marts
    shown = {name: rules[name] for name in public_columns()}
    assert {name for name, rule in shown.items() if rule.small_cells or rule.own} == {"rpt_changes"}
    assert {"rpt_seizures_by_month", "rpt_region_by_year", "rpt_precursors_by_table"} <= shown.keys()


def test_what_single_cases_are_is_said_of_every_mart_that_hides_them() -> None:
    """A shared mart that counts presumed doubles sums records: its finer rows are of one, told once or twice."""
    counting = {
        name: rule for name, rule in members_access().marts.items() if "presumed_duplicate_count" in rule.shared
    }
    hiding = {name: rule.small_cells for name, rule in members_access().marts.items() if rule.small_cells}

    assert hiding.keys() == counting.keys() - public_columns().keys()
    for name, cells in hiding.items():
        columns = {column["name"] for column in contracts()[name]["columns"]}
        assert {cells.count, cells.less} < columns
        assert (cells.less, cells.below) == ("presumed_duplicate_count", 2)


def test_a_row_of_one_case_is_hidden_however_many_reports_tell_it() -> None:
    """A row of no report, as of a month that is held back, tells of no case."""
    shown = [(None, None), (0, None), (0, 0), (2, None), (2, 0), (3, 1)]
    hidden = [(1, None), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2)]
    cells = SmallCells(count="reports", less="doubles", below=2)
    with duckdb.connect() as connection:
        connection.execute("create table cells (reports bigint, doubles bigint)")
        connection.executemany("insert into cells values (?, ?)", [*hidden, *shown])
        assert connection.execute(f"from cells where {cells.shown_rows}").fetchall() == shown


def test_no_member_reads_of_others_what_is_as_reported() -> None:
    """Less what is without presumed doubles, in the same row or in another mart, it is the mass of one record."""
    assert [*_as_reported(lambda rule: rule.shared)] == []
    told = {*_as_reported(lambda rule: rule.centre)}
    assert ("rpt_seizures_by_year", "quantity_kg") in told
    assert ("rpt_seizures_by_context", "questioned_kg") in told


def _as_reported(columns: Callable[[MartAccess], Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield of marts that count presumed doubles the columns that are there, in any mart, also without them."""
    rules = members_access().marts
    counted = {
        column.removesuffix(COUNTED) for rule in rules.values() for column in rule.audiences if column.endswith(COUNTED)
    }
    for name, rule in rules.items():
        if "presumed_duplicate_count" in rule.shared:
            yield from ((name, column) for column in columns(rule) if column in counted)


@pytest.mark.parametrize(
    ("rule", "words"),
    {
        "{shared: [a], own: [b], countries: [a]}": "all rows or their own",
        "{own: [b]}": "whose row it is",
        "{own: [b], countries: [b], small_cells: {count: n, less: m, below: 2}}": "a rule for shared rows",
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
        "a: {shared: [x, y], countries: [x], small_cells: {count: y, less: z, below: 2}}\n"
        "b: {own: [x], countries: [x]}"
    )  # fmt: skip
    after = Access.from_text(
        "# comments and order change nothing\n"
        "b: {own: [x], centre: [z], countries: [x]}\n"
        "a: {shared: [y], centre: [x], countries: [x], small_cells: {count: y, less: z, below: 1}}"
    )  # fmt: skip

    assert compare(before, after) == [
        "~ a hides: y less z below 2 → y less z below 1", "~ a.x: shared → centre", "+ b.z: centre",
    ]  # fmt: skip
    assert compare(after, Access.from_text(after.text)) == []
    assert after.version == Access.from_text(after.text).version != before.version
