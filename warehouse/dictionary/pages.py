"""The pages of the dictionary: HTML without script and without any request, one for each mart and language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.answers.page import NAMES
from warehouse.dictionary.columns import column_entries, count_empty
from warehouse.dictionary.edition import Edition
from warehouse.dictionary.examples import ask, cell, worked
from warehouse.dictionary.pictures import draw_lineage, draw_relations
from warehouse.dictionary.relations import CODES, Relation, relations
from warehouse.dictionary.subjects import Entry, entries, subjects
from warehouse.dictionary.texts import Description, describe
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES, OTHER_LANGUAGE, Language, in_language
from warehouse.releases.marts import Mart
from warehouse.transform.model_graph import Model, read_model_graph
from warehouse.transform.parsed_project import project_version
from warehouse.words.pages import page_template

if TYPE_CHECKING:
    from markupsafe import Markup

_FOLDER = Path(__file__).parent
INDEX, COLUMNS, CODE_LISTS, RELATIONS = "index", "columns", "codes", "relations"


@dataclass(frozen=True)
class _Known:
    """What all pages are made of: relations, code lists, models of dbt (none of a release that others made)."""

    edition: Edition
    related: Sequence[Relation]
    lists: Mapping[str, Sequence[tuple[str, Words]]]
    models: Mapping[str, Model]
    empty: Mapping[str, Mapping[str, int]]


def write(edition: Edition, folder: Path) -> None:
    """Write the dictionary of what the reader of an edition sees; the same edition gives the same bytes.

    Lineage and worked examples are those of the models that the release was built with: they are left out, and the
    pages say so, where the dbt project has changed since.
    """
    known = _known(edition)
    for language in LANGUAGES:
        for name, page, values in _pages(known, language):
            template = page_template(_FOLDER / f"{page}.html.j2", language)
            text = template.render(**_frame(known, language, name), **values)
            (folder / page_name(name, language)).write_text(text + "\n", encoding="utf-8")


def page_name(name: str, language: Language) -> str:
    """Return the file name of a page, in the folder that all of them share; of a mart by the name of the mart."""
    return f"{name}_{language}.html"


def _known(edition: Edition) -> _Known:
    settings = edition.settings
    version = project_version(settings.dbt_project)
    is_same = edition.release.package.get("models_sha256") == version
    return _Known(
        edition,
        relations(edition.marts),
        _code_lists(edition),
        read_model_graph(settings, version) if is_same else {},
        {name: count_empty(edition, mart) for name, mart in edition.marts.items()},
    )


def _code_lists(edition: Edition) -> dict[str, list[tuple[str, Words]]]:
    lists: dict[str, list[tuple[str, Words]]] = {}
    if CODES in edition.marts:
        query = f"select codelist_name, code, name_en, name_ru from {CODES} order by codelist_name, code"
        for name, code, english, russian in edition.execute(query).fetchall():
            lists.setdefault(name, []).append((code, Words(en=english or "", ru=russian or "")))
    return lists


def _frame(known: _Known, language: Language, name: str) -> dict[str, Any]:
    """Return what every page shows, by the names of its template."""
    package, other = known.edition.release.package, OTHER_LANGUAGE[language]
    return {
        "language": language,
        "other": {"language": other, "page": page_name(name, other), "name": NAMES[other]},
        "of": lambda words: in_language(words, language),
        "page_of": lambda mart: page_name(mart, language),
        "linked": partial(_linked, known.edition.marts, language),
        "number": lambda value: cell(value, "", language),
        "marts": known.edition.marts,
        "release": known.edition.origin | {"day": str(package["created"])[:10]},
        "is_public": known.edition.is_public,
        "has_models": bool(known.models),
    }


def _linked(marts: Mapping[str, Mart], language: Language, text: str) -> "Markup":
    """Return a text, escaped, in which the name of each mart that has a page leads to it."""
    from markupsafe import Markup, escape

    def link(found: re.Match[str]) -> str:
        name = found.group()
        return f'<a href="{page_name(name, language)}">{name}</a>' if name in marts else name

    return Markup(re.sub(r"\b(?:dim|fct|rpt)_\w+", link, str(escape(text))))  # noqa: S704 - escaped before


def _pages(known: _Known, language: Language) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield name, template and values of each page in a language."""
    marts = known.edition.marts
    shown = [(one.title, [mart for mart in one.marts if mart in marts]) for one in subjects().values()]
    shown = [(title, names) for title, names in shown if names]
    yield INDEX, "index", {"subjects": shown, "entries": entries()}
    yield COLUMNS, "columns", {"columns": _columns_by_letter(marts)}
    yield CODE_LISTS, "codes", {"lists": known.lists}
    drawn = [
        (title, names, draw_relations([marts[name] for name in names], known.related, marts)) for title, names in shown
    ]
    yield RELATIONS, "relations", {"drawn": drawn, "related": known.related}
    for mart in marts.values():
        yield mart.name, "mart", _mart_values(known, mart, language)


def _mart_values(known: _Known, mart: Mart, language: Language) -> dict[str, Any]:
    model = known.models.get(mart.name)
    columns = column_entries(mart, known.related, [*known.lists], known.empty[mart.name], language)
    description: Description = describe(mart.comment, language)
    example = worked(model, mart, language)
    unnamed = Entry(title=Words(en=mart.name, ru=mart.name), question=Words(en="", ru=""))
    return {
        "mart": mart,
        "entry": entries().get(mart.name, unnamed),
        "description": description,
        "columns": columns,
        "is_partly_foreign": description.is_foreign or any(column.meaning.is_foreign for column in columns),
        "asked": ask(known.edition, mart, language),
        "worked": example,
        "model": model,
        "lineage": draw_lineage(mart.name, model.parents, model.children) if model else None,
    }


def _columns_by_letter(marts: Mapping[str, Mart]) -> dict[str, dict[str, list[str]]]:
    """Return first letter → column → the marts that have it, all in the order of the alphabet."""
    found: dict[str, dict[str, list[str]]] = {}
    pairs = sorted((column.name, mart.name) for mart in marts.values() for column in mart.columns)
    for column, name in pairs:
        found.setdefault(column[0], {}).setdefault(column, []).append(name)
    return found
