import json

import pytest
from examples import examples
from hypothesis import given, settings, strategies as st

from warehouse.intake.records import Record, read_records
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.questionnaire.headings import Header, find_header
from warehouse.sheets.remark import Remark
from warehouse.storage.settings import Settings

QUESTIONNAIRE = load_questionnaire()
CODELISTS = Settings().codelists
HEADINGS = ["Date", "Drug", "Quantity", "Unit"]
ROW = ["2024-05-01", "heroin", "1", "kg"]


def header_of(headings: list[str]) -> Header:
    header = find_header("", [headings], QUESTIONNAIRE)
    assert header is not None
    return header


def read(
    *rows: list[str], headings: list[str] = HEADINGS, merged: frozenset[tuple[int, int]] = frozenset()
) -> list[Record | Remark]:
    return list(read_records([headings, *rows], header_of(headings), CODELISTS, merged))


def remarks_of(items: list[Record | Remark]) -> list[tuple[int, str, str]]:
    return [(item.index, item.rule, item.value) for item in items if isinstance(item, Remark)]


def rows_read(items: list[Record | Remark]) -> list[int]:
    return [item.index for item in items if isinstance(item, Record)]


def test_row_keeps_its_letters_and_its_number() -> None:
    [remark, record] = read([], ["", " "], [" 2024-05-01", "ге\nроин", "1 234,5", "", "", "beyond"])
    assert remark == Remark(3, "column_unnamed", "beyond", None, {"column": "F"})
    assert record == Record(
        3,
        {"seizure_date": " 2024-05-01", "drug": "ге\nроин", "quantity": "1 234,5", "unit": ""},
        json.dumps({"column 6": "beyond"}, separators=(",", ":")),
    )


def test_unknown_columns_are_kept_under_their_headings() -> None:
    [record] = read([*ROW, "Иванов"], headings=[*HEADINGS, "Эксперт"])
    assert isinstance(record, Record)
    assert json.loads(record.extra) == {"Эксперт": "Иванов"}


def test_words_alone_below_the_table_are_notes() -> None:
    items = read(ROW, [], ["Filtros aplicados:\nDrug is Heroin 2024"], ["", "Source: UNODC"])
    assert rows_read(items) == [1]
    assert remarks_of(items) == [(3, "note", "Filtros aplicados:\nDrug is Heroin 2024"), (4, "note", "Source: UNODC")]


def test_words_alone_between_rows_are_data() -> None:
    items = read(ROW, ["Ошская область"], ROW)
    assert (rows_read(items), remarks_of(items)) == ([1, 2, 3], [])


def test_many_single_cells_are_data() -> None:
    items = read(ROW, *[[f"2024-05-0{day};heroin;1;kg"] for day in range(1, 9)])
    assert (rows_read(items), remarks_of(items)) == (list(range(1, 10)), [])


def test_cut_off_last_row_is_data() -> None:
    assert rows_read(read(ROW, ["2024-05-02"])) == [1, 2]


def test_no_rows_but_words_are_a_nil_return_with_a_note() -> None:
    items = read(["Изъятий не было"])
    assert (rows_read(items), remarks_of(items)) == ([], [(1, "note", "Изъятий не было")])


def test_rows_under_another_delimiter_are_no_nil_return() -> None:
    assert rows_read(read(["2024-05-01,heroin,1,kg"])) == [1]


def test_single_required_answer_is_a_row() -> None:
    items = read(["", "Совместный патруль"], ["примечание", ""], headings=["Date", "Activity", "Result"][:2])
    assert (rows_read(items), remarks_of(items)) == ([1], [(2, "note", "примечание")])


def test_totals_are_not_counted() -> None:
    items = read(ROW, ["Итого:", "", "1", "kg"], ROW, ["", "Total", "2"])
    assert rows_read(items) == [1, 3]
    assert remarks_of(items) == [(2, "total_row", "Итого: | 1 | kg"), (4, "total_row", "Total | 2")]


@pytest.mark.parametrize(
    "word",
    [
        "ВСЕГО:",
        "Жами",
        "Jami:",
        "Барлығы",
        "Бардыгы",
        "Ҳамагӣ",
        "Jemi - 12",
        "Жалпы",
        "Grand total of May",
        "Sub-total",
    ],
)
def test_totals_are_known_in_every_language_of_the_region(word: str) -> None:
    assert remarks_of(read(ROW, [word, "", "1"])) == [(2, "total_row", f"{word} | 1")]


@pytest.mark.parametrize("word", ["Жалпы Сырт", "Jemila 5", "Allanov", "Общежитие"])
def test_words_that_only_begin_like_a_total_are_data(word: str) -> None:
    assert rows_read(read(ROW, [word, "heroin", "1", "kg"])) == [1, 2]


def test_totals_are_known_in_a_column_that_the_form_does_not_have() -> None:
    headings = [*HEADINGS, "Отдел"]
    for total in ("Всего по области", "Итого:", "Subtotal"):
        items = read([*ROW, "Ош"], [*ROW, total], headings=headings)
        assert remarks_of(items) == [(2, "total_row", " | ".join([*ROW, total]))]
    assert rows_read(read([*ROW, "всего изъято 1 кг"], [*ROW, "Total Oil"], headings=headings)) == [1, 2]


def test_a_part_in_a_column_that_the_form_does_not_have_is_named_where_rows_count() -> None:
    counts = read(["060111", "M", "3", "в т.ч. дети"], headings=["Offence (ICCS)", "Sex", "Number of persons", "x"])
    assert (rows_read(counts), remarks_of(counts)) == ([1], [(1, "part_stated", "в т.ч. дети")])
    assert remarks_of(read([*ROW, "в т.ч. 300 г в багажнике"], headings=[*HEADINGS, "x"])) == []


def test_all_as_one_answer_of_several_is_left_to_the_gate() -> None:
    headings = ["Offence (ICCS)", "Sex", "Number of persons"]
    items = read(["Всего", "M", "21"], ["Всего", "", "25"], headings=headings)
    assert (rows_read(items), remarks_of(items)) == ([1], [(2, "total_row", "Всего | 25")])


def test_headings_may_stand_again() -> None:
    items = read(ROW, HEADINGS, ROW)
    assert (rows_read(items), remarks_of(items)) == ([1, 3], [(2, "header_repeated", "Date | Drug | Quantity | Unit")])


def test_headings_that_stand_again_with_another_unit_are_another_table() -> None:
    again = ["Date", "Drug", "Quantity (g)", "Unit"]
    assert remarks_of(read(ROW, again, ROW)) == [(2, "table_below", " | ".join(again))]


def test_number_of_merged_cells_is_read_once() -> None:
    items = read(ROW, ["2024-05-01", "opium", "1", "kg"], merged=frozenset({(2, 0), (2, 2)}))
    assert remarks_of(items) == [(2, "number_merged", "1")]
    last = items[-1]
    assert isinstance(last, Record)
    assert last.cells == {"seizure_date": "2024-05-01", "drug": "opium", "unit": "kg"}


def test_row_that_only_repeats_merged_cells_is_none() -> None:
    assert rows_read(read(ROW, ROW, merged=frozenset((2, column) for column in range(4)))) == [1]


@pytest.mark.chance
@settings(max_examples=examples(25, 1000), deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=12))
def test_every_filled_row_is_a_record_or_a_remark_once(rows: list[list[str]]) -> None:
    items = read(ROW, *rows)
    filled = [number for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    own = [item for item in items if isinstance(item, Record) or item.rule != "column_unnamed"]
    assert sorted(item.index for item in own) == [1, *filled]


def test_columns_without_a_heading_are_named_with_their_first_value() -> None:
    items = read([*ROW, "", "300 г"], [*ROW, "x", "50 г"])
    assert rows_read(items) == [1, 2]
    assert remarks_of(items) == [(1, "column_unnamed", "300 г"), (2, "column_unnamed", "x")]


def test_nothing_is_read_below_the_headings_of_another_table() -> None:
    items = read(ROW, ["Месяц", "Пол", "Число лиц"], ["2024-05", "м", "3"])
    assert (rows_read(items), remarks_of(items)) == ([1], [(2, "table_below", "Месяц | Пол | Число лиц")])
