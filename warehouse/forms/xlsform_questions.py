"""The questions of the XLSForm: the rows of its survey sheet, with one repeat for each table of the questionnaire.

A numeric question on a phone does not accept a word such as "not known". So every required figure is accompanied by a
question why it is missing, to be answered instead.
"""

from collections.abc import Iterator

from warehouse.forms.cell_rules import EARLIEST, limits, limits_in_words
from warehouse.forms.choices import MISSING_VALUES, offered
from warehouse.forms.edition import FormEdition
from warehouse.questionnaire.definition import Field, Table
from warehouse.questionnaire.language import Bilingual, Language
from warehouse.words.catalogue import N_, filled_words, listed
from warehouse.words.form_words import (
    CONTACT,
    CONTACT_HINT,
    COUNTRY,
    COVER_SHEET,
    NIL,
    PERIOD,
    QUESTIONNAIRE_VERSION,
    REVISION,
    measured_title,
)
from warehouse.words.xlsform_words import (
    ANSWERED,
    CONTENTS,
    CONTENTS_HINT,
    CONTENTS_TITLE,
    HEADER,
    IN_MONTH,
    MISSING,
    NIL_HINT,
    NO_NAMES,
    PERIOD_HINT,
    PERIOD_PASSED,
    REQUIRED,
    REVISION_HINT,
    UP_TO_MONTH,
    answered_question,
    missing_question,
)

LANGUAGES: dict[Language, str] = {"en": "English (en)", "ru": "Russian (ru)"}
REPORTING_COUNTRY, YES_NO = "reporting_country", "yes_no"
LONG_LIST = 12  # entries; longer lists do not fit on a screen and are searched by typing
LONG_TEXT = 300  # characters; longer answers get several lines

# Column → cell of a row of the XLSForm's sheets.
FormRow = dict[str, str]


def translated(column: str, words: Bilingual) -> FormRow:
    """Return the cells of a translated column: ``label::English (en)`` and ``label::Russian (ru)``."""
    return {f"{column}::{LANGUAGES['en']}": words.en, f"{column}::{LANGUAGES['ru']}": words.ru}


def survey_rows(edition: FormEdition) -> list[FormRow]:
    """Return the rows of the survey sheet: cover, which tables have anything to report, and the tables."""
    tables = edition.questionnaire.tables
    rows = [*_header(edition), _group("begin_group", CONTENTS, CONTENTS_TITLE, "${nil_return} = 'NO'")]
    rows.append({"type": "note", "name": "contents_hint", **translated("label", CONTENTS_HINT)})
    for table in tables:
        question = _question(f"select_one {YES_NO}", f"{ANSWERED}{table.name}", answered_question(table))
        rows.append(question | translated("hint", table.description))
    rows.append({"type": "end_group"})
    for table in tables:
        rows.append(_group("begin_repeat", table.name, table.title, f"${{{ANSWERED}{table.name}}} = 'YES'"))
        rows += [row for field in table.fields if field.asked for row in _field_rows(table, field, edition)]
        rows.append({"type": "end_repeat"})
    return rows


def _group(kind: str, name: str, title: Bilingual, relevant: str = "") -> FormRow:
    # All questions of a row are on one screen, because an officer copies it from one line of a journal.
    return {"type": kind, "name": name, **translated("label", title), "relevant": relevant, "appearance": "field-list"}


def _question(kind: str, name: str, label: Bilingual, *, required: str = "") -> FormRow:
    row = {"type": kind, "name": name, **translated("label", label)}
    return row | {"required": required, **translated("required_message", REQUIRED)} if required else row


def _header(edition: FormEdition) -> list[FormRow]:
    """Return the questions of the cover; the country is preset."""
    version = edition.questionnaire.version.replace("'", "")
    return [
        _group("begin_group", HEADER, COVER_SHEET),
        {"type": "note", "name": "no_names", **translated("label", NO_NAMES)},
        _question(f"select_one {REPORTING_COUNTRY}", "country", COUNTRY, required="yes")
        | {"default": edition.country_code},
        _question("date", "period", PERIOD, required="yes")
        | {"appearance": "month-year", "constraint": ". <= today()"}
        | translated("hint", PERIOD_HINT)
        | translated("constraint_message", PERIOD_PASSED),
        _question("integer", "revision", REVISION)
        | {"constraint": ". >= 0"}
        | translated("hint", REVISION_HINT)
        | translated("constraint_message", REVISION_HINT),
        _question("text", "contact", CONTACT) | translated("hint", CONTACT_HINT),
        _question(f"select_one {YES_NO}", "nil_return", NIL, required="yes") | translated("hint", NIL_HINT),
        {
            "type": "calculate",
            "name": "version",
            **translated("label", QUESTIONNAIRE_VERSION),
            "calculation": f"'{version}'",
        },
        {"type": "end_group"},
    ]


def _field_rows(table: Table, field: Field, edition: FormEdition) -> Iterator[FormRow]:
    """Yield the question of a field and, after a required figure, the question why it is missing."""
    is_figure = field.is_numeric and field.constraints.required
    required = f"../{field.name}{MISSING} = ''" if is_figure else "yes" if field.constraints.required else ""
    row = _question(_type(field, edition), field.name, measured_title(field), required=required)
    row |= translated("hint", field.description)
    if field.codelist and len(offered(edition, field.codelist)) > LONG_LIST:
        row["appearance"] = "autocomplete"
    elif field.type == "yearmonth":
        row["appearance"] = "month-year"
    elif (field.constraints.max_length or 0) > LONG_TEXT:
        row["appearance"] = "multiline"
    yield row | _constraint(field, is_period=field.name == table.period)
    if is_figure:
        yield _question(f"select_one {MISSING_VALUES}", f"{field.name}{MISSING}", missing_question(field))


def _type(field: Field, edition: FormEdition) -> str:
    if field.codelist and offered(edition, field.codelist):
        return f"select_one {field.codelist}"
    types = {"number": "decimal", "integer": "integer", "date": "date", "yearmonth": "date", "string": "text"}
    return types.get(field.type, f"select_one {YES_NO}")


def _constraint(field: Field, *, is_period: bool) -> FormRow:
    """Return the constraint of a question, the same as at gate 1: limits of a figure, the month of a date."""
    if field.is_numeric:
        message = filled_words(N_("Write a number {limits}."), limits=listed(limits_in_words(field), " "))
        return _constrained(" and ".join(f". {sign} {bound:.15g}" for sign, bound in limits(field)), message)
    if field.type in ("date", "yearmonth"):
        if is_period and field.type == "date":
            return _constrained("number(format-date(., '%Y%m')) <= number(format-date(${period}, '%Y%m'))", UP_TO_MONTH)
        if is_period:
            return _constrained("format-date(., '%Y-%m') = format-date(${period}, '%Y-%m')", IN_MONTH)
        words = filled_words(N_("Choose a date from {year} on."), year=EARLIEST.year)
        return _constrained(f". >= date('{EARLIEST}')", words)
    limit = field.constraints.max_length
    if limit and not field.codelist:
        words = filled_words(N_("Write no more than {limit} characters."), limit=limit)
        return _constrained(f"string-length(.) <= {limit}", words)
    return {}


def _constrained(constraint: str, message: Bilingual) -> FormRow:
    return {"constraint": constraint, **translated("constraint_message", message)} if constraint else {}
