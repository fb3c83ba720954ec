"""Figures of the marts are those that pandas makes of the files, without our readers, codelists and seeds."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from conftest import build_marts, copy_warehouse
from powerbi_model import NOT_GOLDEN, figures, load_population, load_tables
from raw_tables import in_force, number, read_seizures
from recomputed_seizures import about_seizures
from recomputed_tables import about_other_tables

from warehouse.kits.powerbi.measures import defined_measures
from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform.dbt_build import MART_MODELS

# Sent back whole, as the READMEs of golden and demo explain.
REJECTED = ("XAA_2024-04", "UZB_2024-03")


@pytest.fixture(scope="module")
def both(judged: tuple[Settings, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Golden and demo submissions, with its history, in the marts of one warehouse, whose keeper has added a rate."""
    folder = tmp_path_factory.mktemp("figures")
    rates = folder / "exchange_rates.csv"
    rates.write_text("currency_code,period,units_per_usd,source\nKZT,2024-02,450.5,Bank of Kazakhstan\n")
    settings = copy_warehouse(judged[0], folder / "var").model_copy(update={"exchange_rates": rates})
    build_marts(settings, MART_MODELS)
    return settings


def test_kilograms_by_country_year_and_drug_are_those_of_the_files(both: Settings) -> None:
    with open_database(both) as connection:
        built = connection.sql("""
            select country_code as country, calendar_year as year, drug_code as drug, seizures_count as seizures,
                quantity_kg as kg
            from marts.rpt_seizures_by_year""").df()
    built = built.set_index(["country", "year", "drug"]).sort_index()
    grouped = read_seizures(in_force(both.inbox, REJECTED)).groupby(["country", "year", "drug"])["kg"]
    expected = pd.DataFrame({"seizures": grouped.size(), "kg": grouped.sum(min_count=1)}).astype({"kg": float})
    assert len(expected) > 80
    pd.testing.assert_frame_equal(built, expected, check_dtype=False, check_index_type=False, rtol=1e-12)


def test_every_figure_is_the_one_that_pandas_makes_of_the_files(both: Settings) -> None:
    paths = in_force(both.inbox, REJECTED)
    figures = [*about_seizures(read_seizures(paths), paths), *about_other_tables(paths)]
    with open_database(both) as connection:
        connection.execute("use marts")
        published = {figure.name: connection.sql(figure.query).fetchall() for figure in figures}
    assert len(published) == len(figures) > 80
    assert published == {figure.name: [(_approximately(figure.expected),)] for figure in figures}


def test_the_answers_of_the_exercises_are_those_of_the_demo(both: Settings) -> None:
    text = (REPOSITORY / "docs" / "training.md").read_text(encoding="utf-8")
    exercises = re.findall(r"^```sql\n(.*?)^```\n```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(exercises) == len(re.findall(r"^## \d+\. ", text, re.MULTILINE)) == 10
    with open_database(both) as connection:
        connection.execute("use marts")
        answers = [connection.sql(query).fetchall() for query, _ in exercises]
    shown = ["".join(" | ".join(map(str, row)) + "\n" for row in answer) for answer in answers]
    assert shown == [answer for _, answer in exercises]


def test_measures_of_power_bi_that_are_not_golden_mean_what_the_marts_say(both: Settings) -> None:
    with open_database(both) as connection:
        connection.execute("use marts")
        # None of the files has precursors in kilograms, and persons by period are of the public edition alone: rows by
        # hand, of persons also those that the model leaves out.
        connection.execute("""
            create temp table rpt_precursors_by_month as
            select *, 1 as seizures_count, null as quantity_litres_without_duplicates from (values
                ('KAZ', date '2023-01-01', 'EPHEDRINE', 5.0), ('KAZ', date '2023-02-01', 'EPHEDRINE', 2.5),
                ('KAZ', date '2023-02-01', 'ACETONE', 40.0), ('UZB', date '2023-02-01', 'ACETONE', null)
            ) as rows (country_code, month_date, drug_code, quantity_kg_without_duplicates);
            create temp table rpt_precursors_by_table as select * from (values
                ('KAZ', 2023, 'I', 7.5), ('KAZ', 2023, 'II', 40.0), ('UZB', 2023, 'II', null)
            ) as rows (country_code, calendar_year, un_table_code, quantity_kg_without_duplicates)""")
        connection.execute("""
            create temp table rpt_persons_by_period as select * from (values
                ('KAZ', 2023, 0, 'ARRESTED', 'TOTAL', 'all', 'TOTAL', 41),
                ('UZB', 2023, 0, 'ARRESTED', 'TOTAL', 'all', 'TOTAL', null),
                ('KAZ', 2023, 3, 'ARRESTED', 'TOTAL', 'all', 'TOTAL', 7),
                ('KAZ', 2023, 0, 'ARRESTED', 'TRAFFICKING', 'all', 'TOTAL', 30),
                ('KAZ', 2023, 0, 'ARRESTED', 'TOTAL', 'sex', 'MALE', 35)
            ) as rows (country_code, calendar_year, month_number, contact_stage_code, offence_code,
                characteristic_name, characteristic_code, persons_count)""")
        load_tables(connection)
        load_population(connection, both)
        for name in NOT_GOLDEN:
            twin, mart = figures(connection, defined_measures()[name])
            assert mart, name
            assert twin == pytest.approx(mart), name


def _approximately(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    return None if math.isnan(float(value)) else pytest.approx(float(value), rel=1e-9)  # type: ignore[arg-type]


def test_rates_of_the_keeper_and_of_the_seed_are_in_the_marts(both: Settings) -> None:
    with open_database(both) as connection:
        shown = connection.sql("""
            select rate_period, units_per_usd, is_kept from marts.dim_exchange_rates
            where currency_code = 'KZT' and rate_period >= '2023' order by all""").fetchall()
    assert shown == [("2023", 456.165, False), ("2024", 468.962, False), ("2024-02", 450.5, True)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1\u00a0234,5", 1234.5), ("1,234.5", 1234.5), ("12,5 кг", 12.5), (0.152, 0.152), ("96", 96.0)],
)
def test_independent_reading_of_numbers_is_right(cell: object, expected: float) -> None:
    assert number(cell) == expected
    assert np.isnan(number("много"))
