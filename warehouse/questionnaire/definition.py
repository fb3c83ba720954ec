"""The questionnaire as typed objects: tables, fields, their titles and constraints."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field as Keyword, model_validator

PATH = Path(__file__).with_name("questionnaire.yml")
NUMERIC_TYPES = ("number", "integer")

FieldType = Literal["string", "date", "yearmonth", "number", "integer", "boolean"]


class Definition(BaseModel):
    """An immutable part of the questionnaire; an unknown keyword is a validation error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(Definition):
    """The same text in English and in Russian."""

    en: str
    ru: str


class Constraints(Definition):
    """Constraints of a field, by the keywords of the Frictionless Table Schema."""

    required: bool = False
    minimum: float | None = None
    exclusive_minimum: float | None = Keyword(default=None, alias="exclusiveMinimum")
    maximum: float | None = None
    max_length: int | None = Keyword(default=None, alias="maxLength")


class Field(Definition):
    """One question; its column in the raw tables has the same name.

    A field that is not ``asked`` is absent from the forms, but is read from files of other layouts.
    """

    name: str
    type: FieldType
    title: Words
    description: Words
    unit: str | None = None
    codelist: str | None = None
    asked: bool = True
    constraints: Constraints = Constraints()
    aliases: tuple[str, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Whether the answer is a number, whole or not."""
        return self.type in NUMERIC_TYPES

    @property
    def is_prose(self) -> bool:
        """Whether the answer is in the sender's own words, which may tell of a person."""
        return self.asked and self.type == "string" and self.codelist is None

    @property
    def column(self) -> str:
        """Name of the typed column in staging: a coded field ends in ``_code``."""
        return f"{self.name}_code" if self.codelist else self.name

    @property
    def text_column(self) -> str:
        """Name of the staging column that holds the text as sent."""
        return self.name if self.type == "string" and not self.codelist else f"{self.name}_text"

    @property
    def headings(self) -> tuple[str, ...]:
        """Every column heading that identifies the field."""
        return (self.name, self.title.en, self.title.ru, *self.aliases)


class Table(Definition):
    """One sheet of the questionnaire; ``period`` names the field whose value must lie in the reporting month.

    A table that is not ``due`` is sent by those who have something to report: nobody is reminded of it.
    """

    name: str
    title: Words
    description: Words
    aliases: tuple[str, ...] = ()
    primary_key: str | None = Keyword(default=None, alias="primaryKey")
    period: str
    due: bool = True
    fields: tuple[Field, ...]

    def __hash__(self) -> int:
        """Return the hash of the name: every recognised heading asks for it, and no two tables share a name."""
        return hash(self.name)

    def field(self, name: str) -> Field:
        """Return the field called ``name``; KeyError if the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every sheet name that identifies the table."""
        return (self.name, self.title.en, self.title.ru, *self.aliases)


class Questionnaire(Definition):
    """All tables of one version of the questionnaire."""

    version: str
    title: Words
    tables: tuple[Table, ...]

    @model_validator(mode="after")
    def _names_resolve(self) -> Self:
        for table in self.tables:
            table.field(table.period)
            if table.primary_key:
                table.field(table.primary_key)
        return self

    @property
    def due_tables(self) -> tuple[str, ...]:
        """The names of the tables that are asked of every country."""
        return tuple(table.name for table in self.tables if table.due)

    def table(self, name: str) -> Table:
        """Return the table called ``name``; KeyError if there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


def parse_questionnaire(content: dict[str, Any]) -> Questionnaire:
    """Build the questionnaire from its two halves: field definitions, and tables that list field names.

    Raises pydantic.ValidationError for an unknown keyword, and ValueError for a field that a table lists and ``fields``
    does not define, or that is defined and listed by no table.
    """
    definitions = {name: {"name": name, **keywords} for name, keywords in content["fields"].items()}
    tables = []
    for name, keywords in content["tables"].items():
        unknown = [field for field in keywords["fields"] if field not in definitions]
        if unknown:
            raise ValueError(f"table {name} names fields that are not defined: {', '.join(unknown)}")
        tables.append({"name": name, **keywords, "fields": [definitions[f] for f in keywords["fields"]]})
    used = {field for keywords in content["tables"].values() for field in keywords["fields"]}
    unused = sorted(set(definitions) - used)
    if unused:
        raise ValueError(f"fields that no table asks for: {', '.join(unused)}")
    rest = {key: value for key, value in content.items() if key not in ("fields", "tables")}
    return Questionnaire.model_validate({**rest, "tables": tables})


def read_content(path: Path = PATH) -> dict[str, Any]:
    """Read the questionnaire (YAML, utf-8) and the files of its tables beside it into the two halves.

    Raises ValueError for a field that the files of two tables define.
    """
    content = _read_yaml(path)
    tables = {name: _read_yaml(path.parent / "tables" / f"{name}.yml") for name in content["tables"]}
    fields: dict[str, Any] = {}
    for name, table in tables.items():
        questions = table.pop("questions", {})
        if twice := sorted(fields.keys() & questions.keys()):
            raise ValueError(f"table {name} defines fields that another one defines: {', '.join(twice)}")
        fields |= questions
    return {**content, "fields": fields, "tables": tables}


def _read_yaml(path: Path) -> dict[str, Any]:
    # PyYAML's C loader takes a fifth of the time of its Python loader, and every process reads these files.
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return content


@cache
def load_questionnaire(path: Path = PATH) -> Questionnaire:
    """Read the questionnaire; raises what read_content and parse_questionnaire raise."""
    return parse_questionnaire(read_content(path))
