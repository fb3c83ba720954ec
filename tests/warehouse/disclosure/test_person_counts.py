"""Counts of persons and their totals, from a table like rpt_persons_by_month."""

import duckdb
import numpy as np
import pytest
from made_persons import draw_rows, write_persons

from warehouse.disclosure.person_counts import CountKey, PersonCounts, find_sums, read_counts

# persons; women, men, unknown; juveniles, adults, unknown; nationals, foreigners, unknown
ROWS = [
    ("KAZ", "2023-01-01", "060111", "SUSPECTED", 10, 2, 7, 1, 0, 10, 0, 9, 1, 0),
    ("KAZ", "2023-02-01", "060121", "SUSPECTED", 4, 0, 4, 0, 0, 4, 0, 4, 0, 0),
    ("UZB", "2023-02-01", "060121", "SUSPECTED", 6, 1, 5, 0, 1, 5, 0, 6, 0, 0),
    ("UZB", "2023-02-01", "060111", "SUSPECTED", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ("UZB", "2024-02-01", "060121", "CONVICTED", 3, 0, 3, 0, 0, 3, 0, 3, 0, 0),
]


@pytest.fixture(scope="module")
def counted() -> PersonCounts:
    with duckdb.connect() as connection:
        write_persons(connection, "persons", ROWS)
        return read_counts(connection, "persons")


def suspected(country: str, month: int, offence: str = "TOTAL", name: str = "all", code: str = "TOTAL") -> CountKey:
    return CountKey(country, 2023, month, "SUSPECTED", offence, name, code)


def test_years_are_divided_by_offence_and_by_characteristic_and_months_are_not(counted: PersonCounts) -> None:
    assert counted[suspected("KAZ", 0)] == 14
    assert counted[suspected("TOTAL", 0)] == 20
    assert counted[suspected("TOTAL", 0, "060121")] == 10
    assert counted[suspected("TOTAL", 0, name="sex", code="F")] == 3
    assert counted[suspected("KAZ", 0, name="age_group", code="JUVENILE")] == 0
    assert counted[suspected("TOTAL", 2)] == 10
    assert {key.characteristic_code for key in counted if key.month_number or key.offence_code != "TOTAL"} == {"TOTAL"}


def test_stages_and_years_are_apart_and_a_group_of_nobody_has_no_row(counted: PersonCounts) -> None:
    assert counted[CountKey("TOTAL", 2024, 0, "CONVICTED", "TOTAL", "all", "TOTAL")] == 3
    assert suspected("UZB", 0, "060111") not in counted
    assert suspected("KAZ", 3) not in counted


def test_every_sum_adds_up_and_every_part_stands_in_one_for_each_dimension(counted: PersonCounts) -> None:
    sums = find_sums(counted)
    assert all(counted[total] == sum(counted[part] for part in parts) for total, parts in sums)
    totals = [total for total, parts in sums if suspected("KAZ", 0, name="sex", code="F") in parts]
    assert sorted(totals) == sorted([suspected("KAZ", 0), suspected("TOTAL", 0, name="sex", code="F")])
    assert [total for total, parts in sums if suspected("UZB", 2) in parts] == [
        suspected("TOTAL", 2),
        suspected("UZB", 0),
    ]


def test_sums_of_many_random_rows_add_up() -> None:
    rows = draw_rows(np.random.default_rng(5), [2020, 2021], countries=5, months=12, offences=6, mean=1)
    with duckdb.connect() as connection:
        write_persons(connection, "persons", rows)
        counted = read_counts(connection, "persons")
    assert sum(value for key, value in counted.items() if key.country_code == "TOTAL" and key.month_number) == sum(
        int(row[4]) for row in rows
    )
    assert all(counted[total] == sum(counted[part] for part in parts) for total, parts in find_sums(counted))
