"""The chapters on persons in formal contact and on border liaison offices."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from warehouse.bulletin.charts.counts import counts
from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.matrix import matrix
from warehouse.bulletin.charts.pairs import pairs
from warehouse.bulletin.charts.shares import shares
from warehouse.bulletin.charts.style import ACCENT, WIDTH
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import is_unknown, percent
from warehouse.bulletin.pages import Section
from warehouse.bulletin.year.figure import year_figure
from warehouse.questionnaire.codelists import UNANSWERED
from warehouse.words.catalogue import N_

if TYPE_CHECKING:
    import pandas as pd

_PERSONS, _CITIZENSHIP, _OFFICES, _COOPERATION = (
    N_("Persons in formal contact"), N_("Citizenship"), N_("Border liaison offices"), N_("Cooperation and challenges"),
)  # fmt: skip
_WOMEN, _MEN, _UNKNOWN = N_("Women"), N_("Men"), N_("Unknown")
# Characteristic → the columns of its parts in their order, with the name of each.
_PARTS = {
    N_("Sex"): {
        "women_count": _WOMEN, "men_count": _MEN, "sex_unknown_count": _UNKNOWN,
    },
    N_("Age"): {
        "juveniles_count": N_("Juveniles"), "adults_count": N_("Adults"), "age_unknown_count": _UNKNOWN,
    },
    N_("Citizenship"): {
        "foreigners_count": N_("Foreigners"), "nationals_count": N_("Own citizens"),
        "citizenship_unknown_count": _UNKNOWN,
    },
}  # fmt: skip
_WITHHELD = N_("withheld: a count is below 5 or would give one back")
_PARTLY_KNOWN = N_("not known by sex")
_ALL = N_("All persons: {listed}.")
_ABROAD = N_("Foreigners, the most of one citizenship: {listed}.")
_NO_FOREIGNERS = N_("No foreigner of a known citizenship is among the suspected.")
_OFFICERS, _NO_OFFICERS = N_("Women among officers: {listed}."), N_("No state tells women and men among officers.")
_LISTED = N_("By number: {listed}.")
_DIFFERENCES = N_("Sender beside receiver: {listed}.")
_SIDES = N_("By the sender"), N_("By the receiver")
_MEASURES = {
    "REQUESTS": N_("Requests"), "REPLIES": N_("Replies"), "TIPOFFS": N_("Tip-offs"),
}  # fmt: skip
_SUSPECTED = "SUSPECTED"
_FEW = 3  # that a sentence lists


def people_sections(edition: Edition, year: int) -> Iterator[Section]:
    """Yield the chapters on persons and offices of a year, as far as the reader may see them."""
    yield Section(
        "persons",
        edition.say(_PERSONS),
        [
            year_figure(edition, year, "people/persons", _draw_persons, "persons"),
            year_figure(edition, year, "people/offences", table="persons"),
            year_figure(edition, year, "people/rates", table="persons"),
        ],
    )
    yield Section(
        "citizenship",
        edition.say(_CITIZENSHIP),
        [year_figure(edition, year, "people/citizenship", _draw_citizenship, "persons")],
    )
    yield Section(
        "offices",
        edition.say(_OFFICES),
        [
            year_figure(edition, year, "people/crossings", table=None),
            year_figure(edition, year, "people/register", table=None),
            year_figure(edition, year, "people/staff", draw_staff, "staff"),
            year_figure(edition, year, "people/offices", table="throughput"),
        ],
    )
    yield Section(
        "cooperation",
        edition.say(_COOPERATION),
        [
            year_figure(edition, year, "people/activities", _draw_activities, "activities"),
            year_figure(edition, year, "people/exchanges", _draw_exchanges, "exchanges"),
            year_figure(edition, year, "people/challenges", _draw_challenges, "challenges"),
        ],
    )


def _draw_persons(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    states = edition.named("countries", frame["country_code"])
    stages = edition.named("contact_stages", frame["contact_stage_code"])
    labels = [f"{state}, {stage}" for state, stage in zip(states, stages, strict=True)]
    specs = [
        shares(
            _parts_of(frame.assign(panel=edition.say(characteristic), label=labels), [*parts], edition.say(_WITHHELD)),
            {column: edition.say(name) for column, name in parts.items()},
        )
        for characteristic, parts in _PARTS.items()
    ]
    listed = "; ".join(
        f"{label} {int(count)}"
        for label, count in zip(labels, frame["total_count"], strict=True)
        if not is_unknown(count)
    )
    spec = {"vconcat": specs, "spacing": 16, "resolve": {"scale": {"color": "independent"}}}
    return Drawing(spec, edition.say(_ALL, listed=listed))


def _parts_of(frame: "pd.DataFrame", parts: list[str], note: str) -> "pd.DataFrame":
    """Return a row for each part of each row of a frame, with the note where any of its parts has no number."""
    is_unknown_in_part = frame[parts].isna().any(axis="columns")
    noted = frame.assign(note=is_unknown_in_part.map({True: note, False: ""}))
    long = noted.melt(id_vars=["panel", "label", "note"], value_vars=parts, var_name="part", ignore_index=False)
    return long.assign(value=long["value"].fillna(0)).sort_index(kind="stable")


def _draw_citizenship(edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    suspected = frame[frame["contact_stage_code"] == _SUSPECTED]
    if suspected.empty:
        return None
    shown = suspected.assign(
        country=edition.named("countries", suspected["country_code"]),
        citizenship=edition.named("countries", suspected["citizenship_code"]),
        label=suspected["persons_count"].astype(str),
        order=suspected["citizenship_code"].isin(UNANSWERED),
    )
    foreign = shown[(shown["country_code"] != shown["citizenship_code"]) & ~shown["order"]]
    most = foreign.sort_values("persons_count", ascending=False, kind="stable").head(_FEW)
    listed = "; ".join(
        f"{citizenship} ({country}: {count})"
        for citizenship, country, count in most[["citizenship", "country", "label"]].itertuples(index=False)
    )
    message = edition.say(_ABROAD, listed=listed) if listed else edition.say(_NO_FOREIGNERS)
    columns = shown.sort_values(["order", "citizenship_code"], kind="stable")["citizenship"]
    spec = matrix(shown, "citizenship", "country", "persons_count")
    spec["encoding"]["x"]["sort"] = [*dict.fromkeys(columns)]
    return Drawing(spec, message)


def draw_staff(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return women and men among officers of each state; one of which either is not known has no bar."""
    states = edition.named("countries", frame["country_code"])
    parts = {"women_count": edition.say(_WOMEN), "men_count": edition.say(_MEN)}
    shown = _parts_of(frame.assign(panel="", label=states), [*parts], edition.say(_PARTLY_KNOWN))
    listed = "; ".join(
        f"{state} {percent(pct, edition.language)}"
        for state, pct in zip(states, frame["women_pct"], strict=True)
        if not is_unknown(pct)
    )
    message = edition.say(_OFFICERS, listed=listed) if listed else edition.say(_NO_OFFICERS)
    return Drawing(shares(shown, parts), message)


def _counted(edition: Edition, frame: "pd.DataFrame", columns: tuple[str, str, str], codelist: str) -> Drawing:
    """Return bars of a number by code of a list and state; ``columns`` are panel, label and number."""
    panel, label, count = columns
    names = {"country_code": "countries"}
    shown = frame.assign(
        panel=edition.named(names.get(panel, codelist), frame[panel]),
        label=edition.named(names.get(label, codelist), frame[label]),
        value=frame[count],
        text=frame[count].astype(str),
        colour=ACCENT,
        is_open=False,
    )
    listed = "; ".join(
        f"{group}: "
        + ", ".join(f"{name} {number}" for name, number in rows[["label", "text"]].itertuples(index=False, name=None))
        for group, rows in shown.groupby("panel", sort=False)
    )
    return Drawing(counts(shown), edition.say(_LISTED, listed=listed))


def _draw_activities(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    columns = ("activity_type_code", "country_code", "activities_count")
    return _counted(edition, frame, columns, "activity_types")


def _draw_challenges(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    columns = ("country_code", "challenge_category_code", "challenges_count")
    return _counted(edition, frame, columns, "challenge_categories")


def _draw_exchanges(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    senders = edition.named("countries", frame["sender_country_code"])
    receivers = edition.named("countries", frame["receiver_country_code"])
    shown = frame.assign(
        panel=[edition.say(_MEASURES[code]) for code in frame["measure_code"]],
        label=[f"{sender} → {receiver}" for sender, receiver in zip(senders, receivers, strict=True)],
        first=frame["sender_tells_count"],
        second=frame["receiver_tells_count"],
    )
    known = shown.dropna(subset=["first", "second"])
    listed = "; ".join(
        f"{panel}, {label} {int(first)} / {int(second)}"
        for panel, label, first, second in known[["panel", "label", "first", "second"]].itertuples(index=False)
    )
    sides = edition.say(_SIDES[0]), edition.say(_SIDES[1])
    return Drawing(pairs(shown, sides, WIDTH - 230), edition.say(_DIFFERENCES, listed=listed))
