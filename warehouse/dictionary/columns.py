"""The columns of a mart as a page shows them: type, unit, meaning, what may be empty and why, codes and relations."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.dictionary.edition import Edition
from warehouse.dictionary.relations import Relation, codelist_of
from warehouse.dictionary.texts import Text, contract_text
from warehouse.questionnaire.definition import Words, load_questionnaire
from warehouse.questionnaire.language import Language
from warehouse.releases.datapackage import FIELD_TYPES
from warehouse.releases.marts import Column, Mart
from warehouse.storage.sql import identifier
from warehouse.words.catalogue import N_, translate

_TYPES = {
    "string": N_("text"),
    "boolean": N_("yes or no"),
    "date": N_("day"),
    "datetime": N_("moment (UTC)"),
    "number": N_("number"),
    "integer": N_("whole number"),
}
_CODE = N_("code")
# The unit is a suffix of the name; figures without presumed doubles have theirs before it.
_UNITS = {
    r"usd_per_(pure_)?gram": N_("US dollars per gram"),
    r"usd_per_kg": N_("US dollars per kilogram"),
    r"units_per_usd": N_("units of the currency for one US dollar"),
    r"_usd$": N_("US dollars"),
    r"_pct$": N_("per cent"),
    r"_ratio$": N_("ratio"),
    r"_per_100000": N_("per 100,000"),
    r"_kg$": N_("kilograms"),
    r"_litres$": N_("litres"),
    r"_hectares$": N_("hectares"),
    r"_m$": N_("metres"),
    r"_days$": N_("days"),
    r"itude$": N_("degrees"),
}
_NOT_ANSWERED = N_("nothing was answered, or what it is made of was not")
_NOT_DIVISIBLE = N_("what it is divided by is zero or not known")
_NOT_MEASURED = N_("no such amount was reported, which is no zero")
_NOT_KNOWN = N_("it is not known or does not apply")


@dataclass(frozen=True)
class ColumnEntry:
    """A column on a page; texts are in its language.

    ``empty_count`` is how many rows of the edition have no value, None where each must have one; ``reason`` is why,
    empty where the meaning tells it. ``asked`` is the question of the form that the column repeats.
    """

    name: str
    type_name: str
    unit: str
    meaning: Text
    is_key: bool
    empty_count: int | None
    reason: str
    codelist: str | None
    relation: Relation | None
    asked: Words | None


def column_entries(
    mart: Mart, related: Sequence[Relation], lists: Sequence[str], empty: Mapping[str, int], language: Language
) -> list[ColumnEntry]:
    """Return the columns of a mart, in its order."""
    leads = {relation.column: relation for relation in related if relation.mart == mart.name}
    return [
        ColumnEntry(
            column.name,
            translate(_type_name(column), language),
            translate(_unit(column), language),
            contract_text(column.comment, language),
            column.name in mart.primary_key,
            empty[column.name] if column.is_nullable else None,
            translate(_reason(mart, column), language),
            codelist_of(column, lists) if mart.name != "dim_codes" else None,
            leads.get(column.name),
            _asked(mart, column),
        )
        for column in mart.columns
    ]


def count_empty(edition: Edition, mart: Mart) -> dict[str, int]:
    """Return column → in how many rows of the edition it has no value."""
    counts = ", ".join(f"count(*) - count({identifier(column.name)})" for column in mart.columns)
    found = edition.execute(f"select {counts} from {identifier(mart.name)}").fetchone() or ()
    return {column.name: int(count) for column, count in zip(mart.columns, found, strict=True)}


def _type_name(column: Column) -> str:
    known = FIELD_TYPES[column.data_type.split("(")[0]]
    return _CODE if known == "string" and column.name.endswith("_code") else _TYPES[known]


def _unit(column: Column) -> str:
    if FIELD_TYPES[column.data_type.split("(")[0]] not in {"number", "integer"}:
        return ""
    name = column.name.removesuffix("_without_duplicates")
    return next((unit for suffix, unit in _UNITS.items() if re.search(suffix, name)), "")


def _reason(mart: Mart, column: Column) -> str:
    """Return why a value may be missing, by what is known of all marts of its kind; nothing where its contract says."""
    if not column.is_nullable or re.search(r"\b(?:null|empty)\b", column.comment or ""):
        return ""
    if mart.name.startswith("fct_"):
        return _NOT_ANSWERED
    name = column.name.removesuffix("_without_duplicates")
    if re.search(r"_(?:pct|ratio)$|_per_", name):
        return _NOT_DIVISIBLE
    return _NOT_MEASURED if re.search(r"_(?:kg|litres|usd|count|value)$", name) else _NOT_KNOWN


def _asked(mart: Mart, column: Column) -> Words | None:
    """Return the question of the form whose answers a table of facts repeats under the same name."""
    tables = {table.name: table for table in load_questionnaire().tables}
    table = tables.get(mart.name.removeprefix("fct_")) if mart.name.startswith("fct_") else None
    return next((field.title for field in table.fields if field.name == column.name), None) if table else None
