"""A finding: one problem at one place, in words that its owner can act on."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from warehouse.findings.proposal import Proposal
from warehouse.words.catalogue import Argument

Severity = Literal["error", "warning"]

SHOWN_LENGTH = 80  # of a value in the sentence of a message
LISTED_LENGTH = 200  # of a value in a list of findings, on a page and in a workbook


@dataclass(frozen=True)
class Finding:
    """One problem; ``source_row`` is the row as the sender's program numbers it, None for the whole file.

    ``rule`` names the check, ``value`` is what was sent there. ``message`` is the English template of what is wrong and
    the next step, without the place; messages.describe_finding fills it with ``arguments``, in either language. Beside
    its placeholders these hold ``file_name``, the place of a finding about a whole file, or ``key``, that of one about
    a row of a mart.
    ``submission_id`` is None where no single submission has the problem. ``proposal`` is what the row should probably
    hold, where one value is likely.
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
    arguments: Mapping[str, Argument] = dataclasses.field(default_factory=dict, hash=False)
    proposal: Proposal | None = None


def shortened(text: str, length: int = SHOWN_LENGTH) -> str:
    """Return a text as a message quotes it: its first ``length`` characters where it is longer."""
    return text if len(text) <= length else f"{text[:length]}…"
