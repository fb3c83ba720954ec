"""The catalogue: it holds the texts of code and pages and no others, whole and with all plural forms."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from expectations.gate.rules import Suite
from expectations.marts.suites import mart_suites
from expectations.submissions.suites import submission_suites
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.words.catalogue import LOCALE, Phrase, fill, in_every_language, translate, translations

ROOT = Path(__file__).resolve().parents[3]
PROJECT = ROOT / "dbt_project"
CYRILLIC = re.compile(r"[а-яё№]", re.IGNORECASE)
PLURALS = 3  # of Russian: 1 строка, 2 строки, 5 строк

# A text of the catalogue: its context, if it has one, then its singular and, if it counts, its plural.
Key = tuple[str | None, tuple[str, ...]]


# The functions that mark a text, and which of their arguments are text, plural and context; see babel's parse_keywords.
KEYWORDS: Mapping[str, Any] = DEFAULT_KEYWORDS | {"N_": None, "Phrase": {1: (1,), 2: (1, (2, "c"))}}


def texts_of_code_and_pages() -> Iterator[Key]:
    """Yield every text that is marked in code and every one that a page translates."""
    for folder in ("warehouse", "expectations", "flows"):
        methods = [("**.py", "python"), ("**.j2", "jinja2")]
        for _, _, text, _, context in extract_from_dir(ROOT / folder, methods, keywords=KEYWORDS):
            yield context, as_tuple(text)


@pytest.fixture(scope="module")
def texts() -> set[Key]:
    return set(texts_of_code_and_pages())


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


def test_the_catalogue_holds_the_texts_of_code_and_pages_and_no_others(texts: set[Key], catalogue: Catalog) -> None:
    known = {(message.context, as_tuple(message.id)) for message in catalogue if message.id}
    assert (sorted(map(str, texts - known)), sorted(map(str, known - texts))) == ([], [])
    assert list(catalogue.obsolete) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_every_mark_is_found(texts: set[Key]) -> None:
    assert {
        (None, ("row {row}",)),  # N_
        (None, ("Cover",)),  # Phrase
        ("what a sender replies", ("confirmed",)),  # Phrase with a context
        (None, ("%(num)s error", "%(num)s errors")),  # ngettext of a page
        ("number of rows", ("Rows",)),  # pgettext of a page
    } <= texts


def problems(texts: tuple[str, ...], russian: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with the translation of a text, all forms of it."""
    english = texts[-1]
    if any(placeholders(text) != placeholders(english) for text in (*texts, *russian)):
        yield "placeholders differ"
    if len(russian) != (1 if len(texts) == 1 else PLURALS) or not all(russian):
        yield "a form is missing"
    if not all(CYRILLIC.search(re.sub(r"\{[^}]*\}|%\(\w+\)s", "", form)) for form in russian):
        yield "not Russian"
    if any('"' in form for form in russian):
        yield "quotation marks are « »"
    # One word may be an abbreviation: No., шт.
    if len(english.split()) > 1 and any(form.endswith(".") != english.endswith(".") for form in russian):
        yield "a sentence here and none there"


def test_every_text_is_translated_whole(catalogue: Catalog) -> None:
    wrong = {
        message.id: found
        for message in catalogue
        if message.id and (found := list(problems(as_tuple(message.id), as_tuple(message.string))))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("texts", "russian", "problem"),
    [
        (("{a} is {b:.1f}.",), ("{a} и {b}.",), "placeholders differ"),
        (("%(n)s row", "%(n)s rows"), ("%(n)s строка", "%(m)s строки", "%(n)s строк"), "placeholders differ"),
        (("%(n)s row", "%(n)s rows"), ("%(n)s строка", "%(n)s строк"), "a form is missing"),
        (("a row",), ("",), "a form is missing"),
        (("a row {x}",), ("row {x}",), "not Russian"),
        (("the row",), ('"строка"',), "quotation marks are « »"),
        (("The row.",), ("Строка",), "a sentence here and none there"),
    ],
)
def test_a_bad_translation_is_found(texts: tuple[str, ...], russian: tuple[str, ...], problem: str) -> None:
    assert problem in list(problems(texts, russian))


def test_texts_are_found_at_run_time(catalogue: Catalog) -> None:
    for message in catalogue:
        text = message.id
        if isinstance(text, str) and text and not message.context:
            assert (translate(text, "ru"), translate(text, "en")) == (message.string, text)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 11, 12, 21, 22, 25, 101, 111, 121, 1000])
def test_the_plural_forms_are_those_of_russian(count: int) -> None:
    form = translations("ru").ngettext("%(num)s error", "%(num)s errors", count)
    expected = {"one": "ошибка", "few": "ошибки", "many": "ошибок"}[Locale("ru").plural_form(count)]
    assert form == f"%(num)s {expected}"


# Code that holds Russian which it recognises or which is no text: module → what it is.
RUSSIAN_IN_CODE = {
    "expectations/submissions/fields.py": "letters and words behind a number that are a mark",
    "expectations/submissions/seizures.py": "a pattern of routes by sea",
    "warehouse/answers/page.py": "the name of the language in the link to the other page",
    "warehouse/findings/suggestions.py": "letters that look alike, and keys of the keyboard",
    "warehouse/intake/bulk_landing.py": "letters of which a row of totals may begin, and ranges of letters",
    "warehouse/ledger/order.py": "words before the number of a revision in a file's name",
    "warehouse/intake/replies.py": "a word of replies before which a comma parts nothing",
    "warehouse/intake/records.py": "words of rows with totals",
    "warehouse/kits/powerbi/tables.py": "the name of the table of days, and the mark of what stands in English",
    "warehouse/proposals/days.py": "letters that are typed for digits",
    "warehouse/proposals/numbers.py": "letters that are typed for digits, and words for persons and pieces",
    "warehouse/proposals/spellings.py": "a range of letters",
    "warehouse/questionnaire/codelists.py": "ё is read as е",
    "warehouse/questionnaire/cover.py": "labels of covers that are recognised",
    "warehouse/questionnaire/headings.py": "names of sheets that are passed over",
    "warehouse/questionnaire/measures.py": "words of scales and units in headings",
    "warehouse/questionnaire/periods.py": "words of ranges and of parts of a year",
    "warehouse/sheets/nil_words.py": "words of nil returns",
    "warehouse/sheets/unit_above.py": "names of units above a table",
    "warehouse/words/form_words.py": "the mark of an excerpt, the same in both languages",
}


def strings_of(path: Path) -> Iterator[str]:
    """Yield the strings of a module, docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_russian_is_written_in_the_catalogue_alone() -> None:
    modules = [path for folder in ("warehouse", "expectations", "flows") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in modules if any(map(CYRILLIC.search, strings_of(path)))}
    assert found == set(RUSSIAN_IN_CODE)


def test_a_phrase_is_distinguished_by_its_context() -> None:
    assert Phrase("confirmed").ru == "подтверждено"
    assert Phrase("confirmed", "what a sender replies").ru == "подтверждаю"


@pytest.mark.parametrize(
    "suites", [submission_suites(load_questionnaire()), mart_suites(PROJECT), mart_suites(PROJECT, date(2024, 1, 1))]
)
def test_every_rule_has_a_text_of_the_catalogue(suites: dict[str, Suite], texts: set[Key]) -> None:
    messages = {(None, (rule.message,)) for suite in suites.values() for rule in suite.rules}
    assert messages
    assert messages <= texts


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
