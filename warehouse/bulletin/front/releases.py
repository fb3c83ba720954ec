"""The front page of all bulletins of an audience, and pages that lead to either language without a script."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from warehouse.answers.page import NAMES
from warehouse.bulletin.corrections.published import Step
from warehouse.bulletin.earlier import bulletins_at
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.front.news import news
from warehouse.dictionary.pages import page_name
from warehouse.kits.source import PUBLIC
from warehouse.questionnaire.language import LANGUAGES, Language
from warehouse.storage.durable import replace_file
from warehouse.storage.regular_files import read_regular
from warehouse.words.pages import page_template

CHOICE = "index.html"
NEWS = "data/news.json"
_FOLDER = Path(__file__).parents[1]


class _News(BaseModel):
    """What a bulletin says is new in its release, for the page that lists all bulletins."""

    number: int
    day: str
    news: Mapping[Language, Sequence[str]]


def write_news(edition: Edition, steps: Sequence[Step], folder: Path) -> None:
    """Write beside the figures of a bulletin what is new in its release, in both languages."""
    told = {language: [*news(replace(edition, language=language), steps)] for language in LANGUAGES}
    source = edition.source
    new = _News(number=source.release.number, day=str(source.package["created"])[:10], news=told)
    text = json.dumps(new.model_dump(), ensure_ascii=False, indent=2)
    (folder / NEWS).write_text(text + "\n", encoding="utf-8")


def write_choice(folder: Path) -> None:
    """Write ``index.html`` of a bulletin, which leads to its front pages in both languages."""
    (folder / CHOICE).write_text(_choice(), encoding="utf-8")


def write_releases(place: Path, audience: str) -> None:
    """Write the pages that list the bulletins of an audience that are there, the newest first; each is whole or old."""
    found = [*_bulletins(place)]
    for language in LANGUAGES:
        text = _page("releases.html.j2", language, bulletins=found, is_public=audience == PUBLIC)
        replace_file(place / page_name("index", language), text.encode())
    replace_file(place / CHOICE, _choice().encode())


def _choice() -> str:
    return _page("choice.html.j2", LANGUAGES[0])


def _page(template: str, language: Language, **values: Any) -> str:
    links = [{"language": one, "name": NAMES[one], "page": page_name("index", one)} for one in LANGUAGES]
    made = page_template(_FOLDER / template, language).render(
        language=language, links=links, page_of=lambda name: page_name(name, language), **values
    )
    return f"{made}\n"


def _bulletins(place: Path) -> Iterator[_News]:
    """Yield what each bulletin that is there says is new, the newest first."""
    for _, folder in bulletins_at(place):
        try:
            yield _News.model_validate_json(read_regular(folder / NEWS))
        except (OSError, ValidationError):
            continue  # one of an earlier version, or damaged: nobody can say what it holds
