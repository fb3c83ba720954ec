from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from rewritten_workbooks import rewrite

from warehouse.files.number_formats import NumberFormat
from warehouse.files.sheet import Sheet
from warehouse.files.xlsx import xlsx_sheets

STRUCK, RAISED, LOWERED = (
    InlineFont(strike=True),
    InlineFont(vertAlign="superscript"),
    InlineFont(vertAlign="subscript"),
)


def formatted() -> Workbook:
    """Texts of several fonts in row 1, formatted numbers in row 2, struck cells in row 3."""
    book = Workbook()
    sheet = book.active
    texts = [
        CellRichText("1240", TextBlock(RAISED, "1")),
        CellRichText(TextBlock(STRUCK, "295"), TextBlock(InlineFont(), "301")),
        CellRichText("H", TextBlock(LOWERED, "2"), "O"), CellRichText("310", TextBlock(RAISED, "e")),
        CellRichText(TextBlock(STRUCK, "12")), CellRichText("м", TextBlock(RAISED, "2")),
        CellRichText("12", TextBlock(RAISED, "1)")), CellRichText("12", TextBlock(InlineFont(b=True), "5")),
        CellRichText(TextBlock(RAISED, "77")),
    ]  # fmt: skip
    sheet.append(texts)
    sheet.append([0.62, 250, 1250500, "0.62", 0.08, 7])
    sheet.append([12, None, "x"])
    sheet.append([77, "1)", "село"])
    for cell, shown in zip(sheet[2], ["0%", '0" г"', "#,##0,", "0%", "0.0%", "0.0"], strict=False):
        cell.number_format = shown
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    for cell in sheet[4]:
        cell.font = Font(vertAlign="superscript")
    return book


def read(path: Path, book: Workbook, *changes: tuple[bytes, bytes]) -> Sheet:
    """Return the sheet of a workbook, saved with changes to the XML of its sheet."""
    book.save(path)
    rewrite(path, "xl/worksheets/sheet1.xml", *changes)
    [sheet] = xlsx_sheets(path)
    return sheet


@pytest.mark.parametrize("changes", [(), ((b"<sheetData>", b"<!-- other XML --><sheetData>"),)], ids=["usual", "other"])
def test_formats_that_say_something(tmp_path: Path, changes: tuple[tuple[bytes, bytes], ...]) -> None:
    sheet = read(tmp_path / "x", formatted(), *changes)
    first, second, third, fourth = (list(row) for row in sheet.rows)
    assert first == ["1240¹", "301", "H2O", "310 (e)", "12", "м²", "12¹⁾", "125", "⁷⁷"]
    assert second[:6] == ["62%", "250", "1250500", "0.62", "8%", "7"]
    assert sheet.formats == {(1, 1): NumberFormat(unit="г"), (1, 2): NumberFormat(power=3)}
    assert sheet.struck == {(0, 4), (2, 0), (2, 2)}
    assert sheet.struck_parts == {(0, 1): "295"}
    assert third[:3] == ["12", "", "x"]
    assert fourth[:3] == ["⁷⁷", "¹⁾", "село"]


def test_strings_that_a_sheet_holds_itself(tmp_path: Path) -> None:
    """As other programs than Excel write them."""
    book = Workbook()
    book.active["B2"] = "12401"
    raised = b'<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
    inline = b'<c r="B2" t="inlineStr"><is><r><t>1240</t></r>' + raised + b"</is></c>"
    sheet = read(tmp_path / "x", book, (b'<c r="B2" t="inlineStr"><is><t>12401</t></is></c>', inline))
    assert list(sheet.rows)[1][1] == "1240¹"
