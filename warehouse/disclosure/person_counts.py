"""Counts of persons for the public edition: each count with its totals, and the sums that tie them together.

Each country and the region have, by year and stage of the case, all persons, and these divided in three ways: by
offence, by one characteristic at a time, and by month. Offences are not divided by characteristics: such counts are
mostly under 5, and hiding them costs the totals. What is not published adds nothing to what an attacker knows, because
tables that have nothing in common but their total can always be filled in with integers. Stages are never added.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import duckdb

TOTAL = "TOTAL"
WHOLE_YEAR = 0


class Key(NamedTuple):
    """Which persons a count is of; ``month_number`` is 0 for the whole year, a code is TOTAL for all together."""

    country_code: str
    calendar_year: int
    month_number: int
    contact_stage_code: str
    offence_code: str
    characteristic_name: str
    characteristic_code: str


Counted = dict[Key, int]

# A group in which nobody was counted has no rows: no report and a nil return look alike. A group that has some shows
# all values of its characteristics, also those of nobody.
_COUNTS = """
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


def read_counts(connection: duckdb.DuckDBPyConnection, persons: str) -> Counted:
    """Return all true counts from ``persons``, the quoted name of a table like rpt_persons_by_month."""
    rows = connection.execute(_COUNTS.format(persons=persons)).fetchall()
    return {Key(*row[:-1]): row[-1] for row in rows}


def find_sums(keys: Iterable[Key]) -> list[tuple[Key, list[Key]]]:
    """Return every total among the keys with those of its parts that are there; the others are zero."""
    parts: dict[tuple[Key, str], list[Key]] = {}
    known = sorted(keys)
    for key in known:
        for dimension, total in totals_of(key):
            parts.setdefault((total, dimension), []).append(key)
    present = set(known)
    return [(total, members) for (total, _), members in parts.items() if total in present]


def totals_of(key: Key) -> Iterator[tuple[str, Key]]:
    """Yield the totals that a count is a part of, and over which dimension each is summed."""
    if key.country_code != TOTAL:
        yield "country", key._replace(country_code=TOTAL)
    if key.month_number != WHOLE_YEAR:
        yield "month", key._replace(month_number=WHOLE_YEAR)
        return
    if key.offence_code != TOTAL:
        yield "offence", key._replace(offence_code=TOTAL)
    if key.characteristic_code != TOTAL:
        yield key.characteristic_name, group_of(key)


def group_of(key: Key) -> Key:
    """Return the key of all persons of the group that a characteristic divides; of a whole group, itself."""
    return key._replace(characteristic_name="all", characteristic_code=TOTAL)
