"""The questionnaire as objects: what is asked, in which words, within which limits."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field as Keyword, model_validator

PATH = Path(__file__).with_name("questionnaire.yml")

FieldType = Literal["string", "date", "yearmonth", "number", "integer", "boolean"]


class Definition(BaseModel):
    """A part of the questionnaire; a keyword that is not known is an error, not a comment."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(Definition):
    """The same words in English and in Russian."""

    en: str
    ru: str


class Constraints(Definition):
    """Limits of a field; keywords of the Frictionless Table Schema."""

    required: bool = False
    minimum: float | None = None
    exclusive_minimum: float | None = Keyword(default=None, alias="exclusiveMinimum")
    maximum: float | None = None
    max_length: int | None = Keyword(default=None, alias="maxLength")


class Field(Definition):
    """One question; its column in the raw tables has its name. One not ``asked`` is read in files of other layouts."""

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
    def column(self) -> str:
        """Name of the typed column in staging: a coded field ends in ``_code``."""
        return f"{self.name}_code" if self.codelist else self.name

    @property
    def text_column(self) -> str:
        """Name of the staging column that holds what was sent."""
        return self.name if self.type == "string" and not self.codelist else f"{self.name}_text"

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading under which the field is recognised."""
        return (self.name, self.title.en, self.title.ru, *self.aliases)


class Table(Definition):
    """One sheet of the questionnaire; ``period`` names the field that must lie in the reporting month."""

    name: str
    title: Words
    description: Words
    aliases: tuple[str, ...] = ()
    primary_key: str | None = Keyword(default=None, alias="primaryKey")
    period: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return the field called ``name``; KeyError if the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every sheet name under which the table is recognised."""
        return (self.name, self.title.en, self.title.ru, *self.aliases)


class Questionnaire(Definition):
    """All tables of one version."""

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

    def table(self, name: str) -> Table:
        """Return the table called ``name``; KeyError if there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


def parse_questionnaire(content: dict[str, Any]) -> Questionnaire:
    """Resolve the two halves of the file, ``fields`` and ``tables``.

    Raises pydantic.ValidationError for unknown keywords and ValueError for a field that no definition names.
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


@cache
def load_questionnaire(path: Path = PATH) -> Questionnaire:
    """Read the questionnaire (YAML, utf-8); see parse_questionnaire for errors."""
    # The loader of PyYAML that is written in C takes a fifth of the time, and every process reads this file.
    return parse_questionnaire(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
