"""XLSForm: the questionnaire for KoboToolbox and ODK, made from the questionnaire and the codelists alone.

Sheets survey, choices and settings as https://xlsform.org/en/ has them, labels in English and Russian. Names of choices
are our codes, so nothing is lost on the way back, which warehouse/files/odk_export.py reads. A form is for one country:
its lists of places and agencies hold that country's own, so a phone searches short lists and needs no filter.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from warehouse.forms import style
from warehouse.forms.choices import MISSING_VALUES, offered
from warehouse.forms.edition import FormEdition
from warehouse.forms.xlsform_questions import LANGUAGES, REPORTING_COUNTRY, YES_NO, Row, survey_rows, told
from warehouse.questionnaire.definition import Questionnaire, Words

_CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - fixed, so that the same form is the same bytes
_WIDTH = 28


def write_xlsform(path: Path, country_code: str, *, questionnaire: Questionnaire, codelists: Path) -> None:
    """Write the form of a country (alpha-3) as an XLSForm workbook; the month is asked on its first page.

    The same questionnaire and codelists give the same bytes. Raises ValueError for a country that is no member state.
    """
    edition = FormEdition(country_code, None, "both", questionnaire, codelists)
    survey, choices = survey_rows(edition), choice_rows(edition)
    workbook = style.new_workbook(path)
    workbook.set_properties({"title": edition.both(questionnaire.title), "created": _CREATED})
    styles = style.Styles(workbook)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", [_settings(edition, survey, choices)])):
        _write_sheet(workbook.add_worksheet(name), styles, rows)
    workbook.close()


def choice_rows(edition: FormEdition) -> list[Row]:
    """Return the rows of the choices sheet: every entry that the form of this country offers, under its code."""
    fields = [field for table in edition.questionnaire.tables for field in table.fields if field.asked]
    names = {field.codelist for field in fields if field.codelist} | {YES_NO, MISSING_VALUES}
    own = {"list_name": REPORTING_COUNTRY, "name": edition.country_code, **told("label", edition.country)}
    return [own] + [
        {"list_name": name, "name": entry["code"], **told("label", Words(en=entry["name_en"], ru=entry["name_ru"]))}
        for name in sorted(names)
        for entry in offered(edition, name)
    ]


def _settings(edition: FormEdition, survey: Sequence[Row], choices: Sequence[Row]) -> Row:
    """Return the settings; servers refuse a changed form under an old version, so it ends in a digest of the form."""
    questionnaire = edition.questionnaire
    content = json.dumps([survey, choices], ensure_ascii=False).encode()
    return {
        "form_title": f"{edition.both(questionnaire.title)} ({edition.country_code})",
        "form_id": f"sarai_{edition.country_code}",
        "version": f"{questionnaire.version}-{hashlib.sha256(content).hexdigest()[:8]}",
        "default_language": LANGUAGES[edition.order[0]],
        "instance_name": "concat(${country}, ' ', format-date(${period}, '%Y-%m'))",
    }


def _write_sheet(sheet: style.Worksheet, styles: style.Styles, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, _WIDTH)
    sheet.write_row(0, 0, columns, styles(style.HEADING))
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            if row.get(column):
                sheet.write_string(number, place, row[column], styles(style.TEXT))
