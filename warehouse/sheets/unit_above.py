"""Units that the line above a table states ("вес в граммах"): compared with those of its rows."""

import re

from warehouse.questionnaire.measures import UNITS
from warehouse.sheets.column_measures import Sender
from warehouse.sheets.remark import ColumnRemark
from warehouse.sheets.sheet_scan import SheetScan

_FIELD = "unit"
# Single Cyrillic letters are other words too: "в г. Алматы", "в т. ч.".
_UNITS = {
    "MG": r"миллиграмм\w*|мг|milligrams?|mg",
    "G": r"грамм\w*|гр|grams?|g",
    "KG": r"килограмм\w*|кг|kilograms?|kg",
    "T": r"тонн\w*|tonnes?|tons?|t",
    "L": r"литр\w*|lit(?:re|er)s?|l",
    "ML": r"миллилитр\w*|мл|millilit(?:re|er)s?|ml",
}
_MAX_CHARACTERS = 200  # a longer cell is prose


def unit_above(scan: SheetScan, sender: Sender) -> list[ColumnRemark]:
    """Return what is to be said of a line that states another unit than the first rows do."""
    header = scan.header
    place = next((c for c, name in header.columns.items() if name == _FIELD), None) if header else None
    if header is None or place is None:
        return []
    lines = [cell.strip() for row in scan.top[: header.first] for cell in row]
    stated = [(line, code) for line in lines if (code := _stated(line))]
    for index, row in enumerate(scan.top):
        own = row[place].strip() if index > header.index and place < len(row) else ""
        code = sender.code_of(UNITS, own) if own else None
        for line, unit in stated[:1]:
            if code in _UNITS and code != unit:
                return [ColumnRemark("unit_above", line, _FIELD, {"unit": own, "row": index})]
    return []


def _stated(line: str) -> str | None:
    if len(line) > _MAX_CHARACTERS:
        return None
    text = line.casefold()
    found = [c for c, words in _UNITS.items() if re.search(rf"(?<!\w)(?:в|in)\s+(?:{words})(?!\w)", text)]
    return found[0] if len(found) == 1 else None
