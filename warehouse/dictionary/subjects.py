"""The marts by subject: what each is called, what it answers, and a query that asks it, from subjects.yml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from warehouse.definition_file import read_definition
from warehouse.questionnaire.definition import Words


def _as_words(pair: object) -> object:
    return {"en": pair[0], "ru": pair[1]} if isinstance(pair, list) and len(pair) == len(Words.model_fields) else pair


_Pair = Annotated[Words, BeforeValidator(_as_words)]


class Entry(BaseModel):
    """A mart: its title, the question that it answers, and a query in which ``{language}`` stands for en or ru."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: _Pair
    question: _Pair
    query: str | None = None


class Subject(BaseModel):
    """A subject and its marts, in the order of the pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: _Pair
    marts: dict[str, Entry]


@cache
def subjects() -> Mapping[str, Subject]:
    """Return the subjects by name, in the order of the index."""
    return read_definition(Path(__file__).with_name("subjects.yml"), dict[str, Subject])


@cache
def entries() -> Mapping[str, Entry]:
    """Return mart → its entry."""
    return {name: entry for subject in subjects().values() for name, entry in subject.marts.items()}
