"""The tables of the Power BI model, as tables.yml defines them and an audience sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import Names, read_definition
from warehouse.kits.labels import captions
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES, Language
from warehouse.releases.marts import Column

DATES, YEAR_DATE = "Dates", "year_date"
_YEAR = "calendar_year"


class _Defined(BaseModel):
    """A table: of which mart, which of its rows, and its columns by the part that they play."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    mart: str
    key: str = ""
    rows: Mapping[str, tuple[str | int, ...]] = {}
    links: Mapping[str, str] = {}
    names: Mapping[str, str] = {}
    shown: Names = ()
    figures: Names = ()


@dataclass(frozen=True)
class Field:
    """A column of the model.

    ``column`` is its name in the mart, ``data_type`` as DuckDB writes it. ``caption`` is how readers see it in each
    language, None if it is hidden. Of the name of something in one language, ``concept`` is what is named.
    """

    column: str
    data_type: str
    description: str
    caption: Words | None = None
    concept: str = ""
    language: Language | None = None

    @property
    def name(self) -> str:
        """The name in the model: English for what readers see."""
        return self.caption.en if self.caption else self.column


@dataclass(frozen=True)
class Table:
    """A table of the model; ``links`` are columns → dimensions. ``mart`` is empty for the days."""

    name: Words
    mart: str
    description: str
    key: str
    rows: Mapping[str, tuple[str | int, ...]]
    links: Mapping[str, str]
    fields: tuple[Field, ...]

    @property
    def mart_columns(self) -> tuple[str, ...]:
        """The columns of the mart that the table is made of."""
        columns = [_YEAR if one.column == YEAR_DATE else one.column for one in self.fields]
        return tuple(dict.fromkeys([*self.rows, *columns]))

    def field(self, column: str) -> Field | None:
        """Return the field of a column of the mart."""
        return next((one for one in self.fields if one.column == column), None)


@cache
def defined_tables() -> tuple[_Defined, ...]:
    """Return the definition, in its order."""
    return read_definition(Path(__file__).with_name("tables.yml"), tuple[_Defined, ...])


def seen_tables(source: Source) -> list[Table]:
    """Return the tables that an audience sees, dimensions first, each linked to those that are there."""
    tables = [_dates(), *(_seen(source, one) for one in defined_tables() if source.has(one.mart))]
    there = {one.name.en for one in tables if one.key}
    linked = [replace(one, links={key: to for key, to in one.links.items() if to in there}) for one in tables]
    used = {to for one in linked for to in one.links.values()}
    return [one for one in linked if not one.key or one.name.en in used]


def captioned() -> set[str]:
    """Return the captions of captions.yml that the tables use."""
    days = {one.column for one in _dates().fields}
    return days | {name for one in defined_tables() for name in (*one.names, *one.shown)}


def _dates() -> Table:
    """Return the table of days of whole years, which functions of time need; the model counts them itself."""
    fields = (
        Field("date_day", "DATE", "The day", captions()["date_day"]),
        *(Field(name, "BIGINT", text, captions()[name]) for name, text in _PARTS.items()),
        Field("month_date", "DATE", "First day of its month", captions()["month_date"]),
    )
    text = "Calendar: every day of the years of which anything was reported."
    return Table(Words(en=DATES, ru="Даты"), "", text, "date_day", {}, {}, fields)


_PARTS = {
    "calendar_year": "Year",
    "quarter_number": "Quarter, 1 to 4",
    "month_number": "Month, 1 to 12",
}


def _seen(source: Source, defined: _Defined) -> Table:
    mart = source.marts[defined.mart]
    columns = {one.name: one for one in mart.columns}
    if _YEAR in columns:
        columns[YEAR_DATE] = Column(YEAR_DATE, "DATE", is_nullable=False, comment="First day of the year")
    fields = [_plain(columns[name]) for name in (defined.key, *defined.links) if name in columns]
    for concept, prefix in defined.names.items():
        fields += [
            _named(columns[f"{prefix}_{language}"], concept, language)
            for language in LANGUAGES
            if f"{prefix}_{language}" in columns
        ]
    fields += [_plain(columns[name], captions()[name]) for name in defined.shown if name in columns]
    fields += [_plain(columns[name]) for name in defined.figures if name in columns]
    return Table(
        defined.name, defined.mart, _one_line(mart.comment), defined.key, defined.rows, defined.links, tuple(fields)
    )


def _plain(column: Column, caption: Words | None = None) -> Field:
    return Field(column.name, column.data_type, _one_line(column.comment), caption)


def _named(column: Column, concept: str, language: Language) -> Field:
    """Return the field of a name in one language; each language says of the other's that it is not its own."""
    words = captions()[concept]
    if language == "en":
        caption = Words(en=words.en, ru=f"{words.ru} (англ.)")
    else:
        caption = Words(en=f"{words.en} (Russian)", ru=words.ru)
    return Field(column.name, column.data_type, _one_line(column.comment), caption, concept, language)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
