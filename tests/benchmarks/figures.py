"""Print figures of a release of real submissions beside those that pandas makes of the files and of UNODC's tables.

    PYTHONPATH=tests/inputs .venv/bin/python tests/benchmarks/figures.py HOME DATA

HOME is a home (SARAI_HOME) whose inbox holds the individual seizures of 2011 to 2016 that UNODC published of the five
states, a file for each state and month. DATA is a folder with dataunodc_drug_seizures_central_asia.csv and
wdr2025_7.1_central_asia.csv, UNODC's totals by year as its portal and the World Drug Report 2025 have them. A line is
figure, recomputed, published, and whether they are the same. Ends with status 1 if one is not.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import duckdb
import pandas as pd
from raw_tables import in_force, read_seizures
from recomputed_seizures import Figure, chosen, digits

STATES = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
# Kilograms of opium for one of heroin, lowest and highest: World Drug Report 2020, booklet 3, table 3, and 10 to 1.
OPIUM_FOR_HEROIN = {2011: (3583 / 467, 10), 2013: (4210 / 555, 10), 2016: (3548 / 376, 10)}


def main() -> None:
    """Print a line for each figure, and how many are the same."""
    home, data = map(Path, sys.argv[1:])
    seizures = read_seizures(in_force(home / "inbox", ()))
    made = [*sums(seizures), *told_twice(seizures), *opiates(seizures), *known(), *questioned(seizures), *totals(data)]
    same = 0
    with duckdb.connect(str(home / "releases" / "current" / "marts.duckdb"), read_only=True) as marts:
        for name, expected, query in [*made, *compared(seizures, data)]:
            published = marts.sql(query).fetchall()
            value = published[0][0] if published else None
            is_same = _is_same(expected, value)
            same += is_same
            print(f"{name:75} {_text(expected):>12} {_text(value):>12} {'' if is_same else 'DIFFERS'}")
    count = len(made) + len(list(compared(seizures, data)))
    print(f"{same} of {count} are the same")
    sys.exit(same != count)


def _is_same(expected: object, value: object) -> bool:
    if expected is None or isinstance(expected, str):
        return expected == value
    return value is not None and math.isclose(float(expected), float(value), rel_tol=1e-8)  # type: ignore[arg-type]


def _text(value: object) -> str:
    return "not known" if value is None else value if isinstance(value, str) else f"{float(value):.6g}"  # type: ignore[arg-type]


def _year(column: str, country: str, year: int, drug: str, mart: str = "rpt_seizures_by_year") -> str:
    where = f"country_code = '{country}' and calendar_year = {year} and drug_code = '{drug}'"
    return f"select {column} from {mart} where {where}"


def sums(rows: pd.DataFrame) -> Iterator[Figure]:
    opiates = rows[rows["drug"].isin(["HEROIN", "OPIUM"])].groupby(["country", "year", "drug"])["kg"].sum()
    for key, kilograms in opiates.items():
        country, year, drug = cast("tuple[str, int, str]", key)
        yield Figure(f"{drug} {country} {year}, kg", kilograms, _year("quantity_kg", country, year, drug))
    for year in range(2011, 2017):
        heroin = chosen(rows, year=year, drug="HEROIN")
        region = f"from rpt_region_by_year where calendar_year = {year} and drug_code = 'HEROIN'"
        yield Figure(f"heroin of the region {year}, kg", heroin["kg"].sum(), f"select quantity_kg {region}")
        yield Figure(f"heroin of the region {year}, cases", len(heroin), f"select seizures_count {region}")
        months = chosen(rows, year=year).groupby("country")["month"].nunique().sum()
        yield Figure(f"coverage of {year}, %", 100 * months / (5 * 12), f"select coverage_pct {region}")
    uzbek = chosen(rows, country="UZB", year=2011, drug="HEROIN")["kg"]
    for name, column, value in (
        ("median kg", "median_kg", uzbek.median()), ("largest, kg", "largest_kg", uzbek.max()),
        ("share of the largest, %", "largest_share_pct", 100 * uzbek.max() / uzbek.sum()),
    ):  # fmt: skip
        yield Figure(f"heroin UZB 2011, {name}", value, _year(column, "UZB", 2011, "HEROIN", "rpt_seizure_sizes"))


def told_twice(rows: pd.DataFrame) -> Iterator[Figure]:
    """Of Kazakhstan in 2011, when two registers were joined: one writes kilograms and rounds, the other grams."""
    heroin = chosen(rows, country="KAZ", year=2011, drug="HEROIN")
    finest: list[Any] = sorted(heroin.itertuples(), key=lambda row: (-_decimals(cast("float", row.kg)), row.Index))
    once: list[Any] = []
    for row in finest:
        if not any(_is_same_seizure(row, other) for other in once):
            once.append(row)
    yield Figure(
        "heroin KAZ 2011, kg without what is told twice", sum(row.kg for row in once),
        _year("quantity_kg_without_duplicates", "KAZ", 2011, "HEROIN"),
    )  # fmt: skip
    yield Figure(
        "heroin KAZ 2011, cases that are told twice", len(heroin) - len(once),
        _year("presumed_duplicate_count", "KAZ", 2011, "HEROIN"),
    )  # fmt: skip


def _decimals(kilograms: float) -> int:
    return len(f"{kilograms:.8f}".rstrip("0").partition(".")[2])


def _is_same_seizure(row: Any, finer: Any) -> bool:
    """Equal within a day, or rounded on the same day, unless words behind a comma name another province."""
    if math.isclose(row.kg, finer.kg, rel_tol=1e-9):
        return abs((row.day - finer.day).days) <= 1 and digits(row.kg * 1000) > 1
    provinces = {text.rpartition(", ")[2] for text in (row.place, finer.place) if ", " in str(text)}
    is_rounded = 0 < _decimals(row.kg) < _decimals(finer.kg) and row.kg == round(finer.kg, _decimals(row.kg))
    return row.day == finer.day and is_rounded and abs(row.kg / finer.kg - 1) <= 0.05 and len(provinces) < 2


def opiates(rows: pd.DataFrame) -> Iterator[Figure]:
    for year, ratios in OPIUM_FOR_HEROIN.items():
        of_year = chosen(rows, country="UZB", year=year)
        heroin, opium = (chosen(of_year, drug=drug)["kg"].sum() for drug in ("HEROIN", "OPIUM"))
        for name, ratio in zip(("highest", "lowest"), ratios, strict=True):
            yield Figure(
                f"opium and heroin UZB {year}, {name} kg of heroin", heroin + opium / ratio,
                f"select {name}_heroin_equivalent_kg from rpt_opiates_by_year "
                f"where country_code = 'UZB' and calendar_year = {year}",
            )  # fmt: skip


def known() -> Iterator[Figure]:
    """A seizure without a unit was held back, so that its month is no zero; an office of 2022 was none in 2011."""
    series = (
        "select {} from rpt_seizure_signals_by_month where country_code = 'TJK' and month_date = '2016-07-01' "
        "and drug_code = 'HEROIN' and measure_name = 'quantity_kg'"
    )
    yield Figure("heroin TJK July 2016, how it is known", "PARTIAL", series.format("observation_code"))
    yield Figure("heroin TJK July 2016, kg", None, series.format("observed_value"))
    yield Figure(
        "an office at Sypatai Batyr, opened in September 2022, in 2011", "false",
        "select bool_or(has_blo)::varchar from rpt_seizures_by_border_point "
        "where border_point_code = 'KZ-SYPATAI' and calendar_year = 2011",
    )  # fmt: skip


def questioned(rows: pd.DataFrame) -> Iterator[Figure]:
    for country, year, drug in (("KAZ", 2012, "HEROIN"), ("TKM", 2011, "OPIUM"), ("TJK", 2012, "MDMA")):
        largest = chosen(rows, country=country, year=year, drug=drug)["kg"].max()
        yield Figure(
            f"{drug} {country} {year}, kg that nobody confirmed", largest, _year("questioned_kg", country, year, drug)
        )


def _portal(data: Path, country: str, year: int, drug: str) -> float:
    table = pd.read_csv(data / "dataunodc_drug_seizures_central_asia.csv")
    return float(chosen(table, **{"ISO Code": country, "Year": year, "Drug": drug})["KG Equivalent"].sum())


def _report(data: Path, country: str, year: int, drug: str) -> float:
    table = pd.read_csv(data / "wdr2025_7.1_central_asia.csv")
    return float(chosen(table, iso3=country, reference_year=year, drug_name=drug)["kilograms"].sum())


def _total(column: str, country: str, year: int, unodc_class: str) -> str:
    return (
        f"select {column} from rpt_national_totals where country_code = '{country}' and calendar_year = {year} "
        f"and unodc_class_code = '{unodc_class}'"
    )


def totals(data: Path) -> Iterator[Figure]:
    yield Figure(
        "national total TJK heroin 2019, newest edition", _report(data, "TJK", 2019, "Heroin"),
        _total("national_total_kg", "TJK", 2019, "HEROIN"),
    )  # fmt: skip
    yield Figure(
        "national total TJK heroin 2019, edition before", _portal(data, "TJK", 2019, "Heroin"),
        _total("earlier_total_kg", "TJK", 2019, "HEROIN"),
    )  # fmt: skip
    yield Figure(
        "national total UZB opium 2023", _report(data, "UZB", 2023, "Opium"),
        _total("national_total_kg", "UZB", 2023, "OPIUM"),
    )  # fmt: skip


def compared(rows: pd.DataFrame, data: Path) -> Iterator[Figure]:
    """Cases beside UNODC's total of their class."""
    for country, year, drug, unodc_class, name in (
        ("KAZ", 2011, "HEROIN", "HEROIN", "Heroin"), ("KAZ", 2012, "HEROIN", "HEROIN", "Heroin"),
        ("UZB", 2013, "OPIUM", "OPIUM", "Opium"), ("TJK", 2012, "MDMA", "ECSTASY", "Ecstasy-type substances"),
    ):  # fmt: skip
        kilograms = chosen(rows, country=country, year=year, drug=drug)["kg"].sum()
        yield Figure(
            f"{drug} {country} {year} as reported, times UNODC's total of {unodc_class}",
            kilograms / _portal(data, country, year, name), _total("national_ratio", country, year, unodc_class),
        )  # fmt: skip


if __name__ == "__main__":
    main()
