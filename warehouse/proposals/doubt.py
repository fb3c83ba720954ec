"""A doubt: a finding about an answer, with the whole row and its sender, as those see it who propose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from warehouse.findings.finding import Finding
from warehouse.findings.proposal import Proposal
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import Field, Table


@dataclass(frozen=True)
class Sender:
    """Who sent a row: the country (alpha-3) and month that it reports, and the folder of the codelists."""

    country_code: str | None
    month: date | None
    codelists: Path

    def code_of(self, codelist: str, text: str) -> str | None:
        """Return the code that a text means in a codelist; None where it means none."""
        return load_codelist(self.codelists, codelist).code_of(text, self.country_code)


def given_answers(cells: Mapping[str, str | None]) -> dict[str, str]:
    """Return the answers of a row that are not empty (field → text, trimmed), of all its cells."""
    return {name: text.strip() for name, text in cells.items() if text and text.strip()}


@dataclass(frozen=True)
class Doubt:
    """A finding about a row: its ``answers`` that are not empty (field → text, trimmed), and its sender.

    ``other`` are the answers of the row that the finding names, if it names one. ``share`` (0 to 1) is that of the rows
    of the submission, of those that answer the question, which have this finding; ``peers`` are their answers, for
    rules whose proposals depend on them; ``usual`` are the answers to the same question in all other rows.
    """

    finding: Finding
    table: Table
    answers: Mapping[str, str]
    sender: Sender
    other: Mapping[str, str]
    share: float = 0.0
    peers: Sequence[str] = ()
    usual: Mapping[str, int] = field(default_factory=dict)

    @property
    def field(self) -> Field:
        """The question; KeyError where the finding is about a whole row."""
        return self.table.field(self.finding.field or "")

    @property
    def text(self) -> str:
        """The answer to it as sent."""
        return self.answers.get(self.finding.field or "", "")

    def proposing(self, rule: str, text: str | None) -> Proposal | None:
        """Return the proposal of another text for this answer; None for none and for the same."""
        return Proposal(rule, {self.field.name: text}) if text is not None and text != self.text else None


Proposer = Callable[[Doubt], Proposal | None]
