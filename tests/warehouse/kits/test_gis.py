"""The GIS kit, as GDAL and DuckDB read it back: layers, figures, days, alphabets and captions are right."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import numpy as np
import pyogrio
import pytest
from pyogrio.raw import read

from warehouse.kits.excel_sheets import excel_sheets
from warehouse.kits.gis import kit
from warehouse.kits.gis.layers import DISCLAIMER
from warehouse.kits.labels import caption, captions
from warehouse.kits.powerbi.tables import captioned as powerbi_captions
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, Source, opened
from warehouse.questionnaire.language import LANGUAGES, Language, in_language
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

Row = dict[str, Any]


# The golden countries are invented and lie nowhere: their seizures are moved to Kazakhstan and Uzbekistan, to provinces
# of which one is drawn with another, to a crossing with a point, and nowhere; and five months back, so that a year is
# whole.
PLACED = """
    create or replace view fct_seizures as
    select * replace (
        if(country_code = 'XAA', 'KAZ', 'UZB') as country_code,
        cast(reporting_month - interval 5 month as date) as reporting_month,
        ['KZ-63', 'KZ-10', 'UZ-SU', null][1 + source_row % 4] as subdivision_code,
        if(source_row % 3 = 0, 'UZ-AYRITOM', null) as border_point_code,
        if(source_row % 2 = 0, 'AFG', departure_country_code) as departure_country_code
    ) from release.main.fct_seizures;
    create or replace view rpt_coverage_by_month as
    select * replace (cast(month_date - interval 5 month as date) as month_date)
    from release.main.rpt_coverage_by_month;
"""
SUMS = """
    create or replace view {mart} as
    select {place}, cast(year(reporting_month) as integer) as calendar_year, drug_code,
        count(*) as seizures_count, count(*) filter (is_presumed_duplicate) as presumed_duplicate_count,
        sum(quantity_kg) filter (not is_presumed_duplicate) as quantity_kg_without_duplicates,
        sum(quantity_litres) filter (not is_presumed_duplicate) as quantity_litres_without_duplicates,
        0 as held_back_count, 5 as reported_months_count, 5 as seizing_months_count,
        min(reporting_month) as first_month_date, max(reporting_month) as last_month_date
    from fct_seizures group by all
"""
ANSWERED = "coalesce({0}, 'NOT_ANSWERED') as {0}"
PLACES = {
    "rpt_seizures_by_month": "country_code, reporting_month as month_date",
    "rpt_seizures_by_year": "country_code",
    "rpt_seizures_by_province": f"country_code, {ANSWERED.format('subdivision_code')}",
    "rpt_seizures_by_border_point": f"country_code, {ANSWERED.format('border_point_code')}",
    "rpt_routes": ", ".join(
        ANSWERED.format(f"{end}_country_code") for end in ("producing", "departure", "destination")
    ),
}


@pytest.fixture(scope="module")
def centre(golden_release: Release, golden: Settings) -> Iterator[Source]:
    with opened(golden_release, CENTRE, golden) as source:
        source.execute(PLACED)
        for mart, place in PLACES.items():
            source.execute(SUMS.format(mart=mart, place=place))
        yield source


def written(source: Source, folder: Path) -> Path:
    folder.mkdir()
    kit.write(source, folder)
    return folder


@pytest.fixture(scope="module")
def folder(centre: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(centre, tmp_path_factory.mktemp("gis") / "kit")


def rows(folder: Path, layer: str) -> list[Row]:
    meta, _, _, values = read(folder / "sarai.gpkg", layer=layer, read_geometry=False, datetime_as_string=True)
    return [dict(zip(meta["fields"], row, strict=True)) for row in zip(*values, strict=True)]


def layers(folder: Path) -> dict[str, str | None]:
    return {str(name): kind for name, kind in pyogrio.list_layers(folder / "sarai.gpkg")}


def test_gdal_reads_every_layer_in_wgs_84_with_captions_and_the_disclaimer(folder: Path) -> None:
    assert layers(folder) == {
        "surroundings": "MultiPolygon", "countries": "MultiPolygon", "provinces": "MultiPolygon",
        "routes": "LineString", "routes_unlocated": None, "crossings": "Point", "crossings_unlocated": None,
        "seizures": "Point", "seizures_unlocated": None, "figures_by_country": None,
        "figures_by_province": None, "figures_by_crossing": None, "figures_by_route": None,
    }  # fmt: skip
    seen = set[str]()
    for name, kind in layers(folder).items():
        info = pyogrio.read_info(folder / "sarai.gpkg", layer=name)
        assert info["crs"] == ("EPSG:4326" if kind else None)
        assert (info["layer_metadata"]["disclaimer_en"], info["layer_metadata"]["disclaimer_ru"]) == (
            DISCLAIMER.en, DISCLAIMER.ru,
        )  # fmt: skip
        assert DISCLAIMER.ru in info["layer_metadata"]["DESCRIPTION"]
        seen |= {*info["fields"]}
    assert re.search("[а-я]", DISCLAIMER.ru)
    excel = {column for sheet in excel_sheets() for column in sheet.columns}
    assert seen | excel | powerbi_captions() == captions().keys()
    with closing(sqlite3.connect(folder / "sarai.gpkg")) as database:
        found = database.execute("select column_name, title, description from gpkg_data_columns").fetchall()
    assert {name: (en, ru) for name, en, ru in found} == {
        name: (captions()[name].en, captions()[name].ru) for name in seen
    }


def test_every_seizure_is_there_with_its_day_and_no_place_that_nobody_gave(centre: Source, folder: Path) -> None:
    info = pyogrio.read_info(folder / "sarai.gpkg", layer="seizures")
    kinds = dict(zip(info["fields"], map(str, info["dtypes"]), strict=True))
    assert (kinds["seizure_date"], kinds["is_questioned"]) == ("datetime64[D]", "bool")
    placed, elsewhere = rows(folder, "seizures"), rows(folder, "seizures_unlocated")
    records = centre.execute("""
        select seizure_id, cast(seizure_date as varchar), drug_name_ru,
            case when border_point_code is not null then 'CROSSING'
                when subdivision_code is not null then 'PROVINCE' end
        from fct_seizures join dim_drugs using (drug_code)""").fetchall()
    columns = ("seizure_id", "seizure_date", "drug_name_ru", "placed_by")
    assert {tuple(row[name] for name in columns) for row in [*placed, *elsewhere]} == {*records}
    assert {row["placed_by"] for row in placed} == {"CROSSING", "PROVINCE"}
    assert {row["placed_by"] for row in elsewhere} == {None}


def test_a_crossing_without_a_point_is_listed_and_not_drawn(centre: Source, folder: Path) -> None:
    drawn, listed = (
        {row["border_point_code"] for row in rows(folder, f"crossings{end}")} for end in ("", "_unlocated")
    )
    known = centre.execute("select border_point_code from dim_border_points where latitude is not null").fetchall()
    assert drawn == {code for (code,) in known}
    assert len(listed) > 10
    assert drawn.isdisjoint(listed)


def test_a_figure_of_a_place_is_that_of_the_release(centre: Source, folder: Path) -> None:
    provinces = {row["subdivision_code"]: row for row in rows(folder, "provinces")}
    assert provinces["KZ-63"]["drawn_with"] == "KZ-10"
    count, heroin = (
        centre.execute("""
        select count(*), round(sum(quantity_kg) filter (drug_code = 'HEROIN' and not is_presumed_duplicate), 6)
        from fct_seizures where subdivision_code in ('KZ-63', 'KZ-10') and year(reporting_month) = 2023""").fetchone()
        or ()
    )
    assert (provinces["KZ-63"]["seizures_count"], provinces["KZ-63"]["heroin_kg"]) == (count, heroin)
    assert (provinces["KZ-63"]["seizures_count_12_months"], provinces["KZ-63"]["heroin_kg_12_months"]) == (
        count,
        heroin,
    )
    assert np.isnan(provinces["KZ-11"]["seizures_count"])
    countries = {row["country_code"]: row for row in rows(folder, "countries")}
    wanted = centre.execute("select country_code, count(*) from fct_seizures group by all").fetchall()
    for column in ("seizures_count", "seizures_count_12_months"):
        assert [(code, countries[code][column]) for code, _ in wanted] == wanted
    assert {(row["calendar_year"], row["months_from"], row["months_to"]) for row in countries.values()} == {
        (2023, "2023-01-01", "2023-12-31")
    }


def test_a_line_joins_known_countries_and_other_routes_are_listed(centre: Source, folder: Path) -> None:
    drawn, listed = rows(folder, "routes"), rows(folder, "routes_unlocated")
    ends = [(row["departure_country_code"], row["destination_country_code"]) for row in drawn]
    assert ("AFG", "RUS") in ends
    assert [pair for pair in ends if pair[0] == pair[1] or {*pair} & {"NOT_ANSWERED", "UNKNOWN"}] == []
    wanted = centre.execute("select count(*) from fct_seizures").fetchone()
    assert (sum(row["seizures_count"] for row in [*drawn, *listed]),) == wanted


def test_an_audience_gets_the_layers_and_months_that_it_may_see(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    folders = {}
    for audience in (PUBLIC, MEMBERS, "XAA"):
        with opened(golden_release, audience, golden) as source:
            folders[audience] = written(source, tmp_path / audience)
    assert {*layers(folders[PUBLIC])} == {"surroundings", "countries", "figures_by_country"}
    assert {*layers(folders["XAA"])} - {*layers(folders[MEMBERS])} == {"seizures_unlocated"}
    assert {row["country_code"] for row in rows(folders["XAA"], "seizures_unlocated")} == {"XAA"}
    assert np.isnan([row["seizures_count_12_months"] for row in rows(folders[MEMBERS], "provinces")]).all()


def test_geoparquet_holds_what_the_geopackage_holds(folder: Path) -> None:
    drawn = {name for name, kind in layers(folder).items() if kind}
    assert {path.stem for path in (folder / "geoparquet").iterdir()} == drawn
    for name in drawn:
        path = folder / "geoparquet" / f"{name}.parquet"
        with duckdb.connect() as connection:
            (text,) = connection.execute(
                f"select decode(value) from parquet_kv_metadata('{path}') where decode(key) = 'geo'"
            ).fetchone() or ("",)
            codecs = connection.execute(f"select distinct compression from parquet_metadata('{path}')").fetchall()
            shapes = connection.execute(f"select st_aswkb(geometry) from '{path}' order by all").fetchall()
        geo = json.loads(text)
        _, _, geometries, _ = read(folder / "sarai.gpkg", layer=name, columns=[])
        assert geo["version"] == "1.0.0"
        assert geo["columns"]["geometry"]["geometry_types"] == [layers(folder)[name]]
        assert codecs == [("SNAPPY",)]
        assert sorted(bytes(one) for (one,) in shapes) == sorted(map(bytes, geometries))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_project_shows_the_layers_in_its_language(folder: Path, language: Language) -> None:
    project = ET.fromstring((folder / f"sarai_{language}.qgs").read_text("utf-8"))  # noqa: S314 - we have just made it
    shown = {str(layer.findtext("id")): layer for layer in project.iter("maplayer")}
    assert {one.get("id") for one in project.iter("layer-tree-layer")} == shown.keys()
    assert {str(one.findtext("datasource")).partition("|layername=")[2] for one in shown.values()} == {*layers(folder)}
    for layer in shown.values():
        path, _, name = str(layer.findtext("datasource")).partition("|layername=")
        columns = {*pyogrio.read_info(folder / path, layer=name)["fields"]}
        titles = {str(alias.get("field")): alias.get("name") for alias in layer.iter("alias")}
        assert titles == {column: caption(column, language) for column in columns}
        assert layer.findtext("resourceMetadata/rights") == in_language(DISCLAIMER, language)
        label = layer.find("labeling/settings/text-style")
        assert label is None or label.get("fieldName") in columns


def test_a_page_to_print_has_the_disclaimer_the_sources_and_a_legend(folder: Path) -> None:
    project = ET.fromstring((folder / "sarai_ru.qgs").read_text("utf-8"))  # noqa: S314 - we have just made it
    page = project.find("Layouts/Layout")
    assert page is not None
    texts = {item.get("labelText") for item in page.iter("LayoutItem")}
    assert {DISCLAIMER.ru, "Границы: Natural Earth. Точки пунктов пропуска: частично GeoNames (CC BY 4.0)."} <= texts
    legend = [layer.get("id") for layer in page.iter("layer-tree-layer")]
    assert legend == ["sarai_crossings", "sarai_routes", "sarai_provinces"]


def test_every_place_is_drawn_by_one_rule_as_qml_and_as_sld(centre: Source, folder: Path) -> None:
    for name in ("countries", "provinces", "routes", "crossings", "seizures"):
        project = ET.fromstring((folder / "styles" / f"{name}_en.qml").read_text("utf-8"))  # noqa: S314 - made just now
        filters = [str(rule.get("filter")) for rule in project.iter("rule")]
        counted = [one for one in filters if "precision_m" not in one]
        hits = " + ".join(f"cast(coalesce({one}, false) as integer)" for one in counted)
        found = centre.execute(f"select distinct {hits} from gis_{name}").fetchall()
        assert set(found) <= ({(1,), (0,)} if name == "routes" else {(1,)})
        sld = ET.fromstring((folder / "styles" / f"{name}_ru.sld").read_text("utf-8"))  # noqa: S314 - made just now
        assert len(list(sld.iter("{http://www.opengis.net/sld}Rule"))) == len(filters)
        columns = {one.text for one in sld.iter("{http://www.opengis.net/ogc}PropertyName")}
        assert columns == set(re.findall('"([a-z_0-9]+)"', " ".join(filters)))


def test_the_same_release_gives_the_same_bytes(centre: Source, folder: Path, tmp_path: Path) -> None:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    second = written(replace(centre), tmp_path / "b")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert len(names) > 5
    assert [name for name in names if (folder / name).read_bytes() != (second / name).read_bytes()] == []
