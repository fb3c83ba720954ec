"""Figures of the marts are those that pandas makes of the files, without our readers, codelists and seeds."""

import math
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from conftest import copy_warehouse, named_by_environment
from golden_submissions import GOLDEN
from raw_tables import in_force, number, read_seizures
from recomputed_seizures import about_seizures
from recomputed_tables import about_other_tables

from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform.dbt_build import MART_MODELS, build_models
from warehouse.transform.kept_rates import write_kept_rates

# Sent back whole, as the READMEs of golden and demo explain.
REJECTED = ("XAA_2024-04", "UZB_2024-03")


@pytest.fixture(scope="module")
def both(golden: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Golden and demo submissions, with its history, in the marts of one warehouse, whose keeper has added a rate."""
    from flows.ingest import ingest

    folder = tmp_path_factory.mktemp("figures")
    rates = folder / "exchange_rates.csv"
    rates.write_text("currency_code,period,units_per_usd,source\nKZT,2024-02,450.5,Bank of Kazakhstan\n")
    settings = copy_warehouse(golden, folder / "var").model_copy(update={"exchange_rates": rates})
    for part in ("inbox", "history"):
        shutil.copytree(GOLDEN / "demo" / part, settings.inbox, dirs_exist_ok=True)
    with named_by_environment(settings):
        ingest()
    with open_database(settings) as connection:
        write_kept_rates(connection, settings)
    build_models(settings, MART_MODELS)
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
