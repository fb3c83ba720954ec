"""What marts have in common: which list a column's codes are of, and which mart it leads to."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warehouse.releases.marts import Column, Mart

CODES = "dim_codes"
_DATE_KEY = "date_day"
# The calendar has the years that were reported: forecasts and openings of offices lie beyond.
_DAYS = {"activity_date", "laboratory_date", "month_date", "reporting_month", "seizure_date"}


@dataclass(frozen=True)
class Relation:
    """A column whose values are those of the key of another mart: many rows here, one there."""

    mart: str
    column: str
    target: str
    key: str


def relations(marts: Mapping[str, Mart]) -> list[Relation]:
    """Return the relations between marts, by mart and in the order of its columns.

    A column leads to the mart that alone has its name as key, also with a role before it, as departure_country_code
    does to country_code; and a day of a report to the calendar.
    """
    counted = Counter(mart.primary_key[0] for mart in marts.values() if len(mart.primary_key) == 1)
    keys = {
        mart.primary_key[0]: mart.name
        for mart in marts.values()
        if len(mart.primary_key) == 1 and counted[mart.primary_key[0]] == 1
    }
    return [found for mart in marts.values() for column in mart.columns for found in _relation(mart, column, keys)]


def _relation(mart: Mart, column: Column, keys: Mapping[str, str]) -> Iterator[Relation]:
    name = re.sub(r"_[ab]$", "", column.name)  # of the two sides of a pair
    if name in _DAYS and keys.get(_DATE_KEY, mart.name) != mart.name:
        yield Relation(mart.name, column.name, keys[_DATE_KEY], _DATE_KEY)
    for key, target in keys.items():
        if target != mart.name and (name == key or name.endswith(f"_{key}")):
            yield Relation(mart.name, column.name, target, key)


def codelist_of(column: Column, lists: Iterable[str]) -> str | None:
    """Return the list of dim_codes whose codes a column has: the one that its description names, else by its name."""
    known = {*lists}
    named: list[str] = re.findall(r"\b(?:under|those of|codelist) (\w+)", column.comment or "")
    if found := next((name for name in named if name in known), None):
        return found
    if not column.name.endswith("_code") or column.data_type != "VARCHAR":
        return None
    words = column.name.removesuffix("_code").split("_")
    for first in range(len(words)):
        stem = "_".join(words[first:])
        for plural in (f"{stem}s", f"{stem}es", f"{stem.removesuffix('y')}ies"):
            if plural in known:
                return plural
    return None
