"""Pages: what a page of the bulletin consists of, and how it becomes HTML without script and without any request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.answers.page import NAMES
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Figure
from warehouse.dictionary.pages import page_name
from warehouse.questionnaire.language import OTHER_LANGUAGE
from warehouse.words.pages import page_template

_FOLDER = Path(__file__).parent
DICTIONARY = "dictionary"


@dataclass(frozen=True)
class Tile:
    """A figure at the top of a page: its caption, the value, and what to know of it."""

    caption: str
    value: str
    notes: Sequence[str]


@dataclass(frozen=True)
class Section:
    """A part of a page: its heading, sentences, figures, and what a ``template`` shows of its ``values``.

    One that has none of them is left out.
    """

    name: str
    title: str
    figures: Sequence[Figure | None] = ()
    sentences: Sequence[str] = ()
    template: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A page in one language; ``notices`` are what its reader has to know first.

    Each page leads to those whose ``menu`` is not empty: it is what they are called there. ``template`` is that of the
    kind of page, ``values`` what it shows beside; most pages need none of their own.
    """

    name: str
    title: str
    lede: str
    menu: str = ""
    notices: Sequence[str] = ()
    tiles: Sequence[Tile] = ()
    sections: Sequence[Section] = ()
    template: str = "page.html.j2"
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown_sections(self) -> list[Section]:
        """The sections of the page that have a figure, a sentence or a template."""
        return [one for one in self.sections if any(one.figures) or one.sentences or one.template]

    @property
    def figures(self) -> list[Figure]:
        """All figures of the page."""
        return [one for section in self.sections for one in section.figures if one]


def render(page: Page, edition: Edition, pages: Sequence[Page]) -> str:
    """Return a page as HTML (utf-8); ``pages`` are all of the bulletin."""
    source, other = edition.source, OTHER_LANGUAGE[edition.language]
    return page_template(_FOLDER / page.template, edition.language).render(
        page=page,
        sections=page.shown_sections,
        menu=[one for one in pages if one.menu],
        language=edition.language,
        other={"language": other, "page": page_name(page.name, other), "name": NAMES[other]},
        page_of=lambda name: page_name(name, edition.language),
        mart_page=lambda mart: f"{DICTIONARY}/{page_name(mart, edition.language)}",
        audience=source.audience,
        release=source.origin | {"day": str(source.package["created"])[:10]},
        is_public=source.is_public,
        **page.values,
    )
