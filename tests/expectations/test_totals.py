"""Kilograms by country, year and drug, computed by pandas straight from the files, without our readers and codelists.

Left out, as the READMEs of golden and demo explain, are two files that are rejected as a whole and, of the others, rows
whose drug is unknown, whose quantity is not a number, without a unit, or outside the month.
"""

import io
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import copy_warehouse, named_by_environment
from golden_submissions import GOLDEN

from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import MART_MODELS, build_models
from warehouse.transform.kept_rates import write_kept_rates

REJECTED = ("XAA_2024-04", "UZB_2024-03")
HEADINGS = {
    "day": ("Дата изъятия", "Date of seizure", "SEIZURE_DATE", "seizure_date"),
    "drug": ("Наркотик", "Drug or substance", "DRUG_NAME", "drug"),
    "quantity": ("Количество", "Quantity", "AMOUNT", "quantity"),
    "unit": ("Единица измерения", "Unit", "DRUG_UNIT", "unit"),
}
KILOGRAMS = {"kg": 1.0, "кг": 1.0, "kilogram": 1.0, "g": 0.001, "г": 0.001, "gram": 0.001}
DRUGS = {
    "heroin": "HEROIN", "героин": "HEROIN", "opium": "OPIUM", "опий": "OPIUM", "cannabis resin": "CANNABIS_RESIN",
    "hashish": "CANNABIS_RESIN", "гашиш": "CANNABIS_RESIN", "cannabis herb": "CANNABIS_HERB",
    "marijuana": "CANNABIS_HERB", "марихуана": "CANNABIS_HERB", "methamphetamine": "METHAMPHETAMINE",
    "метамфетамин": "METHAMPHETAMINE", "ecstasy": "MDMA", "экстази": "MDMA", "acetic anhydride": "ACETIC_ANHYDRIDE",
    "уксусный ангидрид": "ACETIC_ANHYDRIDE", "tramadol": "TRAMADOL", "трамадол": "TRAMADOL", "мефедрон": "MEPHEDRONE",
    "конопля (растение)": "CANNABIS_PLANT",
}  # fmt: skip


def grids(path: Path) -> Iterable[pd.DataFrame]:
    """Return the tables of a file, without types and without headings."""
    if path.suffix == ".xlsx":
        return pd.read_excel(path, sheet_name=None, header=None, dtype=object).values()
    if path.suffix == ".json":
        rows = pd.DataFrame(json.loads(path.read_bytes())["seizures"], dtype=object)
        return [pd.DataFrame([list(rows.columns), *rows.to_numpy().tolist()], dtype=object)]
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")
    separator = ";" if text.count(";") > text.count(",") else ","
    width = max(line.count(separator) for line in text.splitlines()) + 1
    return [pd.read_csv(io.StringIO(text), sep=separator, header=None, names=range(width), dtype=object)]


def seizures(path: Path) -> pd.DataFrame:
    """Return day, drug, quantity and unit of every row of the file's table of seizures, as they stand there."""
    found = pd.DataFrame(columns=list(HEADINGS), dtype=object)
    for grid in grids(path):
        cells = grid.to_numpy(dtype=object)
        for position, top in enumerate(cells):
            places = {name: [i for i, cell in enumerate(top) if cell in words] for name, words in HEADINGS.items()}
            if all(places.values()):
                # The last row of headings counts: a form may repeat them in a second language.
                rows = cells[position + 1 :, [columns[0] for columns in places.values()]]
                found = pd.DataFrame(rows, columns=list(places), dtype=object)
    return found.dropna(subset=["drug"])


def number(cell: object) -> float:
    """Return the number in a cell, NaN if there is none."""
    text = re.sub(r"[\s\u00a0]|[a-zа-я]+$", "", str(cell))
    text = text.replace(",", "") if "," in text and "." in text else text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return np.nan


def day(cell: object) -> object:
    """Return the day that a cell tells, with or without a time; NaT if it tells none."""
    return pd.to_datetime(str(cell), dayfirst=bool(re.match(r"\d\d?[./]", str(cell))), errors="coerce")


def weigh(path: Path) -> pd.DataFrame:
    """Return country, year, drug and kilograms (NaN if nothing was weighed) of the good rows of a file."""
    country, month = path.name[:3], pd.Period(path.name[4:11])
    rows = seizures(path)
    days = pd.to_datetime(rows["day"].ffill().map(day))
    named = pd.DataFrame({
        "country": country, "year": month.year, "drug": rows["drug"].map(lambda text: DRUGS.get(str(text).lower())),
        "kg": rows["quantity"].map(number) * rows["unit"].map(lambda text: KILOGRAMS.get(str(text).lower())),
    })  # fmt: skip
    good = named["drug"].notna() & rows["quantity"].map(number).notna() & rows["unit"].notna()
    return named[good & (days.dt.to_period("M") == month)]


def total(inbox: Path) -> pd.DataFrame:
    """Return seizures and kilograms by country, year and drug of the last accepted file of each month."""
    last = {
        path.name[:11]: path for path in sorted(inbox.glob("*/*"), key=lambda p: p.name) if path.stem not in REJECTED
    }
    rows = pd.concat([weigh(path) for path in last.values()])
    grouped = rows.groupby(["country", "year", "drug"])["kg"]
    return pd.DataFrame({"seizures": grouped.size(), "kg": grouped.sum(min_count=1)}).astype({"kg": float})


@pytest.fixture(scope="module")
def both(golden: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Golden and demo submissions in the marts of one warehouse, whose keeper has added a rate."""
    from flows.ingest import ingest

    folder = tmp_path_factory.mktemp("totals")
    rates = folder / "exchange_rates.csv"
    rates.write_text("currency_code,period,units_per_usd,source\nKZT,2024-02,450.5,Bank of Kazakhstan\n")
    settings = copy_warehouse(golden, folder / "var").model_copy(update={"exchange_rates": rates})
    shutil.copytree(GOLDEN / "demo" / "inbox", settings.inbox, dirs_exist_ok=True)
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
    built = built.astype({"year": "int64"}).set_index(["country", "year", "drug"]).sort_index()
    expected = total(both.inbox).sort_index()
    assert len(expected) > 40
    pd.testing.assert_frame_equal(built, expected, check_dtype=False, rtol=1e-12)


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
