"""Exports of KoboToolbox and ODK Central: how the filled XLSForm comes back.

Every shape is brought into that of KoboToolbox's workbook, one sheet of records and one sheet for each repeat, and then
into ours: a cover for what the records say of themselves, a sheet for each table. Shapes and where they are written:

- KoboToolbox, XLSX: formpack, src/formpack/reporting/export.py: a sheet for each repeat with ``_index``,
  ``_parent_table_name``, ``_parent_index`` and ``_submission_<field>``; headings are names or labels, with or without
  the groups above (``seizures/quantity``). Its CSV (``;``) holds the records alone, without any repeat.
- KoboToolbox, JSON: ``{count, next, previous, results: [record]}`` of /api/v2/assets/<uid>/data, or the list alone;
  keys hold the whole path, in a repeat too (formpack, tests/fixtures/grouped_repeatable/v1.json).
- ODK Central, CSV: central-backend, lib/data/briefcase.js: <form>.csv and <form>-<repeat>.csv in a zip, groups before a
  hyphen (``header-country``), ``PARENT_KEY`` and ``KEY`` in a repeat, ``KEY`` of the form uuid:…/seizures[1].
- ODK Central, OData: central-backend, lib/data/json.js and https://docs.getodk.org/central-api-odata-endpoints/:
  ``{"@odata.context": …, "value": [record]}``, groups nested, repeats only with ``$expand=*``, or each one as a
  document of its own (``#Submissions.seizures``, ``__Submissions-id``).

One file is one submission: records of several officers lie in it together. That a table has nothing to report is said
by an answer, never by the absence of rows: another officer may report it.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from warehouse.files.odk_metadata import (
    identifiers,
    is_export,
    is_repeat,
    metadata_kind,
    parents,
    record_name,
    row_name,
)
from warehouse.files.sheet import Row, Sheet, UnreadableError
from warehouse.questionnaire.cover import cover_data
from warehouse.questionnaire.definition import Field, Questionnaire, Words
from warehouse.questionnaire.headings import heading_key, named_table
from warehouse.words.catalogue import N_
from warehouse.words.form_words import COVER_SHEET, NO, YES
from warehouse.words.xlsform_words import (
    ANSWERED,
    CONTENTS,
    CONTENTS_TITLE,
    HEADER,
    MISSING,
    answered_question,
    missing_question,
)

NO_RECORD = N_("the export holds no record. Choose the month again and export it anew.")


@dataclass(frozen=True)
class _Record:
    """One form that was sent: its number in the file, cover answers, table → what is said of it, metadata."""

    number: int
    cover: dict[str, str]
    said: dict[str, str]
    metadata: dict[str, str]

    @property
    def is_nil(self) -> bool:
        return _is(self.cover.get("nil_return", ""), YES)


def converted(sheets: Sequence[Sheet], questionnaire: Questionnaire) -> list[Sheet]:
    """Return the sheets of an export as those of a submission; sheets of any other file as they are.

    Rows of a sheet are gone through more than once, so they are a list and no stream.
    Raises UnreadableError for an export without records, or with records whose rows are not in the file.
    """
    looked = [(next(iter(sheet.rows), []), sheet) for sheet in sheets]
    if not any(is_export(headings) for headings, _ in looked):
        return list(sheets)
    parts = [(headings, sheet) for headings, sheet in looked if is_export(headings)]
    form = _Form(questionnaire)
    records = [
        record
        for headings, sheet in parts
        if not is_repeat(headings)
        for record in form.records(headings, itertools.islice(sheet.rows, 1, None))
    ]
    known = {name: record for record in records for name in identifiers(record.metadata)}
    reporting: set[int] = set()
    tables = [form.table(headings, sheet, known, reporting) for headings, sheet in parts if is_repeat(headings)]
    tables = [sheet for sheet in tables if any(row for row in itertools.islice(sheet.rows, 1, None))]
    nil = _nil_sheets(records, tables, questionnaire)
    if not (tables or nil or any(record.is_nil for record in records)):
        raise _without_rows(len(records))
    rest = [sheet for headings, sheet in looked if not is_export(headings)]
    return [*_covers(records, reporting), *tables, *nil, *rest]


def _without_rows(count: int) -> UnreadableError:
    if not count:
        return UnreadableError(NO_RECORD)
    return UnreadableError(
        N_(
            "the file holds the first page of {count} records and none of their rows. Export everything in one file: "
            "from KoboToolbox as XLSX or JSON (its CSV leaves out the tables), from ODK Central as a zip of all tables."
        ),
        count=count,
    )


@dataclass(frozen=True)
class _Columns:
    """What the columns of a sheet are: place → bare heading of an answer, place → name of metadata that is kept.

    ``reasons`` are the answers that say why another one is missing, with the heading of that one.
    """

    answers: dict[int, str]
    metadata: dict[int, str]
    reasons: dict[str, str]

    def answers_of(self, row: Row) -> dict[str, str]:
        return {name: row[place] if place < len(row) else "" for place, name in self.answers.items()}

    def beside(self, row: Row) -> dict[str, str]:
        return {name: row[place] if place < len(row) else "" for place, name in self.metadata.items()}


class _Form:
    """What the headings of an export mean: every name and label under which the XLSForm asked a question."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        """Look up the words of all tables once."""
        tables = questionnaire.tables
        groups = {HEADER, CONTENTS, *_both(COVER_SHEET), *_both(CONTENTS_TITLE)}
        groups |= {heading for table in tables for heading in table.headings}
        self._prefixes = tuple(f"{group.casefold()}{sign}" for group in groups for sign in "/-")
        self._said = {
            heading_key(text): table.name
            for table in tables
            for text in (f"{ANSWERED}{table.name}", *_both(answered_question(table)))
        }
        self._missing = {
            heading_key(text): field
            for table in tables
            for field in table.fields
            for text in (f"{field.name}{MISSING}", *_both(missing_question(field)))
        }

    def records(self, headings: Row, rows: Iterable[Row]) -> list[_Record]:
        """Return the records of a sheet of records; empty rows are none."""
        columns = self._columns(headings)
        return [self._record(number, columns, row) for number, row in enumerate(rows, start=1) if any(row)]

    def _record(self, number: int, columns: _Columns, row: Row) -> _Record:
        answers = columns.answers_of(row)
        said = {self._said[key]: text for name, text in answers.items() if (key := heading_key(name)) in self._said}
        return _Record(number, cover_data([name, text] for name, text in answers.items()), said, columns.beside(row))

    def table(self, headings: Row, sheet: Sheet, known: Mapping[str, _Record], reporting: set[int]) -> Sheet:
        """Return the sheet of a repeat with the metadata of row and record as columns that are known to be none.

        Rows keep their numbers: one without an answer stays as an empty row. Adds the numbers of the records that have
        rows to ``reporting``.
        """
        columns = self._columns(headings)
        lines = [_line(columns, row, known, reporting) for row in itertools.islice(sheet.rows, 1, None)]
        names = list(dict.fromkeys(name for answers, _ in lines for name in answers))
        beside = list(dict.fromkeys(name for _, metadata in lines for name in metadata))
        rows = [
            [*(answers.get(name, "") for name in names), *(metadata.get(name, "") for name in beside)]
            if answers
            else []
            for answers, metadata in lines
        ]
        return Sheet(sheet.name, [[*names, *beside], *rows], first_row=sheet.first_row, metadata=frozenset(beside))

    def _columns(self, headings: Row) -> _Columns:
        kinds = {place: metadata_kind(heading) for place, heading in enumerate(headings)}
        answers = {place: self._bare(headings[place]) for place, kind in kinds.items() if kind is None}
        reasons = {}
        for name in answers.values():
            if field := self._missing.get(heading_key(name)):
                reasons[name] = next((other for other in answers.values() if _answers(other, field)), field.name)
        return _Columns(answers, {place: headings[place] for place, kind in kinds.items() if kind == "kept"}, reasons)

    def _bare(self, heading: str) -> str:
        """Return a heading without the groups that stand before it."""
        prefix = next((prefix for prefix in self._prefixes if heading.casefold().startswith(prefix)), None)
        return heading if prefix is None else self._bare(heading[len(prefix) :])


def _line(
    columns: _Columns, row: Row, known: Mapping[str, _Record], reporting: set[int]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return answers and metadata of a row; both are empty for a row that answers nothing."""
    answers, own = columns.answers_of(row), columns.beside(row)
    if not any(cell.strip() for cell in answers.values()):
        return {}, {}
    metadata = {row_name(name): cell for name, cell in own.items()}
    record = next((known[name] for name in parents(own) if name in known), None)
    if record:
        reporting.add(record.number)
        metadata = {record_name(name): cell for name, cell in record.metadata.items()} | metadata
    # Why a figure is missing stands in its place; beside a figure that is there it is kept, and not as an answer.
    for reason, place in columns.reasons.items():
        text = answers.pop(reason)
        if answers.get(place, "").strip():
            metadata |= {reason: text} if text.strip() else {}
        else:
            answers[place] = text
    return answers, metadata


def _answers(heading: str, field: Field) -> bool:
    return heading_key(heading) in {heading_key(known) for known in field.headings}


def _both(words: Words) -> tuple[str, str]:
    return words.en, words.ru


def _is(text: str, words: Words) -> bool:
    return text.strip().casefold() in {word.casefold() for word in _both(words)}


def _covers(records: Sequence[_Record], reporting: set[int]) -> list[Sheet]:
    """Return a cover for each different set of answers: what contradicts another is found out as in any file.

    An officer who has nothing to report does not speak for the others: nil holds if all say so, or beside own rows,
    where it is a contradiction. The highest revision counts.
    """
    all_nil = all(record.is_nil for record in records)
    revisions = [text for record in records if (text := record.cover.get("revision", "")).isdecimal()]
    covers: dict[tuple[tuple[str, str], ...], int] = {}
    for record in records:
        answers = dict(record.cover)
        if record.is_nil and not all_nil and record.number not in reporting:
            del answers["nil_return"]
        if answers.get("revision", "").isdecimal():
            answers["revision"] = max(revisions, key=int)
        covers.setdefault(tuple(sorted(answers.items())), record.number)
    return [Sheet("cover", [list(pair) for pair in answers], record=number) for answers, number in covers.items()]


def _nil_sheets(records: Sequence[_Record], tables: Sequence[Sheet], questionnaire: Questionnaire) -> list[Sheet]:
    """Return an empty sheet for each table that an officer says has nothing to report and that nobody reports."""
    reported = {table.name for sheet in tables if (table := named_table(sheet.name, questionnaire))}
    empty = {name for record in records for name, text in record.said.items() if _is(text, NO)} - reported
    return [Sheet(table.name, [], has_keys=True) for table in questionnaire.tables if table.name in empty]
