"""Obligations: which country answers which table by when, from seeds/reference/reporting_obligations.csv."""

import csv
import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Self

from dateutil.relativedelta import relativedelta
from pydantic import Field as Keyword, ValidationError, model_validator

from warehouse.definition_file import what_is_wrong
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import Definition
from warehouse.questionnaire.language import Language
from warehouse.storage.errors import SaraiError
from warehouse.storage.regular_files import open_text

_OBLIGATIONS = "reporting_obligations.csv"
EVERY_TABLE = "*"
_EVERY_MEMBER = "*"


class ObligationError(SaraiError):
    """The list of obligations contradicts itself or holds what it cannot; the message names the row."""


class Obligation(Definition):
    """A duty to answer a table, or every table, for each month; the office and language are those of reminders.

    ``valid_from`` and ``valid_to`` bound the months that are reported; ``reminder_days`` count back from the due day.
    Only that of a country without a row of its own, which is made of the row for every member state, names no office.
    """

    country_code: str
    table_name: str
    periodicity: Literal["M"]
    due_day: int = Keyword(ge=1, le=31)
    reminder_days: int = Keyword(ge=0)
    valid_from: date
    valid_to: date | None
    agency_code: str | None
    language: Language
    source: str

    @model_validator(mode="after")
    def _require_office(self) -> Self:
        if (self.agency_code is None) != (self.country_code == _EVERY_MEMBER):
            raise ValueError("agency_code names the office that is reminded, but in the row of all countries (*)")
        return self

    def holds_for(self, month: date) -> bool:
        """Return whether the month, given by its first day, has to be reported."""
        return self.valid_from <= month and (self.valid_to is None or month <= self.valid_to)

    def due_date(self, month: date) -> date:
        """Return the last day in time for this month."""
        due: date = month + relativedelta(months=1, day=self.due_day)  # a day that the month lacks is its last
        return due


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of all months from the first to the last, both included; none if they are reversed."""
    month, months = first.replace(day=1), []
    while month <= last:
        months.append(month)
        month += relativedelta(months=1)
    return months


def load_obligations(codelists: Path) -> tuple[Obligation, ...]:
    """Read the obligations from the folder of the codelists; raises ObligationError, and OSError without the file.

    A member state without a row of its own has what the row for every country (``*``) says.
    """
    with open_text(codelists / "reference" / _OBLIGATIONS) as file:
        obligations = tuple(_parse(row, number) for number, row in enumerate(csv.DictReader(file), start=2))
    _refuse_overlaps(obligations)
    general = [o for o in obligations if o.country_code == _EVERY_MEMBER]
    own = [o for o in obligations if o.country_code != _EVERY_MEMBER]
    others = set(member_states(codelists)) - {o.country_code for o in own} if general else ()
    return (*own, *(o.model_copy(update={"country_code": code}) for code in sorted(others) for o in general))


def obligations_of(
    obligations: Iterable[Obligation], country_code: str, month: date, tables: Sequence[str]
) -> dict[str, Obligation]:
    """Return table → the obligation that holds for it; a table of which nobody asks anything is left out."""
    held = {o.table_name: o for o in obligations if o.country_code == country_code and o.holds_for(month)}
    found = {table: held.get(table, held.get(EVERY_TABLE)) for table in tables}
    return {table: obligation for table, obligation in found.items() if obligation}


def language_of(obligations: Iterable[Obligation], country_code: str) -> Language:
    """Return the language of the letters to a country, by its latest obligation; Russian if it has none."""
    held = [o for o in obligations if o.country_code == country_code]
    return max(held, key=lambda o: o.valid_from).language if held else "ru"


def _parse(row: dict[str, str], number: int) -> Obligation:
    try:
        return Obligation.model_validate({name: text or None for name, text in row.items()})
    except ValidationError as error:
        raise ObligationError(f"{_OBLIGATIONS}, row {number}: {what_is_wrong(error)}. Correct the row.") from error


def _refuse_overlaps(obligations: Sequence[Obligation]) -> None:
    for one, other in itertools.combinations(obligations, 2):
        if (one.country_code, one.table_name) != (other.country_code, other.table_name):
            continue
        if (one.valid_to or date.max) >= other.valid_from and (other.valid_to or date.max) >= one.valid_from:
            raise ObligationError(
                f"{_OBLIGATIONS}: {one.country_code} has two obligations for {one.table_name} that hold at the same "
                f"time, from {one.valid_from} and from {other.valid_from}. End the earlier one in valid_to."
            )
