"""The measures of the Power BI model, as measures/ defines them, and those that the tables of an audience can make."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import read_definitions
from warehouse.kits.powerbi.tables import Table
from warehouse.questionnaire.definition import Words

_COLUMN = re.compile(r"'([^']+)'\[([^\]]+)\]")
_MEASURE = re.compile(r"(?<!')\[([^\]]+)\]")


class Measure(BaseModel):
    """A measure: its words, the ``table`` of tables.yml that it stands in, and its expression, with columns of marts.

    ``twin`` is what it means in SQL over the tables of the model, at one grain, and ``mart`` the same figure of another
    mart, with which the tests compare it: the last column of both, the others are its grain. ``is_part`` says that the
    mart has the figure of fewer rows. ``all_rows``: it is left out for readers who do not see every row, as a row that
    they do not see would be a zero.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    table: str
    folder: Words
    format: str
    text: Words
    dax: str
    twin: str
    mart: str
    period: str = ""
    all_rows: bool = False
    is_part: bool = False

    def expression(self, text: str) -> str:
        """Return a text of the measure, for the period that it compares."""
        return text.replace("{period}", self.period)


@cache
def defined_measures() -> dict[str, Measure]:
    """Return the measures, by the name that pages use."""
    return read_definitions(Path(__file__).with_name("measures"), Measure)


def seen_measures(tables: Sequence[Table], *, sees_all_rows: bool) -> dict[str, Measure]:
    """Return the measures of which everything that they are made of is there."""
    seen: dict[str, Measure] = {}
    waiting = {key: one for key, one in defined_measures().items() if sees_all_rows or not one.all_rows}
    while found := {key: one for key, one in waiting.items() if _is_there(one, tables, seen.values())}:
        seen |= found
        waiting = {key: one for key, one in waiting.items() if key not in found}
    return {key: seen[key] for key in defined_measures() if key in seen}


def model_expression(measure: Measure, tables: Sequence[Table]) -> str:
    """Return the DAX of a measure, with columns as the model names them."""
    names = {(one.name.en, field.column): field.name for one in tables for field in one.fields}
    dax = measure.expression(measure.dax)
    return _COLUMN.sub(lambda found: f"'{found[1]}'[{names[found[1], found[2]]}]", dax)


def _is_there(measure: Measure, tables: Sequence[Table], measures: Collection[Measure]) -> bool:
    fields = {(one.name.en, field.column) for one in tables for field in one.fields}
    names = {one.name.en for one in measures}
    return (
        measure.table in {one.name.en for one in tables}
        and {*_COLUMN.findall(measure.dax)} <= fields
        and {*_MEASURE.findall(measure.dax)} <= names
    )
