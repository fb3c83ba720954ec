"""Parts of the board: what waits, as a table of plain words, and the command or page that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from warehouse.bulletin.edition import Edition
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

MOST_ROWS = 40
STATE = N_("State")


@dataclass(frozen=True)
class Row:
    """A row of a part; ``is_urgent`` sets it in red."""

    values: Sequence[str]
    is_urgent: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the board, in the language of the page.

    ``rows`` are those of its table, ``nothing`` what it says without any, ``step`` the next step, ended by ``command``,
    which can be copied.
    """

    name: str
    title: str
    captions: Sequence[str]
    rows: Sequence[Row]
    nothing: str
    step: str
    command: str

    @property
    def shown(self) -> Sequence[Row]:
        """The rows that the page has room for."""
        return self.rows[:MOST_ROWS]


@dataclass(frozen=True)
class PartWords:
    """What a part says whatever its rows are: texts of the catalogue, see Part."""

    name: str
    title: str
    captions: Sequence[str]
    nothing: str
    step: str

    def part(self, edition: Edition, rows: Sequence[Row], command: str) -> Part:
        """Return the part with its rows, in the language of the page."""
        captions = [edition.say(one) for one in self.captions]
        title, nothing, step = (edition.say(one) for one in (self.title, self.nothing, self.step))
        return Part(self.name, title, captions, rows, nothing, step, command)


def months_in_words(edition: Edition, months: Sequence[date]) -> str:
    """Return months (first days) in words, in their order, those that follow each other as one span."""
    spans: list[list[date]] = []
    for one in sorted(months):
        if spans and spans[-1][-1] + relativedelta(months=1) == one:
            spans[-1] = [spans[-1][0], one]
        else:
            spans.append([one])
    return ", ".join(" – ".join(month_in_words(one, edition.language) for one in span) for span in spans)
