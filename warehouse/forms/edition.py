"""An edition of the form: the country, the month and the language that it is made for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist, member_states
from warehouse.questionnaire.definition import Questionnaire, Table, Words
from warehouse.questionnaire.language import Bilingual, FormLanguage, Language, in_language
from warehouse.words.months import month_in_words

MAX_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAMES = frozenset("[]:*?/\\")


@dataclass(frozen=True)
class FormEdition:
    """Country (alpha-3), reporting month (any day of it, None if the sender fills it in) and language of a form.

    Headings and instructions are always in both languages; ``language`` decides which comes first, and in which the
    drop-down lists and hints are. Where it is "both", ``first`` comes first. ``codelists`` is the folder of the dbt
    seeds.
    """

    country_code: str
    period: date | None
    language: FormLanguage
    questionnaire: Questionnaire
    codelists: Path
    first: Language = "ru"

    def __post_init__(self) -> None:
        """Raise ValueError for a country that is not a member state."""
        members = member_states(self.codelists)
        if self.country_code not in members:
            raise ValueError(f"{self.country_code} is no member state. Choose one of {', '.join(members)}.")

    @property
    def order(self) -> tuple[Language, Language]:
        """Both languages, the chosen one first."""
        first = self.first if self.language == "both" else self.language
        return ("en", "ru") if first == "en" else ("ru", "en")

    @property
    def chosen(self) -> tuple[Language, ...]:
        """The chosen language, or both, the first one first."""
        return self.order if self.language == "both" else self.order[:1]

    def both(self, words: Bilingual, separator: str = " / ") -> str:
        """Return the words in both languages, in order; once where they are equal."""
        return separator.join(dict.fromkeys(in_language(words, language) for language in self.order))

    def in_chosen(self, words: Bilingual, separator: str = "\n") -> str:
        """Return the words in the chosen language or languages."""
        return separator.join(dict.fromkeys(in_language(words, language) for language in self.chosen))

    @cached_property
    def country(self) -> Words:
        """The country's name."""
        row = load_codelist(self.codelists, "countries").entries[self.country_code]
        return Words(en=row["name_en"], ru=row["name_ru"])

    @cached_property
    def period_text(self) -> str:
        """The month as the cover states it, e.g. 2024-05; '' where the sender fills it in."""
        return f"{self.period:%Y-%m}" if self.period else ""

    @property
    def month(self) -> Words:
        """The month in words, e.g. May 2024; empty where the sender fills it in."""
        if self.period is None:
            return Words(en="", ru="")
        return Words(en=month_in_words(self.period, "en"), ru=month_in_words(self.period, "ru"))

    def sheet_name(self, table: Table) -> str:
        """Return the name of the table's sheet: its title if that is a valid sheet name, else the name of the table."""
        return sheet_name(tuple(in_language(table.title, language) for language in self.order), table.name)


def sheet_name(names: Sequence[str], fallback: str) -> str:
    """Return the first of ``names`` that Excel accepts for a sheet, else the beginning of ``fallback``."""
    valid = (name for name in names if len(name) <= MAX_SHEET_NAME and not _FORBIDDEN_IN_SHEET_NAMES & set(name))
    return next(valid, fallback[:MAX_SHEET_NAME])
