"""Where seizures were made in the year until a month: at crossings, and by province."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.maps import circles, countries_on_map, provinces, provinces_drawn
from warehouse.bulletin.charts.style import COUNTRY_COLOURS
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.numbers import short
from warehouse.bulletin.pages import Section
from warehouse.questionnaire.codelists import NOT_ANSWERED
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_PLACES = N_("Where drugs were seized")
_MOST = N_("Most seizures: {places}.")
_NOT_DRAWN = N_("Not drawn, as their coordinates are not known: {places}.")
_NO_CROSSING = N_("Seizures that name no crossing: {count}.")
_NO_PROVINCE = N_("Seizures of which the province is not known: {count}.")
_NO_REPORT = N_("No report since January: {states}.")
_COUNTED = N_("Number of seizures")
_NAMED = 3  # places in a sentence
_NOT_REPORTED = """
    select country_code from rpt_coverage_by_month
    where table_name = 'seizures' and month_date between '{month.year}-01-01' and '{month}'
    group by country_code having bool_and(coverage = 'missing') order by country_code"""


def places_section(edition: Edition, month: date) -> Section:
    """Return where drugs were seized since January, as far as its reader sees that."""
    missing = [*edition.ask(_NOT_REPORTED.format(month=month))["country_code"]]
    figures = [
        month_figure(edition, month, "places", "crossings", partial(_draw_crossings, missing)),
        month_figure(edition, month, "places", "provinces", partial(_draw_provinces, missing)),
    ]
    return Section("places", edition.say(_PLACES), figures)


def _draw_crossings(missing: list[str], edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    """Return circles by the number of seizures; None where no crossing has coordinates."""
    known, is_named = frame["longitude"].notna(), frame["border_point_code"] != NOT_ANSWERED
    if not known.any():
        return None
    names = {code: edition.name("countries", code) for code in COUNTRY_COLOURS}
    shown = frame[known].assign(
        value=frame["seizures_count"].astype(int),
        group=[names.get(code, code) for code in frame[known]["country_code"]],
    )
    there = {*shown["group"]}
    colours = {names[code]: colour for code, colour in COUNTRY_COLOURS.items() if names[code] in there}
    message = [_most(edition, frame[is_named], "border_points", "border_point_code"), *_no_report(edition, missing)]
    if others := [edition.name("border_points", code) for code in frame[is_named & ~known]["border_point_code"]]:
        message.append(edition.say(_NOT_DRAWN, places=", ".join(others)))
    if unnamed := int(frame[~is_named]["seizures_count"].sum()):
        message.append(edition.say(_NO_CROSSING, count=unnamed))
    columns = ["longitude", "latitude", "value", "group"]
    spec = circles(shown[columns], _labels(edition), colours, missing, edition.say(_COUNTED))
    return Drawing(spec, " ".join(message))


def _draw_provinces(missing: list[str], edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    """Return provinces filled by the number of seizures; None where none is known."""
    drawn = provinces_drawn()
    code = frame["subdivision_code"].map(drawn)
    counts = frame["seizures_count"].astype(int)
    if code.isna().all():
        return None
    values = {str(one): int(count) for one, count in counts.groupby(code).sum().items()}
    message = [_most(edition, frame[code.notna()], "subdivisions", "subdivision_code"), *_no_report(edition, missing)]
    if unknown := int(counts[code.isna()].sum()):
        message.append(edition.say(_NO_PROVINCE, count=unknown))
    return Drawing(provinces(values, _labels(edition), missing, edition.say(_COUNTED)), " ".join(message))


def _most(edition: Edition, frame: "pd.DataFrame", codelist: str, column: str) -> str:
    most = frame.sort_values(["seizures_count", column], ascending=[False, True]).head(_NAMED)
    places = (
        f"{edition.name(codelist, code)} ({short(count, edition.language)})"
        for code, count in most[[column, "seizures_count"]].itertuples(index=False, name=None)
    )
    return edition.say(_MOST, places=", ".join(places))


def _no_report(edition: Edition, missing: list[str]) -> list[str]:
    names = ", ".join(edition.named("countries", missing))
    return [edition.say(_NO_REPORT, states=names)] if names else []


def _labels(edition: Edition) -> dict[str, str]:
    return {code: edition.name("countries", code) for code in countries_on_map()}
