"""Messages: one catalogue, whole in both languages, and findings of every kind said in either."""

import re
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from expectations.marts.suites import mart_suites
from expectations.submissions.suites import submission_suites
from warehouse.findings.finding import Argument, Finding
from warehouse.findings.messages import LOCALE, fill, in_every_language, in_words, listed, say, translate
from warehouse.questionnaire.definition import load_questionnaire

ROOT = Path(__file__).resolve().parents[3]
QUESTIONNAIRE = load_questionnaire()
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def texts_of_the_code() -> set[str]:
    """Return every text that is marked by N_."""
    found: set[str] = set()
    for folder in ("warehouse", "expectations", "flows"):
        extracted = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords={"N_": None})
        found |= {str(text) for _, _, text, _, _ in extracted}
    return found


TEXTS = texts_of_the_code()


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (LOCALE / "ru" / "LC_MESSAGES" / "sarai.po").open("rb") as file:
        return read_po(file, locale="ru", abort_invalid=True)


def placeholders(text: str) -> list[tuple[str, str | None]]:
    return sorted((name, spec) for _, name, spec, _ in Formatter().parse(text) if name is not None)


def test_the_catalogue_holds_the_texts_of_the_code_and_no_others(catalogue: Catalog) -> None:
    assert len(TEXTS) > 100
    known = {str(message.id) for message in catalogue if message.id}
    assert (sorted(TEXTS - known), sorted(known - TEXTS)) == ([], [])
    assert list(catalogue.obsolete) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_a_text_is_translated_with_its_placeholders(text: str, catalogue: Catalog) -> None:
    message = catalogue.get(text)
    assert message is not None
    russian = str(message.string)
    assert placeholders(russian) == placeholders(text)
    assert CYRILLIC.search(re.sub(r"\{[^}]*\}", "", russian))
    assert '"' not in russian
    assert russian.endswith(".") == text.endswith(".")
    assert translate(text, "ru") == russian
    assert translate(text, "en") == text


@pytest.mark.parametrize("suites", [submission_suites(QUESTIONNAIRE), mart_suites(), mart_suites(date(2024, 1, 1))])
def test_every_rule_says_a_text_of_the_catalogue(suites: dict[str, Any]) -> None:
    messages = {expectation.meta["message"] for suite in suites.values() for expectation in suite.expectations}
    assert messages
    assert messages <= TEXTS


def test_a_finding_about_a_row_is_said_with_table_row_and_question() -> None:
    message = '"{value}" is less than {bound}. Correct the number; write -- if it is not known.'
    finding = Finding(
        "id", "error", "value_too_small", message, "seizures", "Изъятия", 14, "quantity", "-1,5",
        {"value": "-1,5", "bound": 0.25},
    )  # fmt: skip
    assert say(finding, "en", QUESTIONNAIRE) == (
        'Seizures, row 14, Quantity: "-1,5" is less than 0.25. Correct the number; write -- if it is not known.'
    )
    assert say(finding, "ru", QUESTIONNAIRE) == (
        "Изъятия, строка 14, Количество: «-1,5» меньше допустимого (не меньше 0,25). Исправьте число; если оно не "
        "известно, напишите --."
    )
    assert in_words(finding, QUESTIONNAIRE).ru == say(finding, "ru", QUESTIONNAIRE)


def test_a_finding_about_a_file_is_said_with_its_name() -> None:
    message = "the file is still being written. It will be received at the next run."
    finding = Finding(None, "error", "file_not_received", message, arguments={"file_name": "KAZ/{x}.csv"})
    assert say(finding, "en", QUESTIONNAIRE).startswith("KAZ/{x}.csv: the file is still being written.")
    assert say(finding, "ru", QUESTIONNAIRE).startswith("KAZ/{x}.csv: запись файла ещё не завершена.")


def test_a_finding_about_a_sheet_is_said_with_its_name() -> None:
    message = "the sheet was not read, because headings are missing: {titles}. If it holds data, give it the headings of the form."  # noqa: E501
    titles = listed(QUESTIONNAIRE.table("seizures").field(name).title for name in ("drug", "unit"))
    finding = Finding("id", "warning", "sheet_unknown", message, sheet="Свод", arguments={"titles": titles})
    assert say(finding, "en", QUESTIONNAIRE).startswith(
        'sheet "Свод": the sheet was not read, because headings are missing: Drug or substance, Unit.'
    )
    assert say(finding, "ru", QUESTIONNAIRE).startswith(
        "лист «Свод»: лист не прочитан: не хватает заголовков: Наркотик, Единица измерения."
    )


def test_a_finding_about_a_mart_is_said_with_its_key() -> None:
    message = next(text for text in TEXTS if text.startswith("the cases of {year}"))
    arguments: dict[str, Argument] = {
        "key": "KAZ HEROIN",
        "year": 2012,
        "cases_kg": 1307.5,
        "seized_kg": 1306.0,
        "ratio": 1307.5 / 1306,
    }
    finding = Finding(None, "warning", "national_total_exceeded", message, "rpt_seizures_by_month", arguments=arguments)
    assert say(finding, "en", QUESTIONNAIRE).startswith(
        "rpt_seizures_by_month, KAZ HEROIN: the cases of 2012 add up to 1307.5 kg, the nation reported 1306 kg for the "
        "whole year (ratio 1.001)."
    )
    assert say(finding, "ru", QUESTIONNAIRE).startswith(
        "rpt_seizures_by_month, KAZ HEROIN: сумма случаев за 2012 год — 1307,5 кг, а страна сообщила за весь год 1306 "
        "кг (отношение 1,001)."
    )


def test_arguments_are_words_nothing_or_text_as_it_was_sent() -> None:
    words = in_every_language("the folder")
    assert in_every_language("record {number}", number=3) == {"en": "record 3", "ru": "запись 3"}
    assert words == {"en": "the folder", "ru": "папка"}
    assert fill("{a}, {b}, {c}, {d}", {"a": words, "b": None, "c": "1.5", "d": 2024}, "ru") == "папка, пусто, 1.5, 2024"
    assert fill("{a}, {b}", {"a": words, "b": None}, "en") == "the folder, nothing"
    with pytest.raises(KeyError, match="c"):
        fill("{c}", {}, "en")


def test_a_text_that_the_catalogue_does_not_know_stays_english() -> None:
    assert translate("not in the catalogue", "ru") == "not in the catalogue"
