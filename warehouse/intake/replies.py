"""Replies of a sender to our findings, read from a return workbook."""

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
    """A reply, exactly as sent, to the finding with this reference; ``code`` is its code in the codelist "replies".

    ``rule`` and ``value`` are those of the finding, as the workbook showed them. ``code`` is None if not understood.
    """

    reference: str
    rule: str
    value: str
    text: str
    code: str | None


def read_replies(rows: Iterable[Row], codelists: Path) -> list[Reply]:
    """Return the replies in a sheet of findings; an empty list for any other sheet."""
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
    """Return the columns (from 0) of a sheet of findings by name, from its heading row; None for any other row."""
    parts = [{heading_key(part) for part in re.split(r"[/|\n]", cell)} for cell in row]

    def position(title: Bilingual) -> int | None:
        keys = {heading_key(title.en), heading_key(title.ru)}
        return next((column for column, found in enumerate(parts) if found & keys), None)

    positions = {name: position(words.COLUMNS[name]) for name in ("rule", "value", "reply", "reference")}
    found = {name: column for name, column in positions.items() if column is not None}
    return found if len(found) == len(positions) else None
