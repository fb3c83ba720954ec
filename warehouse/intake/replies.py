"""Replies to warnings that came back in a workbook."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warehouse.files.sheet import Row
from warehouse.findings import return_sheet_words as words
from warehouse.findings.return_sheet_words import REFERENCE_LENGTH
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.headings import heading_key
from warehouse.questionnaire.language import Bilingual


@dataclass(frozen=True)
class Reply:
    """An answer, letter by letter, to the finding of this reference; ``code`` is its meaning in the list ``replies``.

    ``rule`` and ``value`` are what the workbook showed beside it.
    """

    reference: str
    rule: str
    value: str
    text: str
    code: str | None


def read_replies(rows: Iterable[Row], codelists: Path) -> list[Reply]:
    """Return the replies of a sheet of findings; none if the sheet is another one."""
    columns: dict[str, int] | None = None
    replies = []
    known = load_codelist(codelists, "replies")
    for number, row in enumerate(rows):
        if columns is None:
            columns = _columns(row)
            if columns is None and number > words.HEADER_ROW:
                return []
            continue
        cells = {name: row[column].strip() if column < len(row) else "" for name, column in columns.items()}
        if cells["reply"] and len(cells["reference"]) == REFERENCE_LENGTH:
            code = known.code_of(cells["reply"])
            replies.append(Reply(cells["reference"], cells["rule"], cells["value"], cells["reply"], code))
    return replies


def _columns(row: Row) -> dict[str, int] | None:
    """Return where the heading row of a sheet of findings has its columns; None for any other row."""
    parts = [{heading_key(part) for part in re.split(r"[/|\n]", cell)} for cell in row]

    def place(title: Bilingual) -> int | None:
        keys = {heading_key(title.en), heading_key(title.ru)}
        return next((column for column, found in enumerate(parts) if found & keys), None)

    places = {name: place(words.COLUMNS[name]) for name in ("rule", "value", "reply", "reference")}
    found = {name: column for name, column in places.items() if column is not None}
    return found if len(found) == len(places) else None
