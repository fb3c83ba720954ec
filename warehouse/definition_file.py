"""Definitions that stand in a yml file beside the code that they are for."""

from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BeforeValidator, TypeAdapter

T = TypeVar("T")
# Names that a yml file has in one line, parted by blanks.
Names = Annotated[tuple[str, ...], BeforeValidator(str.split)]


def read_definition(path: Path, kind: type[T]) -> T:
    """Return what a yml file (UTF-8) defines, as ``kind`` describes it; raises pydantic.ValidationError."""
    return TypeAdapter(kind).validate_python(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
