"""The network behind the i2 kit: entities and links, made of what an audience sees of a release.

Single seizures with what they are linked to where the audience sees any, else the routes of the region.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.kits.source import Source
from warehouse.storage.database import rows_as_dicts
from warehouse.storage.sql import literal
from warehouse.words.catalogue import N_, in_every_language

ENTITIES, LINKS = "i2_entities", "i2_links"
SEIZURE, DRUG, CROSSING, COUNTRY, ACTIVITY = "Seizure", "Drug", "Crossing", "Country", "Activity"
SAME_EVENT = "Possibly the same event"
_ROUTES_OF_ALL = N_("Routes of the region: a drug, a year and the number of seizures on each")
_NEWEST = N_("The newest seizures, at most {count}")
_ROUTES_OF_YEAR = N_("Routes of {year}: {name}")
_YEAR_OF_CROSSING = N_("{name}, {year}")
_MATCHED = N_("Seizures that two states may both have reported")
LEAST_SCORE = 0.25  # below it chance is three times as likely: a link would only mislead
_MOST_SEIZURES = 300  # of a chart: more is no reading for a person

# Codes of countries that say that there is none ("NOT_ANSWERED") have more letters.
_IS_COUNTRY = "regexp_full_match({}, '[A-Z]{{3}}')"
_COUNTRIES = f"""
    select 'country:' || code as entity_id, '{COUNTRY}' as entity_type, name_en as label_en, name_ru as label_ru,
        code as country_code
    from dim_codes where codelist_name = 'countries' and {_IS_COUNTRY.format("code")}"""
_DRUGS = f"""
    select 'drug:' || drug_code as entity_id, '{DRUG}' as entity_type, drug_name_en as label_en,
        drug_name_ru as label_ru, drug_code
    from dim_drugs"""
_CROSSINGS = f"""
    select 'crossing:' || border_point_code as entity_id, '{CROSSING}' as entity_type,
        border_point_name_en as label_en, border_point_name_ru as label_ru, country_code, latitude, longitude
    from dim_border_points"""
_AMOUNT = """coalesce(
    format('{:.6g} kg', quantity_kg), format('{:.6g} l', quantity_litres), format('{:.6g} ' || unit_code, quantity),
    '?')"""
_SEIZURES = f"""
    select 'seizure:' || seizure_id as entity_id, '{SEIZURE}' as entity_type,
        concat_ws(' · ', seizure_date, drug_name_en, {_AMOUNT}) as label_en,
        concat_ws(' · ', seizure_date, drug_name_ru, {_AMOUNT}) as label_ru,
        seizure_date as event_date, country_code, fct_seizures.drug_code, quantity_kg as kilograms, record_id
    from fct_seizures join dim_drugs using (drug_code)"""
_ACTIVITIES = f"""
    select 'activity:' || row_id as entity_id, '{ACTIVITY}' as entity_type,
        concat_ws(' · ', activity_date, name_en) as label_en, concat_ws(' · ', activity_date, name_ru) as label_ru,
        activity_date as event_date, country_code
    from fct_activities
    join dim_codes on codelist_name = 'activity_types' and code = activity_type_code"""


def _linked(link_type: str, source_id: str, target_id: str, relation: str, where: str) -> str:
    return f"""
        select {source_id} as from_id, {target_id} as to_id, '{link_type}' as link_type, {relation}
        where {where}"""


_SEIZED = "seizure_date as event_date from fct_seizures"
_ID = "'seizure:' || seizure_id"
_RECORD_LINKS = (
    _linked("Seized drug", _ID, "'drug:' || drug_code", _SEIZED, "true"),
    _linked("Seized at", _ID, "'crossing:' || border_point_code", _SEIZED, "border_point_code is not null"),
    _linked("Reported by", _ID, "'country:' || country_code", _SEIZED, "true"),
    *(
        _linked(name, _ID, f"'country:' || {column}", _SEIZED, _IS_COUNTRY.format(column))
        for name, column in {
            "Produced in": "producing_country_code",
            "Departed from": "departure_country_code",
            "Bound for": "destination_country_code",
        }.items()
    ),
    _linked(
        "Took place at",
        "'activity:' || row_id",
        "'crossing:' || border_point_code",
        "activity_date as event_date from fct_activities",
        "border_point_code is not null",
    ),
    _linked(
        "Held with",
        "'activity:' || row_id",
        "'country:' || counterpart_country_code",
        "activity_date as event_date from fct_activities",
        _IS_COUNTRY.format("counterpart_country_code"),
    ),
)
# Of a pair a state sees its own identifier; the other seizure is one that it knows the country and the day of.
_SIDE = """'seizure:' || coalesce(seizure_id_{0},
    country_code_{0} || ' ' || seizure_date_{0} || ' '
    || md5(concat_ws(' ', seizure_id_a, seizure_id_b, amount_{0})))"""
_MATCHES = f"""
    select {_SIDE.format("a")} as from_id, {_SIDE.format("b")} as to_id, '{SAME_EVENT}' as link_type,
        seizure_date_a as event_date, score
    from fct_seizure_matches where country_code_a <> country_code_b and score >= {LEAST_SCORE}"""
_OTHER_SIDES = " union all ".join(
    f"""
    select {_SIDE.format(side)} as entity_id, '{SEIZURE}' as entity_type,
        concat_ws(' · ', seizure_date_{side}, country_code_{side}) as label_en, label_en as label_ru,
        seizure_date_{side} as event_date, country_code_{side} as country_code, drug_code
    from fct_seizure_matches
    where country_code_a <> country_code_b and score >= {LEAST_SCORE} and seizure_id_{side} is null"""
    for side in "ab"
)
_ROUTES = f"""
    select 'country:' || departure_country_code as from_id, 'country:' || destination_country_code as to_id,
        'Route' as link_type, make_date(calendar_year, 1, 1) as event_date,
        concat_ws(' · ', drug_name_en, calendar_year, seizures_count) as label_en,
        concat_ws(' · ', drug_name_ru, calendar_year, seizures_count) as label_ru
    from rpt_routes join dim_drugs using (drug_code)
    where {_IS_COUNTRY.format("departure_country_code")} and {_IS_COUNTRY.format("destination_country_code")}"""
_ENTITY_COLUMNS = """entity_id varchar, entity_type varchar, label_en varchar, label_ru varchar, event_date date,
    country_code varchar, drug_code varchar, kilograms double, record_id varchar, latitude double, longitude double"""
_LINK_COLUMNS = """from_id varchar, to_id varchar, link_type varchar, label_en varchar, label_ru varchar,
    event_date date, score double"""


@dataclass(frozen=True)
class Chart:
    """A chart: the name of its file, its title by language, and which seizures or links it shows, in SQL."""

    name: str
    title: Mapping[str, str]
    seizures: str = ""
    links: str = ""


def create_network(source: Source) -> bool:
    """Create the tables ENTITIES and LINKS; return whether the audience sees anything that they can hold."""
    sees_records = source.has("fct_seizures", "seizure_id")
    if not sees_records and not source.has("rpt_routes", "departure_country_code"):
        return False
    entities = [_COUNTRIES, _DRUGS]
    links = [_ROUTES]
    if sees_records:
        entities += [_CROSSINGS, _SEIZURES, _ACTIVITIES, _OTHER_SIDES]
        links = [*_RECORD_LINKS, _MATCHES]
    source.execute(f"create or replace temp table {ENTITIES} ({_ENTITY_COLUMNS})")
    source.execute(f"create or replace temp table {LINKS} ({_LINK_COLUMNS})")
    for query in links:
        source.execute(f"insert into {LINKS} by name {query}")
    for query in entities:
        linked = f"select from_id from {LINKS} union select to_id from {LINKS}"
        source.execute(f"insert into {ENTITIES} by name select * from ({query}) where entity_id in ({linked})")
    return bool(source.execute(f"from {LINKS} limit 1").fetchall())


def charts(source: Source) -> Iterator[Chart]:
    """Yield charts for a question each: the newest seizures, a drug's routes, a crossing's year, matched events."""
    if not source.has("fct_seizures", "seizure_id"):
        yield Chart("routes", in_every_language(_ROUTES_OF_ALL), links="link_type = 'Route'")
        return
    yield Chart("newest", in_every_language(_NEWEST, count=_MOST_SEIZURES), seizures="true")
    found = source.execute("select max(year(seizure_date)) from fct_seizures").fetchone()
    year = found[0] if found else None
    is_of_year = f"year(seizure_date) = {year}"
    known = f"{_IS_COUNTRY.format('departure_country_code')} and {_IS_COUNTRY.format('destination_country_code')}"
    for code, names in _most(source, "drug_code", "drugs", f"{is_of_year} and {known}"):
        of_drug = f"drug_code = {literal(code)} and {is_of_year} and {known}"
        yield Chart(f"routes_{code}_{year}", in_every_language(_ROUTES_OF_YEAR, year=str(year), name=names), of_drug)
    for code, names in _most(source, "border_point_code", "border_points", is_of_year):
        of_crossing = f"border_point_code = {literal(code)} and {is_of_year}"
        title = in_every_language(_YEAR_OF_CROSSING, year=str(year), name=names)
        yield Chart(f"crossing_{code}_{year}", title, of_crossing)
    matched = f"link_type = {literal(SAME_EVENT)}"
    if source.execute(f"from {LINKS} where {matched} limit 1").fetchall():
        yield Chart("matches", in_every_language(_MATCHED), links=matched)


def read_chart(source: Source, chart: Chart) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entities and links of a chart: of seizures the newest ones, with all that they are linked to."""
    if chart.seizures:
        chosen = f"""
            from_id in (select {_ID} from fct_seizures where {chart.seizures}
                order by seizure_date desc nulls last, seizure_id limit {_MOST_SEIZURES})"""
    else:
        chosen = chart.links
    links = rows_as_dicts(source.execute(f"from {LINKS} where {chosen} order by all"))
    ends = f"select from_id from {LINKS} where {chosen} union select to_id from {LINKS} where {chosen}"
    return rows_as_dicts(source.execute(f"from {ENTITIES} where entity_id in ({ends}) order by entity_id")), links


def _most(source: Source, column: str, codelist: str, condition: str) -> list[tuple[str, dict[str, str]]]:
    """Return the code that most seizures have, with its names, if any has one."""
    query = f"""
        select {column}, any_value(name_en), any_value(name_ru)
        from fct_seizures join dim_codes on codelist_name = {literal(codelist)} and code = {column}
        where {condition} group by {column} order by count(*) desc, {column} limit 1"""
    return [(code, {"en": en, "ru": ru}) for code, en, ru in source.execute(query).fetchall()]
