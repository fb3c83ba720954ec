"""Text size: how much room a text takes in a cell of a workbook, and how much of it a cell holds."""

EXCEL_CELL_CHARACTERS = 32_767  # of UTF-16, where a letter beyond the basic plane counts 2
LINE_HEIGHT = 13
LETTER_WIDTH = 0.95  # of a digit's width; Cyrillic letters are wider than Latin ones
MAX_LINES = 30  # Excel limits a row to 409 points


def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes when wrapped at words; ``width`` is that of the column in characters."""
    if "\n" not in text:
        return 1 if len(text) < width else _wrapped_line_count(text, width)
    return sum(_wrapped_line_count(line, width) for line in text.split("\n"))


def _wrapped_line_count(line: str, width: float) -> int:
    lines, used = 1, 0.0
    for word in line.split(" "):
        length = len(word) * LETTER_WIDTH
        if used and used + length > width:
            lines, used = lines + 1, 0.0
        used += length + 1
        if used > width:  # a word longer than the column is broken
            lines += int(used // (width + 1))
            used %= width + 1
    return lines


def fit_cell(text: str) -> str:
    """Return a text as a cell holds it: cut, with an ellipsis, where it is longer than EXCEL_CELL_CHARACTERS."""
    if len(text) <= EXCEL_CELL_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * EXCEL_CELL_CHARACTERS:
        return text
    return units[: 2 * (EXCEL_CELL_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"
