"""Definitions that stand in yml files beside the code that they are for."""

from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BeforeValidator, TypeAdapter, ValidationError

T = TypeVar("T")
# Names that a yml file has in one line, parted by blanks.
Names = Annotated[tuple[str, ...], BeforeValidator(str.split)]


def what_is_wrong(error: ValidationError) -> str:
    """Return where a definition is not as it has to be, and how, in one line."""
    return "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors())


def read_definitions(folder: Path, kind: type[T]) -> dict[str, T]:
    """Return name → what the yml files of a folder define, each file of its own subject.

    Raises as read_definition, and ValueError for a name that two files define.
    """
    found: dict[str, T] = {}
    for path in sorted(folder.glob("*.yml")):
        more = read_definition(path, dict[str, kind])  # type: ignore[valid-type]
        if twice := found.keys() & more.keys():
            raise ValueError(f"{path} defines what another file does: {', '.join(sorted(twice))}")
        found |= more
    return found


def read_definition(path: Path, kind: type[T]) -> T:
    """Return what a yml file (UTF-8) defines, as ``kind`` describes it; raises pydantic.ValidationError."""
    return TypeAdapter(kind).validate_python(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
