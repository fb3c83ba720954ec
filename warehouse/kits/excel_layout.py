"""How wide the columns of a workbook are, and how high its rows, so that words in either language are read whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warehouse.forms import style
from warehouse.forms.text_size import LINE_HEIGHT, line_count

if TYPE_CHECKING:
    import pandas as pd

WRAPPED: style.Properties = {"text_wrap": True, "valign": "top"}
HEADING: style.Properties = {**WRAPPED, "bold": True}
_HEADING_LINES = 4
_BOLD, _BUTTON = 1.15, 3.5  # a bold letter in digits' widths; the button of the filter lies on the end of a line
_LEAST_WIDTH, _MOST_WIDTH, _PADDING = 9, 60, 3
_PAGE_WIDTH = 130  # of a note: what is in sight without moving sideways
_ROWS_MEASURED = 500


def text_width(text: str, *, is_bold: bool = False) -> float:
    """Return the width of a column that shows a text on one line, in characters."""
    return len(text) * (_BOLD if is_bold else 1) + _PADDING


def row_height(text: str, width: float) -> float:
    """Return the height of a row whose text is wrapped in a column of this width, in points."""
    return LINE_HEIGHT * line_count(text, width) + 2


def column_width(heading: str, column: "pd.Series[Any]") -> float:
    """Return the width of a column that breaks no word of its heading, and shows all but long values on one line."""
    longest = max(map(_length, column.dropna().head(_ROWS_MEASURED)), default=0)
    width = max(_LEAST_WIDTH, *(len(word) * _BOLD + _BUTTON for word in heading.split()))
    while _heading_lines(heading, width) > _HEADING_LINES:
        width += 1
    return max(width, min(longest + _PADDING, _MOST_WIDTH))


def heading_height(headings: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of the row of headings in columns of these widths, in points."""
    return LINE_HEIGHT * max(map(_heading_lines, headings, widths)) + 4


def _heading_lines(heading: str, width: float) -> int:
    return line_count(heading, (width - _BUTTON) / _BOLD)


def add_note(sheet: style.Worksheet, note: str, cell: style.CellFormat, widths: Sequence[float]) -> None:
    """Write a note in the second row, across the first columns and on as many lines as it takes there."""
    across, width = 0, 0.0
    while across < len(widths) and width < _PAGE_WIDTH:
        width += widths[across]
        across += 1
    sheet.merge_range(1, 0, 1, across - 1, "", cell)
    style.write_text(sheet, 1, 0, note, cell)
    sheet.set_row(1, row_height(note, width))


def set_landscape(sheet: style.Worksheet) -> None:
    """Print a sheet on A4 landscape, one page across."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _length(value: object) -> int:
    """Return how many characters a cell shows of a value."""
    if isinstance(value, float):
        return len(f"{value:,.3f}")
    return len(str(value)[:10]) if hasattr(value, "year") else len(str(value))
