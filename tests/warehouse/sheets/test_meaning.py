"""Units, scales, parts of a quantity and struck cells: from the sheets of a file to the rows that land."""

from typing import Any

import pytest

from warehouse.files.number_formats import NumberFormat
from warehouse.files.sheet import Row, Sheet
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.added_columns import add_columns
from warehouse.sheets.column_measures import apply_measures
from warehouse.sheets.sender import Sender
from warehouse.sheets.sheet_scan import SheetScan, scan_sheet
from warehouse.sheets.struck_cells import read_struck_cells
from warehouse.sheets.unit_above import unit_above
from warehouse.storage.settings import Settings

SENDER = Sender(Settings().codelists, "KAZ")
SEIZURE = ["Дата изъятия", "Наркотик"]
DAY = ["04.04.2024", "героин"]


def scanned(headings: list[str], *rows: Row, **keywords: Any) -> SheetScan:
    return scan_sheet(Sheet("x", [headings, *rows], **keywords), load_questionnaire())


def meant(
    headings: list[str], *rows: Row, **keywords: Any
) -> tuple[list[dict[str, str]], list[tuple[str, str | None]]]:
    """What the rows answer once units, scales, parts and struck cells were read, and the rule and field of remarks."""
    scan, struck = read_struck_cells(scanned(headings, *rows, **keywords))
    scan, added = add_columns(scan, SENDER)
    scan, measured = apply_measures(scan, SENDER)
    assert scan.header is not None
    columns = scan.header.columns
    below = list(scan.rows)[scan.header.index + 1 :]
    answers = [
        {name: row[column] for column, name in columns.items() if column < len(row)} for row in below if any(row)
    ]
    return answers, [(remark.rule, remark.field) for remark in (*struck, *added, *measured)]


@pytest.mark.parametrize(
    ("heading", "cell", "read"),
    [
        ("Стоимость (тыс. тенге)", "1250,5", "1250,5 тыс."),
        ("Стоимость, млн тенге", "1 250", "1 250 млн"),
        ("Value (KZT '000)", "12", "12 тыс."),
        ("Value (lakh KZT)", "2,5", "2,5 сотен тыс."),
        ("Value (KZT crore)", "3", "3 десятков млн"),
        ("Value (KZT bn)", "3", "3 млрд"),
        ("Стоимость (сотни тысяч тенге)", "3", "3 сотен тыс."),
        ("Стоимость, в сотнях тенге", "3", "3 сотен"),
        ("Value (thousand crore KZT)", "3", "3 десятков млрд"),
        ("Стоимость (тыс. млн тенге)", "3", "3 млрд"),
        ("Value (ming million)", "3", "3 млрд"),
        ("Стоимость (тыс. млрд тенге)", "3", "3 трлн"),
        ("Value (yuz ming)", "3", "3 сотен тыс."),
        ("Стоимость (тыc. тенге)", "3", "3 тыс."),  # with a Latin c
        ("Стоимость (тыс.), тенге", "3", "3 тыс."),
        ("Стоимость (тенге)", "12", "12"),
        ("Стоимость (тыс. тенге)", "нет", "нет"),
        ("Стоимость (тыс. тенге)", "12 млн", "12 млн"),
    ],
)
def test_a_scale_in_a_heading_is_put_behind_the_numbers(heading: str, cell: str, read: str) -> None:
    answers, remarks = meant(["Дата", "Вид товара", heading, "Валюта"], ["04.04.2024", "табак", cell, "KZT"])
    assert [answer["value_amount"] for answer in answers] == [read]
    assert remarks == ([("column_scaled", "value_amount")] if read.startswith(f"{cell} ") else [])


@pytest.mark.parametrize(
    "heading",
    [
        "Количество (дюжин)", "Quantity (dozens)", "Количество (5 тыс.)", "Quantity (million billion)",
        "Количество (в пересчёте на 100%)",
        "Quantity (10^6)", "Количество (×100)", "Количество (тыс.), млн", "Стоимость (т. тенге)", "Value (KZT m)",
        "Value (USDk)", "Value ($mm)", "Стоимость (10 тыс. тенге)", "Стоимость (100 тенге)", "Стоимость (т.т.)",
    ],
)  # fmt: skip
def test_a_scale_that_nobody_can_apply_is_said(heading: str) -> None:
    others = SEIZURE if heading.startswith(("К", "Q")) else ["Дата", "Вид товара"]
    answers, remarks = meant([*others, heading], ["04.04.2024", "табак", "3"])
    assert ("3" in answers[0].values(), [rule for rule, _ in remarks]) == (True, ["scale_unclear"])


@pytest.mark.parametrize(
    "heading", ["Количество", "Количество (нетто)", "Quantity (seized, 2024)", "Количество (100 г)"]
)
def test_other_words_of_a_heading_are_no_scale(heading: str) -> None:
    assert meant([*SEIZURE, heading], [*DAY, "3"])[1] == []
    assert meant(["Дата", "Вид товара", "Стоимость (доллары США, по курсу)"], ["04.04.2024", "табак", "3"])[1] == []


def test_a_unit_of_the_heading_stands_for_one_that_is_not_there() -> None:
    answers, _ = meant([*SEIZURE, "Количество (кг)", "Единица"], [*DAY, "2", ""], [*DAY, "3", "кг"])
    assert [(answer["quantity"], answer["unit"]) for answer in answers] == [("2", "кг"), ("3", "кг")]
    answers, _ = meant([*SEIZURE, "Количество, г"], [*DAY, "2"])
    assert [(answer["quantity"], answer["unit"]) for answer in answers] == [("2", "г")]


@pytest.mark.parametrize("heading", ["сотни г", "в сотнях граммов", "hundreds of g", "hundred grams"])
def test_hundreds_of_grams_are_applied_with_and_without_a_column_of_units(heading: str) -> None:
    for more in ([], ["Единица"]):
        answers, remarks = meant([*SEIZURE, f"Количество ({heading})", *more], [*DAY, "2", *(["г"] if more else [])])
        [answer] = answers
        assert (answer["quantity"], SENDER.code_of("units", answer["unit"])) == ("2 сотен", "G")
        assert remarks == [("column_scaled", "quantity")]
    answers, remarks = meant([*SEIZURE, f"Количество ({heading})", "Единица"], [*DAY, "2", "100 г"])
    assert (answers[0]["quantity"], remarks) == ("2", [])


def test_a_unit_that_every_row_contradicts_is_a_finding_about_the_column() -> None:
    answers, remarks = meant([*SEIZURE, "Количество (г)", "Единица"], [*DAY, "250", "кг"], [*DAY, "120", "кг"])
    assert remarks == [("column_contradicted", "quantity")]
    assert [answer.keys() & {"quantity"} for answer in answers] == [set(), set()]


def test_a_unit_that_some_rows_contradict_is_a_finding_about_these() -> None:
    answers, remarks = meant([*SEIZURE, "Количество (г)", "Единица"], [*DAY, "250", "кг"], [*DAY, "120", "г"])
    assert ([answer["quantity"] for answer in answers], remarks) == (["250 г", "120"], [])


def test_a_unit_of_thousands_is_not_applied_twice() -> None:
    answers, _ = meant([*SEIZURE, "Количество (тыс. таб.)", "Единица"], [*DAY, "2", "тыс. таб."], [*DAY, "2", "таб."])
    assert [answer["quantity"] for answer in answers] == ["2", "2 тыс."]


@pytest.mark.parametrize(
    ("heading", "shown", "read", "rules"),
    [
        ("Стоимость", NumberFormat(unit="тыс."), "1250 тыс.", ["column_scaled"]),
        ("Стоимость", NumberFormat(power=3), "1250", ["number_shortened"]),
        ("Стоимость (тыс. тенге)", NumberFormat(power=3), "1250", []),
        ("Стоимость (тыс. тенге)", NumberFormat(power=6), "1250", ["number_shortened"]),
        ("Стоимость", NumberFormat(power=6, unit="млн"), "1250", []),
        ("Стоимость", NumberFormat(unit="₸"), "1250", []),
        ("Стоимость", NumberFormat(unit="$"), "1250 $", []),
        ("Стоимость", NumberFormat(adds="300"), "1250", ["number_dressed"]),
        ("Стоимость", NumberFormat(unit="мешков"), "1250", ["number_dressed"]),
        ("Стоимость", NumberFormat(unit="нет", hides=True), "1250", ["number_unshown"]),
    ],
)
def test_what_a_number_format_shows(heading: str, shown: NumberFormat, read: str, rules: list[str]) -> None:
    answers, remarks = meant(
        ["Дата", "Вид товара", heading, "Валюта"], ["04.04.2024", "табак", "1250", "KZT"], formats={(1, 2): shown}
    )
    assert ([answer["value_amount"] for answer in answers], [rule for rule, _ in remarks]) == ([read], rules)


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        ([["2", "300"], ["11", "50"], ["3", ""]], ["2.3", "11.05", "3"]),
        ([["", "300"], ["1,5", "7,5"]], ["0.3", "1.5075"]),
        ([["2", "300"], ["много", "50"]], ["2.3", "много кг + 50 г"]),
        ([["2", "2000"]], ["2"]),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_kilograms_and_grams_are_added(rows: list[Row], read: list[str], is_turned: bool) -> None:  # noqa: FBT001
    units, order = (["г", "кг"], -1) if is_turned else (["кг", "г"], 1)
    headings = [*SEIZURE, *(f"Количество ({unit})" for unit in units), "Единица"]
    answers, remarks = meant(headings, *([*DAY, *row[::order], "кг"] for row in rows))
    if read == ["2"]:
        assert ("columns_added", "quantity") not in remarks
        return
    assert [answer["quantity"] for answer in answers] == read
    assert remarks == [("columns_added", "quantity")]


def test_struck_rows_are_left_out_and_struck_cells_say_so() -> None:
    rows = [[*DAY, "1", "кг"], [*DAY, "2", "кг"], [*DAY, "3", "кг"]]
    answers, remarks = meant(
        [*SEIZURE, "Количество", "Единица"], *rows,
        struck=frozenset({(1, c) for c in range(4)} | {(2, 2)}), struck_parts={(3, 2): "4"},
    )  # fmt: skip
    assert [answer["quantity"] for answer in answers] == ["2\u0336", "3"]
    assert remarks == [("row_struck", None), ("text_struck", "quantity")]


@pytest.mark.parametrize(
    ("line", "unit", "said"),
    [
        ("Изъятия (вес в граммах)", "кг", [("кг", 2)]),
        ("Weight in kg", "г", [("г", 2)]),
        ("Вес в миллиграммах", "г", [("г", 2)]),
        ("Объём, в миллилитрах", "л", [("л", 2)]),
        ("Weight in tola", "g", [("g", 2)]),
        ("Изъятия в таблетках и кг", "г", []),
        ("вес в граммах", "г", []),
        ("вес в граммах", "таблетка", []),
        ("в граммах или в килограммах", "т", []),
        ("Изъятия в г. Алматы, в т. ч. на границе", "кг", []),
    ],
)
def test_a_unit_above_the_table_that_its_rows_contradict_is_said(
    line: str, unit: str, said: list[tuple[str, int]]
) -> None:
    table = [[*SEIZURE, "Количество", "Единица"], [*DAY, "25", unit]]
    remarks = unit_above(scan_sheet(Sheet("x", [[line], *table]), load_questionnaire()), SENDER)
    shown = [(remark.value, remark.arguments["unit"], remark.arguments["row"]) for remark in remarks]
    assert shown == [(line, *one) for one in said]
