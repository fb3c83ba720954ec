"""How drugs were found and hidden in the year until a month, and which agencies seized them."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.stacks import stacked_bars
from warehouse.bulletin.charts.style import DRUG_COLOURS, FAINT
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.numbers import percent, short
from warehouse.bulletin.pages import Section
from warehouse.questionnaire.codelists import NOT_ANSWERED
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

    from warehouse.bulletin.figures import Figure

_FOUND, _AGENCIES = N_("How drugs were found and hidden"), N_("Agencies")
_NONE_ANSWER = N_("No report of this year tells how drugs were found.")
_ANSWERED = N_("Seizures that answer the question: {answered} of {all} ({pct}).")
_MOST = N_("Most: {names}.")
_OTHERS = N_("Other drugs")
_NAMED = 3  # answers in a sentence


def context_section(edition: Edition, month: date) -> Section:
    """Return how drugs were found and where they were hidden since January."""
    found = month_figure(edition, month, "context", "found", partial(_draw, "detection_methods"))
    hidden = month_figure(edition, month, "context", "hidden", partial(_draw, "hiding_places"))
    sentences = [] if found is None or _answers(found) else [edition.say(_NONE_ANSWER)]
    figures = [one for one in (found, hidden) if one and _answers(one)]
    return Section("context", edition.say(_FOUND), figures, sentences)


def agencies_section(edition: Edition, month: date) -> Section:
    """Return which agencies seized drugs since January."""
    draw = partial(_draw, "agencies", by_size=False)
    shown = month_figure(edition, month, "context", "agencies", draw)
    return Section("agencies", edition.say(_AGENCIES), [shown] if shown and _answers(shown) else [])


def _answers(shown: "Figure") -> bool:
    return bool((shown.frame["dimension_code"] != NOT_ANSWERED).any())


def _draw(codelist: str, edition: Edition, frame: "pd.DataFrame", *, by_size: bool = True) -> Drawing | None:
    """Return bars of those that answer, the longest first or in the order of the frame; None where nobody does."""
    names = {code: edition.name("drugs", code) for code in DRUG_COLOURS}
    bars, others = edition.named(codelist, frame["dimension_code"]), edition.say(_OTHERS)
    parts = [names.get(code, others) for code in frame["drug_code"]]
    counted = frame.assign(bar=bars, part=parts, value=frame["seizures_count"].astype(int))
    known = counted[counted["dimension_code"] != NOT_ANSWERED]
    if known.empty:
        return None
    sums = known.groupby("bar", sort=False)["value"].sum()
    order = [*sums.sort_values(ascending=False, kind="stable").index]
    shown = known.groupby(["bar", "part"], sort=False)["value"].sum().reset_index()
    if by_size:
        places = {name: place for place, name in enumerate(order)}
        shown = shown.assign(place=shown["bar"].map(places)).sort_values("place", kind="stable")
    colours = {names[code]: colour for code, colour in DRUG_COLOURS.items() if names[code] in {*shown["part"]}}
    if others in {*shown["part"]}:
        colours[others] = FAINT
    most = ", ".join(f"{name} ({short(sums[name], edition.language)})" for name in order[:_NAMED])
    answered, every = int(known["value"].sum()), int(counted["value"].sum())
    share = percent(100 * answered / every, edition.language)
    message = (
        edition.say(_MOST, names=most),
        edition.say(_ANSWERED, answered=answered, all=every, pct=share),
    )
    return Drawing(stacked_bars(shown, colours), " ".join(message))
