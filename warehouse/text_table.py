"""Plain text for terminals and logs: what of others may stand in it, and tables."""

import logging
import unicodedata
from collections.abc import Iterable, Sequence


def printable(text: str, *, keep: str = "") -> str:
    """Return a text with control characters, and hidden ones, escaped as Python writes them, but for those to keep.

    Escape sequences of a sender would command the terminal, a line break would forge a line, and hidden characters turn
    the reading direction.
    """
    if text.isprintable():
        return text
    return "".join(mark if mark in keep or _is_shown(mark) else ascii(mark)[1:-1] for mark in text)


def _is_shown(mark: str) -> bool:
    return mark.isprintable() or unicodedata.category(mark) == "Zs"


def escape_record(record: logging.LogRecord) -> bool:
    """Escape the message of a log record, but for line breaks; a filter of loggers that lets every record pass."""
    record.msg, record.args = printable(record.getMessage(), keep="\n"), None
    return True


class PrintableFormatter(logging.Formatter):
    """A formatter whose lines hold nothing that would command a terminal, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, escaped but for line breaks and tabs."""
        return printable(super().format(record), keep="\n\t")


def lay_out(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return headings and rows as lines of text in aligned columns, numbers to the right, nothing truncated."""
    values = [list(row) for row in rows]
    cells = [[_cell(heading) for heading in headings], *([_cell(value) for value in row] for row in values)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    right = [_is_numeric([row[column] for row in values]) for column in range(len(headings))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    return printable(" ".join(str(value).split()))


def is_number(value: object) -> bool:
    """Return whether a value is a number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_numeric(values: Iterable[object]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(map(is_number, present))
