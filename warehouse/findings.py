"""A finding: one problem at one place, in words that its owner can act on."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One problem; ``source_row`` is the row as the sender's program numbers it, None for the whole file.

    ``rule`` names the check, ``value`` is what stood there. The message says what, where and the next step.
    ``submission_id`` is None where the problem lies in a mart and no single submission has it.
    """

    submission_id: str | None
    severity: Severity
    rule: str
    message: str
    table_name: str | None = None
    sheet: str | None = None
    source_row: int | None = None
    field: str | None = None
    value: str | None = None


def place_of(table: str | None, row: int | None, heading: str | None) -> str:
    """Return the place in a message: ``seizures, row 14, Quantity``."""
    parts = [table, f"row {row}" if row is not None else None, heading]
    return ", ".join(part for part in parts if part)
