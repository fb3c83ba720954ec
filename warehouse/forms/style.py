"""Sheet style: the colours, the type and the page of every workbook that is sent out, and how one is begun."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.findings.finding import Severity
from warehouse.forms.edition import FormEdition
from warehouse.questionnaire.language import in_language

Look = Mapping[str, Any]

# XlsxWriter ships no types; these names say at least which of its objects is meant.
Workbook = Any
Worksheet = Any
Format = Any

# Arial is on every Windows and Mac, and Liberation Sans has its widths where it is not.
TYPE: Look = {"font_name": "Arial", "font_size": 10}
INK, FAINT, LINE = "#1D2733", "#5D6B7A", "#C9D2DB"
NAVY, WINE, PALE = "#12394B", "#7A1F2B", "#E4ECF1"

TEXT: Look = {"font_color": INK, "valign": "top", "text_wrap": True}
PADDED: Look = {"align": "left", "indent": 1}
RULED: Look = {"border": 1, "border_color": LINE}
TITLE: Look = {"font_color": NAVY, "font_size": 16, "bold": True, "valign": "vcenter"}
SUBTITLE: Look = {"font_color": INK, "font_size": 11, "bold": True, "valign": "vcenter"}
NOTE: Look = {"font_color": FAINT, "font_size": 9, "valign": "vcenter"}
NOTICE: Look = {"font_color": WINE, "font_size": 10, "bold": True}
SECTION: Look = {
    "font_color": NAVY,
    "font_size": 12,
    "bold": True,
    "valign": "vcenter",
    "bottom": 2,
    "bottom_color": NAVY,
}
LABEL: Look = {**TEXT, **PADDED, **RULED, "valign": "vcenter", "bg_color": PALE}
GIVEN: Look = {**TEXT, **PADDED, **RULED, "valign": "vcenter", "bold": True}
ANSWER: Look = {**TEXT, **PADDED, "valign": "vcenter", "locked": False}
BESIDE: Look = {**TEXT, **PADDED, "valign": "vcenter"}
LINK: Look = {"font_color": "#0B5A8A", "underline": 1}
HEADING: Look = {
    **PADDED,
    "font_color": "#FFFFFF", "bg_color": NAVY, "bold": True, "text_wrap": True, "valign": "vcenter",
    "border": 1, "border_color": "#FFFFFF",
}  # fmt: skip
REQUIRED: Look = {**HEADING, "bg_color": WINE}
SECOND_HEADING: Look = {
    **PADDED,
    **PADDED,
    "font_color": INK, "bg_color": PALE, "font_size": 9, "text_wrap": True, "valign": "vcenter",
    "border": 1, "border_color": "#FFFFFF", "bottom": 2, "bottom_color": NAVY,
}  # fmt: skip
REQUIRED_SECOND: Look = {**SECOND_HEADING, "bottom_color": WINE}
MARKED: dict[Severity, Look] = {
    "error": {"bg_color": "#FBE3E4", "border": 2, "border_color": "#B3404A"},
    "warning": {"bg_color": "#FDF2D0", "border": 2, "border_color": "#C79A2B"},
}
SEVERITY: dict[Severity, Look] = {
    "error": {**TEXT, **PADDED, **MARKED["error"], **RULED, "font_color": "#8C1D28", "bold": True},
    "warning": {**TEXT, **PADDED, **MARKED["warning"], **RULED, "font_color": "#6B4E00", "bold": True},
}

PAGE_CHARACTERS = 138  # of the type above across A4 landscape at full size
SMALLEST_SCALE = 0.62


def new_workbook(path: Path) -> Workbook:
    """Begin a workbook in which nothing that a sender wrote turns into a formula, a link or a number on its own."""
    from xlsxwriter import Workbook as NewWorkbook  # type: ignore[import-untyped]

    literal = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return NewWorkbook(str(path), {**literal, "in_memory": True, "default_format_properties": dict(TYPE)})


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell as its reader sees it, e.g. ``C5`` for 4, 2."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

    return str(xl_rowcol_to_cell(row, column))


class Styles:
    """The formats of one workbook, each made once: the same looks give the same bytes."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats in this workbook as they are asked for."""
        self._workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, *looks: Look) -> Format:
        """Return the format of looks laid over each other, the last on top."""
        merged = {**TYPE}
        for look in looks:
            merged.update(look)
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(merged)
        return self._formats[key]


def page_count(width: float) -> int:
    """Return how many pages across a sheet of a width in characters takes to stay legible."""
    return math.ceil(width * SMALLEST_SCALE / PAGE_CHARACTERS)


def set_up_page(sheet: Worksheet, edition: FormEdition, width: float) -> None:
    """Lay a sheet of a width in characters on A4 landscape: as few pages across as stay legible, each with a foot."""
    pages = page_count(width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0)
        sheet.print_across()
    questionnaire = edition.questionnaire
    title = in_language(questionnaire.title, edition.order[0])
    foot = " · ".join(filter(None, (title, questionnaire.version, edition.country_code, edition.period_text)))
    sheet.set_footer(f"&L&8{_escaped(foot)}&R&8&P / &N", {"margin": 0.3})


def _escaped(text: str) -> str:
    """Double the sign that begins a command in headers and footers; no more than Excel takes."""
    return text[:200].replace("&", "&&")


def protect(sheet: Worksheet) -> None:
    """Protect all but the unlocked cells, without a password: against accidents, not against the sender."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True, "sort": True})
