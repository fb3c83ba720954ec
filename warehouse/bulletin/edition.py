"""A release as its reader sees it, in the language of a page: what pages ask of it and say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from warehouse.disclosure.public_columns import public_columns
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words, load_questionnaire
from warehouse.questionnaire.language import Language, in_language
from warehouse.releases.catalogue import require_published
from warehouse.releases.marts import read_marts
from warehouse.storage.sql import identifier, literal
from warehouse.words.catalogue import Argument, fill, translations

if TYPE_CHECKING:
    import pandas as pd

# Months in which any state reported seizures, which the bulletin is about.
_REPORTED = """
    select distinct month_date from rpt_coverage_by_month
    where table_name = 'seizures' and coverage <> 'missing' order by month_date"""


@dataclass(frozen=True)
class Edition:
    """A release as its reader sees it; pages in both languages share what was asked.

    ``names`` has the name of a code by its list and code, ``months`` the first days of the months that any state
    reported, in order. ``public_marts`` are those of which the reader sees no more than everybody.
    """

    source: Source
    language: Language
    names: Mapping[tuple[str, str], Words]
    months: tuple[date, ...]
    public_marts: frozenset[str]
    frames: dict[str, "pd.DataFrame"] = field(default_factory=dict)

    @property
    def lacking(self) -> list[str]:
        """The marts that the reader would see, also in the public edition, and that the release does not have."""
        return sorted((self.source.allowed | {*public_columns()}) - {*self.source.marts})

    def ask(self, query: str) -> "pd.DataFrame":
        """Return the answer to a query; raises KitError where the release lacks what it asks for."""
        if query not in self.frames:
            self.frames[query] = self.source.frame(query)
        return self.frames[query]

    def name(self, codelist: str, code: object) -> str:
        """Return the name of a code in the language of the page; the code where it has none, nothing for null."""
        words = self.names.get((codelist, code)) if isinstance(code, str) else None
        return in_language(words, self.language) if words else code if isinstance(code, str) else ""

    def named(self, codelist: str, codes: Iterable[object]) -> list[str]:
        """Return the names of codes, in their order."""
        return [self.name(codelist, code) for code in codes]

    def say(self, text: str, **arguments: Argument) -> str:
        """Return a text of the catalogue, filled."""
        return fill(text, arguments, self.language)

    def ngettext(self, one: str, many: str, count: int, **arguments: Argument) -> str:
        """Return a text of the catalogue in the form that a number asks for, filled; ``count`` is one of its places."""
        form = translations(self.language).ngettext(one, many, count)
        return form.format_map({"count": count, **arguments})


def open_edition(source: Source) -> Edition:
    """Return the edition of a source, in English; what its audience sees in the public edition alone is in it too.

    Raises ReleaseError where the public edition is not as it was published.
    """
    source.execute("set threads = 1")  # hundreds of small queries: sharing one out costs more than it takes
    held = {*source.marts}
    if not source.is_public and source.release.public_database.exists():
        source = _with_public_marts(source)
    return Edition(source, "en", _names(source), _months(source), frozenset({*source.marts} - held))


def _with_public_marts(source: Source) -> Source:
    database = source.release.public_database
    require_published(source.release, database)
    (here,) = source.execute("select current_catalog() || '.' || current_schema()").fetchall()[0]
    source.execute(f"attach if not exists {literal(str(database))} as public_edition (read_only); use public_edition")
    added = [mart for mart in read_marts(source.connection, "main") if mart.name not in source.marts]
    source.execute(f"use {here}")
    for mart in added:
        name = identifier(mart.name)
        source.execute(f"create or replace view {name} as select * from public_edition.main.{name}")
    return replace(source, marts={**source.marts, **{mart.name: mart for mart in added}})


def _names(source: Source) -> dict[tuple[str, str], Words]:
    """Return (list, code) → its name, of all codes that the reader sees, and of the tables of the questionnaire."""
    names = {("tables", table.name): table.title for table in load_questionnaire().tables}
    for listed, code, english, russian in source.execute(
        "select codelist_name, code, name_en, name_ru from dim_codes"
    ).fetchall():
        names[listed, code] = Words(en=english or code, ru=russian or english or code)
    return names


def _months(source: Source) -> tuple[date, ...]:
    """Return the months that any state reported, in order."""
    return tuple(row[0] for row in source.execute(_REPORTED).fetchall())
