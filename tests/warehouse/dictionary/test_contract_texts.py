"""Texts of contracts in Russian: none whose English is gone, and none missing of what the public edition shows."""

import ast
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from babel.messages.pofile import read_po

from warehouse.dictionary.texts import CONTRACTS
from warehouse.storage.settings import REPOSITORY
from warehouse.words.catalogue import LOCALE

MARTS = REPOSITORY / "dbt_project" / "models" / "marts"
DISCLOSURE = REPOSITORY / "warehouse" / "disclosure"


def words(text: str | None) -> str:
    return " ".join((text or "").split())


@cache
def contracts() -> list[dict[str, Any]]:
    """Return what the files of contracts hold; dbt reads them in seconds, and this is as they stand."""
    paths = sorted(MARTS.rglob("*.yml"))
    return [yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for path in paths]


def described() -> dict[tuple[str, str], str]:
    """Return (mart, column) → what its contract says; of the mart itself the column is empty."""
    models = [model for one in contracts() for model in one.get("models") or ()]
    found = {(model["name"], ""): words(model.get("description")) for model in models}
    for model in models:
        found |= {(model["name"], one["name"]): words(one.get("description")) for one in model.get("columns") or ()}
    return found


def texts_of_persons() -> Iterator[str]:
    """Yield what the table of persons says, which no model makes."""
    for node in ast.walk(ast.parse((DISCLOSURE / "public_edition.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield words(node.value)


def translated() -> set[str]:
    with (LOCALE / "ru" / "LC_MESSAGES" / f"{CONTRACTS}.po").open("rb") as file:
        return {str(message.id) for message in read_po(file, locale="ru", abort_invalid=True) if message.id}


def test_no_text_is_of_a_contract_that_says_something_else_now() -> None:
    tests = {test["name"].replace("_", " ") for one in contracts() for test in one.get("unit_tests") or ()}
    assert sorted(translated() - {*described().values(), *texts_of_persons()} - tests) == []


def test_no_text_of_the_public_edition_is_missing() -> None:
    public = yaml.safe_load((DISCLOSURE / "public_edition.yml").read_text(encoding="utf-8"))
    known = described()
    shown = {known[mart, column] for mart, rule in public.items() for column in ("", *rule["columns"])}
    assert len(shown) > 100
    assert sorted(text for text in shown - translated() if "{{" not in text) == []
