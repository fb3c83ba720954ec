"""Cases beside national totals: what no case tells of is no zero, and a small part of a total is called one."""

from datetime import date
from typing import Any

import pytest
from asked_editions import edition_of

from warehouse.bulletin.country.page import country_figure, country_parameters
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure
from warehouse.bulletin.national_totals import region_sentences
from warehouse.bulletin.year.figure import year_figure
from warehouse.questionnaire.language import Language

DECEMBER = date(2016, 12, 1)
SPACE = "\N{NO-BREAK SPACE}"


def total(drug: str, kg: float | None, cases_kg: float | None, **columns: Any) -> dict[str, Any]:
    told = "NO_CASES" if cases_kg is None else "CASES_BELOW" if kg else "NO_NATIONAL_TOTAL"
    row = {
        "country_code": "KAZ", "calendar_year": 2016, "unodc_class_code": drug, "national_total_kg": kg,
        "seizures_count": int(cases_kg is not None), "held_back_count": 0, "comparison_code": told,
        "quantity_kg_without_duplicates": cases_kg, "reported_months_count": 12, "comparison_basis_code": "WEIGHED",
        "national_ratio_without_duplicates": cases_kg / kg if kg and cases_kg is not None else None,
    }  # fmt: skip
    return row | columns


TOTALS = [
    total("CANNABIS_HERB", 29315.7, None),
    total("OPIUM", 50.0, 0.2),
    total("OPIUM", 50.0, 6.0, country_code="TJK"),
    total("OPIUM", 60.0, 6.0, calendar_year=2015, held_back_count=2),
    total("HEROIN", 10.0, 9.0),
    total("HEROIN", None, 4.0, calendar_year=2015, comparison_basis_code="CONVERTED"),
]
COVERAGE = [
    {"table_name": "seizures", "country_code": "KAZ", "month_date": date(year, month, 1), "coverage": "data"}
    for year in (2015, 2016)
    for month in range(1, 13)
]


def read(text: str) -> str:
    return text.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                (
                    "Individual cases cover less than half of these national totals of UNODC for 2016: "
                    "Opium – Kazakhstan 0.4 %, Tajikistan 12 %."
                ),
                "No case reported, but a national total of UNODC for 2016: Cannabis herb – Kazakhstan 29.3 t.",
            ],
        ),
        (
            "ru",
            [
                (
                    "Отдельные случаи составляют менее половины этих национальных итогов УНП ООН за 2016 год: "
                    "Опий – Казахстан 0,4 %, Таджикистан 12 %."
                ),
                "Случаев не сообщено, но есть национальный итог УНП ООН за 2016 год: Каннабис – Казахстан 29,3 т.",
            ],
        ),
    ],
)
def test_a_year_says_where_cases_cover_little_of_a_national_total_or_nothing(
    language: Language, told: list[str]
) -> None:
    known = edition_of(DECEMBER, language, rpt_national_totals=TOTALS)
    assert [*map(read, region_sentences(known, 2016))] == told
    assert [*map(read, region_sentences(known, 2018))] == told, "the last year that is published"


def years(edition: Edition) -> Figure:
    found = country_figure(edition, "KAZ", "years", country_parameters(edition, "KAZ"))
    assert found
    return found


def test_a_profile_has_no_zero_beside_a_national_total_and_names_the_years_that_are_a_part() -> None:
    known = edition_of(DECEMBER, rpt_national_totals=TOTALS, rpt_coverage_by_month=COVERAGE)
    shown = years(known)
    kg = shown.frame.set_index("unodc_class_code")["kg_0"]
    assert kg.isna()["CANNABIS_HERB"]
    assert kg[["OPIUM", "HEROIN", "CANNABIS_RESIN"]].tolist() == [0.2, 9.0, 0.0]
    assert read(shown.message) == (
        "A part, as rows are held back or something was not weighed: Opium 2015; HEROIN 2015. "
        "Individual cases cover this part of the national total: Opium 0.4 % (2016). "
        "No case reported, but a national total: Cannabis herb 29.3 t (2016)."
    )


def test_a_column_of_years_without_a_case_is_no_zero_where_there_is_a_national_total() -> None:
    seizures = [
        {
            "country_code": "KAZ", "calendar_year": 2016, "drug_code": "HEROIN", "quantity_kg_without_duplicates": 9.0,
            "seizures_count": 1, "known_quantity_count": 1, "held_back_count": 0,
        }
    ]  # fmt: skip
    known = edition_of(
        DECEMBER, rpt_national_totals=TOTALS, rpt_coverage_by_month=COVERAGE, rpt_seizures_by_year=seizures
    )
    shown = year_figure(known, 2016, "drugs/states")
    assert shown
    rows = shown.frame[shown.frame["calendar_year"] == 2016].set_index("drug_code")
    kg = rows["quantity_kg_without_duplicates"]
    assert rows.loc[kg.isna()].index.tolist() == ["CANNABIS_HERB"]
    assert (kg["HEROIN"], kg["CANNABIS_RESIN"]) == (9.0, 0.0)
    assert not rows["is_whole"]["CANNABIS_HERB"]
