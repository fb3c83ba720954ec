"""Tables of plain text for terminals and logs."""

from collections.abc import Iterable, Sequence


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
    text = " ".join(str(value).split())
    # Escape sequences of a sender would command the terminal; hidden ones turn the reading direction.
    return text if text.isprintable() else "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)


def _is_numeric(values: Iterable[object]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present)
