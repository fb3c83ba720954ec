"""Units that the line above a table states ("вес в граммах"): compared with those of its rows."""

import re

from warehouse.files.sheet import text_at
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.measures import UNITS
from warehouse.sheets.remark import ColumnRemark
from warehouse.sheets.sender import Sender
from warehouse.sheets.sheet_scan import SheetScan

_FIELD = "unit"
_WORD = re.compile(r"(?<!\w)(?:в|in)\s+([^\W\d_]+)", re.IGNORECASE)
_MEASURED = ("MASS", "VOLUME")  # dimensions; units of pieces stand in other sentences too
_MAX_CHARACTERS = 200  # a longer cell is prose


def unit_above(scan: SheetScan, sender: Sender) -> list[ColumnRemark]:
    """Return what is to be said of a line that states another unit than the first rows do."""
    header = scan.header
    place = next((c for c, name in header.columns.items() if name == _FIELD), None) if header else None
    if header is None or place is None:
        return []
    lines = [cell.strip() for row in scan.top[: header.first] for cell in row]
    stated = [(line, code) for line in lines if (code := _stated(line, sender))]
    for index, row in enumerate(scan.top):
        own = text_at(row, place) if index > header.index else ""
        code = sender.code_of(UNITS, own) if own else None
        for line, unit in stated[:1]:
            if code and code != unit and _is_measured(code, sender):
                return [ColumnRemark("unit_above", line, _FIELD, {"unit": own, "row": index})]
    return []


def _stated(line: str, sender: Sender) -> str | None:
    if len(line) > _MAX_CHARACTERS:
        return None
    # Single Cyrillic letters are other words too: "в г. Алматы", "в т. ч.".
    words = [word for word in _WORD.findall(line) if len(word) > 1 or word.isascii()]
    codes = {code for word in words if (code := sender.code_of(UNITS, word)) and _is_measured(code, sender)}
    return codes.pop() if len(codes) == 1 else None


def _is_measured(code: str, sender: Sender) -> bool:
    return load_codelist(sender.codelists, UNITS).entries[code]["dimension"] in _MEASURED
