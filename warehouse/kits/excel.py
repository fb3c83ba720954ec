"""The Excel kit: a workbook a language with filtered tables, charts of the headlines, and notes; and the annex."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.annex.workbook import write_annex
from warehouse.forms import style
from warehouse.kits.excel_charts import add_chart_figures, add_charts
from warehouse.kits.excel_layout import (
    HEADING,
    WRAPPED,
    add_note,
    column_width,
    heading_height,
    row_height,
    set_landscape,
    text_width,
)
from warehouse.kits.excel_sheets import ExcelSheet, excel_sheets
from warehouse.kits.labels import caption, labelled, seen_columns
from warehouse.kits.naming import citation, day_of, title
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES, Language, in_language
from warehouse.words.catalogue import N_, translate, yes_or_no

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger("sarai")

_FIRST_ROW = 3  # below title, note and an empty line
_NOTE_WIDTH = 96
_ABOUT = N_("About")
_OF_RELEASE = N_("Release")
_DIGEST = N_("SHA-256 of its data package")
_MADE = N_("Published")
_CITE = N_("How to cite")
_ANNEX = N_("Statistical annex")
_NO_ANNEX = N_("left out, as the release has no public edition")
_SHEET = N_("Sheet")
_ROWS = N_("Rows")
_NOTE = N_("What to know")


def write(source: Source, folder: Path) -> None:
    """Write the workbooks, and the statistical annex, which holds figures of the public edition alone.

    Without a public edition it is left out, and the log and the first sheet say so.
    """
    for language in LANGUAGES:
        frames = [*_frames(source, language)]
        workbook = style.new_workbook(folder / f"sarai_{language}.xlsx")
        workbook.set_properties({"title": title(source, language), "created": style.CREATED})
        styles = style.Styles(workbook)
        _add_about(workbook, styles, source, frames, language)
        drawn = add_charts(workbook, styles, source, language)
        for number, (sheet, frame) in enumerate(frames, start=1):
            _add_table(workbook, styles, sheet, frame, (number, language))
        add_chart_figures(workbook, styles, drawn, language)
        workbook.close()
    if source.release.public_database.exists():
        write_annex(folder / "annex.xlsx", source.release, None, for_members=False)
    else:
        log.warning("Release %d has no public edition, so its Excel kit is without annex.", source.release.number)


def _frames(source: Source, language: Language) -> "Iterator[tuple[ExcelSheet, pd.DataFrame]]":
    """Yield the sheets that the audience may see, with their rows; the newest ones where a sheet shows no more."""
    for sheet in excel_sheets():
        if columns := seen_columns(source, sheet.mart, sheet.columns):
            limit = f"limit {sheet.most_rows}" if sheet.most_rows else ""
            frame = source.frame(f"{labelled(source, sheet.mart, columns, language, sheet.order)} {limit}")
            words = {value: yes_or_no(value, language) for value in (True, False)}
            for name in frame.columns:
                if name.startswith(("is_", "has_")):  # LibreOffice shows a logical value as 0, 1 or TRUE
                    frame[name] = frame[name].map(words)
            yield sheet, frame


def _add_about(
    workbook: style.Workbook,
    styles: style.Styles,
    source: Source,
    frames: "Sequence[tuple[ExcelSheet, pd.DataFrame]]",
    language: Language,
) -> None:
    """Add the sheet that says which release this is, how to cite it, and what to know of each sheet."""
    origin = source.origin
    has_annex = source.release.public_database.exists()
    lines = [
        (translate(_OF_RELEASE, language), str(source.release.number)),
        (translate(_MADE, language), day_of(source)),
        (translate(_DIGEST, language), origin["sha256"]),
        (translate(_CITE, language), citation(source, language)),
        (translate(_ANNEX, language), "annex.xlsx" if has_annex else translate(_NO_ANNEX, language)),
    ]
    sheet = workbook.add_worksheet(translate(_ABOUT, language))
    sheet.hide_gridlines(2)
    names = [name for name, _ in lines] + [in_language(one.name, language) for one, _ in frames]
    sheet.set_column(0, 0, text_width(max(names, key=len), is_bold=True))
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, _NOTE_WIDTH)
    style.write_text(sheet, 0, 0, title(source, language), styles(style.TITLE))
    for row, (name, text) in enumerate(lines, start=2):
        style.write_text(sheet, row, 0, name, styles(style.SUBTITLE))
        style.write_text(sheet, row, 1, text, styles({}))
    first = 3 + len(lines)
    for column, heading in enumerate((_SHEET, _ROWS, _NOTE)):
        style.write_text(sheet, first, column, translate(heading, language), styles(style.HEADING))
    for row, (one, frame) in enumerate(frames, start=first + 1):
        name = in_language(one.name, language)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles(style.LINK, {"valign": "top"}), name)
        sheet.write_number(row, 1, len(frame), styles(style.TEXT, {"num_format": "#,##0"}))
        note = in_language(one.note, language)
        style.write_text(sheet, row, 2, note, styles(style.TEXT, style.PADDED))
        sheet.set_row(row, row_height(note, _NOTE_WIDTH))
    set_landscape(sheet)


def _add_table(
    workbook: style.Workbook,
    styles: style.Styles,
    sheet: ExcelSheet,
    frame: "pd.DataFrame",
    place: tuple[int, Language],
) -> None:
    """Add a sheet whose rows are a table of Excel, with filters and a name that a pivot table can be made of."""
    number, language = place
    added = workbook.add_worksheet(in_language(sheet.name, language))
    style.write_text(added, 0, 0, in_language(sheet.name, language), styles(style.SUBTITLE))
    columns, widths = [], []
    for position, name in enumerate(frame.columns):
        heading, cell = caption(name, language), styles(_format(name, frame[name]))
        columns.append({"header": heading, "format": cell, "header_format": styles(HEADING)})
        widths.append(column_width(heading, frame[name]))
        added.set_column(position, position, widths[-1])
    add_note(added, in_language(sheet.note, language), styles(style.NOTE, WRAPPED), widths)
    last = max(len(frame), 1)  # a table has at least one row
    added.add_table(
        _FIRST_ROW, 0, _FIRST_ROW + last, len(columns) - 1,
        {"name": f"{sheet.mart}_{number}", "style": "Table Style Light 9", "columns": columns},
    )  # fmt: skip
    for position, name in enumerate(frame.columns):
        cell = styles(_format(name, frame[name]))
        for row, value in enumerate(_values(frame[name]), start=_FIRST_ROW + 1):
            if isinstance(value, str):
                style.write_text(added, row, position, value, cell)
            elif isinstance(value, int | float):
                added.write_number(row, position, value, cell)
            elif value is not None:
                added.write_datetime(row, position, value, cell)
    added.freeze_panes(_FIRST_ROW + 1, 1)
    added.set_row(_FIRST_ROW, heading_height([one["header"] for one in columns], widths))
    added.repeat_rows(_FIRST_ROW)
    set_landscape(added)


def _values(column: "pd.Series[Any]") -> Sequence[object]:
    """Return the values of a column as Python has them; what is not known is None."""
    return list(column.astype(object).where(column.notna(), None))


def _format(name: str, column: "pd.Series[Any]") -> style.Properties:
    if any(isinstance(value, str) for value in column.dropna().head(1)):
        return style.PADDED
    if name in {"month_date", "reporting_month"}:
        return {"num_format": "yyyy-mm"}
    if name.endswith("_date"):
        return {"num_format": "yyyy-mm-dd"}
    if name == "calendar_year":
        return {"num_format": "0"}
    if name.endswith("_count"):
        return {"num_format": "#,##0"}
    if name == "quantity":  # of any unit: tablets are whole, kilograms are not
        return {"num_format": "General"}
    return {"num_format": "#,##0.0##"}
