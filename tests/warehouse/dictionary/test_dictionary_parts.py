"""What pages of the dictionary are made of: sentences, tables of values, pictures."""

from datetime import date

import pytest

from warehouse.dictionary.examples import tabulate, worked
from warehouse.dictionary.pictures import draw_lineage, draw_relations
from warehouse.dictionary.relations import Relation, codelist_of, relations
from warehouse.dictionary.texts import describe
from warehouse.releases.marts import Column, Mart
from warehouse.transform.model_graph import Example, Model


def column(name: str, data_type: str = "VARCHAR", comment: str | None = None) -> Column:
    return Column(name, data_type, is_nullable=True, comment=comment)


COUNTRIES = Mart("dim_countries", None, (column("country_code"),), ("country_code",), 2)
ROUTES = Mart(
    "rpt_routes",
    None,
    (column("departure_country_code"), column("drug_code"), column("seizures_count", "BIGINT")),
    ("departure_country_code", "drug_code"),
    3,
)


def test_grain_and_source_are_taken_out_of_a_description() -> None:
    found = describe("Totals (U.N.). Grain: country; see dim_codes. Source: fct_seizures, seed x. Never add.", "en")
    assert (found.notes, found.grain, found.source) == (
        "Totals (U.N.). Never add.",
        "Country; see dim_codes",
        "fct_seizures, seed x",
    )
    assert describe("Nothing else.", "en").grain == ""


def test_a_role_before_the_name_of_a_key_leads_to_it() -> None:
    marts = {mart.name: mart for mart in (COUNTRIES, ROUTES)}
    assert relations(marts) == [Relation("rpt_routes", "departure_country_code", "dim_countries", "country_code")]


@pytest.mark.parametrize(
    ("name", "comment", "expected"),
    [
        ("departure_country_code", None, "countries"),
        ("agency_code", None, "agencies"),
        ("sex_code", None, "sexes"),
        ("un_table_code", "I or II; labels in dim_codes under precursor_tables", "precursor_tables"),
        ("hs_code", "Code of the Harmonized System", None),
    ],
)
def test_the_list_of_a_code_is_the_one_it_names(name: str, comment: str | None, expected: str | None) -> None:
    lists = ["agencies", "countries", "precursor_tables", "sexes"]
    assert codelist_of(column(name, comment=comment), lists) == expected


def test_values_are_written_as_the_language_does() -> None:
    row = (1234.5678, 0.000123, 2024, date(2024, 5, 1), True, None)
    names = ("kg", "ratio", "calendar_year", "month_date", "is_own", "place")
    assert tabulate(names, [row], "ru").rows == (("1\xa0234,568", "0,000123", "2024", "2024-05-01", "да", None),)
    assert tabulate(names, [row], "en").numbers == {"kg", "ratio", "calendar_year"}


def test_an_example_is_the_shortest_that_shows_what_the_reader_sees() -> None:
    given = {"fct_seizures": [{"drug_code": "OPIUM"}], "int_nothing": []}
    hidden = Example("of_a_hidden_column", given, [{"drug_code": "OPIUM", "secret_kg": 1}])
    shown = Example("a_route_is_counted", given, [{"drug_code": "OPIUM", "secret_kg": 1, "seizures_count": 1}])
    found = worked(Model("rpt_routes", (), (), (hidden, shown)), ROUTES, "en")
    assert found
    assert found.title.words == "a route is counted"
    assert [*found.given] == ["fct_seizures"]
    assert (found.expected.headings, found.expected.rows) == (("drug_code", "seizures_count"), (("OPIUM", "1"),))
    assert worked(Model("rpt_routes", (), (), (hidden,)), ROUTES, "en") is None


def test_a_picture_holds_its_boxes_and_says_how_many_it_leaves_out() -> None:
    drawn = draw_lineage("mart", [f"parent_{number}" for number in range(20)], ["child"])
    labels = [box.label for box in drawn.boxes]
    assert len(labels) == 16
    assert {"mart", "child", "parent_12", "+7"} <= {*labels}
    assert len(drawn.lines) == 15
    for box in drawn.boxes:
        assert 0 <= box.x <= box.x + box.width <= drawn.width
        assert 0 <= box.y <= box.y + box.height <= drawn.height
    alone = draw_lineage("mart", [], [])
    assert [(box.label, box.kind) for box in alone.boxes] == [("mart", "own")]


def test_a_dot_stands_where_a_mart_leads_to_another() -> None:
    marts = {mart.name: mart for mart in (COUNTRIES, ROUTES)}
    drawn = draw_relations([ROUTES], relations(marts), marts)
    assert [dot.label for dot in drawn.dots] == ["departure_country_code → dim_countries.country_code"]
    assert [(box.label, box.detail) for box in drawn.boxes] == [
        ("dim_countries", "country_code"),
        ("rpt_routes", "departure_country_code, drug_code"),
    ]
    assert draw_relations([COUNTRIES], relations(marts), marts).dots == ()
