"""Figures about persons, prices and cooperation, made by pandas from the files alone, each with its query to the marts.

Rates of exchange and population stand here as the World Bank has them, and are not taken from our seeds.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from raw_tables import number, read_all
from recomputed_seizures import Figure, chosen

# Units of a currency for a dollar, mean of the year 2023: World Bank PA.NUS.FCRF.
RATES_OF_2023 = {"TJS": 10.8445, "UZS": 11734.83, "RUB": 85.162, "EUR": 0.92484, "USD": 1.0}
# Persons on 1 July 2023: World Bank SP.POP.TOTL.
POPULATION_OF_2023 = {"TJK": 10389799, "UZB": 35652307}
GRAMS = {"г": 1.0, "кг": 1000.0}


def about_other_tables(paths: list[Path]) -> Iterator[Figure]:
    """Yield the figures about what is no seizure."""
    yield from persons(read_all(paths, "persons"))
    yield from prices(read_all(paths, "prices"))
    yield from meetings(read_all(paths, "activities"), read_all(paths, "challenges"))
    yield from mirrors(read_all(paths, "exchanges"), read_all(paths, "traffic"))
    fields = read_all(paths, "eradication")
    yield Figure(
        "hectares of poppy TJK 2023", fields[_is(fields, "TJK", "2023")]["hectares"].sum(),
        "select sum(eradicated_hectares) from fct_eradication where country_code = 'TJK' and year(month_date) = 2023",
    )  # fmt: skip


def _is(rows: pd.DataFrame, country: str, period: str) -> "pd.Series[bool]":
    return (rows["country"] == country) & rows["month"].str.startswith(period)


def persons(rows: pd.DataFrame) -> Iterator[Figure]:
    """Of arrests: who is of unknown sex, age or citizenship is no man, adult or foreigner, and still a person."""
    rows = rows.dropna(subset=["persons"])
    arrested = rows[(rows["stage"].isna()) & rows["offence"].astype(str).str.startswith("0601")]
    for country in ("TJK", "UZB"):
        of_year = arrested[_is(arrested, country, "2023")].assign(persons=lambda frame: frame["persons"].map(number))
        counts = {
            "persons": of_year["persons"].sum(),
            "women": chosen(of_year, sex="женский")["persons"].sum(),
            "men": chosen(of_year, sex="мужской")["persons"].sum(),
            "sex_unknown": chosen(of_year, sex="не известно")["persons"].sum(),
            "juveniles": chosen(of_year, age="несовершеннолетние")["persons"].sum(),
            "age_unknown": chosen(of_year, age="не известно")["persons"].sum(),
            "nationals": chosen(of_year, citizenship=country)["persons"].sum(),
            "foreigners": chosen(of_year, citizenship="AFG")["persons"].sum(),
            "citizenship_unknown": of_year[of_year["citizenship"].isin(["--", "не известно"])]["persons"].sum(),
        }  # fmt: skip
        where = f"where country_code = '{country}' and calendar_year = 2023 and contact_stage_code = 'SUSPECTED'"
        for name, count in counts.items():
            query = f"select sum({name}_count) from rpt_persons_by_year {where}"
            yield Figure(f"{name.replace('_', ' ')} {country} 2023", count, query)
        yield Figure(
            f"women, men and unknown {country} 2023", counts["persons"],
            f"select sum(women_count + men_count + sex_unknown_count) from rpt_persons_by_year {where}",
        )  # fmt: skip
        yield Figure(
            f"persons per 100,000 {country} 2023", 100_000 * counts["persons"] / POPULATION_OF_2023[country],
            f"select sum(persons_per_100000) from rpt_persons_by_year {where}",
        )  # fmt: skip
        sold = of_year[of_year["offence"].astype(str).str.startswith("06012")]
        foreign = chosen(sold, citizenship="AFG")["persons"].sum()
        yield Figure(
            f"foreigners among those who sold {country} 2023, %",
            100 * foreign / (foreign + chosen(sold, citizenship=country)["persons"].sum()),
            "select 100 * sum(foreigners_count) / sum(foreigners_count + nationals_count) from rpt_persons_by_year "
            f"{where} and offence_class_code = '06012'",
        )  # fmt: skip


def prices(rows: pd.DataFrame) -> Iterator[Figure]:
    """Each currency at the mean rate of its year; a price that rests on two observations is withheld."""
    rows = rows.dropna(subset=["typical"])
    rows = rows[rows["month"].str.startswith("2023")].assign(observations=rows["observations"].map(number))
    usd = rows["typical"].map(number) / rows["currency"].map(RATES_OF_2023) / rows["unit"].map(GRAMS).fillna(1)
    rows = rows.assign(usd=usd.where(rows["observations"] >= 3))
    month = (
        "select {} from rpt_prices_by_month where country_code = '{}' and month_date = '2023-03-01' "
        "and drug_code = '{}' and market_level_code = '{}'"
    )
    for country, drug, code, level, level_code in (
        ("TJK", "опий", "OPIUM", "опт", "WHOLESALE"), ("UZB", "героин", "HEROIN", "розница", "RETAIL"),
        ("UZB", "опий", "OPIUM", "опт", "WHOLESALE"), ("UZB", "гашиш", "CANNABIS_RESIN", "опт", "WHOLESALE"),
        ("TJK", "гашиш", "CANNABIS_RESIN", "розница", "RETAIL"), ("UZB", "МДМА", "MDMA", "розница", "RETAIL"),
    ):  # fmt: skip
        (row,) = chosen(rows, country=country, drug=drug, level=level, month="2023-03").itertuples()
        name = f"{drug}, {level}, {country} March 2023, USD at the rate of {row.currency}"
        yield Figure(name, row.usd, month.format("typical_usd", country, code, level_code))
    yield Figure(
        "the rate of that price names itself", "85.162 RUB for 1 USD (2023, ",
        month.format("left(rates_used, 28)", "UZB", "OPIUM", "WHOLESALE"),
    )  # fmt: skip
    heroin = rows[rows["drug"] == "героин"].groupby(["country", "level"])["usd"].median()
    ladder = (
        "select {} from rpt_price_ladder where producing_country_code = 'AFG' and departure_country_code = 'TJK' "
        "and destination_country_code = 'UZB' and drug_code = 'HEROIN' and calendar_year = 2023 and step_code = '{}'"
    )
    yield Figure(
        "heroin where it departs, USD a gram", heroin["TJK", "опт"], ladder.format("usd_per_gram", "BORDER"),
    )  # fmt: skip
    yield Figure(
        "what it gains until it is sold by the gram", heroin["UZB", "розница"] / heroin["UZB", "опт"],
        ladder.format("markup_ratio", "MARKET_RETAIL"),
    )  # fmt: skip


def meetings(activities: pd.DataFrame, challenges: pd.DataFrame) -> Iterator[Figure]:
    activities = activities.dropna(subset=["kind"])
    day = pd.to_datetime(activities["day"].astype(str), errors="coerce")
    patrols = activities[(activities["kind"] == "Совместный патруль") & (day.dt.year == 2023)]
    for country in ("TJK", "UZB"):
        own = patrols[patrols["country"] == country]
        yield Figure(
            f"women on joint patrols {country} 2023, %", 100 * own["women"].sum() / (own["women"] + own["men"]).sum(),
            "select 100 * sum(participants_female_count) / sum(participants_female_count + participants_male_count) "
            f"from rpt_activities_by_month where country_code = '{country}' and year(month_date) = 2023 "
            "and activity_type_code = 'JOINT_PATROL'",
        )  # fmt: skip
    worst = challenges[_is(challenges, "UZB", "2023")]["severity"].map(number).max()
    yield Figure(
        "worst severity UZB 2023, of those that are known", worst,
        "select max(severity_number) from rpt_challenges_by_month where country_code = 'UZB' "
        "and year(month_date) = 2023",
    )  # fmt: skip


def mirrors(exchanges: pd.DataFrame, traffic: pd.DataFrame) -> Iterator[Figure]:
    exchanges = exchanges.assign(requests=exchanges["requests"].map(number))
    of_month = exchanges[exchanges["month"] == "2023-05"]
    sent = chosen(of_month, country="TJK", counterpart="UZB", direction="отправлено")["requests"].sum()
    received = chosen(of_month, country="UZB", counterpart="TJK", direction="получено")["requests"].sum()
    yield Figure(
        "requests of TJK that UZB did not count, May 2023", sent - received,
        "select requests_difference from rpt_mirror_exchanges where month_date = '2023-05-01' "
        "and sender_country_code = 'TJK' and receiver_country_code = 'UZB'",
    )  # fmt: skip
    traffic = traffic.dropna(subset=["month"]).assign(travellers=traffic["travellers"].map(number))
    out = chosen(traffic[_is(traffic, "TJK", "2023")], point="Фотехобод", direction="Выезд")["travellers"].sum()
    came = chosen(traffic[_is(traffic, "UZB", "2023")], point="Ойбек", direction="Въезд")["travellers"].sum()
    yield Figure(
        "travellers from Fotehobod that Oybek did not count, 2023", out - came,
        "select sum(travellers_difference) from rpt_mirror_throughput where exit_border_point_code = 'TJ-FOTEHOBOD' "
        "and year(month_date) = 2023",
    )  # fmt: skip
