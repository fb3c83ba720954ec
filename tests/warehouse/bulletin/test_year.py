"""The annual report: sentences that follow from rules, and what charts do with what is not known or withheld."""

from datetime import date
from typing import Any, cast

import duckdb
import pandas as pd
import pytest
from asked_editions import edition_of

from warehouse.bulletin.charts.shares import shares
from warehouse.bulletin.charts.spans import spans
from warehouse.bulletin.charts.years import NO_CASE, NOTHING, PART, WHOLE, year_panels
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.year import findings
from warehouse.bulletin.year.figure import year_figure
from warehouse.bulletin.year.findings import coverage_sentences, new_drugs, year_sentences, year_tiles
from warehouse.bulletin.year.methods import method_sentences
from warehouse.bulletin.year.people import draw_staff
from warehouse.bulletin.year.trade import draw_ladder, draw_ways
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import Language

NAMES = {
    ("drugs", "HEROIN"): Words(en="Heroin", ru="Героин"),
    ("countries", "TJK"): Words(en="Tajikistan", ru="Таджикистан"),
}
REPORTS = pd.DataFrame([{"states": 4, "members": 5, "reports": 47, "expected": 60, "months": 12}])

TOTALS = ["unodc_class_code", "country_code", "calendar_year", "national_total_kg", "cases_pct", "has_no_case"]
NO_TOTAL = pd.DataFrame(columns=TOTALS).astype({"has_no_case": bool})


class Answers(dict[str, pd.DataFrame]):
    """What a release answers, by a piece of the query; of any other it has nothing."""

    def __contains__(self, query: object) -> bool:
        return True

    def __getitem__(self, query: str) -> pd.DataFrame:
        return next((frame for piece, frame in self.items() if piece in query), pd.DataFrame())


def edition(answers: dict[str, pd.DataFrame], language: Language = "en") -> Edition:
    known = Answers({**answers, "has_no_case": NO_TOTAL})
    return Edition(cast("Any", None), language, NAMES, (date(2023, 12, 1),), frozenset(), known)


def of_drug(**columns: Any) -> pd.DataFrame:
    row = {
        "drug_code": "HEROIN", "seizures_count": 4, "known_quantity_count": 3, "presumed_duplicate_count": 2,
        "held_back_count": 1, "questioned_kg": 1.5,
    }  # fmt: skip
    return pd.DataFrame([{**row, **columns}])


def test_methods_tell_what_is_double_unknown_held_back_and_questioned_and_are_silent_of_what_is_not() -> None:
    told = [*method_sentences(edition({"rpt_region_by_year": of_drug()}, "ru"), 2023)]
    assert told[2:] == [
        "В килограммах и литрах не учтены 2 изъятия, о которых, предположительно, сообщают и другие отчёты.",
        "Изъятия с известным количеством: 75\N{NO-BREAK SPACE}%.",
        "Приняты не все строки, поэтому значения неполные: Героин.",
        "Под вопросом и не подтверждено: Героин 1,5\N{NO-BREAK SPACE}кг.",
    ]
    clean = of_drug(known_quantity_count=4, presumed_duplicate_count=0, held_back_count=0, questioned_kg=None)
    told = [*method_sentences(edition({"rpt_region_by_year": clean}), 2023)]
    assert told[2:] == ["Seizures with a known quantity: 100\N{NO-BREAK SPACE}%."]


@pytest.mark.parametrize(("earlier", "is_told"), [(80.0, True), (84.0, False), (None, False)])
def test_a_change_of_coverage_is_told_from_five_points_on(earlier: float | None, *, is_told: bool) -> None:
    answer = pd.DataFrame([{"coverage_pct": 85.0, "earlier_coverage_pct": earlier}])
    one = edition({"earlier_coverage_pct": answer})
    assert [*coverage_sentences(one, 2023, "{pct} {earlier}", 5)] == (
        ["85\N{NO-BREAK SPACE}% 80\N{NO-BREAK SPACE}%"] if is_told else []
    )


def test_what_nobody_can_compare_is_said_and_a_state_is_named_only_where_it_seized_most() -> None:
    none = pd.DataFrame([{"kg": None, "lowest": None, "highest": None}])
    unknown = pd.DataFrame([{"coverage_pct": None, "earlier_coverage_pct": None}])
    answers = {"expected": REPORTS, "lowest": none, "earlier_coverage_pct": unknown, "is_precursor": pd.DataFrame()}
    for share_pct, told in ((51.0, 1), (50.0, 0)):
        shares_of = pd.DataFrame([{"drug_code": "HEROIN", "country_code": "TJK", "share_pct": share_pct}])
        found = [*year_sentences(edition({**answers, "share_pct": shares_of}), 2023, date(2023, 12, 1))]
        assert found[:2] == [
            "States that reported: 4 of 5; months that they reported: 47 of 60.",
            "No drug is compared with the year before, as no state that seized it has all months of both years known.",
        ]
        assert (
            found[2:]
            == ["Heroin: of what the 4 states that reported weighed, 51\N{NO-BREAK SPACE}% is of one: Tajikistan."]
            * told
        )


def test_the_only_state_that_reported_is_not_named_for_the_largest_share() -> None:
    shares_of = pd.DataFrame([{"drug_code": "HEROIN", "country_code": "TJK", "share_pct": 100.0}])
    none = pd.DataFrame([{"kg": None, "lowest": None, "highest": None}])
    unknown = pd.DataFrame([{"coverage_pct": None, "earlier_coverage_pct": None}])
    answers = {"expected": REPORTS.assign(states=1), "lowest": none, "earlier_coverage_pct": unknown}
    known = edition({**answers, "share_pct": shares_of, "is_precursor": pd.DataFrame()})
    assert len([*year_sentences(known, 2023, date(2023, 12, 1))]) == 2


def test_a_tile_says_of_how_much_in_how_many_states_its_change_is_and_what_is_questioned() -> None:
    """A change of one small state beside the sum of the region would read as that of the sum."""
    region = pd.DataFrame([{"drug_code": "HEROIN", "kg": 512.0, "litres": None, "is_whole": True, "questioned": 1.5}])
    columns = ["code", "measure", "period", "compared", "earlier", "change_pct", "countries"]
    changed = pd.DataFrame([("HEROIN", "KG", "YEAR_TO_DATE", 2.58, 48.5, -95.0, 1)], columns=columns)
    known = edition({"is_whole": region, "rpt_changes": changed, "expected": REPORTS})
    tile = next(iter(year_tiles(known, 2023, date(2023, 12, 1))))
    assert [note.replace("\N{NO-BREAK SPACE}", " ") for note in tile.notes] == [
        "4 of 5 states reported",
        "of it questioned and not confirmed: 1.5 kg",
        "2.58 kg in 1 state that is compared, 95 % less than a year before",
    ]


@pytest.mark.parametrize("is_whole", [True, False])
def test_an_equivalent_of_a_part_is_called_one(*, is_whole: bool) -> None:
    region = pd.DataFrame(
        [{"drug_code": "OPIUM", "kg": 5.0, "litres": None, "is_whole": is_whole, "questioned_kg": 0.0}]
    )
    answers = {"highest": pd.DataFrame([{"kg": 1.0, "lowest": 0.5, "highest": 1.5}]), "is_whole": region}
    unknown = pd.DataFrame([{"coverage_pct": None, "earlier_coverage_pct": None}])
    answers |= {"expected": REPORTS.assign(states=1), "earlier_coverage_pct": unknown, "is_precursor": pd.DataFrame()}
    (told,) = [one for one in year_sentences(edition(answers), 2023, date(2023, 12, 1)) if one.startswith("Opium")]
    assert told.endswith("by its range.") == is_whole


def test_a_drug_of_which_nothing_is_known_is_a_part_and_no_error() -> None:
    """Rows that are all held back leave no number of seizures."""
    names = ("quantity_kg_without_duplicates", "quantity_litres_without_duplicates", "questioned_kg_without_duplicates")
    unknown = ", ".join(f"null::double as {name}" for name in names)
    with duckdb.connect() as connection:
        connection.execute(
            f"create table rpt_region_by_year as select 2023 as calendar_year, 'HEROIN' as drug_code, {unknown}, "
            "null::bigint as seizures_count, null::bigint as known_quantity_count, null::bigint as held_back_count"
        )
        region = connection.execute(findings._REGION.format(year=2023)).df()
    answers = {"is_whole": region, "rpt_changes": pd.DataFrame(), "expected": REPORTS}
    tile = next(iter(year_tiles(edition(answers), 2023, date(2023, 12, 1))))
    assert tile.value == "–"
    assert tile.notes[1:] == ["a part: some quantities are not known or held back"]


@pytest.mark.parametrize(("first", "told"), [(2.0, "Heroin 5 times"), (0.0, "No route has a price")])
def test_a_price_of_nothing_is_not_what_others_are_times_of(first: float, told: str) -> None:
    codes = {f"{name}_country_code": "TJK" for name in ("producing", "departure", "destination")}
    prices = {"FIRST": first, "LAST": 10.0}
    row = {"drug_code": "HEROIN", "country_code": "TJK", **codes, "published_usd_per_gram": None}
    frame = pd.DataFrame(
        [
            {**row, "step_code": step, "usd_per_gram": usd, "lowest_usd": usd, "highest_usd": usd}
            for step, usd in prices.items()
        ]
    )
    assert told in draw_ladder(edition({}), frame).message


def test_what_is_most_frequent_is_told_of_those_that_answer() -> None:
    rows = [("hiding_places", "BODY", 12), ("hiding_places", "BAGGAGE", 8), ("hiding_places", "NOT_ANSWERED", 180)]
    frame = pd.DataFrame(rows, columns=["dimension_name", "dimension_code", "seizures_count"])
    assert draw_ways(edition({}), frame).message == "The most frequent: Hiding place: BODY (12 of 20 that answer)."


def test_a_bar_of_shares_ends_at_a_hundred_and_one_with_a_note_has_no_length() -> None:
    rows = [
        ("KAZ", "women", 1, ""),
        ("KAZ", "men", 3, ""),
        ("UZB", "women", 0, "withheld"),
        ("UZB", "men", 0, "withheld"),
    ]
    frame = pd.DataFrame(rows, columns=["label", "part", "value", "note"]).assign(panel="Sex")
    (panel,) = shares(frame, {"women": "Women", "men": "Men"})["vconcat"]
    values = panel["data"]["values"]
    assert [(one["start"], one["end"], one["part"]) for one in values[:2]] == [(0, 25, "Women"), (25, 100, "Men")]
    assert [(one["end"], one["note"]) for one in values[2:]] == [(None, "withheld")] * 2


def test_a_year_without_reports_is_no_zero_and_a_part_is_drawn_open() -> None:
    frame = pd.DataFrame({"panel": "KAZ", "calendar_year": [2021, 2022, 2023], "value": [None, 0.5, None]})
    columns, nothing, no_case = year_panels(frame.assign(known=[NOTHING, PART, NO_CASE]), "Heroin", "#a3262a")["spec"][
        "layer"
    ]
    assert columns["encoding"]["fill"]["condition"]["test"] == f"datum.known === '{WHOLE}'"
    assert nothing["transform"] == [{"filter": f"datum.known === '{NOTHING}'"}]
    assert no_case["transform"] == [{"filter": f"datum.known === '{NO_CASE}'"}]
    assert no_case["mark"]["text"] != nothing["mark"]["text"]


def test_a_logarithmic_scale_has_lines_between_few_powers_of_ten_and_a_step_without_a_price_keeps_its_place() -> None:
    frame = pd.DataFrame(
        {"panel": "Heroin", "label": ["origin", "market"], "low": [float("nan"), 2.0], "high": [float("nan"), 9.0]}
    )
    (panel,) = spans(frame.assign(point=[float("nan"), 4.0], other=float("nan")), is_log=True, title="USD")["vconcat"]
    assert panel["encoding"]["y"]["scale"]["domain"] == ["origin", "market"]
    x = panel["layer"][1]["encoding"]["x"]
    assert (x["scale"]["domain"], x["axis"]["values"]) == ([1, 10], [1, 2, 5, 10])


@pytest.mark.parametrize(("years", "is_told"), [(3, True), (2, False)])
def test_a_drug_is_new_only_where_a_state_that_reported_in_earlier_years_tells_of_it(
    years: int, *, is_told: bool
) -> None:
    """What a state tells of when it begins to report is new in its reports, which does not make it new."""
    reported = [
        {"table_name": "seizures", "country_code": "KAZ", "month_date": date(year, 1, 1), "coverage": "data"}
        for year in range(2023 - years, 2024)
    ]
    began = {"table_name": "seizures", "country_code": "TJK", "month_date": date(2023, 1, 1), "coverage": "data"}
    seized = [
        {"country_code": state, "drug_code": drug, "calendar_year": year, "seizures_count": count, "held_back_count": 1}
        for state, drug, year, count in (
            ("KAZ", "MDMA", 2023, 1), ("KAZ", "HEROIN", 2023, 1), ("TJK", "OPIUM", 2023, 1), ("KAZ", "HEROIN", 2022, 0),
        )
    ]  # fmt: skip
    asked = edition_of(date(2023, 12, 1), rpt_coverage_by_month=[*reported, began], rpt_seizures_by_year=seized)
    told = [*new_drugs(asked, 2023)]
    expected = ["Seized in this year and in none of those before, by states that reported before too: MDMA."]
    assert told == (expected if is_told else [])


def test_officers_who_are_not_known_by_sex_are_no_zero() -> None:
    frame = pd.DataFrame({"country_code": ["KAZ", "TJK"], "women_count": [float("nan"), 2], "men_count": [9, 8]})
    drawing = draw_staff(edition({}), frame.assign(women_pct=[float("nan"), 20.0]))
    (panel,) = drawing.spec["vconcat"]
    notes = {(one["label"], one["part"]): one["note"] for one in panel["data"]["values"]}
    assert notes == {
        ("KAZ", "Women"): "not known by sex",
        ("KAZ", "Men"): "not known by sex",
        ("Tajikistan", "Women"): "",
        ("Tajikistan", "Men"): "",
    }
    assert drawing.message == "Women among officers: Tajikistan 20\N{NO-BREAK SPACE}%."


def test_persons_say_how_many_states_they_are_of_and_what_is_unknown() -> None:
    """The public does not see who reported persons, and has to know how many states a figure is of."""
    characteristics = {
        "all": ["TOTAL"], "sex": ["F", "M", "UNKNOWN"], "age_group": ["JUVENILE", "ADULT", "UNKNOWN"],
        "citizenship": ["FOREIGN", "NATIONAL", "UNKNOWN"],
    }  # fmt: skip
    persons = [
        {
            "country_code": "TJK", "calendar_year": 2023, "month_number": 0, "offence_code": "TOTAL",
            "contact_stage_code": "SUSPECTED", "characteristic_name": name, "characteristic_code": code,
            "persons_count": 7, "is_suppressed": False,
        }
        for name, codes in characteristics.items()
        for code in codes
    ]  # fmt: skip
    coverage = [
        {"table_name": "seizures", "country_code": state, "month_date": date(2023, 1, 1), "coverage": "data"}
        for state in ("KAZ", "TJK")
    ]
    asked = edition_of(date(2023, 12, 1), rpt_persons_by_period=persons, rpt_coverage_by_month=coverage)
    shown = year_figure(asked, 2023, "people/persons", table="persons")
    assert shown
    assert shown.answering == "States in this figure: 1 of 2."
    assert [one for one in shown.table.captions if one.endswith(" unknown")] == [
        "Sex unknown", "Age unknown", "Citizenship unknown",
    ]  # fmt: skip
