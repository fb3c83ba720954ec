"""Codelists: complete, unambiguous, and able to read what has really been sent."""

import csv
import itertools
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typing_macros import spelling_key_sql

from warehouse.questionnaire.codelists import load_codelist, member_states, spelling_key
from warehouse.questionnaire.definition import read_content

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
FIELDS = read_content()["fields"].values()
ASKED = sorted({field["codelist"] for field in FIELDS if "codelist" in field})
LISTS = [*ASKED, "missing_values", "months", "totals"]

# Values as UNODC's individual drug seizures (2011-2016) and its Drugs Monitoring Platform have them, and the codes
# that they must get; typing errors are theirs.
OBSERVED = {
    "units": {
        "Kilogram": "KG", "Gram": "G", "Litre": "L", "Cubic Centimeter": "ML", "Gallons (US, liquid)": "GAL_US",
        "tablet/pill": "TABLET", "Piece": "UNIT", "Bush": "PLANT", "lt": "L", "Hectars": "HA", "other": "OTHER",
        "Thousand of tablets": "THOUSAND_TABLETS", "Paper (1/10 gm)": "HUNDRED_MG", "гр.": "G", "килограммов": "KG",
        "таб.": "TABLET", "шт.": "UNIT", "тонны": "T", "Мл": "ML", "No": "UNIT", "Nos": "UNIT", "Blots": "BLOTTER",
        "ltrs": "L", "tola": "TOLA", "maund": "MAUND", "seer": "SEER", "blister": "PACKAGE", "strip": "PACKAGE",
    },
    "sexes": {
        "женщины": "F", "әйелдер": "F", "аялдар": "F", "ayollar": "F", "аёллар": "F", "занон": "F", "aýallar": "F",
        "zenanlar": "F", "мужчины": "M", "ерлер": "M", "еркектер": "M", "эркектер": "M", "erkaklar": "M",
        "эркаклар": "M", "мардон": "M", "erkekler": "M",
    },
    "drugs": {
        "Heroin": "HEROIN", "Opium Poppy": "POPPY_PLANT", "Poppy straw": "POPPY_STRAW", "JWH-018": "SYNTH_CANNABINOID",
        "Ecstasy": "MDMA", "Cocaine": "COCAINE_UNSPEC", "Sulphuric Acid": "SULPHURIC_ACID", "THC": "THC",
        "Non-specified precursors": "PRECURSORS_UNSPEC", "Cannabis resin (hashish)": "CANNABIS_RESIN",
        "Cocaine hydrochloride (HCl, powder cocaine)": "COCAINE_HCL", "Unknown": "UNKNOWN",
        "Mephedrone (4-methylmethcathinone, 4-MMC)": "MEPHEDRONE", "героин": "HEROIN", "опий": "OPIUM",
        "гашиш": "CANNABIS_RESIN", "марихуана": "CANNABIS_HERB", "каннабис": "CANNABIS_UNSPEC",
        "кокаин": "COCAINE_UNSPEC", "мефедрон": "MEPHEDRONE", "метамфетамин": "METHAMPHETAMINE", "экстази": "MDMA",
        "трамадол": "TRAMADOL", "прегабалин": "PREGABALIN", "уксусный ангидрид": "ACETIC_ANHYDRIDE",
        "афюн": "OPIUM", "geroın": "HEROIN", "Ganja": "CANNABIS_HERB",
        "bhang": "CANNABIS_HERB", "чарас": "CANNABIS_RESIN",
        "Mandrax": "METHAQUALONE", "Khat (Catha Edulis)": "KHAT", "crystal": "METHAMPHETAMINE",
        "кристалл": "STIMULANTS_UNSPEC", "shisha": "METHAMPHETAMINE", "teriak": "OPIUM", "GHB": "GHB",
        "Ketamine-type substances": "PCP_TYPE", "midazolam": "BENZODIAZEPINE", "Isotonitazene": "NITAZENES",
        "Нитазены": "NITAZENES", "эфедра": "EPHEDRA", "эфедрин": "EPHEDRINE", '"Crack" cocaine': "CRACK",
        "Safrole": "SAFROLE", "3,4-МДФ-2-П": "MDP2P",
    },
    "installations": {
        "Home/Residence": "RESIDENCE", "Beach": "BEACH", "Frontier": "FRONTIER", "Police facilites": "POLICE",
        "Underwater Site": "UNDERWATER", "Road/ Street/highway": "ROAD", "Data not available": "UNKNOWN",
        "Private dwelling/Residence/Home/Private Garage": "RESIDENCE", "Railway/bus station": "STATION",
        "Territorial waters (seas, lakes, rivers, etc.)": "INLAND_WATERS",
        "Seaport/Riverport station/Harbour": "PORT", "Seaport": "SEAPORT",
        "Healthcare facilities/Pharmacies": "HEALTHCARE",
    },
    "transport_modes": {
        "Commercial air": "AIR", "Private road": "ROAD_CAR", "Commercial road": "ROAD_TRUCK", "Pedestrian": "FOOT",
        "River": "WATER", "Train/Bus": "RAIL", "Postal/Mail/Express Parcel": "POST", "Land": "LAND_UNSPEC",
    },
    "routings": {
        "National territory/domestic seizure": "DOMESTIC", "Border - inbound": "INBOUND", "ввоз": "INBOUND",
        "Border - outbound": "OUTBOUND", "Border - transit/free trade zone": "TRANSIT", "Транзит": "TRANSIT",
    },
    "hiding_places": {
        "Baggage": "BAGGAGE", "Inserted": "INSERTED", "Car Parts": "CAR_PARTS", "Farm / Plantation": "FARM",
        "тайник": "CAR_PARTS", "Swallowed": "SWALLOWED", "Unknown": "UNKNOWN",
    },
    "contact_stages": {"возбуждено дело": "SUSPECTED", "дело передано в суд": "PROSECUTED"},
    "severities": {"3 - Работа стоит": "3", "3 - Работа остановлена": "3"},
    "countries": {
        "Libyan Arab Jamahiriya": "LBY", "Congo, the Democratic Republic of the": "COD", "Macau, SAR of China": "MAC",
    },
    "subdivisions": {
        "Kandarhar": "AF-KAN", "Nemroz": "AF-NIM", "Bulkh": "AF-BAL", "Konduz": "AF-KDZ",
        "Badakhshan province, Afghanistan": "AF-BDS",
    },
    "missing_values": {
        "--": "NOT_STATED", "—": "NOT_STATED", "н/д": "NOT_STATED", "not known": "NOT_KNOWN",
        "не известно": "NOT_KNOWN", "Unknown": "UNKNOWN", "n/a": "NOT_APPLICABLE", "Suppressed": "SUPPRESSED",
    },
    "currencies": {"сомони": "TJS", "сум": "UZS", "сом": "KGS", "долл. США": "USD"},
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    (path,) = SEEDS.glob(f"*/{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(row: dict[str, str]) -> set[str]:
    return {spelling_key(row[column]) for column in ("code", "name_en", "name_ru")}


@pytest.mark.parametrize("name", LISTS)
def test_every_code_has_two_names_and_a_source(name: str) -> None:
    entries = rows(name)
    assert len({row["code"] for row in entries}) == len(entries) > 0
    assert [row for row in entries if not (row["code"] and row["name_en"] and row["name_ru"] and row["source"])] == []
    spellings = rows(f"{name}_spellings")
    assert [row for row in spellings if not (row["spelling"] and row["language"] and row["source"])] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_word_has_one_code_in_a_country(name: str) -> None:
    meanings: dict[tuple[str, str], set[str]] = {}
    for row in rows(name):
        for key in names(row):
            meanings.setdefault((key, ""), set()).add(row["code"])
    for row in rows(f"{name}_spellings"):
        meanings.setdefault((spelling_key(row["spelling"]), row["country_code"]), set()).add(row["code"])
    assert {word: codes for word, codes in meanings.items() if len(codes) > 1} == {}
    assert set().union(*meanings.values()) == set(load_codelist(SEEDS, name).entries)


@pytest.mark.parametrize("name", LISTS)
def test_a_spelling_is_listed_once(name: str) -> None:
    listed = [(spelling_key(row["spelling"]), row["country_code"]) for row in rows(f"{name}_spellings")]
    assert sorted(listed) == sorted(set(listed))
    assert {country for _, country in listed} <= {"", *member_states(SEEDS)}


@pytest.mark.parametrize("name", ASKED)
def test_a_missing_value_is_no_code(name: str) -> None:
    markers = {spelling_key(row["spelling"]) for row in rows("missing_values_spellings")}
    answers = {spelling_key(row["spelling"]) for row in rows(f"{name}_spellings")}
    assert markers & answers.union(*(names(row) for row in rows(name))) == set()


def test_staging_compares_spellings_as_the_codelists_do() -> None:
    texts = [row["spelling"] for path in SEEDS.glob("spellings/*.csv") for row in rows(path.stem)]
    texts += [f"  Qozog{mark}iston\u00a0 RESPUBLIKASI " for mark in "'`´ʹʻʼʽʾʿˈ‘’‛′＇"]
    sent = "(select unnest(?::varchar[]) as text, generate_subscripts(?, 1) as place)"
    with duckdb.connect() as connection:
        found = connection.execute(f"select {spelling_key_sql()} from {sent} order by place", [texts, texts]).fetchall()
    keys = [key for (key,) in found]
    assert {text: key for text, key in zip(texts, keys, strict=True) if key != spelling_key(text)} == {}
    assert set(keys[-14:]) == {"qozog'iston respublikasi"}


def test_the_kinds_of_missing_stay_apart() -> None:
    missing = load_codelist(SEEDS, "missing_values")
    assert len({missing.code_of(text) for text in ("--", "not known", "Unknown", "")}) == 4
    assert missing.code_of("") is None
    assert load_codelist(SEEDS, "countries").code_of("Unknown") == "UNKNOWN"
    assert load_codelist(SEEDS, "countries").code_of("--") is None
    # Namibia's code of two letters, and a usual gap: it is asked about, not guessed.
    assert load_codelist(SEEDS, "countries").code_of("NA") is None
    assert missing.code_of("NA") is None


@pytest.mark.parametrize("name", OBSERVED)
def test_words_that_were_really_sent_resolve(name: str) -> None:
    codelist = load_codelist(SEEDS, name)
    assert {text: codelist.code_of(text) for text in OBSERVED[name]} == OBSERVED[name]


def test_a_word_can_mean_another_thing_by_country() -> None:
    drugs = load_codelist(SEEDS, "drugs")
    assert {country: drugs.code_of("наша", country) for country in ("KAZ", "UZB", "TJK")} == {
        "KAZ": "DRUGS_UNSPECIFIED", "UZB": "CANNABIS_UNSPEC", "TJK": None,
    }  # fmt: skip
    assert drugs.code_of("анаша", "KAZ") == drugs.code_of("neşe", "TKM") == "DRUGS_UNSPECIFIED"
    assert drugs.code_of("анаша", "KGZ") == drugs.code_of("анаша") == "CANNABIS_UNSPEC"
    agencies = load_codelist(SEEDS, "agencies")
    assert [agencies.code_of("МВД", country) for country in ("KAZ", "KGZ", None)] == ["KZ-MVD", "KG-MVD", None]


def test_plausible_maximum_asks_for_the_doubtful_seizures_only() -> None:
    maximum = {row["code"]: float(row["plausible_maximum_kg"]) for row in rows("drugs")}
    doubtful = {"HEROIN": 164.493, "MDMA": 97.492, "OPIUM": 210.539}
    ordinary = {"HEROIN": 118.716, "MDMA": 3.2, "OPIUM": 113.295, "MORPHINE": 7.606, "SULPHURIC_ACID": 1470.0}
    assert all(kg > maximum[drug] for drug, kg in doubtful.items())
    assert all(kg <= maximum[drug] for drug, kg in ordinary.items())


def test_one_conversion_is_valid_on_any_day() -> None:
    periods: dict[tuple[str, ...], list[tuple[date, date]]] = {}
    for row in rows("quantity_conversions"):
        last = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        key = (row["unit_code"], row["drug_code"], row["measure"])
        periods.setdefault(key, []).append((date.fromisoformat(row["valid_from"]), last))
    for spans in periods.values():
        ordered = sorted(spans)
        assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(ordered))


def test_every_unit_with_a_size_converts_and_no_plant_becomes_kilograms() -> None:
    measured = {(row["unit_code"], row["measure"]) for row in rows("quantity_conversions") if not row["drug_code"]}
    expected = {"MASS": "kg", "VOLUME": "litres", "COUNT": "count"}
    sized = {(row["code"], expected[row["dimension"]]) for row in rows("units") if row["dimension"] in expected}
    assert sized == {pair for pair in measured if pair[1] != "equivalent_kg"}
    plants = {row["code"] for row in rows("drugs") if row["is_plant"] == "true"}
    assert {"CANNABIS_PLANT", "POPPY_STRAW"} <= plants
    assert not [row for row in rows("quantity_conversions") if row["drug_code"] in plants or
                (row["unit_code"] == "PLANT" and row["measure"] != "count")]  # fmt: skip


def test_national_totals_hold_the_oracle_and_no_key_twice() -> None:
    totals = rows("national_totals")
    names = ("country_code", "drug_code", "year", "edition_code", "row_number")
    keys = [tuple(row[name] for name in names) for row in totals]
    assert len(set(keys)) == len(keys)
    by_key = {key: row["seized_kg"] for key, row in zip(keys, totals, strict=True)}
    assert by_key["KAZ", "HEROIN", "2011", "DATAUNODC", "1"] == "306.7"
    revised = [by_key["TJK", "HEROIN", "2019", edition, "1"] for edition in ("DATAUNODC", "WDR_2025")]
    assert (revised, max(row["year"] for row in totals)) == (["498.951", "172.0"], "2023")
    assert {row["drug_code"] for row in totals} <= set(load_codelist(SEEDS, "drugs").entries)


def test_the_range_of_opium_is_that_of_the_tables_of_its_year() -> None:
    ranges = {
        row["valid_from"][:4]: [round(1 / float(row[f"{side}_heroin_kg_per_kg"]), 1) for side in ("highest", "lowest")]
        for row in rows("opiate_equivalents")
        if row["drug_code"] == "OPIUM"
    }
    by_year = {"2008": [7.5, 10], "2012": [7.9, 10], "2015": [10, 10.3], "2017": [8.4, 14.4], "2018": [8.5, 13.7]}
    assert {year: ranges[year] for year in by_year} == by_year


def test_every_drug_has_one_class_of_unodc_and_every_published_name_falls_into_one() -> None:
    classes = {row["drug_code"]: row["unodc_class_code"] for row in rows("drug_classes")}
    assert classes.keys() == load_codelist(SEEDS, "drugs").entries.keys()
    assert set(classes.values()) == {row["code"] for row in rows("unodc_classes")}
    alike = {
        "ECSTASY": ["MDMA", "ECSTASY_UNSPEC"], "POPPY": ["POPPY_STRAW", "POPPY_PLANT"], "SEDATIVES": ["DIAZEPAM"],
        "COCAINE": ["COCAINE_UNSPEC", "COCAINE_HCL", "CRACK"], "STIMULANTS_OTHER": ["MEPHEDRONE", "SYNTH_CATHINONE"],
    }  # fmt: skip
    assert {code: {classes[drug] for drug in drugs} for code, drugs in alike.items()} == {c: {c} for c in alike}


def test_every_substance_of_the_tables_of_precursors_has_a_drug_of_its_own() -> None:
    drugs = {row["code"]: row for row in rows("drugs")}
    named = [row["drug_code"] for row in rows("precursors")]
    assert (len(named), len(set(named))) == (35, 35)
    assert [code for code in named if drugs[code]["is_precursor"] != "true" or code.startswith("PRECURSORS_")] == []


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_codelist(SEEDS, "colours")
