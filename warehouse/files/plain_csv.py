"""CSV text that holds nothing unusual, of which every reader makes the same rows: a record to a line.

Whatever else comes (line breaks within cells, empty lines, quotation marks within a cell, bytes that are no letters)
is left to warehouse.files.csv_text, which numbers rows as the sender sees them and names the row at fault.
"""

import re
from functools import cache

from warehouse.files.sheet import MAX_CELL_CHARACTERS, CsvSource


def plain_text(source: CsvSource) -> str | None:
    """Return the text of a CSV file, with LF between lines, if it is plain; else None.

    It is when every line is a record, when quotation marks stand only around whole cells and doubled within them, and
    when no cell can exceed a limit.
    """
    try:
        text = source.path.read_bytes().decode(source.encoding)
    except UnicodeError:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\r" in text or "\0" in text or "\n\n" in text or text.startswith("\n"):
        return None
    if max(map(len, text.split("\n"))) > MAX_CELL_CHARACTERS:
        return None
    return text if '"' not in text or '"' not in _quoted_cell(source.delimiter).sub("", text) else None


@cache
def _quoted_cell(delimiter: str) -> re.Pattern[str]:
    """Return the pattern of a cell in quotation marks, from one end of a line or delimiter to the next."""
    ends = rf"{re.escape(delimiter)}\n"
    return re.compile(rf'"(?<![^{ends}]")(?:[^"\n]++|"")*+"(?=[{ends}]|\Z)')
