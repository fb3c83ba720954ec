"""XLSForm: the form for KoboToolbox and ODK, generated from the questionnaire and the codelists.

It has the sheets survey, choices and settings that https://xlsform.org/en/ defines, with labels in English and Russian.
Choices are named by our codes, which warehouse/exports/odk_export.py reads back. A form is for one country: its lists
of places and agencies hold only those of that country, so that a phone searches short lists and needs no filter.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from warehouse.forms import style
from warehouse.forms.choices import MISSING_VALUES, offered
from warehouse.forms.edition import FormEdition
from warehouse.forms.xlsform_questions import LANGUAGES, REPORTING_COUNTRY, YES_NO, FormRow, survey_rows, translated
from warehouse.questionnaire.definition import Questionnaire, Words

_COLUMN_WIDTH = 28


def write_xlsform(path: Path, country_code: str, *, questionnaire: Questionnaire, codelists: Path) -> None:
    """Write the XLSForm workbook of a country (alpha-3); its first page asks for the month.

    The same questionnaire and codelists give the same bytes. Raises ValueError for a country that is not a member
    state.
    """
    edition = FormEdition(country_code, None, "both", questionnaire, codelists)
    survey, choices = survey_rows(edition), choice_rows(edition)
    workbook = style.new_workbook(path)
    workbook.set_properties({"title": edition.both(questionnaire.title), "created": style.CREATED})
    styles = style.Styles(workbook)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", [_settings(edition, survey, choices)])):
        _write_sheet(workbook.add_worksheet(name), styles, rows)
    workbook.close()


def choice_rows(edition: FormEdition) -> list[FormRow]:
    """Return the rows of the choices sheet: every entry that the form offers, named by its code."""
    fields = [field for table in edition.questionnaire.tables for field in table.fields if field.asked]
    names = {field.codelist for field in fields if field.codelist} | {YES_NO, MISSING_VALUES}
    own = {"list_name": REPORTING_COUNTRY, "name": edition.country_code, **translated("label", edition.country)}
    return [own] + [
        {
            "list_name": name,
            "name": entry["code"],
            **translated("label", Words(en=entry["name_en"], ru=entry["name_ru"])),
        }
        for name in sorted(names)
        for entry in offered(edition, name)
    ]


def _settings(edition: FormEdition, survey: Sequence[FormRow], choices: Sequence[FormRow]) -> FormRow:
    """Return the settings; the version ends in a digest, as servers refuse a changed form under the same version."""
    questionnaire = edition.questionnaire
    content = json.dumps([survey, choices], ensure_ascii=False).encode()
    return {
        "form_title": f"{edition.both(questionnaire.title)} ({edition.country_code})",
        "form_id": f"sarai_{edition.country_code}",
        "version": f"{questionnaire.version}-{hashlib.sha256(content).hexdigest()[:8]}",
        "default_language": LANGUAGES[edition.order[0]],
        "instance_name": "concat(${country}, ' ', format-date(${period}, '%Y-%m'))",
    }


def _write_sheet(sheet: style.Worksheet, styles: style.Styles, rows: Sequence[FormRow]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, _COLUMN_WIDTH)
    sheet.write_row(0, 0, columns, styles(style.HEADING))
    for number, row in enumerate(rows, start=1):
        for position, column in enumerate(columns):
            if row.get(column):
                sheet.write_string(number, position, row[column], styles(style.TEXT))
