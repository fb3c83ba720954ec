"""What is new in a release against the one before it, in sentences."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from warehouse.bulletin.corrections.published import Change, Step
from warehouse.bulletin.edition import Edition
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

_MOST_NAMED = 12  # months in a sentence
_FIRST = N_("No earlier release is here that it could be compared with.")
_SAME = N_("Nothing that release {number} had published of seizures is said otherwise.")
_NEW = N_("Published for the first time: {months}.")
_REPORTS = N_("Who reported changed: {month} ({states}).")
_FIGURES = N_("Corrected: {month} ({drugs}).")
_MORE = N_("{months} and others")
_FURTHER = N_("Changed too: {months}.")


def news(edition: Edition, steps: Sequence[Step]) -> Iterator[str]:
    """Yield which months a release is the first to publish, and which it says otherwise, the newest first.

    ``steps`` are those of all releases on disk, that of the release last.
    """
    if not steps:
        yield edition.say(_FIRST)
        return
    step = steps[-1]
    if step.new_months:
        yield edition.say(_NEW, months=_named(edition, [*reversed(step.new_months)]))
    changed = [*_by_month(step.changes)]
    for month, changes in changed[:_MOST_NAMED]:
        yield from _told(edition, month, changes)
    if further := [month for month, _ in changed[_MOST_NAMED:]]:
        yield edition.say(_FURTHER, months=_named(edition, further))
    if not step.new_months and not step.changes:
        yield edition.say(_SAME, number=step.before.number)


def _by_month(changes: Iterable[Change]) -> Iterator[tuple[date, list[Change]]]:
    ordered = sorted(changes, key=lambda change: change.month, reverse=True)
    for month, found in groupby(ordered, key=lambda change: change.month):
        yield month, [*found]


def _told(edition: Edition, month: date, changes: Sequence[Change]) -> Iterator[str]:
    shown = month_in_words(month, edition.language)
    states = sorted({change.country for change in changes if not change.drug})
    drugs = sorted({change.drug for change in changes if change.drug})
    if states:
        names = ", ".join(edition.named("countries", states))
        yield edition.say(_REPORTS, month=shown, states=names)
    if drugs:
        yield edition.say(_FIGURES, month=shown, drugs=", ".join(edition.named("drugs", drugs)))


def _named(edition: Edition, months: Sequence[date]) -> str:
    names = ", ".join(month_in_words(month, edition.language) for month in months[:_MOST_NAMED])
    return names if len(months) <= _MOST_NAMED else edition.say(_MORE, months=names)
