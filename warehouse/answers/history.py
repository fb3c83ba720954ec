"""The months of two years that a country has reported, beside those of the other states, and how they are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TypeAlias

import duckdb
from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field

from warehouse.ledger.in_force import LATEST

# Country → month → rows of seizures in force.
Reported: TypeAlias = Mapping[str, Mapping[date, int]]
_MONTHS = 24
_REPORTED = f"""
with {LATEST}
select country_code, reporting_month, row_count
from parts
where is_current and table_name = 'seizures' and reporting_month is not null
order by country_code, reporting_month
"""
# In units of the picture, which are pixels at its full width.
STEP, HEIGHT = 24, 56
_ENDS, _BETWEEN = (0, _MONTHS - 1), range(3, _MONTHS - 3)  # where a label has room
_LEAST = 3  # so that a month of few rows is seen


class MonthReported(BaseModel):
    """A month of which a country has reported seizures, or not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    month: date
    rows_count: int | None = Field(description="Rows in force; 0 after a nil return, null where nothing is in force")


class History(BaseModel):
    """The two years up to the month of a submission: which months have seizures in force, beside the other states."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    months: tuple[MonthReported, ...]
    reported_count: int
    lowest_count: int = Field(description="Months reported by the state that reported the fewest, of all that report")
    median_count: float
    highest_count: int


@dataclass(frozen=True)
class Bar:
    """A month as it is drawn: a bar of some height, or a sign where there are no rows; some months are labelled."""

    x: int
    height: int
    sign: str
    label: str
    is_this: bool


def read_reported(connection: duckdb.DuckDBPyConnection) -> Reported:
    """Return which months of seizures are in force, of every country."""
    found: dict[str, dict[date, int]] = {}
    for country, month, rows in connection.execute(_REPORTED).fetchall():
        found.setdefault(country, {})[month] = rows
    return found


def history_of(reported: Reported, country: str | None, month: date | None) -> History | None:
    """Return the two years of a country up to a month; None where no other month of it is in force."""
    if month is None or country is None:
        return None
    months = [month - relativedelta(months=number) for number in reversed(range(_MONTHS))]
    own = reported.get(country, {})
    if not {*own} & {*months} - {month}:
        return None
    counts = sorted(sum(one in rows for one in months) for rows in reported.values())
    return History(
        months=tuple(MonthReported(month=one, rows_count=own.get(one)) for one in months),
        reported_count=sum(one in own for one in months),
        lowest_count=counts[0],
        median_count=median(counts),
        highest_count=counts[-1],
    )


def bars_of(history: History) -> list[Bar]:
    """Return the months as bars, from the left; the highest is as high as the picture."""
    most = max((one.rows_count or 0 for one in history.months), default=0)
    return [
        Bar(
            x=number * STEP,
            height=max(_LEAST, round(HEIGHT * one.rows_count / most)) if one.rows_count else 0,
            sign="" if one.rows_count else "–" if one.rows_count is None else "0",
            label=f"{one.month:%m.%Y}" if number in _ENDS or (one.month.month == 1 and number in _BETWEEN) else "",
            is_this=number == _MONTHS - 1,
        )
        for number, one in enumerate(history.months)
    ]
