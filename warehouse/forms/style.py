"""Style of the workbooks that are sent out: colours, fonts, page setup, and how a workbook is created."""

import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.findings.finding import Severity
from warehouse.forms.edition import FormEdition
from warehouse.forms.text_size import fit_cell

# Properties of a cell's format, by the names of XlsxWriter.
Properties = Mapping[str, Any]

# XlsxWriter has no type annotations; these names at least tell its objects apart.
Workbook = Any
Worksheet = Any
CellFormat = Any

CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - fixed, so that the same form gives the same bytes

# Arial is on every Windows and Mac; elsewhere Liberation Sans has the same widths.
TYPE: Properties = {"font_name": "Arial", "font_size": 10}
INK, FAINT, LINE = "#1D2733", "#5D6B7A", "#C9D2DB"
NAVY, WINE, PALE = "#12394B", "#7A1F2B", "#E4ECF1"

TEXT: Properties = {"font_color": INK, "valign": "top", "text_wrap": True}
PADDED: Properties = {"align": "left", "indent": 1}
RULED: Properties = {"border": 1, "border_color": LINE}
TITLE: Properties = {"font_color": NAVY, "font_size": 16, "bold": True, "valign": "vcenter"}
SUBTITLE: Properties = {"font_color": INK, "font_size": 11, "bold": True, "valign": "vcenter"}
NOTE: Properties = {"font_color": FAINT, "font_size": 9, "valign": "vcenter"}
NOTICE: Properties = {"font_color": WINE, "font_size": 10, "bold": True}
SECTION: Properties = {
    "font_color": NAVY,
    "font_size": 12,
    "bold": True,
    "valign": "vcenter",
    "bottom": 2,
    "bottom_color": NAVY,
}
LABEL: Properties = {**TEXT, **PADDED, **RULED, "valign": "vcenter", "bg_color": PALE}
GIVEN: Properties = {**TEXT, **PADDED, **RULED, "valign": "vcenter", "bold": True}
ANSWER: Properties = {**TEXT, **PADDED, "valign": "vcenter", "locked": False}
BESIDE: Properties = {**TEXT, **PADDED, "valign": "vcenter"}
LINK: Properties = {"font_color": "#0B5A8A", "underline": 1}
HEADING: Properties = {
    **PADDED,
    "font_color": "#FFFFFF", "bg_color": NAVY, "bold": True, "text_wrap": True, "valign": "vcenter",
    "border": 1, "border_color": "#FFFFFF",
}  # fmt: skip
REQUIRED_HEADING: Properties = {**HEADING, "bg_color": WINE}
SECOND_HEADING: Properties = {
    **PADDED,
    "font_color": INK, "bg_color": PALE, "font_size": 9, "text_wrap": True, "valign": "vcenter",
    "border": 1, "border_color": "#FFFFFF", "bottom": 2, "bottom_color": NAVY,
}  # fmt: skip
REQUIRED_SECOND_HEADING: Properties = {**SECOND_HEADING, "bottom_color": WINE}
MARKED: dict[Severity, Properties] = {
    "error": {"bg_color": "#FBE3E4", "border": 2, "border_color": "#B3404A"},
    "warning": {"bg_color": "#FDF2D0", "border": 2, "border_color": "#C79A2B"},
}
PROPOSED: Properties = {"bg_color": "#DDEFD9", "border": 2, "border_color": "#4E8A45"}
SEVERITY: dict[Severity, Properties] = {
    "error": {**TEXT, **PADDED, **MARKED["error"], **RULED, "font_color": "#8C1D28", "bold": True},
    "warning": {**TEXT, **PADDED, **MARKED["warning"], **RULED, "font_color": "#6B4E00", "bold": True},
}

PAGE_CHARACTERS = 138  # of the font above across A4 landscape at full size
SMALLEST_SCALE = 0.6


def new_workbook(path: Path) -> Workbook:
    """Create a workbook at ``path`` in which text is never converted into a formula, a link or a number."""
    from xlsxwriter import Workbook as NewWorkbook  # type: ignore[import-untyped]

    literal = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return NewWorkbook(str(path), {**literal, "in_memory": True, "default_format_properties": dict(TYPE)})


@cache
def _table_sheet() -> type[Worksheet]:
    from xlsxwriter.worksheet import Worksheet as NewWorksheet  # type: ignore[import-untyped]

    class TableWorksheet(NewWorksheet):  # type: ignore[misc]
        """A worksheet whose last rows were made beforehand."""

        dim_rowmax: int

        def append_rows(self, rows: str, first: int, last: int, last_column: int) -> None:
            """Take the XML of the rows from ``first`` to the last; they hold the cells of any comments there."""
            for corner in ((first, 0), (last, last_column)):
                self.write_number(*corner, 0)  # so that the worksheet states how far it reaches
            self.first, self.rows = first, rows

        def _write_rows(self) -> None:
            last, self.dim_rowmax = self.dim_rowmax, self.first - 1
            super()._write_rows()
            self.dim_rowmax = last
            self.fh.write(self.rows)

    return TableWorksheet


def add_table_sheet(workbook: Workbook, name: str) -> Worksheet:
    """Add a sheet that has the method ``append_rows`` too; see warehouse.forms.answer_rows."""
    return workbook.add_worksheet(name, worksheet_class=_table_sheet())


def format_number(cell_format: CellFormat) -> int:
    """Return the number by which the XML of a sheet names a format."""
    return int(cell_format._get_xf_index())  # noqa: SLF001 - XlsxWriter has no other name for it


def write_text(sheet: Worksheet, row: int, column: int, text: str, cell_format: CellFormat) -> None:
    """Write a text that somebody sent, as far as a cell holds it."""
    shown = fit_cell(text)
    if not shown:
        sheet.write_blank(row, column, None, cell_format)
    elif shown.startswith("<r>") and shown.endswith("</r>"):  # XlsxWriter takes it for its own markup
        sheet.write_rich_string(row, column, *shown[:2], shown[2:], cell_format)
    else:
        sheet.write_string(row, column, shown, cell_format)


def cell_name(row: int, column: int) -> str:
    """Return the reference of a cell by row and column from 0, e.g. C5 for 4, 2."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

    return str(xl_rowcol_to_cell(row, column))


class Styles:
    """The formats of one workbook, each created once, so that the same form gives the same bytes."""

    def __init__(self, workbook: Workbook) -> None:
        """Create formats in this workbook on demand."""
        self._workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], CellFormat] = {}

    def __call__(self, *layers: Properties) -> CellFormat:
        """Return the format of the layers' properties, where later layers override earlier ones."""
        merged = {**TYPE}
        for properties in layers:
            merged.update(properties)
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(merged)
        return self._formats[key]


def page_count(width: float) -> int:
    """Return how many pages across a sheet needs to stay legible; ``width`` is in characters."""
    return math.ceil(width * SMALLEST_SCALE / PAGE_CHARACTERS)


def set_up_page(sheet: Worksheet, edition: FormEdition, width: float) -> None:
    """Set a sheet to A4 landscape with a footer, on as few pages across as are legible; ``width`` is in characters."""
    pages = page_count(width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0)
        sheet.print_across()
    questionnaire = edition.questionnaire
    title = edition.both(questionnaire.title)
    footer = " · ".join(filter(None, (title, questionnaire.version, edition.country_code, edition.period_text)))
    sheet.set_footer(f"&L&8{_escaped(footer)}&R&8&P / &N", {"margin": 0.3})


def _escaped(text: str) -> str:
    """Escape &, which begins a command in headers and footers, in the characters that Excel accepts."""
    return text[:200].replace("&", "&&")


def protect(sheet: Worksheet) -> None:
    """Protect all locked cells, without a password: against accidents, not against the sender."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True, "sort": True})
