"""Exports of KoboToolbox and ODK Central: the filled XLSForm, converted into the sheets of a submission.

Every layout is first brought into that of KoboToolbox's workbook, one sheet of records and one of each repeat, and then
into ours: covers with the answers about a record as a whole, and a sheet for each table. Layouts and their sources:

- KoboToolbox, XLSX: formpack, src/formpack/reporting/export.py: a sheet for each repeat with ``_index``,
  ``_parent_table_name``, ``_parent_index`` and ``_submission_<field>``; headings are names or labels, with or without
  a prefix of groups (``seizures/quantity``). Its CSV (``;``) holds the records only, without any repeat.
- KoboToolbox, JSON: ``{count, next, previous, results: [record]}`` of /api/v2/assets/<uid>/data, or the list alone;
  keys hold the whole path, in a repeat too (formpack, tests/fixtures/grouped_repeatable/v1.json).
- ODK Central, CSV: central-backend, lib/data/briefcase.js: <form>.csv and <form>-<repeat>.csv in a zip, groups as a
  prefix with a hyphen (``header-country``), ``PARENT_KEY`` and ``KEY`` in a repeat, ``KEY`` like uuid:…/seizures[1].
- ODK Central, OData: central-backend, lib/data/json.js and https://docs.getodk.org/central-api-odata-endpoints/:
  ``{"@odata.context": …, "value": [record]}``, groups nested, repeats only with ``$expand=*``, or each one as a
  document of its own (``#Submissions.seizures``, ``__Submissions-id``).

One file is one submission, with the records of several officers. A table has nothing to report only if an answer says
so; missing rows do not mean that, because another officer may report them.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from warehouse.exports.odk_headings import ExportColumns, FormHeadings, translations
from warehouse.exports.odk_metadata import identifiers, is_export, is_repeat, parents, record_name, row_name
from warehouse.files.sheet import Row, Sheet, UnreadableError
from warehouse.questionnaire.cover import cover_data
from warehouse.questionnaire.definition import Questionnaire
from warehouse.questionnaire.headings import find_header, named_table
from warehouse.questionnaire.language import Bilingual
from warehouse.words.catalogue import N_
from warehouse.words.form_words import NO, YES

NO_RECORD = N_("the export holds no record. Choose the month again and export it anew.")


@dataclass(frozen=True)
class _Record:
    """One filled form: its number in the file (from 1), cover answers by key, and metadata by heading.

    ``has_rows`` maps a table to the answer whether there is anything to report in it, as text.
    """

    number: int
    cover: dict[str, str]
    has_rows: dict[str, str]
    metadata: dict[str, str]

    @property
    def is_nil(self) -> bool:
        return _is(self.cover.get("nil_return", ""), YES)


def convert_export(sheets: Sequence[Sheet], questionnaire: Questionnaire) -> list[Sheet]:
    """Return the sheets of an export as those of a submission, and the sheets of any other file unchanged.

    The rows of each sheet must be a list, because they are iterated more than once. Raises UnreadableError for an
    export without records, or without the rows of its records.
    """
    with_headings = [(next(iter(sheet.rows), []), sheet) for sheet in sheets]
    exported = [(headings, sheet) for headings, sheet in with_headings if is_export(headings)]
    if not exported:
        return list(sheets)
    form = FormHeadings(questionnaire)
    records = [
        record
        for headings, sheet in exported
        if not is_repeat(headings)
        for record in _records(form.columns(headings), itertools.islice(sheet.rows, 1, None))
    ]
    known = {name: record for record in records for name in identifiers(record.metadata)}
    reporting: set[int] = set()
    tables = [
        _table(form.columns(headings), sheet, known, reporting) for headings, sheet in exported if is_repeat(headings)
    ]
    tables = [sheet for sheet in tables if any(row for row in itertools.islice(sheet.rows, 1, None))]
    nil = _nil_sheets(records, tables, questionnaire)
    if not tables:
        flat = [pair for pair in exported if records and _is_flat(form, *pair, questionnaire)]
        tables = [_table(form.columns(headings), sheet, {}, set()) for headings, sheet in flat]
    if not (tables or nil or any(record.is_nil for record in records)):
        raise _rows_missing(len(records))
    rest = [sheet for headings, sheet in with_headings if not is_export(headings)]
    return [*_covers(records, reporting), *tables, *nil, *rest]


def _is_flat(form: FormHeadings, headings: Row, sheet: Sheet, questionnaire: Questionnaire) -> bool:
    """Tell whether the records of a form without repeats are rows of a table: their questions are headings of one."""
    header = find_header(sheet.name, [list(form.columns(headings).answers.values())], questionnaire)
    return header is not None and not header.missing and not is_repeat(headings)


def _rows_missing(count: int) -> UnreadableError:
    if not count:
        return UnreadableError(NO_RECORD)
    return UnreadableError(
        N_(
            "the file holds the first page of {count} records and none of their rows. Export everything in one file: "
            "from KoboToolbox as XLSX or JSON (its CSV leaves out the tables), from ODK Central as a zip of all tables."
        ),
        count=count,
    )


def _records(columns: ExportColumns, rows: Iterable[Row]) -> list[_Record]:
    """Return the records of a sheet of records; empty rows are skipped."""
    return [_record(number, columns, row) for number, row in enumerate(rows, start=1) if any(row)]


def _record(number: int, columns: ExportColumns, row: Row) -> _Record:
    answers = columns.answers_of(row)
    cover = cover_data([name, text] for name, text in answers.items())
    has_rows = {columns.tables[name]: text for name, text in answers.items() if name in columns.tables}
    return _Record(number, cover, has_rows, columns.metadata_of(row))


def _table(columns: ExportColumns, sheet: Sheet, known: Mapping[str, _Record], reporting: set[int]) -> Sheet:
    """Return the sheet of a repeat, with the metadata of each row and of its record as columns of metadata.

    ``known`` maps an identifier to its record. A row without answers becomes an empty row, so that rows keep their
    numbers. Adds the numbers of the records that have rows to ``reporting``.
    """
    cells = [_row_cells(columns, row, known, reporting) for row in itertools.islice(sheet.rows, 1, None)]
    answer_names = list(dict.fromkeys(name for answers, _ in cells for name in answers))
    metadata_names = list(dict.fromkeys(name for _, metadata in cells for name in metadata))
    rows = [
        [*(answers.get(name, "") for name in answer_names), *(metadata.get(name, "") for name in metadata_names)]
        if answers
        else []
        for answers, metadata in cells
    ]
    header = [*answer_names, *metadata_names]
    return Sheet(sheet.name, [header, *rows], first_row=sheet.first_row, metadata=frozenset(metadata_names))


def _row_cells(
    columns: ExportColumns, row: Row, known: Mapping[str, _Record], reporting: set[int]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answers and the metadata of a row by heading; both are empty for a row without answers."""
    answers, own = columns.answers_of(row), columns.metadata_of(row)
    if not any(cell.strip() for cell in answers.values()):
        return {}, {}
    metadata = {row_name(name): cell for name, cell in own.items()}
    record = next((known[name] for name in parents(own) if name in known), None)
    if record:
        reporting.add(record.number)
        metadata = {record_name(name): cell for name, cell in record.metadata.items()} | metadata
    # The reason why a figure is missing takes the figure's place; given beside a figure, it is kept as metadata.
    for reason, figure in columns.reasons.items():
        text = answers.pop(reason)
        if answers.get(figure, "").strip():
            metadata |= {reason: text} if text.strip() else {}
        else:
            answers[figure] = text
    return answers, metadata


def _is(text: str, words: Bilingual) -> bool:
    return text.strip().casefold() in {word.casefold() for word in translations(words)}


def _covers(records: Sequence[_Record], reporting: set[int]) -> list[Sheet]:
    """Return a cover for each distinct set of answers, so that contradictions are found as in any other file.

    An officer with nothing to report does not answer for the others: a nil return is kept if all records state one, or
    if the record has rows itself, which is a contradiction. Of several revision numbers the highest counts.
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
    """Return an empty sheet for each table that some record answers with "nothing to report" and none has rows of."""
    reported = {table.name for sheet in tables if (table := named_table(sheet.name, questionnaire))}
    empty = {name for record in records for name, text in record.has_rows.items() if _is(text, NO)} - reported
    return [Sheet(table.name, [], has_keys=True) for table in questionnaire.tables if table.name in empty]
