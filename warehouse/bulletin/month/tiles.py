"""Tiles of a month: what was seized in the states that reported, and how it compares."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from warehouse.bulletin.answering import count_reports, states_reported
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.changes import (
    ALL_DRUGS,
    DRUGS,
    LAST_YEAR,
    PRECURSORS,
    PREVIOUS_MONTH,
    SEIZURES,
    YEAR_TO_DATE,
    Change,
    Key,
    amount,
    changes,
    subject,
)
from warehouse.bulletin.numbers import NO_CASE, NOT_KNOWN, sign, signed_percent
from warehouse.bulletin.pages import Tile
from warehouse.words.catalogue import N_

# Of all drugs there is the number of seizures alone, and of precursors each unit by itself.
_SEIZED = """
    select coalesce(case when is_precursor then 'PRECURSORS' else drug_code end, 'ALL_DRUGS') as code,
        sum(seizures_count - presumed_duplicate_count) as seizures,
        round(sum(quantity_kg_without_duplicates), 6) as kg,
        round(sum(quantity_litres_without_duplicates), 6) as litres,
        round(sum(questioned_kg_without_duplicates), 6) as questioned_kg,
        sum(known_quantity_count) < sum(seizures_count) or count(*) > count(seizures_count) as is_unknown,
        sum(held_back_count) > 0 as is_held_back
    from rpt_seizures_by_month join dim_drugs using (drug_code)
    where month_date = '{month}'
    group by grouping sets ((case when is_precursor then 'PRECURSORS' else drug_code end), ())"""
_SUBSTANCES = """
    select drug_code from rpt_precursors_by_month where month_date = '{month}' group by drug_code order by drug_code"""
_MEASURES: Mapping[str, tuple[str, ...]] = {ALL_DRUGS: (SEIZURES,), PRECURSORS: ("KG", "L")}
_COLUMNS = {"KG": "kg", "L": "litres", SEIZURES: "seizures"}
QUESTIONED = N_("of it questioned and not confirmed: {kg}")
_PART, _HELD_BACK = (
    N_("seizures of which the quantity is not known are not counted"),
    N_("rows that are held back are not counted"),
)


def reported(edition: Edition, month: date) -> tuple[int, int]:
    """Return how many states reported seizures of a month, and how many there are."""
    counts = count_reports(edition, "seizures", month, month)
    return counts.states, counts.members


def tiles(edition: Edition, month: date) -> Iterator[Tile]:
    """Yield a tile for the number of seizures, one for each of four drugs, and one for precursors."""
    known, (count, members) = changes(edition, month), reported(edition, month)
    seized: dict[str, dict[Any, Any]] = {
        row["code"]: row for row in edition.ask(_SEIZED.format(month=month)).to_dict("records")
    }
    of_states = states_reported(edition, count, members)
    for code in (ALL_DRUGS, *DRUGS, PRECURSORS):
        row, measures = seized.get(code, {}), _MEASURES.get(code, ("KG",))
        notes = [of_states, *_notes(edition, row, measures)] if count else []
        if code == PRECURSORS:
            names = edition.named("drugs", edition.ask(_SUBSTANCES.format(month=month))["drug_code"])
            notes = [", ".join(names), *notes] if names else notes
        notes += _changes(edition, known, code, measures)
        value = _value(edition, row, measures) if count else NOT_KNOWN
        yield Tile(subject(edition, code), value, notes)


def _value(edition: Edition, row: Mapping[Any, Any], measures: tuple[str, ...]) -> str:
    """Return what was seized; of several measures those that are known."""
    if not row or not row["seizures"] > 0:
        return NOT_KNOWN if row and row["is_held_back"] else edition.say(NO_CASE)
    told = [amount(edition, value, one) for one in measures if (value := row[_COLUMNS[one]]) == value]
    return " · ".join(told) or NOT_KNOWN


def _notes(edition: Edition, row: Mapping[Any, Any], measures: tuple[str, ...]) -> Iterator[str]:
    """Yield why the value of a tile is a part or not certain, if it is."""
    if row and row["is_unknown"] and SEIZURES not in measures:
        yield edition.say(_PART)
    if row and row["is_held_back"]:
        yield edition.say(_HELD_BACK)
    if row and "KG" in measures and row["questioned_kg"] > 0:
        yield edition.say(QUESTIONED, kg=amount(edition, row["questioned_kg"], "KG"))


def _changes(edition: Edition, known: Mapping[Key, Change], code: str, measures: tuple[str, ...]) -> Iterator[str]:
    """Yield the changes of a tile, each with its own number of states."""
    for measure in measures:
        for period in (PREVIOUS_MONTH, LAST_YEAR, YEAR_TO_DATE):
            one = known.get((code, measure, period))
            if one and one.told_pct is not None:
                change = signed_percent(one.told_pct, edition.language)
                if len(measures) > 1:
                    change = f"{sign(_COLUMNS[measure], edition.language)}: {change}"
                yield _against(edition, period, change, one.countries)


def _against(edition: Edition, period: str, change: str, count: int) -> str:
    if period == PREVIOUS_MONTH:
        return edition.ngettext(
            "{change} on the month before ({count} state)",
            "{change} on the month before ({count} states)",
            count,
            change=change,
        )
    if period == LAST_YEAR:
        return edition.ngettext(
            "{change} on the same month of last year ({count} state)",
            "{change} on the same month of last year ({count} states)",
            count,
            change=change,
        )
    return edition.ngettext(
        "{change} in the year to date ({count} state)",
        "{change} in the year to date ({count} states)",
        count,
        change=change,
    )
