"""The pages of the Power BI reports, as pages.yml and caveats.yml define them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import read_definition
from warehouse.questionnaire.definition import Words

Place = tuple[int, int, int, int]
TEXT_BOX = "textbox"


class Visual(BaseModel):
    """A visual: its kind in Power BI, its place in pixels, its fields by role, or the text that it shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["barChart", "card", "clusteredColumnChart", "lineChart", "pivotTable", "slicer", "tableEx", "textbox"]
    place: Place
    title: Words | None = None
    fields: Mapping[str, tuple[str, ...]] = {}
    text: str = ""


class Page(BaseModel):
    """A page: its name in the project, its title and its visuals."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: Words
    visuals: tuple[Visual, ...]


@cache
def defined_pages() -> tuple[Page, ...]:
    """Return the pages in their order."""
    return read_definition(Path(__file__).with_name("pages.yml"), tuple[Page, ...])


@cache
def caveats() -> Mapping[str, Words]:
    """Return the texts, by the name that visuals use."""
    return read_definition(Path(__file__).with_name("caveats.yml"), dict[str, Words])
