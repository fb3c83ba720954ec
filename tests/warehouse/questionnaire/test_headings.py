import pytest

from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.headings import (
    Header,
    find_header,
    heading_key,
    heading_language,
    is_form_sheet,
    named_table,
)

QUESTIONNAIRE = load_questionnaire()
RUSSIAN = ["Дата изъятия", "Наркотик", "Количество", "Единица измерения"]
ENGLISH = ["Date of seizure", "Drug", "Quantity", "Unit"]
LAYOUTS = {
    "L1": "REGION;SUBREGION;COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;HIDING_PLACE;"
    "INSTALLATION;TRANSPORT;PRODUCING_COUNTRY;DEPARTURE_COUNTRY;DESTINATION_COUNTRY;ROUTING",
    "L2": "REGION_OF_SEIZURE;SUBREGION_OF_SEIZURE;COUNTRY_OF_SEIZURE;SEIZURE_DATE;DRUG_NAME;AMOUNT_OF_DRUG;DRUG_UNIT;"
    "PRODUCING_COUNTRY;DEPARTURE_COUNTRY;DESTINATION_COUNTRY",
    "L3": "DateDDMMYYYY;Countryofseizure;ISO3code;Subregion;Region;city/town;Drug;Drugquantity;Drugunit;"
    "Sitetypeoflocationofseizure;Meansoftransportation",
    "L4": "Seizure Date;Country/Territory of Seizure;ISO3;Subregion;Region;Administrative Region;City;Drug/Substance;"
    "Quantity Seized;Measurement Unit;Physical Seizure Location;Trafficking Mode of Transportation;Source;"
    "Reporting Channel",
    "L5": "Row Number;Seizure Date;Country/Territory of Seizure;ISO3 Code;Region;Subregion;City;Administrative Region;"
    "Drug/Substance;Measurement Unit;Quantity Seized;Physical Seizure Location;Trafficking Mode of Transportation",
}


def header_of(*rows: list[str], sheet: str = "") -> Header:
    header = find_header(sheet, rows, QUESTIONNAIRE)
    assert header is not None
    return header


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_column_of_unodc_layouts_answers_a_field_of_its_own(layout: str) -> None:
    header = header_of(LAYOUTS[layout].split(";"))
    assert header.table.name == "seizures"
    assert len(set(header.columns.values())) == len(LAYOUTS[layout].split(";"))
    assert (header.extra, header.repeated, header.missing) == ({}, {}, [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DRUG_NAME", "Drug name [text]"),
        ("Количество, ", "количество (кг)"),
        ("Населённый пункт", "НАСЕЛЕННЫЙ  ПУНКТ"),
        ("Количество¹⁾", "количество*"),
        ("Трафик\u0438\u0306", "трафик\u0439"),
    ],
)
def test_headings_are_compared_without_case_punctuation_and_units(one: str, other: str) -> None:
    assert heading_key(one) == heading_key(other)


def test_heading_that_is_only_a_bracket_keeps_it() -> None:
    assert heading_key("(кг)") == "кг"


def test_header_is_found_below_title_rows() -> None:
    header = header_of(["Сведения об изъятиях"], [], ["", *RUSSIAN], ["", "1", "2", "3", "4"])
    assert (header.first, header.index) == (2, 3)
    assert header.columns == {1: "seizure_date", 2: "drug", 3: "quantity", 4: "unit"}


@pytest.mark.parametrize("rows", [(RUSSIAN, ENGLISH), (ENGLISH, RUSSIAN)])
def test_row_in_the_other_language_belongs_to_the_header(rows: tuple[list[str], list[str]]) -> None:
    header = header_of(*rows, ["01.05.2024", "героин", "1", "кг"])
    assert (header.first, header.index) == (0, 1)


def test_weaker_row_above_belongs_to_the_header_too() -> None:
    header = header_of(["Date", "Drug", "Amount of it", "Unit"], RUSSIAN, ["01.05.2024", "героин", "1", "кг"])
    assert (header.first, header.index, header.missing) == (0, 1, [])


def test_second_row_answers_what_the_first_leaves_open() -> None:
    header = header_of(["Date of seizure", "Drug", "Seized", ""], ["", "Drug", "Quantity", "Unit"])
    assert header.columns == {0: "seizure_date", 1: "drug", 2: "quantity", 3: "unit"}


def test_first_row_of_data_stays_out_of_the_header() -> None:
    assert header_of(ENGLISH, ["2024-05-01", "Unit", "Other", "kg"]).index == 0


@pytest.mark.parametrize("heading", ["Дата изъятия / Date of seizure", "Дата изъятия\nDate of seizure", "Дата - Date"])
def test_one_cell_may_hold_both_languages(heading: str) -> None:
    assert header_of([heading, "Drug"]).columns[0] == "seizure_date"


def test_own_title_goes_before_an_alias() -> None:
    header = header_of(["Date", "Date of seizure", "Drug", "Quantity", "Unit"])
    assert header.columns[1] == "seizure_date"
    assert (header.extra, header.repeated) == ({0: "Date"}, {0: "seizure_date"})


@pytest.mark.parametrize("heading", ["Количество, кг", "Количество - тыс. шт.", "Количество (тыс. шт.)"])
def test_a_unit_behind_a_heading_is_no_part_of_its_name(heading: str) -> None:
    assert header_of(["Дата изъятия", "Наркотик", heading]).columns[2] == "quantity"
    assert header_of(["Дата изъятия", "Наркотик", "Количество, не взвешенное"]).columns.keys() == {0, 1}


@pytest.mark.parametrize("below", [["", "", "кг", "г", ""], ["Дата изъятия", "Наркотик", "кг", "г", "Единица"]])
def test_units_in_a_row_below_belong_to_the_heading_that_is_merged_over_them(below: list[str]) -> None:
    rows = [
        ["Дата изъятия", "Наркотик", "Количество", "", "Единица"],
        below,
        ["02.05.2024", "героин", "2", "300", "кг"],
    ]
    header = find_header("", rows, QUESTIONNAIRE, {(0, 3): "Количество"})
    assert header is not None
    assert (header.index, header.repeated) == (1, {3: "quantity"})
    assert [header.texts[2], header.texts[3]] == ["Количество (кг)", "Количество (г)"]


def test_unknown_headings_keep_their_names_apart() -> None:
    header = header_of([*ENGLISH, "Expert", "Expert", ""])
    assert header.extra == {4: "Expert", 5: "Expert (6)"}


def test_missing_required_columns_are_named() -> None:
    assert header_of(["Drug", "Quantity"]).missing == ["seizure_date", "unit"]


@pytest.mark.parametrize(
    ("headings", "table"),
    [
        (["Month", "Sex", "Number of persons"], "persons"),
        (["Месяц", "Наркотик", "Единица", "Цена", "Валюта"], "prices"),
        (["Дата", "КПП", "Вид мероприятия", "Результат"], "activities"),
    ],
)
def test_headings_tell_the_table(headings: list[str], table: str) -> None:
    header = header_of(headings)
    assert (header.table.name, header.missing, header.extra) == (table, [], {})


def test_sheet_name_decides_between_equals() -> None:
    shared = ["Drug", "Place"]
    assert header_of(shared, sheet="Prices").table.name == "prices"
    assert header_of(shared, sheet="Изъятия").table.name == "seizures"


def test_one_recognised_cell_is_no_header() -> None:
    assert find_header("", [["Drug"], ["Heroin", "Опий"]], QUESTIONNAIRE) is None


def test_sheet_names_in_either_language() -> None:
    assert [getattr(named_table(name, QUESTIONNAIRE), "name", None) for name in ("ЛИЦА", " prices ", "Лист1", "")] == [
        "persons",
        "prices",
        None,
        None,
    ]
    assert is_form_sheet("Справочники")
    assert not is_form_sheet("Изъятия")


@pytest.mark.parametrize(
    ("row", "excess"),
    [
        (RUSSIAN, 4), (ENGLISH, -4), (["Дата / Date", "Наркотик / Drug", "Quantity / Количество"], 1),
        (["seizure_date", "drug", "quantity"], 0), ([*RUSSIAN, "Remark of ours", "Another", "A third"], 4),
    ],
)  # fmt: skip
def test_headings_tell_the_language_of_a_file(row: list[str], excess: int) -> None:
    assert heading_language(header_of(row), row) == excess
