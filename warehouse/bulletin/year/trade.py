"""The chapters on the trade: sizes, routes and ways, prices and purity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.counts import counts
from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.matrix import matrix
from warehouse.bulletin.charts.spans import spans
from warehouse.bulletin.charts.style import ACCENT, drug_colour
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import is_unknown, percent, quantity, short
from warehouse.bulletin.pages import Section
from warehouse.bulletin.peaks import most_of_each
from warehouse.bulletin.year.figure import year_figure
from warehouse.questionnaire.codelists import UNANSWERED
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_SIZES, _ROUTES, _WAYS, _PRICES, _PURITY = (
    N_("Size of seizures"), N_("Routes"), N_("Ways"), N_("Prices"), N_("Purity"),
)  # fmt: skip
_NAMED = """
    select sum(seizures_count) as seizures_count,
        100 * sum(seizures_count) filter (departure_country_code not in ('UNKNOWN', 'NOT_ANSWERED'))
            / sum(seizures_count) as departure_pct,
        100 * sum(seizures_count) filter (destination_country_code not in ('UNKNOWN', 'NOT_ANSWERED'))
            / sum(seizures_count) as destination_pct
    from rpt_routes where calendar_year = {year}"""
_MOST_COMMON = N_("The most common class: {listed}.")
_MEDIANS = N_("The largest of the medians: {listed}.")
_FREQUENT = N_("The most frequent: {listed}.")
_OF_ANSWERS = N_("{question}: {answer} ({count} of {all} that answer)")
_NO_ANSWER = N_("No state answered these questions.")
_NO_ROUTE = N_("No seizure names both a departure and a destination.")
_HIGHEST = N_("The highest typical price: {listed}.")
_MARKUPS = N_("From the first step with a price to the last: {listed}.")
_TIMES = N_("{drug} {times} times ({route})")
_NO_RISE = N_("No route has a price at more than one step.")
_MEANS = N_("Mean purity: {listed}.")
_DIMENSIONS = {
    "transport_modes": N_("Means of transport"),
    "hiding_places": N_("Hiding place"),
    "detection_methods": N_("How it was found"),
    "routings": N_("Direction"),
    "installations": N_("Kind of site"),
    "agencies": N_("Agency"),
}
_DOLLARS, _PERCENT, _KG = N_("US dollars per gram"), N_("per cent"), N_("kg")


def trade_sections(edition: Edition, year: int) -> Iterator[Section]:
    """Yield the chapters on the trade in a year, as far as the reader may see it."""
    yield Section(
        "sizes",
        edition.say(_SIZES),
        [
            year_figure(edition, year, "trade/classes", _draw_classes),
            year_figure(edition, year, "trade/sizes", _draw_sizes),
        ],
    )
    yield Section(
        "routes",
        edition.say(_ROUTES),
        [
            year_figure(edition, year, "trade/directions", _draw_directions),
            year_figure(edition, year, "trade/routes"),
        ],
        [*_on_routes(edition, year)],
    )
    yield Section("ways", edition.say(_WAYS), [year_figure(edition, year, "trade/ways", draw_ways)])
    yield Section(
        "prices",
        edition.say(_PRICES),
        [
            year_figure(edition, year, "trade/prices", _draw_prices, "prices"),
            year_figure(edition, year, "trade/ladder", draw_ladder, "prices"),
        ],
    )
    yield Section("purity", edition.say(_PURITY), [year_figure(edition, year, "trade/purity", _draw_purity)])


def _on_routes(edition: Edition, year: int) -> Iterator[str]:
    if not edition.source.has("rpt_routes", "seizures_count"):
        return
    seizures, departure, destination = edition.ask(_NAMED.format(year=year)).iloc[0]
    if is_unknown(seizures):
        return
    yield edition.ngettext(
        "Of the {count} seizure that is shown here, {departure} name a departure and {destination} a destination.",
        "Of the {count} seizures that are shown here, {departure} name a departure and {destination} a destination.",
        int(seizures),
        departure=percent(0 if is_unknown(departure) else departure, edition.language),
        destination=percent(0 if is_unknown(destination) else destination, edition.language),
    )


def _draw_classes(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        panel=edition.named("drugs", frame["drug_code"]),
        label=edition.named("weight_classes", frame["weight_class_code"]),
        value=frame["seizures_count"],
        text=frame["seizures_count"].astype(str),
        colour=[drug_colour(code) for code in frame["drug_code"]],
        is_open=False,
    )
    most = most_of_each(shown, "drug_code", "seizures_count")
    listed = "; ".join(f"{panel}: {label}" for panel, label in most[["panel", "label"]].itertuples(index=False))
    return Drawing(counts(shown), edition.say(_MOST_COMMON, listed=listed))


def _draw_sizes(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        panel=edition.named("drugs", frame["drug_code"]),
        label=edition.named("countries", frame["country_code"]),
        low=frame["median_kg_without_duplicates"],
        point=frame["median_kg_without_duplicates"],
        other=frame["percentile_90_kg_without_duplicates"],
        high=frame["largest_kg_without_duplicates"],
    )
    most = shown.dropna(subset=["point"])
    most = most_of_each(most, "drug_code", "point")
    listed = "; ".join(
        f"{drug} {quantity(kg, 'kg', edition.language)} ({state})"
        for drug, kg, state in most[["panel", "point", "label"]].itertuples(index=False, name=None)
    )
    return Drawing(spans(shown, is_log=True, title=edition.say(_KG)), edition.say(_MEDIANS, listed=listed))


def _draw_directions(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        departure=edition.named("countries", frame["departure_country_code"]),
        destination=edition.named("countries", frame["destination_country_code"]),
        label=frame["seizures_count"].astype(str),
    )
    named = shown[
        ~shown["departure_country_code"].isin(UNANSWERED) & ~shown["destination_country_code"].isin(UNANSWERED)
    ]
    most = named.sort_values("seizures_count", ascending=False, kind="stable").head(3)
    listed = "; ".join(
        f"{departure} → {destination} ({count})"
        for departure, destination, count in most[["departure", "destination", "label"]].itertuples(index=False)
    )
    message = edition.say(_FREQUENT, listed=listed) if listed else edition.say(_NO_ROUTE)
    return Drawing(matrix(shown, "destination", "departure", "seizures_count"), message)


def draw_ways(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return the answers to the questions on ways, and the most frequent of each among those that answer it."""
    known = frame[frame["dimension_name"].isin([*_DIMENSIONS])]
    shown = known.assign(
        order=known["dimension_name"].map({name: place for place, name in enumerate(_DIMENSIONS)}),
        panel=[edition.say(_DIMENSIONS[name]) for name in known["dimension_name"]],
        label=[
            edition.name(*codes)
            for codes in known[["dimension_name", "dimension_code"]].itertuples(index=False, name=None)
        ],
        value=known["seizures_count"],
        text=known["seizures_count"].astype(str),
        colour=ACCENT,
        is_open=known["dimension_code"].isin(UNANSWERED),
    ).sort_values("order", kind="stable")
    named = shown[~shown["is_open"]]
    answers = named.groupby("dimension_name")["seizures_count"].sum()
    first = named.drop_duplicates("dimension_name")
    listed = "; ".join(
        edition.say(_OF_ANSWERS, question=panel, answer=label, count=text, all=str(answers[name]))
        for panel, label, text, name in first[["panel", "label", "text", "dimension_name"]].itertuples(index=False)
    )
    message = edition.say(_FREQUENT, listed=listed) if listed else edition.say(_NO_ANSWER)
    return Drawing(counts(shown), message)


def _draw_prices(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    levels = edition.named("market_levels", frame["market_level_code"])
    states = edition.named("countries", frame["country_code"])
    shown = frame.assign(
        panel=edition.named("drugs", frame["drug_code"]),
        label=[f"{state}, {level}" for state, level in zip(states, levels, strict=True)],
        low=frame["lowest_usd_per_gram"],
        point=frame["typical_usd_per_gram"],
        high=frame["highest_usd_per_gram"],
        other=float("nan"),
    )
    most = most_of_each(shown, "drug_code", "point")
    listed = "; ".join(
        f"{drug} {short(usd, edition.language)} ({label})"
        for drug, usd, label in most[["panel", "point", "label"]].itertuples(index=False, name=None)
    )
    return Drawing(spans(shown, is_log=True, title=edition.say(_DOLLARS)), edition.say(_HIGHEST, listed=listed))


def draw_ladder(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Draw prices along routes, and say by how many times they rise where the first one is above nothing."""
    drugs = edition.named("drugs", frame["drug_code"])
    ways = [
        " → ".join(edition.named("countries", codes))
        for codes in frame[["producing_country_code", "departure_country_code", "destination_country_code"]].itertuples(
            index=False, name=None
        )
    ]
    steps = zip(
        edition.named("price_steps", frame["step_code"]),
        edition.named("countries", frame["country_code"]),
        strict=True,
    )
    shown = frame.assign(
        drug=drugs,
        route=ways,
        panel=[f"{drug}: {way}" for drug, way in zip(drugs, ways, strict=True)],
        label=[f"{state}: {step}" for step, state in steps],
        low=frame["lowest_usd"],
        point=frame["usd_per_gram"],
        high=frame["highest_usd"],
        other=frame["published_usd_per_gram"],
    )
    rises = []
    for (drug, route), steps_of in shown.dropna(subset=["point"]).groupby(["drug", "route"], sort=False):
        first, last = steps_of["point"].iloc[[0, -1]]
        if first > 0:  # a state may say that it costs nothing
            times = short(last / first, edition.language)
            rises.append(edition.say(_TIMES, drug=str(drug), times=times, route=str(route)))
    message = edition.say(_MARKUPS, listed="; ".join(rises)) if rises else edition.say(_NO_RISE)
    return Drawing(spans(shown, is_log=True, title=edition.say(_DOLLARS)), message)


def _draw_purity(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        panel=edition.named("drugs", frame["drug_code"]),
        label=edition.named("countries", frame["country_code"]),
        low=frame["lowest_purity_pct"],
        point=frame["mean_purity_pct"],
        high=frame["highest_purity_pct"],
        other=float("nan"),
    )
    listed = "; ".join(
        f"{drug}, {state} {percent(pct, edition.language)}"
        for drug, state, pct in shown[["panel", "label", "point"]].itertuples(index=False, name=None)
    )
    return Drawing(spans(shown, is_log=False, title=edition.say(_PERCENT)), edition.say(_MEANS, listed=listed))
