"""The i2 kit: the network is that of the records, its charts can be parsed, and headings and identities are stable."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest

from warehouse.kits import i2
from warehouse.kits.i2_network import defined_network
from warehouse.kits.source import CENTRE, PUBLIC, Source, opened
from warehouse.releases.catalogue import Release
from warehouse.releases.datapackage import DATA_PACKAGE
from warehouse.storage.settings import Settings


@pytest.fixture
def centre(golden_release: Release, golden: Settings) -> Iterator[Source]:
    with opened(golden_release, CENTRE, golden) as source:
        yield source


def written(source: Source, folder: Path) -> Path:
    folder.mkdir()
    i2.write(source, folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def chart(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes().decode("utf-16"))  # noqa: S314 - the kit has just written it


def test_every_seizure_and_what_it_tells_is_in_the_network(centre: Source, kit_of: Callable[[str, str], Path]) -> None:
    folder = kit_of("i2", CENTRE)
    entities, links = rows(folder / "entities.csv"), rows(folder / "links.csv")
    assert list(entities[0]) == [
        "entity_id", "entity_type", "label_en", "label_ru", "event_date", "country_code", "drug_code", "kilograms",
        "record_id", "latitude", "longitude",
    ]  # fmt: skip
    assert list(links[0]) == ["from_id", "to_id", "link_type", "label_en", "label_ru", "event_date", "score"]
    found = centre.execute("select 'seizure:' || seizure_id, 'drug:' || drug_code from fct_seizures").fetchall()
    assert sorted((one["from_id"], one["to_id"]) for one in links if one["link_type"] == "Seized drug") == sorted(found)
    counts = centre.execute(
        "select count(*) filter (departure_country_code not in ('NOT_ANSWERED', 'UNKNOWN')), count(border_point_code) "
        "from fct_seizures"
    ).fetchone()
    kinds = [one["link_type"] for one in links]
    assert (kinds.count("Departed from"), kinds.count("Seized at")) == counts
    known = {one["entity_id"] for one in entities}
    assert {one[end] for one in links for end in ("from_id", "to_id")} == known


def test_a_chart_shows_icons_by_type_the_day_and_a_presumed_match_as_dotted(
    centre: Source, kit_of: Callable[[str, str], Path]
) -> None:
    folder = kit_of("i2", CENTRE)
    newest, matches = chart(folder / "newest_en.anx"), chart(folder / "matches_ru.anx")
    types = {one.get("Name"): one.get("IconFile") for one in newest.iter("EntityType")}
    assert {"Seizure", "Drug", "Country", "Crossing"} <= {name for name, icon in types.items() if icon}
    assert any(item.get("DateSet") == "true" for item in newest.iter("ChartItem"))
    found = centre.execute(
        "select count(*) from fct_seizure_matches where score >= 0.25 and country_code_a <> country_code_b"
    ).fetchone()
    links = list(matches.iter("LinkStyle"))
    assert found == (len(links),)
    assert len(links) > 0
    assert {link.get("Strength") for link in links} == {"Предполагаемая"}
    strengths = {one.get("Name"): one.get("DotStyle") for one in matches.iter("Strength")}
    assert strengths["Предполагаемая"] == "DotStyleDotted"


def test_a_chart_speaks_the_language_of_its_reader_and_the_tables_keep_their_words(
    kit_of: Callable[[str, str], Path],
) -> None:
    folder = kit_of("i2", CENTRE)
    parts = (*defined_network().entities, *defined_network().links)
    russian = {part.kind.en: part.kind.ru for part in parts}
    english, translated = chart(folder / "newest_en.anx"), chart(folder / "newest_ru.anx")
    for tag in ("EntityType", "LinkType"):
        kinds = [one.get("Name") for one in english.iter(tag)]
        assert [one.get("Name") for one in translated.iter(tag)] == [russian[str(kind)] for kind in kinds]
    names = {one.get("Name") for one in translated.iter("AttributeClass")}
    assert {"Масса по отчётам, кг", "Национальный номер"} <= names
    labels = {str(one.get("Label")) for one in translated.iter("ChartItem") if one.find("Link") is not None}
    assert {"Изъятый наркотик", "Сообщившая страна"} <= labels
    assert {one for one in labels if not re.fullmatch(r"\d,\d\d", one)} <= {*russian.values()}
    assert {one["entity_type"] for one in rows(folder / "entities.csv")} <= russian.keys()
    seizure = next(one for one in rows(folder / "entities.csv") if one["kilograms"] == "12.5")
    assert (seizure["label_en"][-9:], seizure["label_ru"][-9:]) == ("· 12.5 kg", "· 12,5 кг")


def test_gephi_reads_the_same_network(kit_of: Callable[[str, str], Path]) -> None:
    from networkx import read_gexf

    folder = kit_of("i2", CENTRE)
    graph = read_gexf(folder / "newest.gexf")
    items = list(chart(folder / "newest_ru.anx").iter("ChartItem"))
    assert graph.number_of_nodes() + graph.number_of_edges() == len(items)


def test_a_state_sees_that_another_may_have_seized_the_same_and_not_which(
    kit_of: Callable[[str, str], Path],
) -> None:
    links = rows(kit_of("i2", "XAA") / "links.csv")
    matched = [one for one in links if one["link_type"] == "Possibly the same event"]
    assert matched
    for one in matched:
        ends = sorted([one["from_id"], one["to_id"]], key=lambda end: not end.startswith("seizure:XAA-"))
        assert ends[0].startswith("seizure:XAA-")
        assert ends[1].startswith("seizure:XAB 2024-")


def test_who_sees_no_record_gets_the_routes_and_the_public_nothing(
    centre: Source, golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    shared = replace(centre, marts={name: mart for name, mart in centre.marts.items() if not name.startswith("fct_")})
    folder = written(shared, tmp_path / "shared")
    routes = {(one["from_id"], one["to_id"], one["link_type"]) for one in rows(folder / "links.csv")}
    assert ("country:TJK", "country:RUS", "Route") in routes
    assert {kind for *_, kind in routes} == {"Route"}
    assert chart(folder / "routes_en.anx").find(".//LinkStyle") is not None
    with opened(golden_release, PUBLIC, golden) as source:
        assert list(written(source, tmp_path / "public").iterdir()) == []


def test_a_route_is_one_link_wherever_the_drug_was_produced_and_none_within_one_state() -> None:
    [routes] = [part for part in defined_network().links if part.kind.en == "Route"]
    with duckdb.connect() as made:
        made.execute("""
            create table dim_drugs as select 'OPIUM' as drug_code, 'Opium' as drug_name_en, 'Опий' as drug_name_ru;
            create table rpt_routes as select * from (
                values ('AFG', 'TJK', 'KAZ'), ('PAK', 'TJK', 'KAZ'), ('AFG', 'KAZ', 'KAZ'),
                    ('AFG', 'KAZ', 'NOT_ANSWERED')
            ) as rows (producing_country_code, departure_country_code, destination_country_code),
            (select 'OPIUM' as drug_code, 2024 as calendar_year, 2 as seizures_count)""")
        found = made.execute(f"select from_id, to_id, label_ru from ({routes.query()})").fetchall()
    assert found == [("country:TJK", "country:KAZ", "Опий · 2024 · 4")]


def test_the_same_release_gives_the_same_bytes(
    centre: Source, kit_of: Callable[[str, str], Path], tmp_path: Path
) -> None:
    first, second = kit_of("i2", CENTRE), written(centre, tmp_path / "again")
    assert {path.name for path in first.iterdir()} - {DATA_PACKAGE} == {path.name for path in second.iterdir()}
    for path in second.iterdir():
        assert path.read_bytes() == (first / path.name).read_bytes()
