"""Choices: the entries of a form's drop-down lists. Every label is an accepted spelling of its code."""

import unicodedata
from collections.abc import Callable

from warehouse.forms.edition import FormEdition
from warehouse.questionnaire.codelists import load_codelist, spelling_key

MISSING_VALUES = "missing_values"

_Entry = dict[str, str]


def range_name(codelist: str) -> str:
    """Return the name of the workbook's range that holds the labels of a codelist."""
    return f"list_{codelist}"


def form_lists(edition: FormEdition) -> dict[str, tuple[str, ...]]:
    """Return the labels of every codelist of the questionnaire, and of missing values, by name."""
    asked = {field.codelist for table in edition.questionnaire.tables for field in table.fields if field.codelist}
    return {name: labels(edition, name) for name in sorted(asked)} | {MISSING_VALUES: missing_words(edition)}


def labels(edition: FormEdition, codelist: str) -> tuple[str, ...]:
    """Return the labels of a codelist, the likeliest first, in the language that comes first in the form."""
    return tuple(dict.fromkeys(entry[f"name_{edition.order[0]}"] for entry in offered(edition, codelist)))


def offered(edition: FormEdition, codelist: str) -> list[dict[str, str]]:
    """Return the entries of a codelist that the form offers (code, name_en, name_ru, …), the likeliest first.

    Of entries that belong to a country only those of the reporting country, valid in the reporting month, are offered,
    and none that another table asks for.
    """
    listed = load_codelist(edition.codelists, codelist).entries.values()
    entries = [entry for entry in listed if _is_own(entry, edition) and _is_in_force(entry, edition)]
    if codelist == "countries":
        return sorted(entries, key=_nearest_first(edition))
    entries = [entry for entry in entries if entry.get("is_offered") != "false"]
    return sorted(entries, key=lambda entry: entry.get("is_common") == "false")


def _is_own(entry: _Entry, edition: FormEdition) -> bool:
    return entry.get("country_code", "") in ("", edition.country_code)


def _is_in_force(entry: _Entry, edition: FormEdition) -> bool:
    if edition.period is None:
        return not entry.get("valid_to")
    first, last = (entry.get(column) or edition.period_text for column in ("valid_from", "valid_to"))
    return first[:7] <= edition.period_text <= last[:7]


def _nearest_first(edition: FormEdition) -> Callable[[_Entry], tuple[int, str]]:
    """Return the sort key of countries: the reporting one, its neighbours, member states, others; each by name."""
    crossings = load_codelist(edition.codelists, "border_points").entries.values()
    neighbours = {row["neighbour_country_code"] for row in crossings if _is_own(row, edition)}

    def rank(entry: _Entry) -> tuple[int, str]:
        code, is_member = entry["code"], entry["is_member"].lower() == "true"
        nearness = (code == edition.country_code, code in neighbours, is_member, True).index(True)
        return nearness, _alphabetical(entry[f"name_{edition.order[0]}"])

    return rank


def _alphabetical(name: str) -> str:
    """Return the sort key of a name, without accents: Åland sorts among the names in A."""
    letters = unicodedata.normalize("NFKD", spelling_key(name))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def missing_words(edition: FormEdition) -> tuple[str, ...]:
    """Return every word that marks a missing answer, in all languages, for validation to accept."""
    codelist = load_codelist(edition.codelists, MISSING_VALUES)
    names = (name for row in codelist.entries.values() for name in (row["name_ru"], row["name_en"]))
    national = (word for country_code, word in codelist.national if country_code == edition.country_code)
    return tuple(dict.fromkeys([*names, *national, *codelist.spellings]))
