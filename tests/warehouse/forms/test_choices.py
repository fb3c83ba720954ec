from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from written_forms import CODELISTS, LANGUAGES, MAY, QUESTIONNAIRE, edition_of, written

from warehouse.forms.choices import form_lists, labels, range_name
from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.questionnaire.language import FormLanguage

ASKED = sorted({field.codelist for table in QUESTIONNAIRE.tables for field in table.fields if field.codelist})
MEMBERS = member_states(CODELISTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("codelist", ASKED)
def test_every_label_means_its_own_code(codelist: str, language: FormLanguage) -> None:
    listed = load_codelist(CODELISTS, codelist)
    for country_code in MEMBERS:
        edition = edition_of(language, country_code)
        expected = [
            code
            for code, row in listed.entries.items()
            if row.get("country_code", "") in ("", country_code) and not "" < row.get("valid_to", "") < "2024-05"
            if code != "INFORMATION_EXCHANGE"  # asked for in a table of its own
        ]
        meant = [listed.code_of(label, country_code) for label in labels(edition, codelist)]
        assert set(meant) == set(expected)
        names = {listed.entries[code][f"name_{edition.order[0]}"]: code for code in expected}
        assert dict(zip(labels(edition, codelist), meant, strict=True)) == names


def test_a_country_is_offered_its_own_places_and_agencies_alone() -> None:
    assert labels(edition_of("ru", "TKM"), "agencies")[:1] == ("Государственная пограничная служба Туркменистана",)
    for codelist in ("border_points", "subdivisions", "agencies"):
        entries = load_codelist(CODELISTS, codelist).entries.values()
        own = {row["name_en"] for row in entries if row["country_code"] == "KGZ"}
        assert own >= set(labels(edition_of("en", "KGZ"), codelist)) > set()


def test_an_agency_is_offered_in_the_months_of_its_existence() -> None:
    dissolved = "State Drug Control Service of Kyrgyzstan"
    offered = {period: labels(edition_of("en", "KGZ", period), "agencies") for period in (date(2016, 12, 1), MAY, None)}
    assert [dissolved in offered[period] for period in offered] == [True, False, False]


def test_countries_begin_with_the_reporting_one_and_its_neighbours() -> None:
    offered = labels(edition_of("en", "TJK"), "countries")
    neighbours = ("Afghanistan", "China", "Kyrgyzstan", "Uzbekistan")
    assert offered[:8] == ("Tajikistan", *neighbours, "Kazakhstan", "Turkmenistan", "Åland Islands")


def test_a_list_is_in_the_first_language_and_begins_with_what_is_seized_most() -> None:
    assert labels(edition_of("both"), "sexes")[:2] == ("Женский", "Мужской")
    drugs = labels(edition_of("both"), "drugs")
    assert drugs[:3] == ("Героин", "Опий", "Трамадол")
    assert drugs.index("Марихуана") < drugs.index("Мефедрон") < drugs.index("Ацетилированный опий")


def test_words_for_a_missing_answer_begin_with_those_of_the_instructions() -> None:
    words = form_lists(edition_of())["missing_values"]
    assert {"Не известно", "Not known", "--", "н/д"} <= set(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_the_workbook_hold_the_labels(language: FormLanguage, tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path / "form.xlsx", language))
    assert sorted(book.defined_names) == sorted(range_name(name) for name in [*ASKED, "missing_values"])
    for name, expected in form_lists(edition_of(language)).items():
        [(sheet, place)] = book.defined_names[range_name(name)].destinations
        assert book[sheet].sheet_state == "hidden"
        assert tuple(str(row[0].value) for row in book[sheet][place]) == expected
