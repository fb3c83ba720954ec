"""The sheets of the Excel kit, as excel_sheets.yml defines them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from warehouse.definition_file import Names, read_definition
from warehouse.questionnaire.definition import Words


class ExcelSheet(BaseModel):
    """A sheet: its name on the tab, what to know before its figures are used, and the columns that it shows of a mart.

    ``left_out`` has the other columns of the mart by the reason why they are not shown. Rows are in the order of the
    mart's key unless ``order`` says otherwise; ``most_rows`` is how many it shows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    note: Words
    mart: str
    columns: Names
    left_out: Mapping[str, Names] = Field(default_factory=dict)
    order: str = ""
    most_rows: int | None = None


@cache
def excel_sheets() -> tuple[ExcelSheet, ...]:
    """Return the sheets in their order."""
    return read_definition(Path(__file__).with_name("excel_sheets.yml"), tuple[ExcelSheet, ...])
