"""Workbooks that are no XLSX: LibreOffice writes ODS and XLS, and a few records make an XLSB."""

import struct
from pathlib import Path

import pytest
from binary_workbooks import Cell, write_xlsb
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from written_forms import saved_by_libreoffice

from warehouse.files.number_formats import NumberFormat
from warehouse.files.ods import _Scan, ods_sheets
from warehouse.files.sheet import Sheet, UnreadableError
from warehouse.files.xls import xls_sheets
from warehouse.files.xlsb import xlsb_sheets

READERS = {"ods": ods_sheets, "xls": xls_sheets}


def formatted() -> Workbook:
    struck, plain, raised = InlineFont(strike=True), InlineFont(), InlineFont(vertAlign="superscript")
    book = Workbook()
    sheet = book.active
    sheet.append(["героин", 12.5, 0.62, 250, "x"])
    sheet.append([CellRichText("1240", TextBlock(raised, "1")), 1, 0.08, None, "=1/0"])
    sheet.append([CellRichText(TextBlock(struck, "295"), TextBlock(plain, "301")), 2, 7])
    sheet["C1"].number_format = sheet["C2"].number_format = "0%"
    sheet["D1"].number_format = '0" г"'
    sheet["C3"].font = Font(strike=True)
    sheet.merge_cells("D1:D3")
    sheet.append([None] * 3 + [12, CellRichText(TextBlock(raised, "5"))])
    sheet["D4"].number_format = '0" 300"'
    sheet.append(["x"])
    sheet.row_dimensions[2].hidden = sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("H").sheet_state = "hidden"
    return book


@pytest.fixture(scope="module", params=READERS)
def sheet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    folder = tmp_path_factory.mktemp("saved")
    formatted().save(folder / "book.xlsx")
    [path] = saved_by_libreoffice([folder / "book.xlsx"], folder, request.param)
    read, hidden = READERS[request.param](path)
    assert (read.is_hidden, hidden.is_hidden) == (False, True)
    return read


@pytest.mark.server
def test_formats_of_other_workbooks_are_read(sheet: Sheet) -> None:
    assert list(sheet.rows) == [
        ["героин", "12.5", "62%", "250", "x"], ["1240¹", "1", "8%", "250", "#DIV/0!"], ["301", "2", "7", "250", ""],
        ["", "", "", "12", "⁵"], ["x", "", "", "", ""],
    ]  # fmt: skip
    assert sheet.formats == {(0, 3): NumberFormat(unit="г"), (3, 3): NumberFormat(adds="300")}
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({1, 4}, {1})
    assert sheet.struck == {(2, 2)}
    assert sheet.struck_parts == {(2, 0): "295"}
    assert sheet.merged == {(1, 3), (2, 3)}


def test_formats_of_a_binary_workbook_are_read(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["героин", (45415.0, "date"), (0.62, "percent"), (250.0, "grams"), "#N/A"],
        [("12401", [(4, 2)]), ("295301", [(0, 1), (3, 0)]), (7.0, "struck"), None, "x"],
        [(5.0, "raised")],
    ]
    write_xlsb(tmp_path / "x.xlsb", "Seizures", rows, hidden_row=1, hidden_column=3)
    [read] = xlsb_sheets(tmp_path / "x.xlsb")
    assert list(read.rows) == [
        ["героин", "2024-05-03", "62%", "250", "#N/A"],
        ["1240¹", "301", "7", "", "x"],
        ["⁵", *[""] * 4],
    ]
    assert (set(read.hidden_rows), set(read.hidden_columns)) == ({1}, {3})
    assert read.formats == {(0, 3): NumberFormat(unit="г")}
    assert read.struck == {(1, 2)}
    assert read.struck_parts == {(1, 1): "295"}


@pytest.mark.parametrize(
    "content",
    [b"", bytes(600), struct.pack("<H", 9) + bytes(700), b"\xff" * 5000],
    ids=["nothing", "zeros", "a broken chain", "ones"],
)
def test_a_damaged_old_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + content)
    with pytest.raises(UnreadableError):
        xls_sheets(path)


def test_more_hidden_rows_than_a_sheet_has_columns_are_all_hidden() -> None:
    cell = '<table-cell value-type="float" value="1"/>'
    row = f'<table-row visibility="filter" number-rows-repeated="20000">{cell}</table-row>'
    scan = _Scan()
    scan.read(f'<x><table name="s">{row}</table></x>'.encode())
    assert len(scan.formats.hidden_rows) == 20_000
