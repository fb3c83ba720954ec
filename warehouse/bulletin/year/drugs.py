"""The chapters on drugs: seizures of ten years, opiates, synthetic drugs and medicines, precursors."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.pairs import pairs
from warehouse.bulletin.charts.style import DRUG_COLOURS, WIDTH, drug_colour
from warehouse.bulletin.charts.years import NO_CASE, NOTHING, PART, WHOLE, year_panels, year_rows
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import quantity
from warehouse.bulletin.pages import Section
from warehouse.bulletin.peaks import most_of_each
from warehouse.bulletin.year.figure import year_figure
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_KG, _EQUIVALENT = "quantity_kg_without_duplicates", "heroin_equivalent_kg_without_duplicates"
_SEIZURES, _OPIATES, _SYNTHETICS, _PRECURSORS = (
    N_("Seizures of ten years by drug and state"), N_("Opiates"), N_("Synthetic drugs and medicines"), N_("Precursors"),
)  # fmt: skip
_MOST = N_("The most in a year: {peaks}.")
_NOTHING_WEIGHED = N_("Nothing was weighed in these years.")
_TOTALS = N_("National totals and cases of {year}, kg, on a logarithmic scale.")
_CASES, _NATIONAL = N_("Reported cases"), N_("National total")


def drug_sections(edition: Edition, year: int) -> Iterator[Section]:
    """Yield the chapters on drugs of a year."""
    yield Section(
        "seizures",
        edition.say(_SEIZURES),
        [
            year_figure(edition, year, "drugs/states", _draw_states),
            year_figure(edition, year, "drugs/all_drugs"),
            year_figure(edition, year, "drugs/totals", _draw_totals),
        ],
    )
    yield Section("opiates", edition.say(_OPIATES), [year_figure(edition, year, "drugs/opiates", _draw_opiates)])
    yield Section(
        "synthetics",
        edition.say(_SYNTHETICS),
        [
            year_figure(edition, year, "drugs/synthetics", _draw_synthetics),
            year_figure(edition, year, "drugs/counted"),
        ],
    )
    yield Section(
        "precursors",
        edition.say(_PRECURSORS),
        [year_figure(edition, year, "drugs/precursors"), year_figure(edition, year, "drugs/substances")],
    )


def _known(
    months: "pd.Series[int]", is_whole: "pd.Series[bool]", has_no_case: "pd.Series[bool] | None" = None
) -> list[str]:
    known = [NOTHING if not count else WHOLE if whole else PART for count, whole in zip(months, is_whole, strict=True)]
    if has_no_case is None:
        return known
    return [NO_CASE if none else one for one, none in zip(known, has_no_case, strict=True)]


def _draw_states(edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    shown = frame.assign(
        panel=edition.named("countries", frame["country_code"]),
        value=frame[_KG],
        known=_known(frame["reported_months_count"], frame["is_whole"], frame["has_no_case"]),
        group=edition.named("drugs", frame["drug_code"]),
    )
    weighed = {*shown.loc[shown["value"] > 0, "drug_code"]}
    rows = [
        year_panels(shown[shown["drug_code"] == drug], edition.name("drugs", drug), drug_colour(drug))
        for drug in DRUG_COLOURS
        if drug in weighed
    ]
    if not rows:
        return None
    return Drawing(year_rows(rows), _peaks(edition, shown))


def _peaks(edition: Edition, frame: "pd.DataFrame") -> str:
    """Return in words the most that was in a year, for each ``group``: how much, when, and where if it is no state."""
    known = frame.dropna(subset=["value"])
    known = known[known["value"] > 0]
    if known.empty:
        return edition.say(_NOTHING_WEIGHED)
    most = most_of_each(known, "group", "value")
    columns = most[["group", "panel", "calendar_year", "value"]]
    peaks = [
        f"{group} {quantity(kg, 'kg', edition.language)} ({year if panel == group else f'{panel}, {year}'})"
        for group, panel, year, kg in columns.itertuples(index=False, name=None)
    ]
    return edition.say(_MOST, peaks="; ".join(peaks))


def _draw_opiates(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        panel=edition.named("countries", frame["country_code"]),
        value=frame[_EQUIVALENT],
        known=_known(frame["reported_months_count"], frame["is_whole"]),
        lowest=frame["lowest_heroin_equivalent_kg_without_duplicates"],
        highest=frame["highest_heroin_equivalent_kg_without_duplicates"],
    )
    return Drawing(year_panels(shown, "", drug_colour("HEROIN")), _peaks(edition, shown.assign(group=shown["panel"])))


def _draw_synthetics(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    shown = frame.assign(
        panel=edition.named("drugs", frame["drug_code"]),
        value=frame[_KG],
        known=_known(frame["coverage_pct"], frame["is_whole"], frame["has_no_case"]),
    )
    spec = year_panels(shown, "", drug_colour("METHAMPHETAMINE"), is_one_scale=False)
    return Drawing(spec, _peaks(edition, shown.assign(group=shown["panel"])))


def _draw_totals(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    year = int(frame["calendar_year"].max())
    last = frame[frame["calendar_year"] == year]
    shown = last.assign(
        panel=edition.named("unodc_classes", last["unodc_class_code"]),
        label=edition.named("countries", last["country_code"]),
        first=last["equivalent_kg_without_duplicates"],
        second=last["national_total_kg"],
    )
    sides = edition.say(_CASES), edition.say(_NATIONAL)
    return Drawing(pairs(shown, sides, WIDTH - 150, is_log=True), edition.say(_TOTALS, year=year))
