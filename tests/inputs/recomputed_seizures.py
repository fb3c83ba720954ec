"""Figures about seizures, made by pandas and numpy from the files alone, each with its query to the marts.

What a method needs beside the files stands here as its source has it, and is not taken from our seeds: the kilograms of
a tablet of ecstasy, and the range of opium for heroin.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from golden_submissions import NATIONAL_TOTALS

ECSTASY_TABLET_KG = 0.00027
# Kilograms of opium for one of heroin: the convention, and the lowest and highest of UNODC's tables of 2017 to 2019.
OPIUM_FOR_HEROIN, LOWEST_OPIUM, HIGHEST_OPIUM = 10, 8.4, 14.4
MEMBERS, MONTHS_OF_2024 = 7, 5  # five states and the two invented ones; the last month that anybody reported is May


class Figure(NamedTuple):
    """A figure: what it is, its value as pandas makes it (NaN or None if not known), and the query that asks for it."""

    name: str
    expected: object
    query: str


def chosen(rows: pd.DataFrame, **answers: object) -> pd.DataFrame:
    for name, answer in answers.items():
        rows = rows[rows[name] == answer]
    return rows


def _year(mart: str, column: str, country: str, year: int, drug: str) -> str:
    where = f"country_code = '{country}' and calendar_year = {year} and drug_code = '{drug}'"
    return f"select {column} from {mart} where {where}"


def without_second_telling(rows: pd.DataFrame, days: int = 1, *, across: bool = False) -> pd.DataFrame:
    """Return rows without those that repeat the same grams, in another unit, within so many days.

    Of one state, grams of three digits or more; ``across`` states, of four.
    """
    grams = (rows["kg"] * 1000).round(3)
    keyed = rows.assign(grams=grams)[grams.map(digits) >= (4 if across else 3)].reset_index()
    pairs = keyed.merge(keyed, on=["drug", "grams"])
    apart = (pairs["day_x"] - pairs["day_y"]).abs() <= pd.Timedelta(days=days)
    is_pair = (pairs["index_x"] < pairs["index_y"]) & apart & (pairs["unit_x"] != pairs["unit_y"])
    return rows.drop(pairs[is_pair & ((pairs["country_x"] != pairs["country_y"]) == across)]["index_y"])


def digits(amount: float) -> int:
    return len(f"{amount:.10g}".replace(".", "").strip("0"))


def about_seizures(rows: pd.DataFrame, paths: list[Path]) -> Iterator[Figure]:
    """Yield the figures that ``read_seizures`` of these files is enough for."""
    for figures in (weights, told_twice, sizes, opiates, national, signals, places, pieces):
        yield from figures(rows)
    yield from known_months(rows, paths)


def weights(rows: pd.DataFrame) -> Iterator[Figure]:
    herb = chosen(rows, country="KAZ", year=2023, drug="CANNABIS_HERB")
    year = "rpt_seizures_by_year"
    yield Figure("herb KAZ 2023, cases", len(herb), _year(year, "seizures_count", "KAZ", 2023, "CANNABIS_HERB"))
    yield Figure("herb KAZ 2023, kg", herb["kg"].sum(), _year(year, "quantity_kg", "KAZ", 2023, "CANNABIS_HERB"))
    yield Figure(
        "herb KAZ 2023, kg that are questioned: the dot among commas", 12.35,
        _year(year, "questioned_kg", "KAZ", 2023, "CANNABIS_HERB"),
    )  # fmt: skip
    revised = chosen(rows, country="KAZ", month="2024-01", drug="METHAMPHETAMINE")["kg"].sum()
    yield Figure(
        "methamphetamine KAZ January 2024 after its revision, kg", revised,
        "select quantity_kg from rpt_revisions where is_current and country_code = 'KAZ' and month_date = '2024-01-01' "
        "and drug_code = 'METHAMPHETAMINE'",
    )  # fmt: skip
    yield Figure(
        "the same, kg more than before: 12.5 kg in place of 608 g", 12.5 - 0.608,
        "select total_revision_kg from rpt_revisions where is_current and country_code = 'KAZ' "
        "and month_date = '2024-01-01' and drug_code = 'METHAMPHETAMINE'",
    )  # fmt: skip


def told_twice(rows: pd.DataFrame) -> Iterator[Figure]:
    within = chosen(rows, country="KAZ", year=2022, drug="HEROIN")
    across = chosen(rows, year=2023, drug="HEROIN")
    once = without_second_telling(across, 3, across=True)
    region = "select {} from rpt_region_by_year where calendar_year = 2023 and drug_code = 'HEROIN'"
    for name, column, kilograms in (
        ("as reported", "quantity_kg", within), ("without the second telling", "quantity_kg_without_duplicates",
                                                 without_second_telling(within)),
    ):  # fmt: skip
        yield Figure(
            f"heroin KAZ 2022, kg {name}", kilograms["kg"].sum(),
            _year("rpt_seizures_by_year", column, "KAZ", 2022, "HEROIN"),
        )  # fmt: skip
        yield Figure(
            f"the same in kilograms of heroin, {name}", kilograms["kg"].sum(),
            f"select heroin_equivalent_{column.removeprefix('quantity_')} from rpt_opiates_by_year "
            "where country_code = 'KAZ' and calendar_year = 2022",
        )  # fmt: skip
    yield Figure("heroin of the region 2023, kg as reported", across["kg"].sum(), region.format("quantity_kg"))
    yield Figure(
        "heroin of the region 2023, kg without what two states tell", once["kg"].sum(),
        region.format("quantity_kg_without_duplicates"),
    )  # fmt: skip


def sizes(rows: pd.DataFrame) -> Iterator[Figure]:
    herb = chosen(rows, country="KAZ", year=2023, drug="CANNABIS_HERB")["kg"]
    for name, column, value in (
        ("median kg", "median_kg", herb.median()), ("90th percentile, kg", "percentile_90_kg", np.percentile(herb, 90)),
        ("largest, share", "largest_share_pct", 100 * herb.max() / herb.sum()),
    ):  # fmt: skip
        query = _year("rpt_seizure_sizes", column, "KAZ", 2023, "CANNABIS_HERB")
        yield Figure(f"herb KAZ 2023, {name}", value, query)
    classes = _year("rpt_seizures_by_weight_class", "sum(seizures_count)", "KAZ", 2023, "CANNABIS_HERB")
    middle = ((herb >= 10) & (herb < 100)).sum()
    yield Figure("herb KAZ 2023, cases of 10 to 100 kg", middle, f"{classes} and from_kg = 10")
    heroin = chosen(rows, country="UZB", year=2022, drug="HEROIN").dropna(subset=["purity"])
    yield Figure(
        "heroin UZB 2022, purity by weight", (heroin["purity"] * heroin["kg"]).sum() / heroin["kg"].sum(),
        _year("rpt_purity_by_year", "weighted_purity_pct", "UZB", 2022, "HEROIN"),
    )  # fmt: skip


def opiates(rows: pd.DataFrame) -> Iterator[Figure]:
    of_year = chosen(rows, country="UZB", year=2022)
    heroin, opium = (chosen(of_year, drug=drug)["kg"].sum() for drug in ("HEROIN", "OPIUM"))
    for name, column, ratio in (
        ("", "", OPIUM_FOR_HEROIN), ("lowest ", "lowest_", HIGHEST_OPIUM), ("highest ", "highest_", LOWEST_OPIUM),
    ):  # fmt: skip
        yield Figure(
            f"opium and heroin UZB 2022, {name}kg of heroin", heroin + opium / ratio,
            f"select {column}heroin_equivalent_kg from rpt_opiates_by_year "
            "where country_code = 'UZB' and calendar_year = 2022",
        )  # fmt: skip


def national(rows: pd.DataFrame) -> Iterator[Figure]:
    lines = [line.split(",") for line in NATIONAL_TOTALS.splitlines()[1:]]
    heroin = {line[3]: float(line[7]) for line in lines if line[0] == "XAA" and line[1] == "HEROIN"}
    opium = sum(float(line[7]) for line in lines if line[0] == "XAB" and line[1] == "OPIUM")
    ecstasy = next(float(line[7]) for line in lines if line[1] == "ECSTASY_UNSPEC")
    tablets = chosen(rows, country="XAA", year=2024, drug="MDMA")["quantity"].sum()
    asked = (
        "select {} from rpt_national_totals where country_code = '{}' and calendar_year = 2024 "
        "and unodc_class_code = '{}'"
    )
    yield Figure("total of XAA, newest edition", heroin["WDR_2025"], asked.format("national_total_kg", "XAA", "HEROIN"))
    yield Figure("the edition before", heroin["DATAUNODC"], asked.format("earlier_total_kg", "XAA", "HEROIN"))
    yield Figure("total of XAB, two rows of one drug", opium, asked.format("national_total_kg", "XAB", "OPIUM"))
    yield Figure(
        "MDMA beside ecstasy-type substances, tablets in kg", tablets * ECSTASY_TABLET_KG / ecstasy,
        asked.format("national_ratio", "XAA", "ECSTASY"),
    )  # fmt: skip


def known_months(rows: pd.DataFrame, paths: list[Path]) -> Iterator[Figure]:
    sent = {(path.name[:3], path.stem[4:11]) for path in paths if len(path.stem.removesuffix("_revised")) == 11}
    known = sent | set(zip(rows["country"], rows["month"], strict=True))
    for year, expected in ((2024, MEMBERS * MONTHS_OF_2024), (2023, MEMBERS * 12)):
        reported = sum(month.startswith(str(year)) for _, month in known)
        yield Figure(
            f"coverage of {year}, %", 100 * reported / expected,
            f"select distinct coverage_pct from rpt_region_by_year where calendar_year = {year}",
        )  # fmt: skip
    series = (
        "select {} from rpt_seizure_signals_by_month where country_code = '{}' and month_date = '{}-01' "
        "and drug_code = 'HEROIN' and measure_name = 'quantity_kg'"
    )
    yield Figure("heroin TJK with a row held back", "PARTIAL", series.format("observation_code", "TJK", "2024-02"))
    yield Figure("and what is known of it, kg", None, series.format("observed_value", "TJK", "2024-02"))
    yield Figure("heroin UZB, rejected whole", "MISSING", series.format("observation_code", "UZB", "2024-03"))
    yield Figure("heroin TKM, nothing sent", None, series.format("observed_value", "TKM", "2024-02"))
    yield Figure("heroin KGZ, a nil return", 0, series.format("observed_value", "KGZ", "2024-03"))


def signals(rows: pd.DataFrame) -> Iterator[Figure]:
    """A count as far from usual as 3.5 robust deviations, on the scale on which chance varies it by one (Anscombe)."""
    herb = chosen(rows, country="KAZ", drug="CANNABIS_HERB").groupby("month").size()
    months = [f"{month:%Y-%m}" for month in pd.date_range("2022-03", "2024-02", freq="MS")]
    before = 2 * np.sqrt(herb.reindex(months).to_numpy() + 0.375)
    usual = np.median(before)
    spread = max(1.4826 * np.median(np.abs(before - usual)), 1)
    for name, sign in (("lowest", -1), ("highest", 1)):
        bound = max(usual + sign * 3.5 * spread, 0)
        yield Figure(
            f"herb KAZ March 2024, {name} usual cases", max((bound / 2) ** 2 - 0.375, 0),
            f"select {name}_usual_value from rpt_seizure_signals_by_month where country_code = 'KAZ' "
            "and month_date = '2024-03-01' and drug_code = 'CANNABIS_HERB' and measure_name = 'seizures_count'",
        )  # fmt: skip


def places(rows: pd.DataFrame) -> Iterator[Figure]:
    dusti = chosen(rows, country="TJK", point="Дусти", year=2022)
    yield Figure(
        "cases at Dusti 2022", len(dusti),
        "select sum(seizures_count) from rpt_seizures_by_border_point where border_point_code = 'TJ-DUSTI' "
        "and calendar_year = 2022",
    )  # fmt: skip
    # Its office opened in October: of a drug seized there only before, the register says no.
    late = (dusti["month"] >= "2022-10").groupby(dusti["drug"]).any().sort_index()
    yield Figure(
        "office at Dusti 2022, by drug", ", ".join(f"{drug} {str(is_late).lower()}" for drug, is_late in late.items()),
        "select string_agg(drug_code || ' ' || has_blo, ', ' order by drug_code) from rpt_seizures_by_border_point "
        "where border_point_code = 'TJ-DUSTI' and calendar_year = 2022",
    )  # fmt: skip
    hidden = chosen(rows, country="UZB", year=2023, drug="OPIUM", hidden="узлы автомобиля")
    yield Figure(
        "opium UZB 2023 in parts of cars, kg", hidden["kg"].sum(),
        _year("rpt_seizures_by_context", "quantity_kg", "UZB", 2023, "OPIUM") + " and dimension_code = 'CAR_PARTS'",
    )  # fmt: skip
    route = chosen(rows, year=2023, drug="HEROIN", produced="AFG", departed="TJK", destined="UZB")
    yield Figure(
        "heroin 2023 from AFG over TJK to UZB, kg as reported", route["kg"].sum(),
        "select quantity_kg from rpt_routes where producing_country_code = 'AFG' and departure_country_code = 'TJK' "
        "and destination_country_code = 'UZB' and drug_code = 'HEROIN' and calendar_year = 2023",
    )  # fmt: skip


def pieces(rows: pd.DataFrame) -> Iterator[Figure]:
    for name, country, year, drug, unit, code in (
        ("tablets of MDMA", "UZB", 2023, "MDMA", "таб.", "TABLET"),
        ("ampoules of tramadol", "KAZ", 2022, "TRAMADOL", "амп.", "AMPOULE"),
    ):
        counted = chosen(rows, country=country, year=year, drug=drug, unit=unit)["quantity"].sum()
        asked = _year("rpt_seizures_by_counted_unit", "{}", country, year, drug) + f" and counted_unit_code = '{code}'"
        yield Figure(f"{name} {country} {year}", counted, asked.format("quantity_count"))
        weight = counted * ECSTASY_TABLET_KG if drug == "MDMA" else None
        yield Figure(f"the same in kg, {name}", weight, asked.format("equivalent_kg"))
    litres = chosen(rows, country="KAZ", drug="ACETIC_ANHYDRIDE")
    of_tables = (
        "select sum({}) from rpt_precursors_by_table where country_code = 'KAZ' and un_table_code = "
        "(select any_value(un_table_code) from dim_precursors where drug_code = 'ACETIC_ANHYDRIDE')"
    )
    yield Figure("precursors of Table I KAZ, litres", litres["quantity"].sum(), of_tables.format("quantity_litres"))
    yield Figure("precursors of Table I KAZ, cases", len(litres), of_tables.format("seizures_count"))
