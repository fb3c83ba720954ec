"""Remarks: rows, cells and columns that were not read as they stand, for which the sender gets a warning."""

from collections.abc import Mapping
from dataclasses import dataclass, field as dataclass_field

from warehouse.words.catalogue import Argument


@dataclass(frozen=True)
class Remark:
    """What was noticed at a row (from 0) or a cell of it; ``rule`` says what, ``value`` holds the whole text."""

    index: int
    rule: str
    value: str
    field: str | None = None
    arguments: Mapping[str, Argument] = dataclass_field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ColumnRemark:
    """What was noticed about a column, whose heading is ``value``; the argument ``row`` is a row from 0."""

    rule: str
    value: str
    field: str | None
    arguments: Mapping[str, Argument] = dataclass_field(default_factory=dict, hash=False)
