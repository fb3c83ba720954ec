"""What is public of each mart, as public_edition.yml says: a module of its own, as its readers need no solver."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import read_definition


class PublicColumns(BaseModel):
    """What is public of a mart: its columns, and by column the values that public rows may have."""

    model_config = ConfigDict(extra="forbid")

    columns: list[str]
    rows: dict[str, list[str]] = {}


@cache
def public_columns() -> Mapping[str, PublicColumns]:
    """Return what is public by mart; a mart that is not in public_edition.yml is not public."""
    return read_definition(Path(__file__).with_name("public_edition.yml"), dict[str, PublicColumns])
