"""The catalogue: it holds the texts of code and pages and no others, whole and with all plural forms."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from expectations.marts.suites import mart_suites
from expectations.submissions.suites import submission_suites
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.words.catalogue import LOCALE, fill, in_every_language, translate

ROOT = Path(__file__).resolve().parents[3]
PROJECT = ROOT / "dbt_project"
CYRILLIC = re.compile(r"[а-яё№]", re.IGNORECASE)
PLURALS = 3  # of Russian: 1 строка, 2 строки, 5 строк

# A text of the catalogue: its context, if it has one, then its singular and, if it counts, its plural.
Key = tuple[str | None, tuple[str, ...]]


def texts_of_code_and_pages() -> Iterator[Key]:
    """Yield every text that is marked in code and every one that a page translates."""
    for folder in ("warehouse", "expectations", "flows"):
        methods = [("**.py", "python"), ("**.j2", "jinja2")]
        keywords: Mapping[str, Any] = DEFAULT_KEYWORDS | {"N_": None}
        for _, _, text, _, context in extract_from_dir(ROOT / folder, methods, keywords=keywords):
            yield context, (text,) if isinstance(text, str) else tuple(text)


TEXTS = set(texts_of_code_and_pages())


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (LOCALE / "ru" / "LC_MESSAGES" / "sarai.po").open("rb") as file:
        return read_po(file, locale="ru", abort_invalid=True)


def placeholders(text: str) -> list[str]:
    """Return the places of a text that are filled: ``{name:spec}`` in code, ``%(name)s`` on pages."""
    braces = [f"{name}:{spec}" for _, name, spec, _ in Formatter().parse(text) if name is not None]
    return sorted(braces + re.findall(r"%\(\w+\)s", text))


def as_tuple(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (list, tuple)) else (str(text),)


def test_the_catalogue_holds_the_texts_of_code_and_pages_and_no_others(catalogue: Catalog) -> None:
    assert len(TEXTS) > 100
    known = {(message.context, as_tuple(message.id)) for message in catalogue if message.id}
    assert (sorted(map(str, TEXTS - known)), sorted(map(str, known - TEXTS))) == ([], [])
    assert list(catalogue.obsolete) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert catalogue.num_plurals == PLURALS


@pytest.mark.parametrize("key", sorted(TEXTS, key=str), ids=lambda key: key[1][0][:60])
def test_a_text_is_translated_with_its_placeholders(key: Key, catalogue: Catalog) -> None:
    context, texts = key
    message = catalogue.get(texts[0], context)
    assert message is not None
    russian = as_tuple(message.string)
    assert len(russian) == (1 if len(texts) == 1 else PLURALS)
    for form in russian:
        assert placeholders(form) == placeholders(texts[-1])
        assert CYRILLIC.search(re.sub(r"\{[^}]*\}|%\(\w+\)s", "", form))
        assert '"' not in form
        if len(texts[-1].split()) > 1:  # one word may be an abbreviation: No., шт.
            assert form.endswith(".") == texts[-1].endswith(".")


@pytest.mark.parametrize("text", sorted(texts[0] for context, texts in TEXTS if len(texts) == 1 and not context))
def test_a_text_is_found_at_run_time(text: str, catalogue: Catalog) -> None:
    message = catalogue.get(text)
    assert message is not None
    assert (translate(text, "ru"), translate(text, "en")) == (message.string, text)


@pytest.mark.parametrize(
    "suites", [submission_suites(load_questionnaire()), mart_suites(PROJECT), mart_suites(PROJECT, date(2024, 1, 1))]
)
def test_every_rule_has_a_text_of_the_catalogue(suites: dict[str, Any]) -> None:
    messages = {(None, (item.meta["message"],)) for suite in suites.values() for item in suite.expectations}
    assert messages
    assert messages <= TEXTS


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
    assert translate("", "ru") == ""
