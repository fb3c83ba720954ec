"""Proposals for whole rows: totals, parts and repetitions are left out."""

import re

from warehouse.findings.proposal import LEAVE_OUT, Proposal
from warehouse.proposals.doubt import Doubt

# Figures of so many digits are hardly those of two events of one day.
_TELLING_DIGITS = 3


def total(doubt: Doubt) -> Proposal | None:
    """Propose to leave out a row that says exactly what its parts do; what it says beyond them is nowhere else."""
    arguments = doubt.finding.arguments
    is_same = "part_figures" not in arguments or arguments.get("own_figures") in (None, arguments["part_figures"])
    return LEAVE_OUT if is_same else None


def repeated(doubt: Doubt) -> Proposal | None:
    """Propose to leave out a row that repeats another in every answer, if they are too telling to be a chance."""
    if doubt.answers != doubt.other:
        return None
    return LEAVE_OUT if _is_telling(doubt) else None


def _is_telling(doubt: Doubt) -> bool:
    if doubt.table.primary_key and doubt.answers.get(doubt.table.primary_key):
        return True
    figures = [text for name, text in doubt.answers.items() if doubt.table.field(name).is_numeric]
    return any(len(_significant(text)) >= _TELLING_DIGITS for text in figures)


def _significant(text: str) -> str:
    """Return the digits of a number without zeros at either end."""
    return re.sub(r"\D", "", text).strip("0")


def total_alone(doubt: Doubt) -> Proposal | None:
    """Propose an empty cell, as the word for all together was read, where the question may be left open."""
    return None if doubt.field.constraints.required else doubt.proposing("as_read", "")
