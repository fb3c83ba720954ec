"""Headlines of a month: sentences that follow from rules, and are silent where the data do not carry them."""

from collections.abc import Iterator
from datetime import date

from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.changes import (
    ALL_DRUGS,
    DRUGS,
    LAST_YEAR,
    PRECURSORS,
    SEIZURES,
    YEAR_TO_DATE,
    Change,
    amount,
    changes,
    in_per_cent,
    subject,
)
from warehouse.bulletin.month.tiles import reported
from warehouse.words.catalogue import N_

_SUBJECTS = ((ALL_DRUGS, SEIZURES), *((drug, "KG") for drug in DRUGS), (PRECURSORS, "KG"), (PRECURSORS, "L"))
_NONE_REPORTED = N_("No state has reported seizures of this month.")
_COMPARED = N_(
    "Compared are only states with whole reports of both periods, and the amounts are theirs: where fewer of them have "
    "whole reports since January than of the month, its amount can be the larger. Seizures reflect enforcement as well "
    "as supply."
)


def sentences(edition: Edition, month: date) -> Iterator[str]:
    """Yield the headlines: each subject beside the same month of last year, then its year to date beside the last one.

    Each is over the states with whole reports of both periods, and what stands at nothing in both is left out.
    """
    if not reported(edition, month)[0]:
        yield edition.say(_NONE_REPORTED)
    known, subjects = changes(edition, month), 0
    for code, measure in _SUBJECTS:
        told = []
        if one := _worth_telling(known.get((code, measure, LAST_YEAR))):
            told.append(_month(edition, one))
        # In January the year to date is the month.
        if month.month > 1 and (one := _worth_telling(known.get((code, measure, YEAR_TO_DATE)))):
            told.append(_year(edition, one))
        subjects += bool(told)
        if told:
            yield f"{subject(edition, code)}: {'; '.join(told)}."
    if subjects:
        yield edition.say(_COMPARED)


def _worth_telling(change: Change | None) -> Change | None:
    return change if change and (change.compared or change.earlier) else None


def _amounts(edition: Edition, change: Change) -> dict[str, str]:
    return {name: amount(edition, getattr(change, name), change.measure) for name in ("compared", "earlier")}


def _month(edition: Edition, change: Change) -> str:
    amounts = _amounts(edition, change)
    if change.told_pct is None:
        return edition.ngettext(
            "{compared} in {count} state with whole reports of both months, after {earlier} a year ago",
            "{compared} in {count} states with whole reports of both months, after {earlier} a year ago",
            change.countries,
            **amounts,
        )
    return edition.ngettext(
        "{compared} in {count} state with whole reports of both months, {change} a year ago",
        "{compared} in {count} states with whole reports of both months, {change} a year ago",
        change.countries,
        change=in_per_cent(edition, change.told_pct),
        **amounts,
    )


def _year(edition: Edition, change: Change) -> str:
    amounts = _amounts(edition, change)
    if change.told_pct is None:
        return edition.ngettext(
            "{compared} in {count} state with whole reports since January, after {earlier} in these months a year ago",
            "{compared} in {count} states with whole reports since January, after {earlier} in these months a year ago",
            change.countries,
            **amounts,
        )
    return edition.ngettext(
        "{compared} in {count} state with whole reports since January, {change} in these months a year ago",
        "{compared} in {count} states with whole reports since January, {change} in these months a year ago",
        change.countries,
        change=in_per_cent(edition, change.told_pct),
        **amounts,
    )
