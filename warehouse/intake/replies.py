"""Replies of a sender to our findings, read from a return workbook."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.files.sheet import Row, Sheet, text_at
from warehouse.findings import return_sheet_words as words
from warehouse.questionnaire.codelists import Codelist, load_codelist, spelling_key
from warehouse.questionnaire.headings import heading_key
from warehouse.questionnaire.language import Bilingual
from warehouse.sheets.detection import WORKBOOKS, Contents

MAX_UNDERSTOOD_CHARACTERS = 200
_NEEDED = ("rule", "value", "reply", "reference")
# A question mark and an ellipsis are none of them: they make a doubt of what stands before.
# A comma before "as" parts nothing: «исправить, как предложено».
_STOPS = re.compile(r"[;:!()/\n]|,(?!\s*(?:как|as)\b)|(?<!\.)\.(?!\.)|\s[-–—]\s")
_QUOTES = str.maketrans("", "", "«»“”„\"'")


@dataclass(frozen=True)
class Reply:
    """A reply, exactly as sent, to the finding with this reference; ``code`` is its code in the codelist "replies".

    ``rule`` and ``value`` are those of the finding, as the workbook showed them. ``code`` is None if not understood.
    ``sheet`` and ``source_row`` are where it stands in the sender's workbook; None in ledgers of before.
    """

    reference: str
    rule: str
    value: str
    text: str
    code: str | None
    sheet: str | None = None
    source_row: int | None = None


def read_replies(sheet: Sheet, codelists: Path) -> list[Reply]:
    """Return the replies in a sheet of findings, whatever their references; an empty list for any other sheet."""
    columns: dict[str, int] | None = None
    replies = []
    known = load_codelist(codelists, "replies")
    for index, row in enumerate(sheet.rows):
        if columns is None:
            columns = _columns(row)
            if columns is None and index > words.HEADER_ROW:
                return []
            continue
        cells = {name: text_at(row, column) for name, column in columns.items()}
        if text := cells["reply"]:
            number = sheet.first_row + index
            code = understand(text, known, _meaning_of_yes(cells))
            replies.append(Reply(cells["reference"], cells["rule"], cells["value"], text, code, sheet.name, number))
    return replies


def _meaning_of_yes(cells: Mapping[str, str]) -> str | None:
    """Return the code of a plain yes: to a question whether the value is right, to what is proposed for an error.

    None beside a question with a proposal, which asks two things.
    """
    if not cells.get("proposed"):
        return "CONFIRMED"
    correct = words.SEVERITIES["error"]
    asked = {heading_key(part) for part in re.split(r"[/|\n]", cells.get("severity", ""))}
    return "ACCEPTED" if asked & {heading_key(correct.en), heading_key(correct.ru)} else None


def understand(text: str, known: Codelist, yes: str | None = "CONFIRMED") -> str | None:
    """Return the code of a reply; None if any part of it, between stops, says more than a spelling that is known.

    Around a spelling may stand words that change nothing: ``Yes, it is correct.`` is understood, ``yes, but`` is not.
    ``yes`` is what a plain yes means where nothing else is said.
    """
    if len(text) > MAX_UNDERSTOOD_CHARACTERS:
        return None
    parts = [spelling_key(part.replace(",", " ")).split() for part in _STOPS.split(text.translate(_QUOTES))]
    codes = [_codes(part, known) for part in parts if part]
    if any(found is None for found in codes):
        return None
    meanings = {code for found in codes for code in found or ()}
    if meanings == {"YES"}:
        return yes
    if "DENIED" not in meanings:
        meanings.discard("YES")
    return meanings.pop() if len(meanings) == 1 else None


def _codes(part: list[str], known: Codelist) -> list[str] | None:
    """Return what the spellings in a part mean, in their order; None if there is any word more than may be.

    None too where one part denies twice: ``no mistake`` and ``no value is wrong`` say that nothing is.
    """
    before, after = _plain(words.WORDS_BEFORE_REPLY), _plain(words.WORDS_AFTER_REPLY)
    found: list[str] = []
    rest: list[str] = []  # words since the last spelling
    start = 0
    while start < len(part):
        ends = (end for end in range(len(part), start, -1) if " ".join(part[start:end]) in known.spellings)
        end = next(ends, None)
        if end is None:
            rest.append(part[start])
            start += 1
            continue
        code = known.spellings[" ".join(part[start:end])]
        if not before.issuperset(rest) or (code in found and code == "DENIED"):
            return None
        found.append(code)
        rest, start = [], end
    return found if (after if found else before | after).issuperset(rest) else None


def _plain(phrase: Bilingual) -> frozenset[str]:
    return frozenset(spelling_key(f"{phrase.en} {phrase.ru}").split())


def _columns(row: Row) -> dict[str, int] | None:
    """Return the columns (from 0) of a sheet of findings by name, from its heading row; None for any other row."""
    parts = [{heading_key(part) for part in re.split(r"[/|\n]", cell)} for cell in row]

    def position(title: Bilingual) -> int | None:
        keys = {heading_key(title.en), heading_key(title.ru)}
        return next((column for column, found in enumerate(parts) if found & keys), None)

    positions = {name: position(words.COLUMNS[name]) for name in (*_NEEDED, "severity", "proposed")}
    found = {name: column for name, column in positions.items() if column is not None}
    return found if found.keys() >= set(_NEEDED) else None


def contents_replies(contents: Contents, codelists: Path) -> tuple[Reply, ...]:
    """Return the sender's replies to our findings; only a workbook can be a return workbook."""
    sheets = contents.sheets if contents.file_format in WORKBOOKS else ()
    return tuple(reply for sheet in sheets for reply in read_replies(sheet, codelists))
