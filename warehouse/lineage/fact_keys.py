"""Keys: from which columns of facts the key of a mart comes, and how its rows are joined to those of facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.questionnaire.codelists import NOT_ANSWERED
from warehouse.storage.sql import identifier

Row = Mapping[str, Any]
Key = tuple[Any, ...]
SharedKeys = tuple[tuple[str, str], ...]  # column of the mart, column of the facts

# A column of a mart and the one of the facts that it was counted over, where the names differ.
SAME = {"month_date": "reporting_month", "date_day": "seizure_date"}
YEAR = "calendar_year"


def shared_keys(key: Sequence[str], columns: Sequence[str]) -> SharedKeys:
    """Return key column of the mart → column of the facts, for those that the facts have; a year is that of a month."""
    found = []
    for name in key:
        months = ("reporting_month", "month_date") if name == YEAR else ()
        fact = next((column for column in (name, SAME.get(name, ""), *months) if column in columns), None)
        if fact:
            found.append((name, fact))
    return tuple(found)


def key_of(keys: SharedKeys, row: Row) -> Key:
    """Return the key, in the mart, of a row of facts."""
    values = ((row[fact], name == YEAR != fact) for name, fact in keys)
    return tuple(NOT_ANSWERED if v is None else v.year if is_month else v for v, is_month in values)


def join_condition(keys: SharedKeys) -> str:
    """Return the SQL that joins the aliases ``facts`` and ``mart``; what facts do not answer is a code of the mart."""
    return " and ".join(
        f"coalesce(cast({_fact_value(name, fact)} as varchar), '{NOT_ANSWERED}') = "
        f"cast(mart.{identifier(name)} as varchar)"
        for name, fact in keys
    )


def _fact_value(name: str, fact: str) -> str:
    column = f"facts.{identifier(fact)}"
    return f"year({column})" if name == YEAR != fact else column
