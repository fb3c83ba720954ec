"""The Power BI kit: a model that holds together, measures that mean what the marts say, what a reader sees."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pbi_parsers import dax, pq
from powerbi_model import NOT_GOLDEN, figures, load_table, model_beside_marts

from warehouse.kits.powerbi import kit
from warehouse.kits.powerbi.measures import Measure, defined_measures, model_expression, seen_measures
from warehouse.kits.powerbi.model import quoted
from warehouse.kits.powerbi.pages import caveats, defined_pages
from warehouse.kits.powerbi.tables import Table, defined_tables, seen_tables
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.questionnaire.language import LANGUAGES
from warehouse.releases.catalogue import Release, current_release
from warehouse.storage.settings import Settings


@pytest.fixture(scope="module")
def model(golden: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    release = current_release(golden)
    assert release
    with model_beside_marts(release, golden, tmp_path_factory.mktemp("model")) as connection:
        yield connection


def written(release: Release, settings: Settings, audience: str, folder: Path) -> list[Table]:
    folder.mkdir()
    with opened(release, audience, settings) as source:
        kit.write(source, folder)
        return seen_tables(source)


@pytest.mark.parametrize("name", defined_measures())
def test_a_measure_means_what_the_mart_says(name: str, model: duckdb.DuckDBPyConnection) -> None:
    twin, mart = figures(model, defined_measures()[name])
    # tests/whole/test_figures.py compares the others.
    assert bool(mart) == (name not in NOT_GOLDEN)
    assert twin == pytest.approx(mart)


def measures_of(tables: Sequence[Table]) -> dict[str, Measure]:
    return seen_measures(tables, sees_all_rows=True)


def test_expressions_can_be_parsed_and_name_what_the_model_holds(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    tables = written(golden_release, golden, CENTRE, tmp_path / "kit")
    fields = {f"'{table.name.en}'[{field.name}]" for table in tables for field in table.fields}
    measures = measures_of(tables)
    names = {f"[{one.name.en}]" for one in measures.values()}
    for one in measures.values():
        expression = model_expression(one, tables)
        assert dax.to_ast(expression)
        assert {*re.findall(r"'[^']+'\[[^\]]+\]", expression)} <= fields
        assert {*re.findall(r"(?<!')\[[^\]]+\]", expression)} <= names
    # The parser takes long, and these queries have every step that there is.
    for name in ("Areas", "Crossings", "Dates"):
        definition = tmp_path / "kit" / kit.MODEL / "definition" / "tables" / f"{name}.tmdl"
        assert pq.to_ast(definition.read_text("utf-8").split("\t\tsource =\n")[1])
    with pytest.raises((AssertionError, ValueError)):
        dax.to_ast("IF([Number of seizures] > 0,")


def test_all_that_is_defined_is_seen_by_the_centre_or_the_public(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    seen = [written(golden_release, golden, audience, tmp_path / audience) for audience in (CENTRE, PUBLIC)]
    names = {table.name.en for tables in seen for table in tables}
    assert names - {"Dates"} == {one.name.en for one in defined_tables()}
    assert {key for tables in seen for key in measures_of(tables)} == defined_measures().keys()
    columns = {(table.mart, field.column) for tables in seen for table in tables for field in table.fields}
    assert {
        (one.mart, column) for one in defined_tables() for column in (one.key, *one.links, *one.shown, *one.figures)
    } - {(one.mart, "") for one in defined_tables()} <= columns


def test_a_dimension_has_a_single_key_that_is_always_known(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    tables = written(golden_release, golden, CENTRE, tmp_path / "kit")
    with duckdb.connect() as connection:
        for table in tables:
            if table.key and table.mart:
                load_table(connection, table, tmp_path / "kit")
                query = f'select count(*), count(distinct {table.key}) from "{table.name.en}"'
                rows, keys = connection.execute(query).fetchall()[0]
                assert rows == keys > 0


def test_readers_get_the_tables_and_measures_that_they_may_see(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    texts = {}
    for audience in (PUBLIC, MEMBERS, "XAA", CENTRE):
        written(golden_release, golden, audience, tmp_path / audience)
        definition = tmp_path / audience / kit.MODEL / "definition"
        texts[audience] = {path.stem: path.read_text("utf-8") for path in definition.rglob("*.tmdl")}
    assert "Records" in texts["XAA"].keys() & texts[CENTRE].keys()
    assert {"Records", "Persons", "Offences", "Hiding places"}.isdisjoint(texts[MEMBERS])
    assert "Crossings" in texts[MEMBERS].keys() - texts[PUBLIC].keys()
    # A row that a reader does not see would be a zero.
    assert ["Kg where reported" in text["Seizures"] for text in texts.values()] == [True, False, False, True]
    assert ["measure 'Kg reported'" in text["Seizures"] for text in texts.values()] == [False, False, False, True]
    assert 'expression Database = "sarai_public"' in texts[PUBLIC]["expressions"]


def test_the_text_of_the_project_holds_no_value_of_the_release(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    for audience in (PUBLIC, CENTRE):
        written(golden_release, golden, audience, tmp_path / audience)
    first, second = (tmp_path / audience / kit.MODEL / "definition" for audience in (PUBLIC, CENTRE))
    assert (first / "tables/Countries.tmdl").read_bytes() == (second / "tables/Countries.tmdl").read_bytes()
    text = "\n".join(path.read_text("utf-8") for path in tmp_path.rglob("*.*") if path.suffix in {".tmdl", ".json"})
    with opened(golden_release, CENTRE, golden) as source:
        values = source.execute("select distinct place from fct_seizures where place is not null").fetchall()
        values += source.execute("select seizure_id from fct_seizures").fetchall()
        values += source.execute("select border_point_code from dim_border_points").fetchall()
    assert len(values) > 50
    assert [value for (value,) in values if value in text] == []


def test_captions_stand_in_both_cultures(golden_release: Release, golden: Settings, tmp_path: Path) -> None:
    tables = written(golden_release, golden, CENTRE, tmp_path / "kit")
    cultures = tmp_path / "kit" / kit.MODEL / "definition" / "cultures"
    english, russian = ((cultures / f"{one}.tmdl").read_text("utf-8") for one in ("en-US", "ru-RU"))
    shown = [field for table in tables for field in table.fields if field.caption]
    assert english.count("\t\tcolumn ") == russian.count("\t\tcolumn ") == len(shown)
    assert "\t\tmeasure 'Kg without presumed doubles'\n\t\t\t\t\tcaption: Кг без предполагаемых повторов\n" in russian
    assert "\t\tcolumn Drug\n\t\t\t\t\tcaption: Наркотик (англ.)\n" in russian
    assert "\t\tcolumn 'Drug (Russian)'\n\t\t\t\t\tcaption: Наркотик\n" in russian


def test_names_of_the_model_are_quoted_where_they_need_it() -> None:
    assert [quoted(name) for name in ("Drugs", "month_date", "Kg reported", "a'b", "Coverage, %")] == [
        "Drugs", "month_date", "'Kg reported'", "'a''b'", "'Coverage, %'",
    ]  # fmt: skip


def test_the_same_release_gives_the_same_bytes(golden_release: Release, golden: Settings, tmp_path: Path) -> None:
    for name in "ab":
        written(golden_release, golden, CENTRE, tmp_path / name)
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in "ab"
    )
    assert first == second


def fields_of(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that a visual asks for, as DAX names them."""
    for role in part["visual"].get("query", {}).get("queryState", {}).values():
        for projection in role["projections"]:
            for field in projection["field"].values():
                yield f"'{field['Expression']['SourceRef']['Entity']}'[{field['Property']}]"


def test_reports_ask_for_what_the_model_holds_in_the_language_of_their_readers(
    golden_release: Release, golden: Settings, tmp_path: Path
) -> None:
    pages: dict[tuple[str, str], list[str]] = {}
    for audience in (PUBLIC, MEMBERS, CENTRE):
        tables = written(golden_release, golden, audience, tmp_path / audience)
        measures = seen_measures(tables, sees_all_rows=audience != MEMBERS)
        held = {f"'{table.name.en}'[{field.name}]" for table in tables for field in table.fields if field.caption}
        held |= {f"'{one.table}'[{one.name.en}]" for one in measures.values()}
        for language in LANGUAGES:
            definition = tmp_path / audience / f"sarai_{language}.Report" / "definition"
            parts = [json.loads(path.read_text("utf-8")) for path in definition.rglob("visual.json")]
            asked = {field for part in parts for field in fields_of(part)}
            assert {f"'{one.table}'[{one.name.en}]" for one in measures.values()} <= asked <= held
            assert ("'Drugs'[Drug]" in asked, "'Drugs'[Drug (Russian)]" in asked) == (
                language == "en",
                language == "ru",
            )
            pages[audience, language] = json.loads((definition / "pages" / "pages.json").read_text("utf-8"))[
                "pageOrder"
            ]
    assert pages[PUBLIC, "ru"] == ["overview", "drugs", "quality"]
    assert pages[MEMBERS, "en"] == pages[CENTRE, "ru"] == ["overview", "drugs", "borders", "quality"]


def test_every_page_says_what_its_figures_do_not_tell_and_no_visual_covers_another() -> None:
    for page in defined_pages():
        texts = [one.text for one in page.visuals if one.text]
        assert texts == ["heading", page.name]
        assert {*texts} <= caveats().keys()
        areas = [one.place for one in page.visuals]
        for number, (x, y, width, height) in enumerate(areas):
            assert x + width <= 1280
            assert y + height <= 850
            for other_x, other_y, other_width, other_height in areas[:number]:
                assert (
                    x >= other_x + other_width or other_x >= x + width
                    or y >= other_y + other_height or other_y >= y + height
                )  # fmt: skip
