"""Return workbook: the form filled with what a country sent, its bad cells marked and every finding listed.

It is written from the questionnaire anew, so that lists and rules are whole again and nothing that was hidden in the
sender's file, or asked for by nobody, travels back.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.findings import return_sheet_words as words
from warehouse.findings.finding import LISTED_LENGTH, Severity, shortened
from warehouse.forms import style
from warehouse.forms.edition import FormEdition
from warehouse.forms.table_sheet import FIRST_ROW, HEADING_ROW, Filling, Note, Texts
from warehouse.forms.template import ROW_COUNT, Form
from warehouse.forms.text_size import LINE_HEIGHT, MAX_LINES, line_count
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import Bilingual, in_language


@dataclass(frozen=True)
class Mark:
    """A finding at its place: ``row`` is the index in the table's answers; None means the whole table, row or file.

    ``value`` is what was sent there; ``reply`` what the sender answered before; ``reference`` the name under which the
    ledger finds the finding again when the workbook comes back. ``proposed`` is what is proposed, ``filled`` the fields
    of the row that hold it already, with what was sent there.
    """

    severity: Severity
    rule: str
    message: Words
    table: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    reply: str = ""
    reference: str = ""
    proposed: Words | None = None
    filled: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Answers:
    """What a country sent, by the name of its table, the findings about it, and the next revision.

    ``notices`` are shown above the list of findings, ``contact`` on the cover, and beside each of ``nil_tables`` there
    that it has nothing to report.
    """

    texts: Mapping[str, Texts]
    marks: Sequence[Mark] = ()
    revision: int = 1
    notices: Sequence[Bilingual] = ()
    contact: str = ""
    nil_tables: Collection[str] = ()


def write_return_workbook(
    path: Path, edition: FormEdition, answers: Answers, *, row_count: int = ROW_COUNT
) -> list[str | None]:
    """Write the form of a country and month with its answers, marked cells and a sheet of findings.

    Returns sheet and cell of each mark, e.g. ``Seizures H7``; None where it is about the whole file. A cell holds the
    text that was sent, letter by letter and never as a formula; beyond the 32,767 characters that a cell can hold it
    is cut. Raises KeyError for a mark on a table or a field that the questionnaire does not have.
    """
    with Form(path, edition) as form:
        fillings = _fillings(answers, edition)
        cells = Cells(edition, fillings)
        form.add_cover(answers.revision, answers.contact, answers.nil_tables)
        FindingsSheet(form, cells).write(answers.marks, answers.notices)
        form.add_tables(fillings, row_count)
    places = (cells.place(mark) for mark in answers.marks)
    return [None if place is None else " ".join(place) for place in places]


def _fillings(answers: Answers, edition: FormEdition) -> dict[str, Filling]:
    """Return rows and notes by table; a mark of a whole row is noted at its first cell."""
    fillings = {}
    for table in edition.questionnaire.tables:
        marks: dict[tuple[int, str], list[Mark]] = {}
        for mark in answers.marks:
            if mark.table == table.name and mark.row is not None:
                for field in dict.fromkeys([mark.field or table.fields[0].name, *mark.filled]):
                    marks.setdefault((mark.row, field), []).append(mark)
        notes = {place: _note(found, edition, place[1]) for place, found in marks.items()}
        fillings[table.name] = Filling(answers.texts.get(table.name, {}), notes)
    return fillings


def _note(marks: Sequence[Mark], edition: FormEdition, field: str) -> Note:
    severity: Severity = "error" if any(mark.severity == "error" for mark in marks) else "warning"
    parts = [edition.in_chosen(mark.message) for mark in marks]
    sent = next((mark.filled[field] for mark in marks if field in mark.filled), None)
    if sent is not None:
        parts.append(edition.in_chosen(words.proposed_here(shortened(sent, LISTED_LENGTH))))
    return Note(severity, "\n\n".join(parts), is_proposed=sent is not None)


class Cells:
    """The cells of marks in a workbook whose tables are filled so."""

    def __init__(self, edition: FormEdition, fillings: Mapping[str, Filling]) -> None:
        """Find the columns of every table once, because every row has to be read for it."""
        self.names = {table.name: edition.sheet_name(table) for table in edition.questionnaire.tables}
        self.columns = {
            table.name: [field.name for field in fillings[table.name].fields(table)]
            for table in edition.questionnaire.tables
        }

    def place(self, mark: Mark) -> tuple[str, str] | None:
        """Return sheet and cell: the heading where a finding is about a whole table; None for the whole file."""
        if mark.table is None:
            return None
        columns = self.columns[mark.table]
        column = columns.index(mark.field) if mark.field in columns else 0
        row = HEADING_ROW if mark.row is None else FIRST_ROW + mark.row
        return self.names[mark.table], style.cell_name(row, column)


class FindingsSheet:
    """The sheet of all findings: errors first, each linked to its cell, with a column for the sender's reply."""

    def __init__(self, form: Form, cells: Cells) -> None:
        """Add the sheet to this form, in whose tables marks have these cells."""
        self.edition, self.styles, self.cells = form.edition, form.styles, cells
        self.sheet = form.add_sheet(words.FINDINGS_SHEET)
        self.columns = self._columns()
        boxed: style.Properties = {**style.TEXT, **style.PADDED, **style.RULED}
        self.text, self.link = self.styles(boxed), self.styles(boxed, style.LINK)
        self.unlinked = self.styles(boxed, style.LINK, {"font_color": style.INK, "underline": 0})
        self.faint = self.styles(boxed, {"font_color": style.FAINT, "font_size": 8})
        self.answer = self.styles(style.ANSWER, style.RULED, {"num_format": "@"})

    def write(self, marks: Sequence[Mark], notices: Sequence[Bilingual] = ()) -> None:
        """Write one row for each mark; errors are numbered E01, E02, points to confirm W03, W04, and so on."""
        ordered = sorted(marks, key=lambda mark: mark.severity != "error")
        for column, (_, width) in enumerate(self.columns):
            self.sheet.set_column(column, column, width)
        self._write_top(sum(mark.severity == "error" for mark in marks), len(marks))
        for number, mark in enumerate(ordered, start=1):
            self._write_mark(number, mark)
        if notices:
            text = " ".join(self.edition.both(notice) for notice in notices)
            self.sheet.write_string(words.HEADER_ROW - 1, 0, text, self.styles(style.NOTE, style.NOTICE))
        self._offer_replies(len(marks))
        self.sheet.activate()
        self.sheet.freeze_panes(words.HEADER_ROW + 1, 0)
        self.sheet.repeat_rows(words.HEADER_ROW)
        self.sheet.hide_gridlines(2)
        style.set_up_page(self.sheet, self.edition, sum(width for _, width in self.columns))
        style.protect(self.sheet)

    def _columns(self) -> Sequence[tuple[str, float]]:
        """Return heading and width of each column; what is wrong is in both languages side by side."""
        first, second = (in_language(words.WHAT_IS_WRONG, language) for language in self.edition.order)
        both = {column: self.edition.both(title, "\n") for column, title in words.COLUMNS.items()}
        return (
            (both["number"], 7), (both["severity"], 14), (both["place"], 18), (both["question"], 20),
            (both["value"], 18), (both["proposed"], 20), (first, 40), (second, 40), (both["rule"], 20),
            (both["reply"], 22),
            (both["reference"], 12),
        )  # fmt: skip

    def _write_top(self, error_count: int, count: int) -> None:
        edition, styles = self.edition, (style.TITLE, style.SUBTITLE)
        for row, (language, properties) in enumerate(zip(edition.order, styles, strict=True)):
            text = in_language(words.summary(error_count, count - error_count), language)
            self.sheet.write_string(row, 0, text, self.styles(properties))
            self.sheet.set_row(row, 26 - 6 * row)
        for row, language in enumerate(edition.order, start=2):
            self.sheet.write_string(row, 0, in_language(words.WHAT_TO_DO, language), self.styles(style.NOTE))
            self.sheet.set_row(row, 14)
        self.sheet.set_row(words.HEADER_ROW, 30)
        for column, (title, _) in enumerate(self.columns):
            self.sheet.write_string(words.HEADER_ROW, column, title, self.styles(style.HEADING))

    def _write_mark(self, number: int, mark: Mark) -> None:
        row, edition = words.HEADER_ROW + number, self.edition
        first, second = (in_language(mark.message, language) for language in edition.order)
        table = edition.questionnaire.table(mark.table) if mark.table else None
        question = edition.both(table.field(mark.field).title, "\n") if table and mark.field else ""
        severity = self.styles(style.SEVERITY[mark.severity])
        self.sheet.write_string(row, 0, f"{mark.severity[0].upper()}{number:02d}", self.text)
        self.sheet.write_string(row, 1, edition.both(words.SEVERITIES[mark.severity], "\n"), severity)
        self._write_place(row, mark)
        proposed = edition.both(mark.proposed, "\n") if mark.proposed else ""
        cells = (
            question,
            *(shortened(text, LISTED_LENGTH) for text in (mark.value or "", proposed)),
            first,
            second,
            mark.rule,
        )
        lines = max(line_count(shown, self.columns[column][1] - 2) for column, shown in enumerate(cells, start=3))
        self.sheet.set_row(row, 4 + LINE_HEIGHT * min(max(2, lines), MAX_LINES))
        for column, shown in enumerate(cells, start=3):
            style.write_text(self.sheet, row, column, shown, self.text)
        style.write_text(self.sheet, row, words.REPLY_COLUMN, mark.reply, self.answer)
        self.sheet.write_string(row, words.REPLY_COLUMN + 1, mark.reference, self.faint)

    def _write_place(self, row: int, mark: Mark) -> None:
        """Write the link to the marked cell."""
        place = self.cells.place(mark)
        if place is None:
            self.sheet.write_string(row, 2, self.edition.both(words.WHOLE_FILE, "\n"), self.unlinked)
            return
        name, cell = place
        target = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!{cell}"
        self.sheet.write_url(row, 2, target, self.link, f"{name} {cell}")

    def _offer_replies(self, count: int) -> None:
        if not count:
            return
        hint = self.edition.both(words.REPLY_HINT, "\n")
        replies = (words.CONFIRMED_REPLY, words.ACCEPTED_REPLY)
        offered = [in_language(reply, language) for language in self.edition.order for reply in replies]
        rule = {"validate": "list", "source": offered, "input_message": hint, "show_error": False}
        first, last = words.HEADER_ROW + 1, words.HEADER_ROW + count
        self.sheet.data_validation(first, words.REPLY_COLUMN, last, words.REPLY_COLUMN, rule)
