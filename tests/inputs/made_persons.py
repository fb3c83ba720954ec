"""Invented counts of persons: a table like rpt_persons_by_month, and revisions of it."""

from collections.abc import Sequence

import duckdb
import numpy as np

from warehouse.disclosure.person_counts import CountKey, PersonCounts

COLUMNS = (
    "country_code", "month_date", "offence_code", "contact_stage_code", "persons_count", "women_count", "men_count",
    "sex_unknown_count", "juveniles_count", "adults_count", "age_unknown_count", "nationals_count", "foreigners_count",
    "citizenship_unknown_count",
)  # fmt: skip
COUNTRIES = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
STAGES = ("SUSPECTED", "PROSECUTED", "CONVICTED")
SHARES = ((0.08, 0.9, 0.02), (0.03, 0.95, 0.02), (0.85, 0.13, 0.02))
TABLE = """create or replace table {name} (
    country_code varchar, month_date date, offence_code varchar, contact_stage_code varchar, persons_count bigint,
    women_count bigint, men_count bigint, sex_unknown_count bigint, juveniles_count bigint, adults_count bigint,
    age_unknown_count bigint, nationals_count bigint, foreigners_count bigint, citizenship_unknown_count bigint
)"""
Row = tuple[str | int, ...]


def year_of(country: str, offence: str = "TOTAL", characteristic: tuple[str, str] = ("all", "TOTAL")) -> CountKey:
    """Return the key of a count of suspects in 2020."""
    return CountKey(country, 2020, 0, "SUSPECTED", offence, *characteristic)


def region_of(**counts: int) -> PersonCounts:
    """Return the counts of some countries and their total."""
    return {year_of("TOTAL"): sum(counts.values()), **{year_of(name): count for name, count in counts.items()}}


def draw_rows(
    chance: np.random.Generator, years: Sequence[int], *, countries: int, months: int, offences: int, mean: float
) -> list[Row]:
    """Draw rows: ``mean`` persons a month in the smallest offence but one, more in others and in larger countries."""
    rows: list[Row] = []
    for country, code in enumerate(COUNTRIES[:countries]):
        for year in years:
            for month in range(1, months + 1):
                for stage, name in enumerate(STAGES):
                    for offence in range(offences):
                        size = mean * (8, 4, 1, 0.5, 0.2, 0.1)[offence] * (2, 1, 1, 0.2, 3)[country] / (1 + stage)
                        row = (code, f"{year}-{month:02}-01", f"06{offence}", name)
                        rows += [(*row, *divide(chance, int(count))) for count in [chance.poisson(size)] if count]
    return rows


def divide(chance: np.random.Generator, count: int) -> list[int]:
    """Return persons, and the same persons by sex, age and citizenship."""
    return [count, *(int(part) for shares in SHARES for part in chance.multinomial(count, shares))]


def revise(chance: np.random.Generator, rows: list[Row]) -> list[Row]:
    """Return the rows with a few of them counted anew: one person more or less, or quite another number, or nobody."""
    revised = list(rows)
    for place in chance.choice(len(rows), size=min(3, len(rows)), replace=False):
        count = int(rows[place][4])
        other = max(0, count + int(chance.choice([-2, -1, 1, 1, 3, 12, -count])))
        revised[place] = (*rows[place][:4], *divide(chance, other))
    return revised


def write_persons(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    connection.execute(TABLE.format(name=name))
    lists = [[row[i] for row in rows] for i in range(len(COLUMNS))]
    kinds = ["varchar", "date", "varchar", "varchar", *["bigint"] * 10]
    values = ", ".join(f"unnest(?::varchar[])::{kind}" for kind in kinds)
    connection.execute(f"insert into {name} select {values}", [[str(v) for v in column] for column in lists])
