"""Proposals: what a row should probably hold. Nothing is applied: it counts once the sender has accepted it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from warehouse.questionnaire.definition import Table, Words
from warehouse.questionnaire.language import LANGUAGES, in_language
from warehouse.words.catalogue import N_, filled_words, in_every_language

_LEFT_OUT = N_("leave the row out")
_AS_READ = N_("as it was read")
_EMPTY = N_("leave the cell empty")
_HEADED = N_("the heading “{title}”")


@dataclass(frozen=True)
class Proposal:
    """What the proposing ``rule`` would have in a row: ``cells`` maps fields to their texts, '' to an empty cell.

    Without cells, the row is to be left out (``leaves_row_out``), a column is to be headed as the question ``heading``
    is, or all is right as it was read.
    """

    rule: str
    cells: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)
    leaves_row_out: bool = False
    heading: str = ""


# What stands in a return workbook as it was read needs nothing but to be sent back.
AS_READ = Proposal("as_read")
LEAVE_OUT = Proposal("row_left_out", leaves_row_out=True)


def record_proposal(proposal: Proposal) -> str:
    """Return a proposal as the ledger keeps it (JSON)."""
    return orjson.dumps(dataclasses.asdict(proposal), option=orjson.OPT_SORT_KEYS).decode()


def recorded_proposal(text: str | None) -> Proposal | None:
    """Return the proposal that the ledger keeps so; None where nothing was proposed."""
    return Proposal(**orjson.loads(text)) if text else None


def describe_proposal(proposal: Proposal, table: Table | None, field: str | None) -> Words:
    """Return a proposal in words: the text of the finding's own ``field``, each other cell with its question."""
    # A question that is asked no longer has no title.
    titles = {known.name: known.title for known in table.fields} if table else {}
    if title := titles.get(proposal.heading):
        return filled_words(_HEADED, title=title.model_dump())
    if not proposal.cells:
        return filled_words(_LEFT_OUT if proposal.leaves_row_out else _AS_READ)
    empty = in_every_language(_EMPTY)
    shown: dict[str, str] = {}
    for language in LANGUAGES:
        parts = []
        for name, text in proposal.cells.items():
            said = text or empty[language]
            is_own = name == field and len(proposal.cells) == 1
            title = titles.get(name)
            parts.append(said if is_own or not title else f"{in_language(title, language)}: {said}")
        shown[language] = "; ".join(parts)
    return Words(**shown)
