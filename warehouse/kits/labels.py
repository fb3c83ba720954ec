"""Labels of codes in a kit's tables, and the captions of their columns, in English and Russian."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse.definition_file import read_definition
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words, load_questionnaire
from warehouse.questionnaire.language import Language, in_language
from warehouse.storage.sql import identifier, literal


@dataclass(frozen=True)
class Label:
    """A column that names what a column of codes holds: in SQL, of the mart and of what is joined to it."""

    code: str
    expression: str
    join: str


def _named(code: str, table: str, expression: str) -> Label:
    join = f"left join {table} as {code}_named on {code}_named.{code} = mart.{code}"
    return Label(code, f"{code}_named.{expression}_{{language}}", join)


def _coded(code: str, codelist: str) -> Label:
    join = (
        f"left join dim_codes as {code}_named on {code}_named.codelist_name = {literal(codelist)} "
        f"and {code}_named.code = mart.{code}"
    )
    return Label(code, f"{code}_named.name_{{language}}", join)


def _titled() -> Label:
    """Return the label of a table of the questionnaire, which no codelist has."""
    titles = ", ".join(
        f"({literal(table.name)}, {literal(table.title.en)}, {literal(table.title.ru)})"
        for table in load_questionnaire().tables
    )
    join = f"left join (values {titles}) as titled (name, title_en, title_ru) on titled.name = mart.table_name"
    return Label("table_name", "titled.title_{language}", join)


LABELS: Mapping[str, Label] = {
    "table": _titled(),
    "country": _named("country_code", "dim_countries", "country_name"),
    "drug": _named("drug_code", "dim_drugs", "drug_name"),
    "drug_group": _named("drug_code", "dim_drugs", "drug_group_name"),
    "border_point": _coded("border_point_code", "border_points"),
    "subdivision": _coded("subdivision_code", "subdivisions"),
    "unodc_class": _coded("unodc_class_code", "unodc_classes"),
    "comparison_basis": _coded("comparison_basis_code", "comparison_bases"),
    "comparison": _coded("comparison_code", "comparisons"),
    "earlier_edition": _coded("earlier_edition_code", "national_total_editions"),
    "edition": _coded("edition_code", "national_total_editions"),
    "market_level": _coded("market_level_code", "market_levels"),
    "priced_unit": _coded("priced_unit_code", "units"),
    "un_table": _coded("un_table_code", "precursor_tables"),
    "coverage_name": _coded("coverage", "coverages"),
    "blo_basis": _coded("blo_basis_code", "blo_bases"),
    "unit": _coded("unit_code", "units"),
    "routing": _coded("routing_code", "routings"),
    "installation": _coded("installation_code", "installations"),
    "detection_method": _coded("detection_method_code", "detection_methods"),
    "agency": _coded("agency_code", "agencies"),
    "hiding_place": _coded("hiding_place_code", "hiding_places"),
    "transport": _coded("transport_mode_code", "transport_modes"),
    "departure_country": _coded("departure_country_code", "countries"),
    "transit_country": _coded("transit_country_code", "countries"),
    "destination_country": _coded("destination_country_code", "countries"),
    "producing_country": _coded("producing_country_code", "countries"),
    "neighbour_country": _coded("neighbour_country_code", "countries"),
}


@cache
def captions() -> Mapping[str, Words]:
    """Return column → its caption in both languages."""
    pairs = read_definition(Path(__file__).with_name("captions.yml"), dict[str, tuple[str, str]])
    return {column: Words(en=en, ru=ru) for column, (en, ru) in pairs.items()}


def caption(column: str, language: Language) -> str:
    """Return the caption of a column; raises KeyError for one that captions.yml does not have."""
    return in_language(captions()[column], language)


def seen_columns(source: Source, mart: str, columns: tuple[str, ...]) -> list[str]:
    """Return those of the columns and labels that the audience sees of a mart; none of a mart that it does not see."""
    return [name for name in columns if source.has(mart, LABELS[name].code if name in LABELS else name)]


def labelled(source: Source, mart: str, columns: list[str], language: Language, order: str = "") -> str:
    """Return the query of columns and labels of a mart, in its key's order or in another."""
    shown: list[str] = []
    joins: dict[str, None] = {}
    for name in columns:
        label = LABELS.get(name)
        if label:
            joins[label.join] = None
        expression = label.expression.format(language=language) if label else f"mart.{identifier(name)}"
        shown.append(f"{expression} as {identifier(name)}")
    return (
        f"select {', '.join(shown)} from {identifier(mart)} as mart {' '.join(joins)} "
        f"{order or source.marts[mart].order}"
    )
