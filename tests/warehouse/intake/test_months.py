"""Files of several months: what each row is of, and when such a file is refused whole."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from warehouse.findings.messages import describe_finding
from warehouse.intake.bulk_landing import MIN_BYTES
from warehouse.intake.identity import MAX_MONTHS
from warehouse.intake.landing import Reading, Request
from warehouse.intake.months import MAX_UNCLEAR, read_submissions
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

SEIZURES = ["Дата изъятия", "Наркотик", "Количество", "Единица измерения"]
PERSONS = ["Месяц", "Правонарушение", "Стадия", "Число лиц"]
STAFF = ["Border point", "Agency", "Kind of post", "Women", "Men"]


def readings_of(folder: Path, file_name: str, content: bytes | str | Workbook) -> tuple[Reading, ...]:
    path = folder / "received"
    if isinstance(content, Workbook):
        content.save(path)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    raw = path.read_bytes()
    sha256 = hashlib.sha256(raw).hexdigest()
    received_at = datetime(2024, 9, 10)
    return read_submissions(Request(path, sha256, len(raw), file_name, received_at, Settings().codelists, folder))


def held(readings: Sequence[Reading]) -> dict[str, dict[str, list[int]]]:
    """Month → table → the rows of the sent file."""
    rows: dict[str, dict[str, list[int]]] = {}
    for reading in readings:
        sent = reading.submission
        month = f"{sent.reporting_month:%Y-%m}" if sent.reporting_month else ""
        for part in reading.landings:
            found: list[tuple[str, int]] = []
            if part.row_count:
                query = f"select submission_id, source_row from '{part.path}' order by all"
                found = duckdb.execute(query).fetchall() if part.path.suffix == ".parquet" else []
            assert {name for name, _ in found} <= {sent.submission_id}
            assert len(found) == part.row_count or part.path.suffix == ".csv"
            rows.setdefault(month, {}).setdefault(part.table_name, []).extend(number for _, number in found)
    return rows


def rules(readings: Sequence[Reading]) -> list[list[tuple[str, int | None]]]:
    return [[(finding.rule, finding.source_row) for finding in reading.findings] for reading in readings]


def csv_of(*days: str, heading: Sequence[str] = SEIZURES) -> str:
    return "\n".join([";".join(heading), *(f"{day};героин;1;кг" for day in days)]) + "\n"


def workbook_of(sheets: dict[str, list[list[str]]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


@pytest.mark.parametrize("name", ["KAZ/KAZ_2024-Q1.csv", "KAZ/I квартал 2024/export.csv", "UZB/UZB_2024.csv"])
def test_rows_go_to_the_months_of_their_own_days(tmp_path: Path, name: str) -> None:
    days = ["2024-01-05", "05.03.2024", "31.01.2024", "7 марта", "2024-01-31T22:00:00Z", "45292"]
    readings = readings_of(tmp_path, name, csv_of(*days))
    # 31 January at 22:00 UTC is 1 February there; 45292 is 1 January as Excel counts.
    assert held(readings) == {
        "2024-01": {"seizures": [2, 4, 7]}, "2024-02": {"seizures": [6]}, "2024-03": {"seizures": [3, 5]},
    }  # fmt: skip
    assert rules(readings) == [[], [], []]
    assert len({(one.submission.sha256, one.submission.received_at) for one in readings}) == 1
    assert [one.submission.submission_id[3:12] for one in readings] == ["-2024-01-", "-2024-02-", "-2024-03-"]


def test_a_sheet_that_names_its_month_speaks_for_its_rows(tmp_path: Path) -> None:
    staff = ["Достык", "KZ-KNB", "Analyst", "1", "2"]
    book = workbook_of(
        {
            "Титул": [["Страна", "KAZ"], ["Отчётный период", "январь–март 2024"]],
            "Январь": [SEIZURES, ["2024-01-05", "героин", "1", "кг"], ["2024-02-01", "героин", "1", "кг"]],
            "Февраль": [SEIZURES, ["2024-02-02", "опий", "1", "кг"]],
            "Личный состав, март": [STAFF, staff],
            "Лица": [PERSONS, ["март", "Хранение", "Задержан", "2"], ["2024-01", "Хранение", "Задержан", "1"]],
        }
    )
    readings = readings_of(tmp_path, "KAZ/report.xlsx", book)
    assert held(readings) == {
        "2024-01": {"seizures": [2, 3], "persons": [3]}, "2024-02": {"seizures": [2]},
        "2024-03": {"staff": [2], "persons": [2]},
    }  # fmt: skip


def test_covers_above_the_tables_name_the_months_of_their_sheets(tmp_path: Path) -> None:
    sheets = {
        name: [["Период", period], [], SEIZURES, [day, "героин", "1", "кг"]]
        for name, period, day in (("a", "2024-01", "2024-01-05"), ("b", "2024-02", "2024-02-05"))
    }
    readings = readings_of(tmp_path, "KAZ/report.xlsx", workbook_of(sheets))
    assert held(readings) == {"2024-01": {"seizures": [4]}, "2024-02": {"seizures": [4]}}
    assert rules(readings) == [[], []]


def test_the_same_bytes_under_two_names_are_divided_apart(tmp_path: Path) -> None:
    text = csv_of("2024-01-05", "2024-02-05")
    both = [readings_of(tmp_path, f"KAZ/KAZ_{name}.csv", text) for name in ("2024-Q1", "2024-H1")]
    one, other = ({part.path for reading in readings for part in reading.landings} for readings in both)
    assert not one & other
    assert held(both[0]) == held(both[1]) == {"2024-01": {"seizures": [2]}, "2024-02": {"seizures": [3]}}


def test_json_of_a_half_year_is_divided_and_remarks_stay_with_their_rows(tmp_path: Path) -> None:
    document = {
        "seizures": [{"seizure_date": f"2024-0{m}-01", "drug": "heroin", "quantity": m, "unit": "kg"} for m in (1, 6)]
    }
    readings = readings_of(tmp_path, "KAZ/KAZ H1 2024.json", json.dumps(document))
    assert {month: list(tables) for month, tables in held(readings).items()} == {
        "2024-01": ["seizures"], "2024-06": ["seizures"],
    }  # fmt: skip
    text = csv_of("2024-01-05", "Итого", "2024-02-05", "2024-01-06", "Всего").replace("Наркотик", "Наркотик;Прочее")
    readings = readings_of(tmp_path, "KAZ/KAZ_2024-Q1.csv", text)
    assert rules(readings) == [
        [("column_unknown", None), ("total_row", 3), ("total_row", 6)], [("column_unknown", None)],
    ]  # fmt: skip


def test_a_day_outside_of_the_period_is_judged_in_the_nearest_month_that_has_rows(tmp_path: Path) -> None:
    readings = readings_of(
        tmp_path, "KAZ/KAZ_2024-H1.csv", csv_of("2023-12-31", "2024-02-01", "2024-04-01", "2024-07-01")
    )
    assert held(readings) == {"2024-02": {"seizures": [2, 3]}, "2024-04": {"seizures": [4, 5]}}


def test_days_with_slashes_follow_the_order_that_others_prove(tmp_path: Path) -> None:
    name = "KAZ/KAZ_2024-Q1.csv"
    assert held(readings_of(tmp_path, name, csv_of("02/03/2024", "01/31/2024"))) == {
        "2024-01": {"seizures": [3]}, "2024-02": {"seizures": [2]},
    }  # fmt: skip
    assert held(readings_of(tmp_path, name, csv_of("02/03/2024", "31/01/2024"))) == {
        "2024-01": {"seizures": [3]}, "2024-03": {"seizures": [2]},
    }  # fmt: skip
    assert held(readings_of(tmp_path, name, csv_of("05/02/2024", "2024-01-31"))) == {
        "2024-01": {"seizures": [3]}, "2024-02": {"seizures": [2]},
    }  # fmt: skip
    assert rules(readings_of(tmp_path, name, csv_of("2024-01-02", "02/03/2024"))) == [[("months_unclear", 3)]]


def test_a_large_csv_file_is_divided_too(tmp_path: Path) -> None:
    days = [f"2024-0{1 + n % 3}-{1 + n % 28:02}" for n in range(MIN_BYTES // 20)]
    readings = readings_of(tmp_path, "KAZ/KAZ_2024-Q1.csv", csv_of(*days))
    numbers = [n for tables in held(readings).values() for n in tables["seizures"]]
    assert sorted(numbers) == list(range(2, len(days) + 2))
    assert list(held(readings)) == ["2024-01", "2024-02", "2024-03"]


UNDIVIDED = {
    "a row without a day": ("KAZ/KAZ_2024-Q1.csv", csv_of("2024-01-05", "", "x"), "months_unclear",
        'Seizures, row 3, Date of seizure: the file covers several months (2024-01 – 2024-03), and "" does not say of'),
    "rows of no month in it": ("KAZ/KAZ_2024-Q1.csv", csv_of("2025-01-05"), "months_unclear",
        "Seizures, row 2, Date of seizure: the file covers several months (2024-01 – 2024-03), and no row of the"),
    "a table without days": ("KAZ/KAZ_2024-Q1.csv", f"{';'.join(STAFF)}\nДостык;KZ-KNB;Analyst;1;2\n", "months_unclear",
        'Staff, row 2, Month: the file covers several months (2024-01 – 2024-03), and "" does not say of which'),
    "a day of either year": ("KAZ/KAZ 2023-2024.csv", csv_of("5 мая"), "months_unclear",
        'Seizures, row 2, Date of seizure: the file covers several months (2023-01 – 2024-12), and "5 мая" does not'),
    "a month of either year": ("KAZ/KAZ 2023-2024.csv", f"{';'.join(PERSONS)}\n5;Хранение;;1\n", "months_unclear",
        'Persons, row 2, Month: the file covers several months (2023-01 – 2024-12), and "5" does not say of which the'),
    "no rows": ("KAZ/KAZ_2024-Q1.csv", csv_of(), "months_without_rows",
        "KAZ/KAZ_2024-Q1.csv: the file covers several months (2024-01 – 2024-03) and has no rows. If there was"),
    "an error": ("FRA/FRA_2024-Q1.csv", csv_of("2024-01-05"), "months_not_divided",
        "FRA/FRA_2024-Q1.csv: the file covers several months (2024-01 – 2024-03) and was not divided into them"),
    "two centuries": ("KAZ/x.csv", "Period;1900–2100\n" + csv_of("2024-01-05"), "period_too_long",
        "KAZ/x.csv: the cover says period 1900-01 – 2100-12. These are 2412 months, and a file holds 24 at most."),
    "a quarter and a month": ("KAZ/KAZ_2024-Q1.csv", "Period;2024-02\n" + csv_of("2024-02-05"), "identity_contradicted",
        "KAZ/KAZ_2024-Q1.csv: the cover says period 2024-02, the file name says 2024-01 – 2024-03. Correct the wrong"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNDIVIDED)
def test_a_file_is_divided_whole_or_not_at_all(tmp_path: Path, case: str) -> None:
    name, content, rule, words = UNDIVIDED[case]
    [reading] = readings_of(tmp_path, name, content)
    found = next(finding for finding in reading.findings if finding.rule == rule)
    assert found.severity == "error"
    assert describe_finding(found, "en", load_questionnaire()).startswith(words)
    if case not in ("two centuries", "a quarter and a month"):
        assert reading.submission.reporting_month is None
    for part in reading.landings:
        assert len(part.path.read_text("utf-8").splitlines()) == part.row_count


def test_rows_of_no_month_are_named_up_to_a_number(tmp_path: Path) -> None:
    days = ["2024-01-05", *["31.02.2024"] * (MAX_UNCLEAR + 1), "2024-02-05"]
    [reading] = readings_of(tmp_path, "KAZ/KAZ_2024-Q1.csv", csv_of(*days))
    assert [finding.source_row for finding in reading.findings] == list(range(3, MAX_UNCLEAR + 3))
    assert {finding.arguments["count"] for finding in reading.findings} == {MAX_UNCLEAR + 1}


def test_a_nil_return_of_several_months_is_one_for_each_that_has_begun(tmp_path: Path) -> None:
    cover = "Country;Kazakhstan\nReporting period;2024\nNothing to report;yes\n"
    readings = readings_of(tmp_path, "KAZ/nil.csv", cover)
    tables: dict[str, list[int]] = {table.name: [] for table in load_questionnaire().tables}
    assert held(readings) == {f"2024-0{month}": tables for month in range(1, 10)}
    assert rules(readings) == [[]] * 9


def test_a_nil_return_of_a_table_is_one_for_its_sheet_or_for_each_month_that_has_begun(tmp_path: Path) -> None:
    """What stands above a table of one month is said of that table and month alone."""
    nil = ["Нулевой отчёт", "да"]
    sheets = {
        "Титул": [["Страна", "KAZ"], ["Период", "2024-Q3"], ["", "Нулевой отчёт по таблице"], ["Цены", "да"]],
        "a": [["Период", "2024-07"], [], SEIZURES, ["2024-07-05", "героин", "1", "кг"]],
        "b": [["Период", "2024-08"], nil, SEIZURES],
        "c": [["Период", "2024-09"], nil, SEIZURES],
        "d": [["Период", "2024-09"], PERSONS, ["сентябрь", "Хранение", "Задержан", "2"]],
    }
    readings = readings_of(tmp_path, "KAZ/report.xlsx", workbook_of(sheets))
    assert held(readings) == {
        "2024-07": {"seizures": [4], "prices": []}, "2024-08": {"seizures": [], "prices": []},
        "2024-09": {"persons": [3], "seizures": [], "prices": []},
    }  # fmt: skip
    assert rules(readings) == [[], [], []]


def test_a_sheet_without_rows_is_no_nil_return_of_the_months_in_which_others_have_none(tmp_path: Path) -> None:
    sheets = {
        "Титул": [["Страна", "KAZ"], ["Период", "2024-Q3"]],
        "Баткен": [SEIZURES, ["2024-07-05", "героин", "1", "кг"]],
        "Ош": [["Нулевой отчёт", "да"], SEIZURES],
    }
    assert held(readings_of(tmp_path, "KAZ/report.xlsx", workbook_of(sheets))) == {"2024-07": {"seizures": [2]}}


def test_rows_contradict_what_stands_above_their_own_table_alone(tmp_path: Path) -> None:
    nil, row = ["Нулевой отчёт", "да"], ["2024-07-05", "героин", "1", "кг", "белый"]
    persons = [nil, PERSONS, ["", "Хранение", "Задержан", "2"]]
    sheets = {"a": [nil, SEIZURES], "b": persons, "c": [[*SEIZURES, "Цвет"], row]}
    [reading] = readings_of(tmp_path, "KAZ/KAZ_2024-07.xlsx", workbook_of(sheets))
    assert [(finding.rule, finding.table_name) for finding in reading.findings] == [
        ("column_unknown", "seizures"), ("nil_contradicted", "persons"),
    ]  # fmt: skip
    assert [(part.table_name, part.row_count, part.is_nil) for part in reading.landings] == [
        ("seizures", 0, True), ("persons", 1, False), ("seizures", 1, False),
    ]  # fmt: skip


def test_a_month_that_has_not_begun_is_refused_alone(tmp_path: Path) -> None:
    readings = readings_of(tmp_path, "KAZ/KAZ_2024.csv", csv_of("2024-09-01", "2024-10-01"))
    assert rules(readings) == [[], [("period_in_future", None)]]


MONTH_SHEETS = {f"2024-{month:02}": [SEIZURES, [f"2024-{month:02}-01", "героин", "1", "кг"]] for month in (4, 5)}


def test_sheets_named_after_months_are_compared_with_the_month_of_the_file(tmp_path: Path) -> None:
    named = {"".join(name): rows for name, rows in MONTH_SHEETS.items()}
    assert len(readings_of(tmp_path, "KAZ/report.xlsx", workbook_of(named))) == 2
    [both] = readings_of(tmp_path, "KAZ/KAZ_2024-05.xlsx", workbook_of(named))
    assert [finding.rule for finding in both.findings] == ["identity_contradicted"]
    [one] = readings_of(tmp_path, "KAZ/KAZ_2024-05.xlsx", workbook_of({"Апрель": named["2024-05"]}))
    assert [(finding.severity, finding.rule) for finding in one.findings] == [("warning", "sheet_of_other_month")]
    [same] = readings_of(tmp_path, "KAZ/KAZ_2024-05.xlsx", workbook_of({"Май": named["2024-05"]}))
    assert same.findings == ()


def test_five_thousand_months_are_refused(tmp_path: Path) -> None:
    [reading] = readings_of(
        tmp_path, "KAZ/KAZ_1900-2100.csv", csv_of(*(f"{1700 + n // 12}-{1 + n % 12:02}-01" for n in range(5000)))
    )
    assert [finding.rule for finding in reading.findings] == ["period_too_long"]
    years = f"2023 - {2022 + MAX_MONTHS // 12}"
    assert len(readings_of(tmp_path, f"KAZ/KAZ {years}.csv", csv_of("2023-01-05", "2024-01-05"))) == 2
