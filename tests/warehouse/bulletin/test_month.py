"""The page of a month: tiles and headlines follow from rules and keep silent where the data do not carry them."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest
from asked_editions import edition_of

from warehouse.bulletin.country.page import country_figure, country_parameters
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.month.cases import stories_section
from warehouse.bulletin.month.figures import month_figure
from warehouse.bulletin.month.headlines import sentences
from warehouse.bulletin.month.prices import draw_prices
from warehouse.bulletin.month.seizures import draw_trend
from warehouse.bulletin.month.tiles import tiles
from warehouse.bulletin.numbers import NOT_KNOWN, cell
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES, Language

if TYPE_CHECKING:
    from warehouse.kits.source import Source

MARCH = date(2024, 3, 1)
SPACE = "\N{NO-BREAK SPACE}"


class Answers(dict[str, pd.DataFrame]):
    """Answers a query by a word in it."""

    def __contains__(self, query: object) -> bool:
        return True

    def __getitem__(self, query: str) -> pd.DataFrame:
        (found,) = [frame for word, frame in self.items() if word in query]
        return found


def edition(language: Language, **answers: Sequence[Mapping[str, Any]]) -> Edition:
    """Return an edition that sees the marts of the answers, each of which is to the query that reads its mart."""
    names = {
        ("drugs", "HEROIN"): Words(en="Heroin", ru="Героин"),
        ("drugs", "ACETIC_ANHYDRIDE"): Words(en="Acetic anhydride", ru="Уксусный ангидрид"),
        ("unodc_classes", "PRECURSORS"): Words(en="Precursors", ru="Прекурсоры"),
    }
    frames = Answers({mart: pd.DataFrame([*rows]) for mart, rows in answers.items()})
    return Edition(
        cast("Source", SimpleNamespace(marts={*answers}, has=lambda mart, *_: mart in answers)),
        language,
        names,
        (MARCH,),
        frozenset(),
        frames,
    )


def change(
    period: str, compared: float, earlier: float, pct: float | None, countries: int, **more: str
) -> dict[str, Any]:
    told = {"compared": compared, "earlier": earlier, "change_pct": pct, "countries": countries}
    return {"code": "HEROIN", "measure": "KG", "period": period, **told} | more


REPORTED = [{"states": 4, "members": 5, "reports": 4, "expected": 5, "months": 1}]
CHANGES = [
    change("SAME_MONTH_LAST_YEAR", 4.135, 15.2, -72.8, 3),
    change("YEAR_TO_DATE", 3.5, 6.467, None, 1),
    change("PREVIOUS_MONTH", 4.135, 15.2, -72.8, 2),
    change("YEAR_TO_DATE", 35, 0, None, 4, code="PRECURSORS", measure="L"),
    change("SAME_MONTH_LAST_YEAR", 0, 0, None, 4, code="PRECURSORS", measure="L"),
    change("SAME_MONTH_LAST_YEAR", 35, 35.1, -0.3, 5, code="ALL_DRUGS", measure="SEIZURES"),
]


EXPECTED: Mapping[Language, str] = {
    "en": """\
Number of seizures: 35 in 5 states with whole reports of both months, as much as a year ago.
Heroin: 4.14 kg in 3 states with whole reports of both months, 73 % less than a year ago; 3.5 kg in 1 state with whole \
reports since January, after 6.47 kg in these months a year ago.
Precursors: 35 l in 4 states with whole reports since January, after 0 l in these months a year ago.""",
    "ru": """\
Число изъятий: 35 в 5 государствах с полными отчётами за оба месяца – столько же, сколько годом ранее.
Героин: 4,14 кг в 3 государствах с полными отчётами за оба месяца – на 73 % меньше, чем годом ранее; 3,5 кг в 1 \
государстве с полными отчётами с начала года против 6,47 кг за те же месяцы прошлого года.
Прекурсоры: 35 л в 4 государствах с полными отчётами с начала года против 0 л за те же месяцы прошлого года.""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_tell_what_is_compared_and_over_how_many_states(language: Language) -> None:
    *told, how = sentences(edition(language, rpt_changes=CHANGES, rpt_coverage_by_month=REPORTED), MARCH)
    assert "\n".join(told).replace(SPACE, " ") == EXPECTED[language]
    assert how


def test_a_month_without_reports_says_so_and_compares_nothing() -> None:
    nobody = edition("en", rpt_changes=[], rpt_coverage_by_month=[{**REPORTED[0], "states": 0, "reports": 0}])
    assert [*sentences(nobody, MARCH)] == ["No state has reported seizures of this month."]


def test_tiles_tell_what_is_not_known_from_what_is_none() -> None:
    parts: Mapping[str, Any] = {
        "seizures": 2, "litres": None, "questioned_kg": 0, "is_unknown": True, "is_held_back": False,
    }  # fmt: skip
    seized = [
        {"code": "HEROIN", "kg": 1.5, **parts, "questioned_kg": 1.25},
        {"code": "OPIUM", "kg": None, **parts},
        {"code": "METHAMPHETAMINE", "kg": None, **parts, "seizures": 0, "is_held_back": True},
        {"code": "PRECURSORS", "kg": 2.0, **parts, "litres": 35.0, "is_unknown": False},
    ]
    known = edition(
        "en",
        rpt_changes=[change("PREVIOUS_MONTH", 1.5, 2, -25.0, 1)],
        rpt_seizures_by_month=seized,
        rpt_coverage_by_month=REPORTED,
        rpt_precursors_by_month=[{"drug_code": "ACETIC_ANHYDRIDE"}],
    )
    shown = {one.caption: (one.value.replace(SPACE, " "), *one.notes) for one in tiles(known, MARCH)}
    part = "seizures of which the quantity is not known are not counted"
    assert shown["Heroin"] == (
        "1.5 kg",
        "4 of 5 states reported",
        part,
        f"of it questioned and not confirmed: 1.25{SPACE}kg",
        f"\N{MINUS SIGN}25{SPACE}% on the month before (1 state)",
    )
    assert shown["OPIUM"][0] == shown["METHAMPHETAMINE"][0] == NOT_KNOWN
    assert shown["CANNABIS_RESIN"] == ("no case reported", "4 of 5 states reported")
    assert shown["Precursors"] == ("2 kg · 35 l", "Acetic anhydride", "4 of 5 states reported")


def test_numbers_of_numpy_are_written_as_others() -> None:
    """An integer that may be null comes out of a frame as one of numpy."""
    values = pd.DataFrame({"known": pd.array([38045, None], "Int64"), "is_part": pd.array([True, None], "boolean")})
    rows = [[cell(value, "travellers", "ru") for value in row] for row in values.itertuples(index=False, name=None)]
    assert rows == [[f"38{SPACE}045", "да"], [NOT_KNOWN, NOT_KNOWN]]


@pytest.mark.parametrize(("language", "named"), [("en", ["Тайник"]), ("ru", ["A dog"])])
def test_a_story_that_is_not_in_the_language_of_the_page_is_named(language: Language, named: list[str]) -> None:
    stories = [
        {"country_code": "TJK", "border_point_code": None, "story_title": title, "story_text": text}
        for title, text in (("Тайник", "Сканер нашёл тайник."), ("A dog", "It found two bags."))
    ]
    reports = {"states": 1, "members": 5, "reports": 1, "expected": 5, "months": 1}
    told = stories_section(edition(language, fct_stories=stories, rpt_coverage_by_month=[reports]), MARCH)
    assert [title in sentence for sentence in told.sentences for title in named] == [True]
    assert told.figures[0]
    assert "1" in told.figures[0].answering


def test_a_drug_that_was_never_seized_has_no_month_of_the_most() -> None:
    frame = pd.DataFrame(
        {
            "drug_code": ["HEROIN", "HEROIN", "OPIUM"],
            "month_date": [date(2024, 2, 1), MARCH, MARCH],
            "quantity_kg_without_duplicates": [1.5, 3.0, 0.0],
            "is_whole": True,
        }
    )
    told = draw_trend(edition("en"), frame).message.replace(SPACE, " ")
    assert told == "The most in a month: Heroin 3 kg (03.2024)."
    unusual = {"month_date": pd.Timestamp(MARCH), "drug_code": "HEROIN", "mark": "▲"}
    days = frame.assign(month_date=pd.to_datetime(frame["month_date"]))
    for marks, is_told in (([unusual], True), ([unusual | {"drug_code": "MORPHINE"}], False)):
        told = draw_trend(edition("en", rpt_seizure_signals_by_month=marks), days).message
        assert ("▲ and ▼ mark months" in told) is is_told, "signs are explained where there are any"
    assert draw_trend(edition("en"), frame[2:]).message == "Nothing was weighed in these months."


def test_a_trend_over_two_years_has_24_months_and_one_of_which_a_part_is_not_weighed_is_no_whole() -> None:
    months = [date(year, month, 1) for year in (2022, 2023, 2024) for month in range(1, 13)][:27]
    coverage = [
        {"table_name": "seizures", "country_code": "KAZ", "month_date": month, "coverage": "data"} for month in months
    ]
    seized = {
        "country_code": "KAZ", "month_date": MARCH, "drug_code": "HEROIN", "quantity_kg_without_duplicates": 5.0,
        "seizures_count": 3, "known_quantity_count": 2, "held_back_count": 0,
    }  # fmt: skip
    asked = edition_of(MARCH, rpt_coverage_by_month=coverage, rpt_seizures_by_month=[seized])
    shown = month_figure(asked, MARCH, "seizures", "trend")
    assert shown
    heroin = shown.frame[shown.frame["drug_code"] == "HEROIN"]
    assert len(heroin) == 24
    assert heroin["is_whole"].tolist() == [True] * 23 + [False]
    profile = country_figure(asked, "KAZ", "months", country_parameters(asked, "KAZ"))
    assert profile
    assert len(profile.frame) == 3 * 24


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Heroin, : from 12 (Tajikistan, 02.2024) to 60 (Kazakhstan, 07.2023) dollars a gram."),
        ("ru", "Героин, : от 12 (Таджикистан, 02.2024) до 60 (Казахстан, 07.2023) долл. за грамм."),
    ],
)
def test_prices_that_are_set_side_by_side_say_of_which_month_each_is(language: Language, told: str) -> None:
    rows = [("KAZ", "2023-07-01", 60.0), ("TJK", "2024-02-01", 12.0)]
    frame = pd.DataFrame(rows, columns=["country_code", "month_date", "typical_usd"])
    prices = frame.assign(
        month_date=pd.to_datetime(frame["month_date"]), drug_code="HEROIN", market_level_code=None,
        priced_unit_code="G", minimum_usd=10.0, maximum_usd=70.0,
    )  # fmt: skip
    drawing = draw_prices(edition_of(MARCH, language), prices)
    assert drawing
    assert drawing.message == told
