"""Counts of persons for the public edition: each count with its totals, and the sums that relate them.

For each country and the region, by year and stage of the case, there is the number of all persons, broken down in three
ways: by offence, by one characteristic at a time, and by month. Offences are not broken down by characteristic: those
counts are mostly under 5, and hiding them would cost the totals. An unpublished breakdown tells an intruder nothing,
because tables that share only their total can always be completed with integers. Stages are never added up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import duckdb

PERSONS_TABLE = "rpt_persons_by_period"
TOTAL = "TOTAL"
WHOLE_YEAR = 0


class CountKey(NamedTuple):
    """The group of persons that a count is of; ``month_number`` is 0 for the whole year, TOTAL stands for all codes."""

    country_code: str
    calendar_year: int
    month_number: int
    contact_stage_code: str
    offence_code: str
    characteristic_name: str
    characteristic_code: str


COUNT_COLUMNS = ", ".join([*CountKey._fields, "persons_count"])

PersonCounts = dict[CountKey, int]

# A group without persons has no rows, so that no report and a nil return look the same. Any other group has a row for
# every value of its characteristics, including those of zero persons.
_COUNTS_SQL = """
with long as (
    unpivot {persons}
    on persons_count, women_count, men_count, sex_unknown_count, juveniles_count, adults_count, age_unknown_count,
        nationals_count, foreigners_count, citizenship_unknown_count
    into name column_name value persons
),
named as (
    select
        country_code, year(month_date) as calendar_year, month(month_date) as month_number, contact_stage_code,
        offence_code, characteristic_name, characteristic_code, persons as persons_count
    from long
    inner join (values
        ('persons_count', 'all', 'TOTAL'), ('women_count', 'sex', 'F'), ('men_count', 'sex', 'M'),
        ('sex_unknown_count', 'sex', 'UNKNOWN'), ('juveniles_count', 'age_group', 'JUVENILE'),
        ('adults_count', 'age_group', 'ADULT'), ('age_unknown_count', 'age_group', 'UNKNOWN'),
        ('nationals_count', 'citizenship', 'NATIONAL'), ('foreigners_count', 'citizenship', 'FOREIGN'),
        ('citizenship_unknown_count', 'citizenship', 'UNKNOWN')
    ) as names (column_name, characteristic_name, characteristic_code) using (column_name)
),
divided as (
    select * replace (0 as month_number) from named where characteristic_name = 'all'
    union all
    select * replace ('TOTAL' as offence_code) from named where characteristic_name = 'all'
    union all
    select * replace (0 as month_number, 'TOTAL' as offence_code) from named
)
select
    coalesce(country_code, 'TOTAL') as country_code, calendar_year, month_number, contact_stage_code, offence_code,
    characteristic_name, characteristic_code, sum(persons_count)::bigint as persons_count
from divided
group by calendar_year, month_number, contact_stage_code, offence_code, characteristic_name, characteristic_code,
    rollup (country_code)
qualify sum(sum(persons_count)) over (
    partition by coalesce(country_code, 'TOTAL'), calendar_year, month_number, contact_stage_code, offence_code
) > 0
order by all
"""


def read_counts(connection: duckdb.DuckDBPyConnection, persons: str) -> PersonCounts:
    """Return all true counts, by key; ``persons`` is the quoted name of a table like rpt_persons_by_month."""
    rows = connection.execute(_COUNTS_SQL.format(persons=persons)).fetchall()
    return {CountKey(*row[:-1]): row[-1] for row in rows}


def read_shown(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[CountKey, int | None]:
    """Return the counts that a relation of a public edition shows, by key; None where one is suppressed."""
    rows = connection.execute(f"select {COUNT_COLUMNS} from {relation}").fetchall()
    return {CountKey(*row[:-1]): row[-1] for row in rows}


def suppressed(shown: Mapping[CountKey, int | None]) -> frozenset[CountKey]:
    """Return the keys of the counts that an edition suppresses."""
    return frozenset(key for key, value in shown.items() if value is None)


def completed(shown: Mapping[CountKey, int | None], truth: PersonCounts) -> PersonCounts:
    """Return the counts of an edition, with the true ones where they are suppressed, each of which is known."""
    return {key: truth[key] if value is None else value for key, value in shown.items()}


def find_sums(keys: Iterable[CountKey]) -> list[tuple[CountKey, list[CountKey]]]:
    """Return every total among the keys with its parts among them; parts that are missing are zero."""
    parts: dict[tuple[CountKey, str], list[CountKey]] = {}
    known = sorted(keys)
    for key in known:
        for dimension, total in totals_of(key):
            parts.setdefault((total, dimension), []).append(key)
    present = set(known)
    return [(total, members) for (total, _), members in parts.items() if total in present]


def totals_of(key: CountKey) -> Iterator[tuple[str, CountKey]]:
    """Yield the totals that a count is part of, each with the name of the dimension that it is summed over."""
    if key.country_code != TOTAL:
        yield "country", key._replace(country_code=TOTAL)
    if key.month_number != WHOLE_YEAR:
        yield "month", key._replace(month_number=WHOLE_YEAR)
        return
    if key.offence_code != TOTAL:
        yield "offence", key._replace(offence_code=TOTAL)
    if key.characteristic_code != TOTAL:
        yield key.characteristic_name, group_of(key)


def group_of(key: CountKey) -> CountKey:
    """Return the key of the whole group that a characteristic breaks down; of a whole group, the same key."""
    return key._replace(characteristic_name="all", characteristic_code=TOTAL)


def block_of(key: CountKey) -> tuple[int, str]:
    """Return the year and stage of a count; no sum relates counts of different blocks."""
    return key.calendar_year, key.contact_stage_code


def least_counts(keys: Sequence[CountKey], sums: Sequence[tuple[int, tuple[int, ...]]]) -> list[int]:
    """Return public lower bounds: a group with a row has at least one person, a total the sum of its parts'.

    ``sums`` holds the place of each total among the keys, and those of its parts.
    """
    least = [int(group_of(key) == key) for key in keys]
    for _ in CountKey._fields:
        for total, parts in sums:
            least[total] = max(least[total], sum(least[part] for part in parts))
    return least
