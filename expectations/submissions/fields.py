"""Rules of single fields, derived from their keywords in the questionnaire."""

from collections.abc import Iterator
from typing import Any

from expectations.gate.rules import Failing, Rule, empty, rows_where
from warehouse.findings.finding import Severity
from warehouse.questionnaire.definition import NUMERIC_TYPES, Field
from warehouse.questionnaire.headings import OF_WHICH
from warehouse.storage.sql import literal
from warehouse.words.catalogue import N_, in_every_language

PARSED = (*NUMERIC_TYPES, "date", "yearmonth")

# Codelists whose entries belong to a country. A country without any answers in its own words.
NATIONAL_CODELISTS = ("agencies", "border_points", "subdivisions")

_UNREADABLE_VALUE = {
    "number": N_('"{value}" is not a number. Write digits with one decimal mark and nothing else, for example 12.5.'),
    "integer": N_('"{value}" is not a whole number. Write digits only, for example 12.'),
    "date": N_('"{value}" is not a date. Write day, month and year, for example 31.12.2024.'),
    "yearmonth": N_('"{value}" is not a month. Write year and month, for example 2024-05.'),
}
_AMBIGUOUS_VALUE = {
    "number": N_('"{value}" can be read in two ways: the comma may mark decimals or thousands. Write 1.234 or 1234.'),
    "integer": N_('"{value}" can be read in two ways: the comma may mark decimals or thousands. Write digits only.'),
    "date": N_(
        '"{value}" can be read in two ways: which number is the month? Write the date as year-month-day, e.g. '
        "2024-12-31."
    ),
    "yearmonth": N_('"{value}" can be read in two ways. Write year and month, for example 2024-05.'),
}


# The combining character that stands behind each letter of a cell that is struck through.
_IS_STRUCK = "contains({text}, chr(822))"
_IS_DAY = "regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}( .*)?')"
_STRUCK_VALUE = N_(
    '"{value}" is struck through in the workbook, so nobody knows whether it holds. Delete it, or remove the line.'
)
_DAY_FOR_NUMBER = N_(
    '"{value}" is a date, and a number is asked. The spreadsheet may have made it of a number such as 1.5. Set the '
    'column to "Number" and write the number again.'
)
# The end of a text that was read as a number and a mark: neither a digit nor the unit of the question.
_MARK = (
    r"([*†‡§#)¹²³⁰⁴-⁹⁾]|[0-9 (][a-zA-Zа-яА-Я]{1,2}"
    r"|est|prov|provisional|revised|estimated?|предв|оц|предварительно|оценка)[.]?$"
)
_NUMBER_MARKED = N_(
    '"{value}" was read as {number_shown}; what stands behind the number was taken for a mark. Write the number alone '
    "and the remark beside it, or confirm."
)
_NUMBER_DOTTED = N_(
    '"{value}" was read as {number_shown}, with the dot before decimals, though other numbers of the column have a '
    "comma there. If the dot stands between thousands, write the number without it; if not, confirm."
)


def field_rules(field: Field) -> list[Rule]:
    """Return the rules that follow from the type, the codelist and the constraints of a field."""
    return [*_presence_rules(field), *_type_rules(field), *_limit_rules(field)]


def field_rule(field: Field, name: str, severity: Severity, message: str, **keywords: Any) -> Rule:
    """Return a rule about one field, whose text as sent becomes the value of the finding."""
    return Rule(name, severity, message, field.name, field.text_column, **keywords)


def _presence_rules(field: Field) -> Iterator[Rule]:
    if field.constraints.required:
        yield field_rule(
            field, "value_missing", "error",
            N_("the cell is empty. Fill it in; write -- if the answer is not known."),
            failing=empty(field.text_column),
        )  # fmt: skip
    if field.codelist:
        yield field_rule(
            field, "code_unknown", "error" if field.constraints.required else "warning",
            N_(
                '"{value}" is not in the list of this question. Choose an entry of the list, or ask for the spelling '
                "to be added if it is right."
            ),
            failing=_not_in_list(field, field.codelist), codelist=field.codelist,
        )  # fmt: skip


def _not_in_list(field: Field, codelist: str) -> Failing:
    """Return the rows whose text is in no list, those aside that say a total and countries that have no list."""
    checked = f"{field.text_column} is not null"
    if codelist in NATIONAL_CODELISTS and not field.constraints.required:
        checked += f" and country_code in (select listed.country_code from seeds.{codelist} as listed)"
    is_total = f"coalesce({stands_for_all(field)}, false)"
    condition = f"{field.column} is null and {checked} and not {is_total} and not {is_part(field)}"
    return rows_where(condition, checked=checked)


def stands_for_all(field: Field) -> str:
    """Return the SQL that the answer says all together; null in a row without any such answer."""
    return f"list_contains(string_split(totals_stated, ' '), '{field.name}')"


def is_part(field: Field) -> str:
    """Return the SQL that the answer is not known and begins as a part of another row does: 'of which women'."""
    return (
        f"({field.column} is null and coalesce(regexp_matches(lower({field.text_column}), {literal(OF_WHICH)}), false))"
    )


def _type_rules(field: Field) -> Iterator[Rule]:
    if field.type not in PARSED:
        return
    yield from _unread_rules(field)
    if field.is_numeric:
        yield _mark_rule(field)
    if field.type == "number":
        yield _dotted_rule(field)
    if field.type == "date":
        yield field_rule(
            field, "day_moved", "warning",
            N_(
                '"{value}" is a moment with a time zone and was read as {day_shown}, the day in {country_code} at that '
                "moment. If another day is right, write it alone, without time and zone."
            ),
            failing=rows_where(
                f"{field.name}_is_moved and {field.name}_problem is null",
                columns=[f"strftime({field.name}, '%Y-%m-%d') as day_shown"],
            ),
        )  # fmt: skip
    if field.type == "integer":
        yield field_rule(
            field, "number_not_whole", "error",
            N_('"{value}" is not a whole number. Count whole {unit} only.'), constants={"unit": _unit(field)},
            failing=rows_where(f"{field.name} <> trunc({field.name}) and {field.name}_problem is null"),
        )  # fmt: skip


def _unread_rules(field: Field) -> Iterator[Rule]:
    """Yield the rules about texts that are not read, each with the words for why."""
    kinds = {"value_struck": (_STRUCK_VALUE, _IS_STRUCK.format(text=field.text_column))}
    if field.is_numeric:
        kinds["number_is_date"] = (_DAY_FOR_NUMBER, _IS_DAY.format(text=field.text_column))
    other = " and ".join(f"not {condition}" for _, condition in kinds.values())
    for rule, words, condition in (
        ("value_unreadable", _UNREADABLE_VALUE[field.type], f"'unreadable' and {other}"),
        ("value_ambiguous", _AMBIGUOUS_VALUE[field.type], "'ambiguous'"),
        *((rule, words, f"'unreadable' and {condition}") for rule, (words, condition) in kinds.items()),
    ):
        yield field_rule(
            field, rule, "error", words,
            failing=rows_where(f"{field.name}_problem = {condition}", checked=f"{field.text_column} is not null"),
        )  # fmt: skip


def _mark_rule(field: Field) -> Rule:
    text = field.text_column
    unit = f" and {field.name}_unit_text is null" if field.name == "quantity" else ""
    return field_rule(
        field, "number_marked", "warning", _NUMBER_MARKED,
        failing=rows_where(
            f"right({text}, 1) not between '0' and '9' and {field.name} is not null{unit} "
            f"and regexp_matches({text}, {literal(_MARK)})",
            columns=[f"{field.name} as number_shown"],
            checked=f"{text} is not null",
        ),
    )  # fmt: skip


def _dotted_rule(field: Field) -> Rule:
    """Return the rule about a dot before three digits in a column whose other numbers have commas before decimals.

    A workbook's numbers never end in 0 behind a dot; in CSV each is as its sender wrote it.
    """
    text = field.text_column
    others = f"contains({text}, ',') and regexp_matches({text}, '[0-9],[0-9]') or contains({text}, '.') "
    others += f"and regexp_matches({text}, '[.][0-9]{{3}}[.]')"
    dotted = f"{text} like '%.___' and regexp_full_match({text}, '[1-9][0-9]{{0,2}}[.][0-9]{{3}}')"
    return field_rule(
        field, "number_dotted", "warning", _NUMBER_DOTTED,
        failing=rows_where(
            f"{dotted} and {field.name}_problem is null and (delimiter is not null or ends_with({text}, '0')) "
            f"and sent.submission_id in (select submission_id from sent where {others})",
            joins="inner join (select submission_id, delimiter from raw.submissions) using (submission_id)",
            columns=[f"{field.name} as number_shown"],
            checked=f"{text} is not null",
            suspects=dotted,
        ),
    )  # fmt: skip


def _unit(field: Field) -> dict[str, str]:
    return in_every_language(field.unit or N_("units"))


def _limit_rules(field: Field) -> Iterator[Rule]:
    limits = field.constraints
    for name, bound, message, fails in (
        ("value_too_small", limits.minimum,
         N_('"{value}" is less than {bound}. Correct the number; write -- if it is not known.'), "<"),
        ("value_not_above", limits.exclusive_minimum,
         N_('"{value}" is not more than {bound}. Correct the number; write -- if it is not known.'), "<="),
        ("value_too_large", limits.maximum,
         N_('"{value}" is more than {bound}. Correct the number; write -- if it is not known.'), ">"),
    ):  # fmt: skip
        if bound is not None:
            yield field_rule(
                field, name, "error", message, constants={"bound": bound},
                failing=rows_where(f"{field.name} {fails} {bound!r}", checked=f"{field.name} is not null"),
            )  # fmt: skip
    if limits.max_length is not None:
        # Only a warning: a long text does not make the figures of the row wrong.
        yield field_rule(
            field, "text_too_long", "warning",
            N_('"{value}" is longer than {bound} characters. Nothing was cut; shorten it next time.'),
            constants={"bound": limits.max_length},
            failing=rows_where(
                f"length({field.text_column}) > {limits.max_length}", checked=f"{field.text_column} is not null"
            ),
        )  # fmt: skip
