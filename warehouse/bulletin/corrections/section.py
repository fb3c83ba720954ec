"""What the page of a month says of its corrections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.bulletin.corrections.published import COVERAGE, MEASURES, Change, Step, steps
from warehouse.bulletin.corrections.reasons import find_causes, reason
from warehouse.bulletin.earlier import bulletins_at
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import MOST_ROWS, Table
from warehouse.bulletin.numbers import NOT_KNOWN, cell
from warehouse.bulletin.pages import Page, Section
from warehouse.dictionary.pages import page_name
from warehouse.kits.source import Source
from warehouse.lineage.causes import Cause
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

DATA = "data/corrections.csv"
_TITLE = N_("Corrections")
_NOTICE = N_("Figures of this month were corrected after they had been published: see Corrections, below.")
_SINCE = N_("Since release {number} of {day}, which follows release {earlier}")
_CAPTIONS = {
    "country_code": N_("State"), "drug_code": N_("Drug"), "measure": N_("Figure"), "before": N_("Was"),
    "after": N_("Is"), "reason": N_("Why"),
}  # fmt: skip
_MEASURES = dict(zip((*MEASURES, COVERAGE), (N_("seizures"), N_("kg"), N_("l"), N_("report")), strict=True))


@dataclass(frozen=True)
class Correction:
    """What one release changed in a month, with the causes of each change."""

    step: Step
    changes: Mapping[Change, Sequence[Cause]]


@dataclass(frozen=True)
class Corrections:
    """All that releases have changed of what was published before, as an audience sees it, from the first one on."""

    steps: Sequence[Step]
    causes: Sequence[Mapping[Change, Sequence[Cause]]]

    @property
    def months(self) -> set[date]:
        """The months that any release has corrected."""
        return {change.month for step in self.steps for change in step.changes}

    def of(self, month: date) -> list[Correction]:
        """Return what was corrected in a month, the newest first."""
        found = [
            Correction(step, {change: why for change, why in causes.items() if change.month == month})
            for step, causes in zip(self.steps, self.causes, strict=True)
        ]
        return [one for one in reversed(found) if one.changes]


def read_corrections(source: Source) -> Corrections:
    """Return the corrections of all releases on disk up to that of the source; raises ReleaseError for damaged ones."""
    found = steps(source)
    return Corrections(found, find_causes(found))


def with_corrections(edition: Edition, page: Page, found: Sequence[Correction], place: Path) -> Page:
    """Return the page of a month with its corrections; ``place`` has the other bulletins of its audience."""
    if not found:
        return page
    parts = [
        {
            "title": edition.say(
                _SINCE, number=one.step.after.number, day=one.step.day, earlier=one.step.before.number
            ),
            "superseded": superseded(page_name(page.name, edition.language), one.step, place),
            "table": _table(edition, one),
            "count": len(one.changes),
        }
        for one in found
    ]
    values = {"corrections": parts, "data": DATA}
    section = Section("corrections", edition.say(_TITLE), template="corrections.html.j2", values=values)
    return replace(page, notices=[*page.notices, edition.say(_NOTICE)], sections=[*page.sections, section])


def superseded(name: str, step: Step, place: Path) -> int | None:
    """Return the number of the last bulletin before a step that has this page; None where none is there any more."""
    shown = (number for number, folder in bulletins_at(place) if (folder / name).is_file())
    return next((number for number in shown if number <= step.before.number), None)


def _table(edition: Edition, correction: Correction) -> Table:
    rows = [
        [
            edition.name("countries", change.country),
            edition.name("drugs", change.drug) if change.drug else "",
            edition.say(_MEASURES[change.measure]),
            *_values(edition, change),
            reason(edition, change, causes),
        ]
        for change, causes in [*correction.changes.items()][:MOST_ROWS]
    ]
    return Table([*_CAPTIONS], [edition.say(caption) for caption in _CAPTIONS.values()], rows, frozenset({3, 4}))


def _values(edition: Edition, change: Change) -> Iterator[str]:
    """Yield the value that was and the one that is, in as many digits as tell them apart."""
    before, after = change.before, change.after
    if change.measure == COVERAGE:
        yield from (edition.name("coverages", str(value)) for value in (before, after))
        return
    shown = [cell(value, change.measure, edition.language) for value in (before, after)]
    if shown[0] == shown[1]:
        shown = [NOT_KNOWN if value is None else repr(value) for value in (before, after)]
    yield from shown


def correction_frame(edition: Edition, corrections: Corrections) -> "pd.DataFrame":
    """Return every change of every month as a row, with codes; not known is empty."""
    import pandas as pd

    rows = [
        (change.month, change.country, change.drug, change.measure, change.before, change.after, step.before.number,
         step.after.number, step.day, reason(edition, change, why))
        for step, causes in zip(corrections.steps, corrections.causes, strict=True) for change, why in causes.items()
    ]  # fmt: skip
    names = [
        "month_date", "country_code", "drug_code", "measure", "before", "after", "release_before", "release_after",
        "release_date", "reason",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names).sort_values([*names[:4], "release_after"], ignore_index=True)
