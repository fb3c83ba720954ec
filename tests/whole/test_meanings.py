"""What senders mean outside the plain text of a cell: files in their habits, and what must come out, or be said."""

from datetime import date
from typing import Any, NamedTuple

import pytest
from conftest import fill_inbox

from flows.offline.check import judge_files
from flows.offline.prepared_warehouse import prepare
from warehouse.answers.answer import Answer
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

PERSONS = "Правонарушение;Стадия дела;Пол;Возрастная группа;Число лиц\n"


SEIZURES = "Дата изъятия;Наркотик;Количество;Единица измерения\n"


class Meant(NamedTuple):
    """A file: its text, how many of its rows count, their figures, and its findings as "row rule"."""

    text: str
    accepted: int
    figures: object
    findings: list[str] = []  # noqa: RUF012 - a constant of a case


FILES = {
    # totals in words: of both sexes, of all ages, in a state language in the first column, and of no parts
    "KGZ/KGZ_2024-01.csv": Meant(
        f"{PERSONS}060111;;Бардыгы;;12\n060111;;Женский;;5\n060111;;Мужской;;7\n060121;;м;Все возрасты;9\n"
        "060121;;м;Взрослые;9\n060122;Осуждены;Both sexes;All ages;3\n",
        4, 24, ["2 row_is_total", "5 row_is_total", "7 total_alone"],
    ),
    "UZB/UZB_2024-01.csv": Meant(
        "Правонарушение;Пол;Число лиц\n060111;Женский;2\n060111;Мужской;6\nJami:;;8\n", 2, 8, ["4 total_row"],
    ),
    "TKM/TKM_2024-01.csv": Meant(
        "Правонарушение;Пол;Число лиц\nJemi;;8\n", 0, None, ["2 total_row", "None totals_alone"],
    ),
    # totals without a word, and wider classes beside those within them
    "KAZ/KAZ_2024-01.csv": Meant(
        f"{PERSONS}060111;;;;12\n060111;;Женский;;5\n060111;;Мужской;;7\n", 2, 12, ["2 row_is_sum"],
    ),
    "KAZ/KAZ_2024-02.csv": Meant(
        f"{PERSONS}0601;;м;;14\n06011;;м;;9\n060111;;м;;9\n06012;;м;;5\n", 2, 14, ["2 row_is_wider", "3 row_is_wider"],
    ),
    # scales and units of headings, parts of a quantity, marks behind numbers, scientific notation
    "KAZ/KAZ_2024-03.csv": Meant(
        "КПП;Направление;Пассажиры (тыс.);Автотранспорт;Вагоны;Досмотры\n"
        "Кордай;Въезд;1,24;310*;:;12 (e)\nКордай;Выезд;2,5;1 105 p;..;x\n",
        2, 3740, ["2 number_marked", "2 number_marked", "3 number_marked", "None column_scaled"],
    ),
    "KAZ/KAZ_2024-04.csv": Meant(
        "Дата;Наркотик;Количество (г);Единица\n04.04.2024;Героин;250;кг\n05.04.2024;Гашиш;120;кг\n",
        0, None, ["None column_contradicted"],
    ),
    "KAZ/KAZ_2024-08.csv": Meant(
        "Дата;Вид товара;Количество (тыс. пачек);Единица;Стоимость, тыс. тенге;Валюта\n"
        "04.08.2024;Табачные изделия;2,04;пачка;1250,5;KZT\n11.08.2024;Табачные изделия;12,5;пачка;7800;KZT\n",
        2, "amounts", ["None column_scaled", "None column_scaled"],
    ),
    "TJK/TJK_2024-04.csv": Meant(
        "Дата;Наркотик;Количество;;Единица\n;;кг;г;\n02.04.2024;Героин;2;300;кг\n07.04.2024;Опий;1e-03;;кг\n",
        2, [(date(2024, 4, 2), 2.3), (date(2024, 4, 7), 0.001)], ["None columns_added"],
    ),
    # a column without heading, and identifiers that a spreadsheet has shortened
    "TJK/TJK_2024-06.csv": Meant(
        "Номер записи;Дата;Наркотик;Количество;Единица;\n2,46E+14;02.06.2024;Героин;2;кг;300 г\n"
        "2,47E+14;07.06.2024;Опий;11;кг;50 г\n",
        2, [(date(2024, 6, 2), 2.0), (date(2024, 6, 7), 11.0)],
        ["2 column_unnamed", "2 number_ruined", "3 number_ruined"],
    ),
    # the same persons by sex and by age
    "KAZ/KAZ_2024-05.csv": Meant(
        f"{PERSONS}060111;;Женский;;5\n060111;;Мужской;;7\n060111;;;Взрослые;11\n060111;;;Несовершеннолетние;1\n",
        2, 12, ["4 row_is_again", "5 row_is_again"],
    ),
    # a dot before three digits beside commas before decimals, a share per mille, hundreds of a unit
    "KAZ/KAZ_2024-06.csv": Meant(
        "Дата;Наркотик;Количество;Единица;Чистота\n05.06.2024;Героин;2,5;кг;620‰\n06.06.2024;Опий;1.240;кг;\n"
        "07.06.2024;Опий;0.240;кг;\n",
        3, [(date(2024, 6, 5), 2.5), (date(2024, 6, 6), 1.24), (date(2024, 6, 7), 0.24)], ["3 number_dotted"],
    ),
    "KAZ/KAZ_2024-07.csv": Meant(
        "Дата;Наркотик;Количество (сотни г);Единица\n05.07.2024;Героин;2;г\n",
        1, [(date(2024, 7, 5), 0.2)], ["None column_scaled"],
    ),
    # a cell that goes on behind its quotation marks
    "KAZ/KAZ_2024-09.csv": Meant(
        f'{SEIZURES}05.09.2024;"Crack" cocaine;2;кг\n06.09.2024;Опий;1;кг\n',
        2, [(date(2024, 9, 5), 2), (date(2024, 9, 6), 1)], ["2 quotes_within"],
    ),
    # parts of a number, as a row and as a column
    "KGZ/KGZ_2024-03.csv": Meant(
        "Правонарушение;Пол;Число лиц;из них несовершеннолетних\n060111;Всего;12;2\n060111;в т.ч. женщины;5;\n",
        1, 12, ["2 total_alone", "3 row_is_part", "None column_of_part"],
    ),
    # dates as programs export them, in words and with a zone
    "KGZ/KGZ_2024-02.csv": Meant(
        f"{SEIZURES}05.02.2024 0:00:00;Опий;1;кг\n12.02.2024 16:20:05;Опий;2;кг\n2/19/2024 12:00:00 AM;Опий;3;кг\n"
        "21-ФЕВ-24;Опий;4;кг\nFebruary 22, 2024;Опий;5;кг\n2024-жылдын 23-февралы;Опий;6;кг\n"
        "2024-02-24T00:00:00.0000000;Опий;7;кг\n45348,5;Опий;8;кг\n",
        8, [(date(2024, 2, day), kg) for day, kg in zip((5, 12, 19, 21, 22, 23, 24, 26), range(1, 9), strict=True)],
    ),
    "TKM/TKM_2024-02.json": Meant(
        '{"seizures": [{"seizure_date": "2024-01-31T19:30:00Z", "drug": "Opium", "quantity": 1, "unit": "kg"}, '
        '{"seizure_date": "2024-02-09T23:30:00+05:00", "drug": "Opium", "quantity": 2, "unit": "kg"}, '
        '{"seizure_date": "2024-02-09 21:00 UTC", "drug": "Opium", "quantity": 3, "unit": "kg"}]}',
        3, [(date(2024, 2, 1), 1), (date(2024, 2, 9), 2), (date(2024, 2, 10), 3)], ["1 day_moved", "3 day_moved"],
    ),
    "UZB/UZB_2024-02.csv": Meant(
        "Месяц;Правонарушение;Пол;Число лиц\nФевраль 2024;060111;Женский;2\nфев.24;060111;Мужской;6\n"
        "2024-yil fevral;060121;Мужской;1\nфевраль;060122;Мужской;4\n", 4, 13,
    ),
    # the cell that can be read in one way settles those that can be read in two
    "TJK/TJK_2024-03.csv": Meant(
        f"{SEIZURES}3/4/2024;Опий;1;кг\n3/25/2024;Опий;2;кг\n", 2, [(date(2024, 3, 4), 1), (date(2024, 3, 25), 2)],
    ),
    "TJK/TJK_2024-05.csv": Meant(
        f"{SEIZURES}03.05.2024;Опий;1;кг\n05.03.2024;Опий;2;кг\n", 1,
        [(date(2024, 5, 3), 1), (date(2024, 3, 5), 2)], ["3 date_outside_period"],
    ),
}  # fmt: skip
# The proof of an order of days or of a mark of decimals stands in another month of the file.
YEAR = {
    "TJK/TJK_2025.csv": 'Date,Drug,Quantity,Unit\n3/4/2025,Опий,1,кг\n3/25/2025,Опий,"2,5",кг\n'
    '5/6/2025,Опий,"1,234",кг\n',
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Answer, object]]:
    """File name → the answer to it, and what its rows that count say: persons, or days with kilograms."""
    home = tmp_path_factory.mktemp("meanings")
    settings = Settings(home=home / "var")
    settings.root.mkdir()
    fill_inbox(home / "sent", {name: meant.text for name, meant in FILES.items()} | YEAR)
    problems, found = judge_files(settings, prepare(settings), [home / "sent"])
    assert problems == []
    return {_name(answer): (answer, _figures(settings, answer)) for answer in found}


def _name(answer: Answer) -> str:
    name = answer.submission.file_name
    return f"{name} {answer.submission.reporting_month}" if name in YEAR else name


def _figures(settings: Settings, answer: Answer) -> object:
    if not answer.tables:
        return None
    [table] = answer.tables
    if table.sums:
        return table.sums[0].total
    if table.table != "seizures":
        return "amounts" if table.ranges else None
    with open_database(settings) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(
            "select seizure_date, quantity_kg from staging.stg_seizures where submission_id = ? order by source_row",
            [answer.submission.submission_id],
        ).fetchall()
    return rows or None


@pytest.mark.server
def test_amounts_are_read_back(answers: dict[str, tuple[Answer, object]]) -> None:
    [table] = answers["KAZ/KAZ_2024-08.csv"][0].tables
    read = [(part.field, part.unit, part.minimum, part.maximum, part.total) for part in table.ranges]
    assert read == [
        ("goods_quantity", "PACKAGE", 2040, 12500, 14540), ("value_amount", "KZT", 1250500, 7800000, 9050500),
    ]  # fmt: skip


@pytest.mark.server
@pytest.mark.parametrize("name", FILES)
def test_files_are_read_as_they_were_meant(name: str, answers: dict[str, tuple[Answer, object]]) -> None:
    answer, figures = answers[name]
    meant = FILES[name]
    found = sorted(f"{finding.source_row} {finding.rule}" for finding in answer.findings)
    assert (answer.accepted_count, figures, found) == (meant.accepted, meant.figures, sorted(meant.findings))


@pytest.mark.server
def test_what_one_month_of_a_file_proves_holds_for_all_of_it(answers: dict[str, tuple[Answer, object]]) -> None:
    (march, days), (may, day) = (answers[f"TJK/TJK_2025.csv 2025-0{month}-01"] for month in (3, 5))
    assert days == [(date(2025, 3, 4), 1), (date(2025, 3, 25), 2.5)]
    assert day == [(date(2025, 5, 6), 1.234)]
    assert (march.findings, may.findings) == ((), ())
