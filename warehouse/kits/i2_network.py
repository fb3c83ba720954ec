"""The network behind the i2 kit, as i2_network.yml defines it: entities and links of what an audience sees.

Single seizures with what they are linked to where the audience sees any, else the routes of the region.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import read_definition
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words
from warehouse.storage.database import rows_as_dicts
from warehouse.storage.sql import literal
from warehouse.words.catalogue import N_, in_every_language

# The columns of the tables of entities and of links, and their types in SQL.
ENTITY_COLUMNS = {
    "entity_id": "varchar", "entity_type": "varchar", "label_en": "varchar", "label_ru": "varchar",
    "event_date": "date", "country_code": "varchar", "drug_code": "varchar", "kilograms": "double",
    "record_id": "varchar", "latitude": "double", "longitude": "double",
}  # fmt: skip
LINK_COLUMNS = {
    "from_id": "varchar", "to_id": "varchar", "link_type": "varchar", "label_en": "varchar", "label_ru": "varchar",
    "event_date": "date", "score": "double",
}  # fmt: skip
_ROUTES_OF_ALL = N_("Routes of the region: a drug, a year and the number of seizures on each")
_NEWEST = N_("The newest seizures, at most {count}")
_ROUTES_OF_YEAR = N_("Routes of {year}: {name}")
_YEAR_OF_CROSSING = N_("{name}, {year}")
_MATCHED = N_("Seizures that two states may both have reported")
_MOST_SEIZURES = 300  # of a chart: more is no reading for a person
_IS_ROUTE = (
    "regexp_full_match(departure_country_code, '[A-Z]{3}') and regexp_full_match(destination_country_code, '[A-Z]{3}')"
)


class Part(BaseModel):
    """Entities or links of one kind: the identity or the two ends, the columns, and whose rows they are, in SQL."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Words
    identities: tuple[str, ...]
    rows: str
    where: str = "true"
    columns: Mapping[str, str]
    icon: str = ""
    records: bool | None = None
    is_linked: bool = False
    presumed: bool = False

    def query(self, condition: str = "true") -> str:
        """Return the query of all columns of its table, of the rows that meet a further condition."""
        types = ENTITY_COLUMNS if len(self.identities) == 1 else LINK_COLUMNS
        known = dict(zip(types, (*self.identities, literal(self.kind.en)), strict=False)) | {**self.columns}
        shown = ", ".join(f"{known.get(name, f'cast(null as {kind})')} as {name}" for name, kind in types.items())
        return f"select {shown} from {self.rows} where ({self.where}) and {condition}"


class Defined(BaseModel):
    """The parts of the network, and the query of presumed pairs that some are made of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pairs: str
    entities: tuple[Part, ...]
    links: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: the name of its file, its title by language, and which seizures it shows, in SQL, else which links."""

    name: str
    title: Mapping[str, str]
    seizures: str = ""
    links: Sequence[Part] = ()


@dataclass(frozen=True)
class Network:
    """The parts of the network that an audience sees, of which none holds its rows."""

    source: Source
    entities: Sequence[Part]
    links: Sequence[Part]

    def linked_entities(self) -> Iterator[str]:
        """Yield the query of each part of the entities, of those that a link leads to."""
        for part in self.entities:
            yield part.query("true" if part.is_linked else f"{part.identities[0]} in (from i2_ends)")


@cache
def defined_network() -> Defined:
    """Return the definition."""
    return read_definition(Path(__file__).with_name("i2_network.yml"), Defined)


def open_network(source: Source) -> Network | None:
    """Return the network of what an audience sees; None where it sees nothing that could be one."""
    sees_records = source.has("fct_seizures", "seizure_id")
    if not sees_records and not source.has("rpt_routes", "departure_country_code"):
        return None
    defined = defined_network()
    if sees_records:
        source.execute(f"create or replace temp view i2_pairs as {defined.pairs}")
    entities, links = (
        [part for part in parts if part.records in {None, sees_records}] for parts in (defined.entities, defined.links)
    )
    # Seizures are left out, as they are many and all linked: the others are few.
    ends = " union all ".join(f"select unnest([from_id, to_id]) as entity_id from ({part.query()})" for part in links)
    source.execute(
        "create or replace temp table i2_ends as "
        f"select distinct entity_id from ({ends}) where not starts_with(entity_id, 'seizure:')"
    )
    is_linked = source.execute("from i2_ends limit 1").fetchone() is not None
    return Network(source, entities, links) if is_linked else None


def charts(network: Network) -> Iterator[Chart]:
    """Yield charts for a question each: the newest seizures, a drug's routes, a crossing's year, matched events."""
    source = network.source
    if not source.has("fct_seizures", "seizure_id"):
        yield Chart("routes", in_every_language(_ROUTES_OF_ALL), links=network.links)
        return
    yield Chart("newest", in_every_language(_NEWEST, count=_MOST_SEIZURES), seizures="true")
    found = source.execute("select max(year(seizure_date)) from fct_seizures").fetchone()
    year = found[0] if found else None
    is_of_year = f"year(seizure_date) = {year}"
    for code, names in _most(source, "drug_code", "drugs", f"{is_of_year} and {_IS_ROUTE}"):
        of_drug = f"drug_code = {literal(code)} and {is_of_year} and {_IS_ROUTE}"
        yield Chart(f"routes_{code}_{year}", in_every_language(_ROUTES_OF_YEAR, year=str(year), name=names), of_drug)
    for code, names in _most(source, "border_point_code", "border_points", is_of_year):
        of_crossing = f"border_point_code = {literal(code)} and {is_of_year}"
        title = in_every_language(_YEAR_OF_CROSSING, year=str(year), name=names)
        yield Chart(f"crossing_{code}_{year}", title, of_crossing)
    if source.execute("from i2_pairs limit 1").fetchall():
        presumed = [part for part in network.links if part.presumed]
        yield Chart("matches", in_every_language(_MATCHED), links=presumed)


def read_chart(network: Network, chart: Chart) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entities and links of a chart: of seizures the newest ones, with all that they are linked to."""
    source, chosen = network.source, chart.links
    condition = "true"
    if chart.seizures:
        source.execute(f"""
            create or replace temp table i2_chosen as select 'seizure:' || seizure_id as entity_id from fct_seizures
            where {chart.seizures} order by seizure_date desc nulls last, seizure_id limit {_MOST_SEIZURES}""")
        condition, chosen = "{} in (from i2_chosen)", network.links
    links = " union all ".join(part.query(condition.format(part.identities[0])) for part in chosen)
    source.execute(f"create or replace temp table i2_chart_links as {links}")
    source.execute(
        "create or replace temp table i2_chart_ends as "
        "select from_id as entity_id from i2_chart_links union select to_id from i2_chart_links"
    )
    entities = " union all ".join(
        part.query(f"{part.identities[0]} in (from i2_chart_ends)") for part in network.entities
    )
    return (
        rows_as_dicts(source.execute(f"from ({entities}) order by entity_id")),
        rows_as_dicts(source.execute("from i2_chart_links order by all")),
    )


def _most(source: Source, column: str, codelist: str, condition: str) -> list[tuple[str, dict[str, str]]]:
    """Return the code that most seizures have, with its names, if any has one."""
    query = f"""
        select {column}, any_value(name_en), any_value(name_ru)
        from fct_seizures join dim_codes on codelist_name = {literal(codelist)} and code = {column}
        where {condition} group by {column} order by count(*) desc, {column} limit 1"""
    return [(code, {"en": en, "ru": ru}) for code, en, ru in source.execute(query).fetchall()]
