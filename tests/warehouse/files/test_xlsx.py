import contextlib
import zipfile
from datetime import datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from rewritten_workbooks import rewrite

from warehouse.files.sheet import Sheet, UnreadableError
from warehouse.files.xlsx import xlsx_sheets


def saved(path: Path, book: Workbook) -> list[Sheet]:
    book.save(path)
    return xlsx_sheets(path)


@pytest.mark.parametrize("is_1904", [False, True])
def test_cells_become_text(tmp_path: Path, is_1904: bool) -> None:  # noqa: FBT001 - a case of pytest
    book = Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(
        ["героин", 12.0, 0.152, True, None, datetime(2012, 12, 31), datetime(2012, 12, 31, 10, 30), time(3, 4)]
    )
    [read] = saved(tmp_path / "x", book)
    assert list(read.rows) == [
        ["героин", "12", "0.152", "TRUE", "", "2012-12-31", "2012-12-31 10:30:00", "03:04:00"]
    ]  # fmt: skip


def test_rows_and_columns_keep_their_places(tmp_path: Path) -> None:
    book = Workbook()
    book.active["C3"] = "x"
    [read] = saved(tmp_path / "x", book)
    assert list(read.rows) == [["", "", ""], ["", "", ""], ["", "", "x"]]


def test_merged_cells_hold_their_value_in_each_row(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (["title", None], ["Ош", 1], [None, 2], [None, 3]):
        sheet.append(row)
    for merged in ("A1:B1", "A2:A4", "A20:B22", "F1:F9"):
        sheet.merge_cells(merged)
    [read] = saved(tmp_path / "x", book)
    assert list(read.rows) == [["title", ""], ["Ош", "1"], ["Ош", "2"], ["Ош", "3"]]
    assert read.merged == {(2, 0), (3, 0)}


def test_error_cells_and_uncalculated_formulas_stay_visible(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["#REF!", '=1+1 & "<"', "x", None])
    sheet["A1"].data_type = "e"
    sheet["D3"] = "=B1*2"
    [read] = saved(tmp_path / "x", book)
    rows = list(read.rows)
    assert rows[0][:3] == ["#REF!", '=1+1 & "<"', "x"]
    assert rows[2][3] == "=B1*2"


def test_calculated_formula_is_its_value(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["=1+1", '=IF(1,"")', "x"])
    book.save(tmp_path / "x")
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(tmp_path / "x") as archive:
        xml = archive.read(part)
    value = b"<v />" if b"<v />" in xml else b"<v></v>"
    rewrite(tmp_path / "x", part, (b"<f>1+1</f>" + value, b"<f>1+1</f><v>2</v>"))
    rewrite(tmp_path / "x", part, (b'<c r="B1"', b'<c r="B1" t="str"'))
    [read] = xlsx_sheets(tmp_path / "x")
    assert list(read.rows) == [["2", "", "x"]]


def test_hidden_sheets_are_read_and_charts_are_not(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Изъятия"
    for name, state in (("H", "hidden"), ("V", "veryHidden")):
        book.create_sheet(name).sheet_state = state
    book.create_chartsheet("Chart").add_chart(BarChart())
    read = saved(tmp_path / "x", book)
    assert [(sheet.name, sheet.is_hidden) for sheet in read] == [("Изъятия", False), ("H", True), ("V", True)]


def test_stray_cell_far_away_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active["XFD1048576"] = "x"
    with pytest.raises(UnreadableError, match='sheet "Sheet" reaches to row 1048576 and column 16384'):
        saved(tmp_path / "x", book)


def test_formatted_empty_cells_far_away_do_no_harm(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["x"])
    book.active["XFD1048576"].number_format = "0.00"
    [read] = saved(tmp_path / "x", book)
    assert list(read.rows) == [["x"]]


def test_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as part:
        for _ in range(601):
            part.write(bytes(1_000_000))
    with pytest.raises(UnreadableError, match="takes 601 MB"):
        xlsx_sheets(tmp_path / "x")


def test_archive_without_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(UnreadableError, match="no workbook"):
        xlsx_sheets(tmp_path / "x")


def test_damaged_workbook_is_refused_or_read_rightly(tmp_path: Path) -> None:
    book = Workbook()
    for number in range(50):
        book.active.append([number, "героин", number / 7])
    right = [list(sheet.rows) for sheet in saved(tmp_path / "x", book)]
    content = (tmp_path / "x").read_bytes()
    for cut in range(0, len(content), len(content) // 60):
        (tmp_path / "cut").write_bytes(content[:cut] + b"\xff" * 3 + content[cut + 3 :])
        with contextlib.suppress(UnreadableError):
            assert [list(sheet.rows) for sheet in xlsx_sheets(tmp_path / "cut")] == right
        (tmp_path / "cut").write_bytes(content[:cut])
        with pytest.raises(UnreadableError):
            xlsx_sheets(tmp_path / "cut")
