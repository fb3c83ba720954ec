from pathlib import Path

import pytest

from warehouse.files.sheet import CsvSource, Row, Sheet
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.sheet_parts import split_sheet
from warehouse.sheets.sheet_scan import scan_sheet

QUESTIONNAIRE = load_questionnaire()
SEIZURES = [["Дата изъятия", "Наркотик", "Количество", "Единица"], ["2024-09-03", "героин", "2.4", "кг"]]
PERSONS = [["Правонарушение", "Пол", "Число лиц"], ["060111", "Женский", "4"]]
PLACES: list[Row] = [
    ["Область", "Место", "Наркотик", "Количество", "Единица", "Дата"],
    ["Ош", "Ош", "опий", "1", "г", "2024-09-04"],
]


def parts_of(rows: list[Row]) -> list[tuple[str, str, int, int]]:
    """Name and table of each part, the row of its headings as the sender numbers it, and its rows of data."""
    found = []
    for part in split_sheet(Sheet("Отчёт", rows, struck=frozenset({(len(rows) - 1, 0)})), QUESTIONNAIRE):
        scan = scan_sheet(part, QUESTIONNAIRE)
        assert scan.header is not None
        below = list(scan.rows)[scan.header.index + 1 :]
        assert all(index < len(list(part.rows)) for index, _ in part.struck)
        filled = sum(any(row) for row in below)
        found.append((part.name, scan.known_table.name, scan.header.first + part.first_row, filled))
    return found


def test_tables_below_each_other() -> None:
    one = ("Отчёт", "seizures", 1, 1)
    assert parts_of([*SEIZURES, [], ["Лица"], *PERSONS]) == [one, ("Отчёт [A4]", "persons", 5, 1)]
    assert parts_of([*SEIZURES, *PERSONS, *PLACES]) == [
        one, ("Отчёт [A3]", "persons", 3, 1), ("Отчёт [A5]", "seizures", 5, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [*SEIZURES, SEIZURES[0], SEIZURES[1]],
        [["Сведения", ""], ["Страна", "Казахстан"], *SEIZURES],
        [SEIZURES[0], ["Date", "Drug", "Quantity", "Unit"], SEIZURES[1]],
        [["Date of seizure", "Drug", "Seized", ""], ["", "Drug", "Quantity", "Unit"], SEIZURES[1]],
        [*SEIZURES, ["2024-09-05", "Наркотик", "Количество", "Единица"]],
    ],
    ids=["repeated headings", "a cover", "two languages", "two rows of one header", "a row of data"],
)
def test_one_table_is_not_split(rows: list[Row]) -> None:
    assert [(name, table) for name, table, _, _ in parts_of(rows)] == [("Отчёт", "seizures")]


def test_headings_with_another_unit_or_scale_begin_another_table() -> None:
    def headed(quantity: str) -> list[Row]:
        return [["Дата изъятия", "Наркотик", quantity], ["2024-09-03", "героин", "2"]]

    for first, second in (("Количество (кг)", "Количество (г)"), ("Количество", "Количество, тыс. кг")):
        parts = parts_of([*headed(first), *headed(second), *headed(second)])
        assert parts == [("Отчёт", "seizures", 1, 1), ("Отчёт [A3]", "seizures", 3, 3)]
    for first, second in (("Количество (кг)", "Количество (кг)"), ("Количество (кг)", "Количество")):
        assert parts_of([*headed(first), *headed(second)]) == [("Отчёт", "seizures", 1, 3)]


def test_tables_beside_each_other() -> None:
    rows = [[*left, "", *right] for left, right in zip(SEIZURES, PERSONS, strict=True)]
    assert parts_of(rows) == [("Отчёт", "seizures", 1, 1), ("Отчёт [F1]", "persons", 1, 1)]
    rows = [[*left, "", *right] for left, right in zip(SEIZURES, SEIZURES, strict=True)]
    assert parts_of(rows) == [("Отчёт", "seizures", 1, 1), ("Отчёт [F1]", "seizures", 1, 1)]


def test_an_empty_column_within_a_table_does_not_split_it() -> None:
    rows = [[*row[:2], "", *row[2:]] for row in SEIZURES]
    assert parts_of(rows) == [("Отчёт", "seizures", 1, 1)]


def test_a_large_csv_file_stays_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"x" * 250_001)
    sheet = Sheet("", iter([*SEIZURES, *PERSONS]), source=CsvSource(path, "utf-8", ";"))
    assert split_sheet(sheet, QUESTIONNAIRE) == [sheet]
