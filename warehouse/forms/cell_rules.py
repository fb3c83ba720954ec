"""Cell rules: the data validation of answer cells in a workbook, with its prompts and error messages.

A cell refuses what the warehouse would reject and warns where the warehouse would warn. A word that marks a missing
answer ("not known", "--") is valid for every question, so cells for numbers and dates accept it too.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from warehouse.forms.choices import MISSING_VALUES, range_name
from warehouse.forms.edition import FormEdition
from warehouse.questionnaire.definition import Field, Words
from warehouse.questionnaire.language import Bilingual, in_language
from warehouse.words.catalogue import N_, Phrase, filled_words, listed
from warehouse.words.form_words import NO, YES, heading

MAX_TITLE = 32  # characters that Excel accepts, as in MAX_MESSAGE
MAX_MESSAGE = 255
EARLIEST = date(1990, 1, 1)  # an earlier date is a number typed into the wrong cell
_IF_MISSING = Phrase("If it is not known, write: not known.")
_LIST_ONLY = Phrase(
    "This is not in the list. Choose from the list, or keep it if it is an accepted name: it will be checked."
)
_DATE = N_("Write a date, for example {example}.")
_DATE_UP_TO_MONTH = N_("Write a date, for example {example}; not after the reporting month.")
_MONTH = N_("Write year and month, for example {example}.")
_MONTH_IN_MONTH = N_("Write year and month, for example {example}; it must lie in the reporting month.")
_LIST_HINT = Phrase("Choose from the list.")


def cell_rule(field: Field, edition: FormEdition, cell: str, *, is_period: bool, has_list: bool) -> dict[str, Any]:
    """Return the data validation of a field's cells, as XlsxWriter takes it; ``cell`` is the first of them, e.g. C5.

    ``is_period``: the value must lie in the reporting month. ``has_list``: the field's codelist has entries to offer.
    """
    hint: Bilingual | None = _LIST_HINT if has_list else None
    rule: dict[str, Any] = {"validate": "any"}
    if has_list and field.codelist:
        rule = _refusal(edition, _LIST_ONLY, "warning", validate="list", source=f"={range_name(field.codelist)}")
    elif field.type == "boolean":
        answers = [in_language(answer, language) for answer in (YES, NO) for language in edition.chosen]
        rule, hint = _refusal(edition, _LIST_HINT, "stop", validate="list", source=answers), _LIST_HINT
    elif field.is_numeric:
        rule, hint = _number_rule(field, edition, cell)
    elif field.type in ("date", "yearmonth"):
        rule, hint = _date_rule(field, edition, cell, is_period=is_period)
    elif field.constraints.max_length:
        limit = field.constraints.max_length
        words = filled_words(N_("The text is longer than {limit} characters. Please shorten it."), limit=limit)
        rule = _refusal(edition, words, "warning", validate="length", criteria="<=", value=limit)
    return rule | _prompt(field, edition, hint)


def _refusal(edition: FormEdition, words: Bilingual, style: str, **rule: Any) -> dict[str, Any]:
    title = edition.both(Phrase("Please check"))
    return rule | {"error_type": style, "error_title": title, "error_message": _fitted(edition.both(words, "\n"))}


def _prompt(field: Field, edition: FormEdition, hint: Bilingual | None) -> dict[str, Any]:
    """Return the prompt of a selected cell: the longest version that fits, from both languages with a hint to one.

    The comment of the heading holds the whole description in any case.
    """
    parts = (field.description, hint) if hint else (field.description,)
    full = [" ".join(in_language(words, language) for words in parts) for language in edition.chosen]
    versions = (
        "\n".join(full),
        edition.in_chosen(field.description),
        full[0],
        in_language(field.description, edition.order[0]),
    )
    message = next((version for version in versions if len(version) <= MAX_MESSAGE), versions[-1])
    title = _fitted(in_language(heading(field), edition.order[0]), MAX_TITLE)
    return {"input_title": title, "input_message": _fitted(message)}


def _fitted(text: str, limit: int = MAX_MESSAGE) -> str:
    """Truncate a text to the characters that Excel accepts; all of ours are of the basic plane, where one counts 1."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _typed(cell: str, condition: str, *text_conditions: str) -> dict[str, Any]:
    """Return the rule that a cell holds a number under ``condition``, a missing value, or text under another one."""
    words = ",".join([f"ISNUMBER(MATCH({cell},{range_name(MISSING_VALUES)},0))", *text_conditions])
    return {"validate": "custom", "value": f"=IF(ISNUMBER({cell}),{condition},OR({words}))"}


def _number_rule(field: Field, edition: FormEdition, cell: str) -> tuple[dict[str, Any], Words]:
    conditions = [f"{cell}=INT({cell})"] if field.type == "integer" else []
    conditions += [f"{cell}{sign}{bound:.15g}" for sign, bound in limits(field)]
    kind = Phrase("a whole number") if field.type == "integer" else Phrase("a number")
    hint = filled_words(N_("Write {number}, without a unit."), number=listed([kind, *limits_in_words(field)], " "))
    rule = _typed(cell, f"AND({','.join(conditions)})" if conditions else "TRUE")
    return _refusal(edition, _with_missing(hint), "stop", **rule), hint


def limits(field: Field) -> Iterator[tuple[str, float]]:
    """Yield the limits of a numeric field: comparison operator and bound."""
    limited = field.constraints
    signs = ((">=", limited.minimum), (">", limited.exclusive_minimum), ("<=", limited.maximum))
    return ((sign, bound) for sign, bound in signs if bound is not None)


def limits_in_words(field: Field) -> list[Words]:
    """Return the limits of a numeric field in words; of two that are both allowed, as a range."""
    bounds = {sign: f"{bound:.15g}" for sign, bound in limits(field)}
    if bounds.keys() == {">=", "<="}:
        return [filled_words(N_("from {least} to {most}"), least=bounds[">="], most=bounds["<="])]
    texts = {">=": N_("not below {bound}"), ">": N_("above {bound}"), "<=": N_("and not above {bound}")}
    return [filled_words(texts[sign], bound=bound) for sign, bound in bounds.items()]


def _date_rule(field: Field, edition: FormEdition, cell: str, *, is_period: bool) -> tuple[dict[str, Any], Words]:
    """Return the rule of a date or a month, and its hint; with ``is_period`` it must lie in the reporting month.

    A date may lie before it: what is reported late counts in its own month.
    """
    month = edition.period if is_period else None
    first = (month or date(2024, 5, 1)).replace(day=1)
    last = first + relativedelta(day=31)
    if field.type == "date":
        condition = (
            f"AND({cell}>={_serial(EARLIEST)},{cell}<{_serial(last)}+1)" if month else f"{cell}>={_serial(EARLIEST)}"
        )
        rule, example = _typed(cell, condition), last.isoformat()
        template = _DATE_UP_TO_MONTH if month else _DATE
    else:
        example = f"{first:%Y-%m}"
        is_month = f'AND(LEN({cell})=7,MID({cell},5,1)="-",ISNUMBER(DATEVALUE({cell}&"-01")))'
        rule = _typed(cell, "FALSE", f'{cell}="{example}"' if month else is_month)
        template = _MONTH_IN_MONTH if month else _MONTH
    hint = filled_words(template, example=example)
    return _refusal(edition, _with_missing(hint), "stop", **rule), hint


def _serial(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _with_missing(words: Bilingual) -> Words:
    return Words(en=f"{words.en} {_IF_MISSING.en}", ru=f"{words.ru} {_IF_MISSING.ru}")
