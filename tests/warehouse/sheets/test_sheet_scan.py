from datetime import datetime

import pytest

from warehouse.files.sheet import Row, Sheet
from warehouse.intake.sheet_findings import sheet_findings
from warehouse.intake.submission import Submission
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.sheets.sheet_scan import complete_tables, scan_sheet

QUESTIONNAIRE = load_questionnaire()
SUBMISSION = Submission("id", "0" * 64, "KAZ", None, datetime(2024, 5, 31), "KAZ/x.xlsx", 1)
TABLE: list[Row] = [["Date", "Drug", "Quantity", "Unit"], ["2024-05-01", "heroin", "1", "kg"]]
SEIZURES = Sheet("Изъятия", TABLE)


def scanned(*sheets: Sheet) -> tuple[list[str], list[tuple[str, str, str | None]]]:
    scans = [scan_sheet(sheet, QUESTIONNAIRE) for sheet in sheets]
    findings = sheet_findings(SUBMISSION, scans)
    return [scan.sheet.name for scan in complete_tables(scans)], [(f.severity, f.rule, f.sheet) for f in findings]


def test_table_split_on_two_sheets_is_read_from_both() -> None:
    assert scanned(SEIZURES, Sheet("Лист2", TABLE)) == (["Изъятия", "Лист2"], [])


def test_continuation_without_headings_is_an_error() -> None:
    assert scanned(SEIZURES, Sheet("Лист2", TABLE[1:])) == (
        ["Изъятия"],
        [("error", "sheet_unknown", "Лист2")],
    )


def test_other_content_beside_the_table_is_reported() -> None:
    notes = Sheet("Notes", [["see", "also"]])
    late = Sheet("Late", [*([[]] * 60), ["see", "also"]])
    assert scanned(SEIZURES, notes, late) == (
        ["Изъятия"],
        [("warning", "sheet_unknown", "Notes"), ("warning", "sheet_unknown", "Late")],
    )


def test_summary_beside_the_table_is_not_scanned() -> None:
    summary = Sheet("Свод", [["Drug", "Quantity"], ["heroin", "1"]])
    assert scanned(SEIZURES, summary) == (["Изъятия"], [("warning", "sheet_unknown", "Свод")])


def test_lists_of_the_form_are_not_read() -> None:
    lists = Sheet("Lists", [["Drug", "Unit", "Routing", "Country"], ["heroin", "kg", "transit", "KAZ"]], is_hidden=True)
    assert scanned(SEIZURES, lists) == (["Изъятия"], [])


def test_empty_sheets_and_covers_need_no_finding() -> None:
    cover = Sheet("Титул", [["Страна", "Казахстан"], ["Заполнил", "отдел"]])
    assert scanned(cover, SEIZURES, Sheet("Лист3", []), Sheet("Лист4", [["", " "]])) == (["Изъятия"], [])
    assert scan_sheet(cover, QUESTIONNAIRE).cover == {"country": "Казахстан"}


def test_rows_above_the_headings_are_the_cover_but_the_headings_are_not() -> None:
    rows = [["Изъятия"], ["Период: май 2024"], ["Country", "Drug", "Quantity", "Unit", "Date"], ["Страна", "Наркотик"]]
    scan = scan_sheet(Sheet("x", rows), QUESTIONNAIRE)
    assert scan.cover == {"period": "май 2024"}
    assert list(scan.rows) == rows


def test_hidden_table_is_scanned() -> None:
    assert scanned(Sheet("x", TABLE, is_hidden=True)) == (["x"], [("warning", "sheet_hidden", "x")])


def test_two_tables_on_a_sheet_are_an_error() -> None:
    persons = [["Month", "Sex", "Number of persons"], ["2024-05", "F", "3"], []]
    assert scanned(Sheet("x", [*persons, *TABLE]))[1] == [("error", "rows_above_header", "x")]


def test_headings_of_groups_of_columns_are_reported() -> None:
    assert scanned(Sheet("x", [["I", "II", "III", "IV"], *TABLE]))[1] == [("warning", "rows_above_header", "x")]


@pytest.mark.parametrize(("line", "count"), [("(в тыс. тенге)", 1), ("in thousands", 1), ("Сведения за май", 0)])
def test_a_scale_above_the_table_is_said(line: str, count: int) -> None:
    assert scanned(Sheet("x", [[line], *TABLE]))[1] == [("warning", "scale_above", "x")] * count


def test_missing_column_is_an_error_and_the_sheet_is_not_landed() -> None:
    assert scanned(Sheet("Изъятия", [["Date", "Drug", "Quantity"]])) == (
        [],
        [("error", "column_missing", "Изъятия")],
    )


def test_repeated_and_unknown_columns_are_reported() -> None:
    rows = [["Date", "Drug", "Quantity", "Unit", "Наркотик", "Эксперт"]]
    assert scanned(Sheet("x", rows))[1] == [
        ("warning", "column_repeated", "x"),
        ("warning", "column_unknown", "x"),
    ]


def test_file_without_any_table_is_an_error() -> None:
    assert scanned(Sheet("Изъятия", []), Sheet("x", [["a"]])) == ([], [("error", "table_unknown", None)])


def test_list_without_records_is_a_nil_return_by_its_name() -> None:
    assert scanned(Sheet("seizures", [], has_keys=True)) == (["seizures"], [])
    assert scanned(Sheet("seizures", [])) == ([], [("error", "table_unknown", None)])
