"""Gate 1: each rule has rows that trip it and rows that do not, and one cause makes one finding."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import duckdb
import pytest

from expectations.gate.run import check
from expectations.submissions.fields import NATIONAL_CODELISTS
from expectations.submissions.suites import submission_suites, table_rules
from expectations.submissions.wider_groups import LEVELLED
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.ledger.raw import create_tables
from warehouse.ledger.rules_in_force import dated_tables
from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.definition import Table, load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

QUESTIONNAIRE = load_questionnaire()
MONTH = date(2024, 5, 1)

SEEDS = """
create schema seeds;
create table seeds.units as from (values ('KG', 'MASS'), ('G', 'MASS'), ('TABLET', 'COUNT'), ('PACKAGE', 'PACKAGE'))
    as t (code, dimension);
create table seeds.drugs as from (values
    ('HEROIN', 'OPIATES', 1000.0), ('OPIUM', 'OPIATES', 1000.0), ('OPIATES', 'DRUGS', 1000.0), ('MDMA', 'DRUGS', 50.0),
    ('DRUGS', null, 1000.0), ('UNKNOWN', null, 100.0)
) as t (code, parent_code, plausible_maximum_kg);
create table seeds.installations as from (values ('BEACH', true), ('ROAD', false)) as t (code, is_maritime);
create table seeds.subdivisions as from (values ('TM-A', 'TKM'), ('TM-M', 'TKM'), ('KZ-61', 'KAZ'), ('UZ-SU', 'UZB'))
    as t (code, country_code);
create table seeds.agencies as from (values ('KZ-MVD', 'KAZ')) as t (code, country_code);
create table seeds.border_points as from (values
    ('TM-FARAP', 'TKM', 'UZB', 'Alat', 'Алат'), ('UZ-ALAT', 'UZB', 'TKM', 'Farap', 'Фарап'),
    ('KZ-KORDAI', 'KAZ', 'KGZ', 'Ak-Jol', 'Ак-Жол')
) as t (code, country_code, neighbour_country_code, counterpart_name_en, counterpart_name_ru);
create table seeds.missing_values as from (values ('NOT_STATED', null), ('NOT_KNOWN', 'UNKNOWN'))
    as t (code, fact_code);
create table seeds.offences as from (values
    ('0601', null), ('06011', '0601'), ('060111', '06011'), ('06012', '0601'), ('060121', '06012')
) as t (code, parent_code);
create table seeds.population as from (values ('TKM', 2022, 7000000), ('TKM', 2023, 7200000))
    as t (country_code, year, population_count);
"""

# What Uzbekistan sent before, and what was accepted and rejected of it; the bytes of COPY are those of its first file.
# Those of COPY2 are of one that waits for a decision too, and those of OWN of one whose provinces are abroad.
COPIED = """
insert into raw.submissions by name select * from (values
    ('UZB', 'COPY', 'UZB', '', 0, timestamp '2024-06-09 08:00', 1),
    ('UZB2', 'S0', 'UZB', '', 0, timestamp '2024-06-01 08:00', null),
    ('UZB3', 'COPY2', 'UZB', '', 0, timestamp '2024-06-01 08:00', null)
) as t (submission_id, sha256, country_code, file_name, byte_count, received_at, position);
-- The clock was set back between the two: the copy came later all the same.
update raw.submissions set position = 2 where submission_id in ('COPY', 'COPY2');
update raw.submissions set position = 3, sha256 = 'ABROAD', country_code = 'UZB' where submission_id = 'OWN';
insert into raw.decisions by name select * from (values
    ('UZB', timestamp '2024-06-01 09:00', 'accepted', '', 1, 1, 0),
    ('UZB2', timestamp '2024-06-01 09:00', 'rejected', '', 1, 0, 1)
) as t (submission_id, decided_at, outcome, rules_version, received_count, accepted_count, quarantined_count);
insert into raw.landings by name select * from (values
    ('COPY', 'seizures', '', 1, 3), ('COPY', 'staff', '', 1, 0), ('S0', 'seizures', '', 1, 1),
    ('COPY2', 'seizures', '', 1, 1), ('OWN', 'seizures', '', 1, 1)
) as t (submission_id, table_name, sheet, header_row, row_count);
"""

HEROIN = {"drug_code": "HEROIN", "drug_text": "Heroin"}

GOOD: dict[str, dict[str, Any]] = {
    "seizures": {
        **HEROIN, "seizure_date": date(2024, 5, 9), "seizure_date_text": "09.05.2024", "quantity": 12.5,
        "quantity_text": "12,5", "unit_code": "KG", "unit_text": "kg", "quantity_kg": 12.5, "equivalent_kg": 12.5,
    },
    "persons": {"persons_count": 3.0, "persons_count_text": "3"},
    "prices": {
        **HEROIN, "price_minimum": 5.0, "price_minimum_text": "5", "price_typical": 6.0, "price_typical_text": "6",
        "price_maximum": 7.0, "price_maximum_text": "7", "price_unit_code": "G", "price_unit_text": "g",
        "currency_code": "USD", "currency_text": "USD",
    },
    "activities": {"activity_type_code": "MEETING", "activity_type_text": "meeting"},
    "exchanges": {
        "exchange_direction_code": "SENT", "exchange_direction_text": "sent", "counterpart_country_code": "UZB",
        "counterpart_country_text": "Uzbekistan", "requests_count": 4.0, "requests_count_text": "4",
    },
    "contraband": {
        "seizure_date": date(2024, 5, 9), "seizure_date_text": "09.05.2024", "contraband_category_code": "TOBACCO",
        "contraband_category_text": "tobacco",
    },
    "staff": {
        "staff_female_count": 2.0, "staff_female_count_text": "2", "staff_male_count": 9.0,
        "staff_male_count_text": "9",
    },
    "throughput": {
        "crossing_direction_code": "ENTRY", "crossing_direction_text": "entry", "travellers_count": 4000.0,
        "travellers_count_text": "4000", "vehicles_count": 2000.0, "vehicles_count_text": "2000",
    },
    "equipment": {
        "equipment_item_code": "XRAY", "equipment_item_text": "x-ray", "equipment_count": 3.0,
        "equipment_count_text": "3",
    },
    "stories": {
        "story_title": "Found by the dog", "story_text": "The scanner had seen nothing.",
        "cleared_for_publication_code": "NO", "cleared_for_publication_text": "no",
    },
    "challenges": {
        "challenge_category_code": "UTILITIES", "challenge_category_text": "power", "severity_code": "2",
        "severity_text": "2",
    },
    "blo_register": {"blo_name": "Farap"},
    "laboratories": {"laboratory_date": date(2024, 5, 9), "laboratory_date_text": "09.05.2024"},
    "eradication": {
        "crop_code": "CANNABIS_WILD", "crop_text": "wild cannabis", "eradicated_hectares": 1.5,
        "eradicated_hectares_text": "1,5",
    },
}  # fmt: skip


def sent(name: str, text: str | None, value: Any = None, problem: str | None = None) -> dict[str, Any]:
    """Columns of a parsed field: its text, its typed value and what hindered typing."""
    return {name: value, f"{name}_text": text, f"{name}_problem": problem}


def coded(name: str, text: str | None, code: str | None) -> dict[str, Any]:
    """Columns of a coded field."""
    return {f"{name}_text": text, f"{name}_code": code}


def kilograms(text: str, value: float) -> dict[str, Any]:
    """Columns of a quantity in kilograms."""
    return {**sent("quantity", text, value), "quantity_kg": value, "equivalent_kg": value}


def of_drug(code: str, value: float) -> dict[str, Any]:
    """Columns of kilograms of a drug."""
    return {**coded("drug", code, code), **kilograms(f"{value:g}", value)}


NO_QUANTITY = {"quantity_kg": None, "equivalent_kg": None}
TWELVE_G = {**sent("quantity", "12 г", 12.0), "quantity_unit_text": "г", "quantity_unit_code": "G"}
IN_PACKS = {**sent("quantity", "3", 3.0), **coded("unit", "box", "PACKAGE"), **NO_QUANTITY}
TOMORROW = {**sent("seizure_date", "25.05.2024", date(2024, 5, 25)), "submission_id": "EARLY"}
EXCHANGED = {**sent("seizure_date", "05.04.2024", date(2024, 4, 5)), "seizure_date_exchanged": date(2024, 5, 4)}
LATE = sent("seizure_date", "11.04.2024", date(2024, 4, 11))
# What the report on April in force holds.
APRIL = [{**LATE, "record_id": "K1", **kilograms("900", 900.0)}, {**LATE, **kilograms("3", 3.0)}]
BEACH = coded("installation", "Beach", "BEACH")
NO_PRICE = {**sent("price_minimum", None), **sent("price_typical", None), **sent("price_maximum", None)}
MASS_IN_CELL = {"quantity_unit_text": "кг", "quantity_unit_code": "KG"}

# Table, what differs from a good row, and the finding as "severity rule field"; "" where nothing may be found.
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("seizures", {}, ""),
    ("seizures", {"record_id": "2,46E+14"}, "warning number_ruined record_id"),
    ("seizures", {"record_id": "1234567890123450"}, "warning number_ruined record_id"),
    ("seizures", {"record_id": "123456789012345"}, ""),
    ("throughput", sent("travellers_count", "1240¹", 1240.0), "warning number_marked travellers_count"),
    ("throughput", sent("travellers_count", "1 240 p", 1240.0), "warning number_marked travellers_count"),
    ("throughput", sent("travellers_count", "12 тыс.", 12000.0), ""),
    ("throughput", sent("wagons_count", "2\u03369\u0336", None, "unreadable"), "error value_struck wagons_count"),
    ("contraband", sent("value_amount", "2024-05-01", None, "unreadable"), "error number_is_date value_amount"),
    ("seizures", sent("purity_pct", "62%", 62.0), ""),
    ("seizures", sent("purity_pct", "0,62", 0.62), "warning share_below_one purity_pct"),
    ("seizures", sent("purity_pct", "0.5%", 0.5), ""),
    ("persons", {}, ""),
    ("prices", {}, ""),
    ("activities", {}, ""),
    ("exchanges", {}, ""),
    ("contraband", {}, ""),
    ("staff", {}, ""),
    ("throughput", {}, ""),
    ("laboratories", {}, ""),
    ("eradication", {}, ""),
    ("eradication", sent("eradicated_hectares", None), "error figures_missing eradicated_hectares"),
    ("eradication", {**sent("eradicated_hectares", None), **sent("eradicated_plants_count", "0", 0.0)}, ""),
    ("equipment", {}, ""),
    ("stories", {}, ""),
    ("challenges", {}, ""),
    ("blo_register", {}, ""),
    # required
    ("seizures", coded("drug", None, None), "error value_missing drug"),
    ("seizures", sent("seizure_date", None), "error value_missing seizure_date"),
    ("seizures", {**sent("quantity", None), **NO_QUANTITY}, "error value_missing quantity"),
    ("persons", sent("persons_count", None), "error value_missing persons_count"),
    ("seizures", {**coded("unit", None, None), **NO_QUANTITY}, "error value_missing unit"),
    # a marker of a missing quantity, which needs no unit
    ("seizures", {**sent("quantity", "--"), "quantity_missing_code": "NOT_STATED", **coded("unit", None, None),
                  **NO_QUANTITY}, ""),
    ("seizures", {**sent("seizure_date", "--"), "seizure_date_missing_code": "NOT_STATED"}, ""),
    # codelists
    ("seizures", coded("drug", "Хероин1", None), "error code_unknown drug"),
    ("seizures", {**coded("unit", "ведро", None), **NO_QUANTITY}, "error code_unknown unit"),
    ("seizures", coded("routing", "вбок", None), "warning code_unknown routing"),
    ("seizures", coded("admin_division", "Южно-115ская область", None), "warning code_unknown admin_division"),
    ("activities", coded("activity_type", "чаепитие", None), "error code_unknown activity_type"),
    # types
    ("seizures", {**sent("quantity", "много", None, "unreadable"), **NO_QUANTITY}, "error value_unreadable quantity"),
    ("seizures", {**sent("quantity", "1,234", None, "ambiguous"), **NO_QUANTITY}, "error value_ambiguous quantity"),
    ("seizures", sent("seizure_date", "32.05.2024", None, "unreadable"), "error value_unreadable seizure_date"),
    ("seizures", sent("seizure_date", "05/04/2024", date(2024, 4, 5), "ambiguous"),
     "error value_ambiguous seizure_date"),
    ("persons", sent("month", "весна", None, "unreadable"), "error value_unreadable month"),
    ("persons", sent("persons_count", "3,5", 3.5), "error number_not_whole persons_count"),
    ("persons", sent("persons_count", "трое", None, "unreadable"), "error value_unreadable persons_count"),
    # limits
    ("seizures", kilograms("0", 0.0), "error value_not_above quantity"),
    ("seizures", kilograms("0,001", 0.001), ""),
    ("seizures", sent("purity_pct", "-1", -1.0), "error value_too_small purity_pct"),
    ("seizures", sent("purity_pct", "101", 101.0), "error value_too_large purity_pct"),
    ("seizures", sent("purity_pct", "100", 100.0), ""),
    ("persons", sent("persons_count", "-3", -3.0), "error value_too_small persons_count"),
    ("persons", sent("persons_count", "0", 0.0), ""),
    # one absurd count: more than any country could have, more than this one could
    ("persons", sent("persons_count", "2000000000000", 2e12), "error value_too_large persons_count"),
    ("persons", sent("persons_count", "72001", 72001.0), "error persons_implausible persons_count"),
    ("persons", sent("persons_count", "72000", 72000.0), ""),
    ("persons", {**sent("persons_count", "900000", 9e5), "country_code": "IRN"}, ""),
    ("activities", sent("detained_count", "72001", 72001.0), "error persons_implausible detained_count"),
    ("throughput", sent("vehicles_count", "9e9", 9e9), "error value_too_large vehicles_count"),
    ("seizures", {**kilograms("1e300", 1e300)}, "error value_too_large quantity"),
    ("seizures", {"notes": "я" * 2001}, "warning text_too_long notes"),
    ("seizures", {"notes": "я" * 2000}, ""),
    # period: outside the month; after receipt, inside the month and outside it
    ("seizures", sent("seizure_date", "01.06.2024", date(2024, 6, 1)), "error date_outside_period seizure_date"),
    # late, up to two years, and what is probably a slip of the year
    ("seizures", sent("seizure_date", "30.04.2024", date(2024, 4, 30)), ""),
    ("seizures", sent("seizure_date", "01.06.2022", date(2022, 6, 1)), ""),
    ("seizures", sent("seizure_date", "30.04.2022", date(2022, 4, 30)), "error date_outside_period seizure_date"),
    ("seizures", sent("seizure_date", "09.05.2023", date(2023, 5, 9)), "error date_outside_period seizure_date"),
    ("contraband", sent("seizure_date", "30.04.2024", date(2024, 4, 30)), ""),
    # late, and in the report of its own month: by its number and drug, or by every answer but remarks
    ("seizures", {**LATE, "record_id": "K1"}, "error row_is_reported seizure_date"),
    ("seizures", {**LATE, "record_id": "k1"}, "error row_is_reported seizure_date"),
    ("seizures", {**LATE, **kilograms("3", 3.0), "notes": "again", "extra": '{"No.": "7"}'},
     "error row_is_reported seizure_date"),
    ("seizures", {**sent("seizure_date", "2024-04-11", date(2024, 4, 11)), **kilograms("3,0", 3.0), "unit_text": "кг"},
     "error row_is_reported seizure_date"),
    ("seizures", {**LATE, "record_id": "K1", **coded("drug", "MDMA", "MDMA")}, ""),
    ("seizures", {**LATE, **kilograms("3", 3.0)}, "error row_is_reported seizure_date"),
    ("seizures", {**LATE, **kilograms("3", 3.0), "record_id": "K3"}, ""),
    ("seizures", EXCHANGED, "error date_outside_period seizure_date"),
    ("seizures", sent("seizure_date", "01.01.2031", date(2031, 1, 1)), "error date_in_future seizure_date"),
    ("seizures", TOMORROW, "error date_in_future seizure_date"),
    ("seizures", {**sent("seizure_date", "21.05.2024", date(2024, 5, 21)), "submission_id": "EARLY"}, ""),
    ("activities", sent("activity_date", "01.06.2024", date(2024, 6, 1)), "error date_outside_period activity_date"),
    ("persons", sent("month", "2024-04", date(2024, 4, 1)), "error date_outside_period month"),
    ("persons", sent("month", "2024-05", MONTH), ""),
    ("prices", sent("month", "06.2024", date(2024, 6, 1)), "error date_outside_period month"),
    # a moment with a zone is another day in the country
    ("seizures", {**sent("seizure_date", "2024-05-08T19:00:00Z", date(2024, 5, 9)), "seizure_date_is_moved": True},
     "warning day_moved seizure_date"),
    # country
    ("seizures", coded("stated_country", "Узбекистан", "UZB"), "error country_contradicted stated_country"),
    ("seizures", coded("stated_iso3", "UZB", "UZB"), "error country_contradicted stated_iso3"),
    ("seizures", {**coded("stated_country", "Узбекистан", "UZB"), **coded("stated_iso3", "UZB", "UZB")},
     "error country_contradicted stated_country"),
    ("seizures", {**coded("stated_country", "Туркменистан", "TKM"), **coded("stated_iso3", "--", "NOT_STATED")}, ""),
    ("seizures", coded("admin_division", "Туркестанская область", "KZ-61"),
     "warning subdivision_foreign admin_division"),
    ("seizures", coded("admin_division", "Марыйский велаят", "TM-M"), ""),
    ("prices", coded("admin_division", "Туркестанская область", "KZ-61"), "warning subdivision_foreign admin_division"),
    ("seizures", coded("border_point", "Алат", "UZ-ALAT"), "warning border_point_foreign border_point"),
    ("persons", coded("border_point", "Кордай", "KZ-KORDAI"), "warning border_point_foreign border_point"),
    ("activities", coded("border_point", "Фарап", "TM-FARAP"), ""),
    # quantity and unit
    ("seizures", {**TWELVE_G}, "error unit_contradicted quantity"),
    ("seizures", {**sent("quantity", "5000 г", 5000.0), "quantity_kg": 5000.0, "quantity_unit_text": "г",
                  "quantity_unit_code": "G"}, "error unit_contradicted quantity"),
    ("seizures", MASS_IN_CELL, "warning unit_in_quantity quantity"),
    ("seizures", {**MASS_IN_CELL, **coded("unit", None, None)}, "warning unit_in_quantity quantity"),
    ("seizures", {"quantity_unit_text": "xx"}, "error quantity_has_words quantity"),
    ("seizures", {"quantity_unit_text": "xx", **coded("unit", None, None), **NO_QUANTITY},
     "error quantity_has_words quantity"),
    ("seizures", IN_PACKS, "warning unit_not_converted unit"),
    ("seizures", {**sent("quantity", "3", 3.0), **coded("unit", "--", "NOT_STATED"), **NO_QUANTITY},
     "warning unit_not_converted unit"),
    ("seizures", {**IN_PACKS, **coded("drug", "Хероин1", None)}, "error code_unknown drug"),
    ("seizures", {**IN_PACKS, **coded("unit", "tablet", "TABLET"), "quantity_count": 3.0}, ""),
    # plausible weight: 164493 g of heroin is 164 kg
    ("seizures", {**kilograms("97,492", 97.492), **coded("drug", "Ecstasy", "MDMA")},
     "warning quantity_implausible quantity"),
    ("seizures", {**kilograms("49", 49.0), **coded("drug", "Ecstasy", "MDMA")}, ""),
    ("seizures", {**kilograms("101", 101.0), **coded("drug", "--", "NOT_STATED")},
     "warning quantity_implausible quantity"),
    ("seizures", {**sent("quantity", "900000", 9e5), **coded("unit", "tablet", "TABLET"), "quantity_kg": None,
                  "quantity_count": 9e5, "equivalent_kg": 243.0, **coded("drug", "Ecstasy", "MDMA")},
     "warning quantity_implausible quantity"),
    # the sea
    ("seizures", {**BEACH, "place": "Ashgabat"}, "warning sea_impossible installation"),
    ("seizures", BEACH, "warning sea_impossible installation"),
    ("seizures", {**BEACH, "place": "г. Туркменбаши"}, ""),
    ("seizures", {**BEACH, "country_code": "IRN"}, ""),
    ("seizures", coded("installation", "Road", "ROAD"), ""),
    ("seizures", coded("transport_mode", "Commercial sea", "WATER"), "warning sea_impossible transport_mode"),
    ("seizures", coded("transport_mode", "морской транспорт", "WATER"), "warning sea_impossible transport_mode"),
    ("seizures", coded("transport_mode", "River", "WATER"), ""),
    ("seizures", {**coded("transport_mode", "Private sea", "WATER"), **BEACH},
     "warning sea_impossible installation"),
    # damaged text
    ("seizures", {"place": "Южно-115ская область"}, "warning text_damaged place"),
    ("seizures", {"place": "12-й мкр, трасса М39, пост №7, A380"}, ""),
    # prices
    ("prices", {"price_minimum": 6.5}, "error prices_disordered price_typical"),
    ("prices", {"price_maximum": 5.5}, "error prices_disordered price_typical"),
    ("prices", {"price_minimum": 9.0, "price_typical": None}, "error prices_disordered price_typical"),
    ("prices", {"price_minimum": 7.0, "price_typical": 7.0}, ""),
    # a row of figures has one
    ("prices", NO_PRICE, "error figures_missing price_typical"),
    ("prices", {**NO_PRICE, **sent("price_typical", "--")}, ""),
    ("exchanges", sent("requests_count", None), "error figures_missing requests_count"),
    ("exchanges", {**sent("requests_count", None), **sent("tipoffs_count", "2", 2.0)}, ""),
    ("throughput", {**sent("travellers_count", None), **sent("vehicles_count", None)},
     "error figures_missing travellers_count"),
    ("throughput", {**sent("travellers_count", None), **sent("vehicles_count", None),
                    **sent("wagons_count", "0", 0.0)}, ""),
    # a part is not more than its whole
    ("equipment", sent("working_count", "4", 4.0), "error part_exceeds_whole working_count"),
    ("equipment", sent("working_count", "3", 3.0), ""),
    ("equipment", sent("working_count", "--"), ""),
    ("exchanges", sent("replies_count", "5", 5.0), "warning part_exceeds_whole replies_count"),
    ("exchanges", sent("replies_count", "4", 4.0), ""),
    ("throughput", sent("inspections_count", "6001", 6001.0), "warning part_exceeds_whole inspections_count"),
    ("throughput", sent("inspections_count", "6000", 6000.0), ""),
    ("throughput", {**sent("travellers_count", None), **sent("inspections_count", "9000", 9000.0)}, ""),
    # what a number is measured in
    ("prices", coded("currency", None, None), "warning measure_missing currency"),
    ("prices", coded("price_unit", None, None), "warning measure_missing price_unit"),
    ("prices", {**NO_PRICE, **sent("price_typical", "--"), **coded("currency", None, None)}, ""),
    ("contraband", sent("value_amount", "51000000", 5.1e7), "warning measure_missing currency"),
    ("contraband", {**sent("value_amount", "51000000", 5.1e7), **coded("currency", "UZS", "UZS")}, ""),
    ("contraband", sent("goods_quantity", "2040", 2040.0), "warning measure_missing goods_unit"),
    ("equipment", sent("value_amount", "130000", 1.3e5), "warning measure_missing currency"),
    # first and last day
    ("activities", {**sent("activity_date", "12.05.2024", date(2024, 5, 12)),
                    **sent("activity_end_date", "10.05.2024", date(2024, 5, 10))},
     "error dates_disordered activity_end_date"),
    ("activities", {**sent("activity_date", "30.05.2024", date(2024, 5, 30)),
                    **sent("activity_end_date", "02.06.2024", date(2024, 6, 2))}, ""),
    ("blo_register", {**sent("opened_date", "04.10.2023", date(2023, 10, 4)),
                      **sent("closed_date", "04.10.2022", date(2022, 10, 4))}, "error dates_disordered closed_date"),
    ("blo_register", sent("opened_date", "04.10.2023", date(2023, 10, 4)), ""),
    ("blo_register", sent("latitude", "95", 95.0), "error value_too_large latitude"),
    # the other side
    ("activities", coded("counterpart_country", "Туркменистан", "TKM"),
     "warning counterpart_own counterpart_country"),
    ("activities", {**coded("activity_type", "joint patrol", "JOINT_PATROL")},
     "warning counterpart_missing counterpart_country"),
    ("activities", {**coded("activity_type", "joint patrol", "JOINT_PATROL"),
                    **coded("counterpart_country", "Узбекистан", "UZB")}, ""),
    ("exchanges", coded("counterpart_country", None, None), "warning counterpart_missing counterpart_country"),
    ("exchanges", coded("counterpart_country", "Атлантида", None), "warning code_unknown counterpart_country"),
    ("blo_register", coded("counterpart_country", "TKM", "TKM"), "warning counterpart_own counterpart_country"),
    # clearance of stories
    ("stories", coded("cleared_for_publication", None, None), "warning clearance_missing cleared_for_publication"),
    ("stories", coded("cleared_for_publication", "--", "NOT_STATED"),
     "warning clearance_missing cleared_for_publication"),
    ("stories", coded("cleared_for_publication", "может быть", None), "warning code_unknown cleared_for_publication"),
    ("stories", coded("cleared_for_publication", "да", "YES"), ""),
    # texts that tell of a person
    ("seizures", {"notes": "Водитель Ахмедов Ш.Т.", "notes_personal": "NAME"}, "warning personal_data notes"),
    ("stories", {"story_text": "паспорт AA1234567", "story_text_personal": "NUMBER"},
     "warning personal_data story_text"),
    # severity
    ("challenges", coded("severity", "5", None), "error code_unknown severity"),
]  # fmt: skip

# Rows of one submission each, with the finding on every row.
SAME_NUMBER = {"record_id": "17", "place": "Mary"}
ABROAD = coded("admin_division", "Туркестанская область", "KZ-61")
UZBEK = coded("admin_division", "Сурхандарьинская область", "UZ-SU")

TOGETHER: list[tuple[str, list[tuple[dict[str, Any], str]]]] = [
    ("seizures", [(SAME_NUMBER, ""), ({**SAME_NUMBER, "place": "Tejen"}, "error record_repeated record_id"),
                  (SAME_NUMBER, "error record_repeated record_id")]),
    ("seizures", [(SAME_NUMBER, ""), ({**SAME_NUMBER, **coded("drug", "Ecstasy", "MDMA")}, "")]),
    ("seizures", [({}, ""), ({}, "warning row_repeated None"), ({}, "warning row_repeated None"),
                  ({"place": "Mary"}, ""), ({"extra": '{"№": "4"}'}, "")]),
    ("persons", [({}, ""), ({}, "warning row_repeated None")]),
    ("staff", [({}, ""), (sent("staff_male_count", "8", 8.0), "warning group_repeated None"),
               ({**coded("position_class", "Command", "COMMAND"), **sent("staff_male_count", "3", 3.0)}, ""),
               ({}, "warning row_repeated None")]),
    ("staff", [({}, ""), (sent("month", "2024-05", MONTH), "warning group_repeated None")]),
    ("persons", [(coded("sex", "F", "F"), ""), (coded("sex", "M", "M"), ""),
                 ({**coded("sex", "жен.", "F"), **sent("persons_count", "1", 1.0)}, "warning group_repeated None")]),
    # the sender: most provinces in one other country, about half of them, too few to tell; a copy of another's file
    ("seizures", [({**differs, "submission_id": "ABROAD"}, expected) for differs, expected in (
        (ABROAD, "error provinces_abroad admin_division"), ({**ABROAD, "place": "Sayram"}, ""),
        ({**ABROAD, "place": "Kentau"}, ""), (coded("admin_division", "Mary", "TM-M"), ""))]),
    ("seizures", [*(({**ABROAD, "place": place}, "warning subdivision_foreign admin_division") for place in "abc"),
                  *(({**coded("admin_division", "Mary", "TM-M"), "place": place}, "") for place in "abc")]),
    ("seizures", [({**ABROAD, "place": place}, "warning subdivision_foreign admin_division") for place in "ab"]),
    # its provinces are those of the other country too, and that is no second cause
    ("seizures", [({**UZBEK, "submission_id": "COPY", "place": place}, expected)
                  for place, expected in (("a", "error copy_of_other_country None"), ("b", ""), ("c", ""))]),
    # a copy of one that came in the same run, and the file of which the copy came first, into the wrong folder
    ("seizures", [({"submission_id": "COPY2"}, "error copy_of_other_country None")]),
    ("seizures", [({"submission_id": "OWN"}, "")]),
]  # fmt: skip


def persons(expected: str, count: int, **answers: str | None) -> tuple[dict[str, Any], str]:
    """A row of persons with codes by field; the answer ALL says all together."""
    differs: dict[str, Any] = sent("persons_count", str(count), float(count))
    for name, code in answers.items():
        differs |= coded(name, "Всего" if code == "ALL" else code, None if code == "ALL" else code)
    return {**differs, "totals_stated": " ".join(n for n, code in answers.items() if code == "ALL") or None}, expected


ALL, SUM = "error row_is_total sex", "error row_is_sum persons_count"
WIDER, AGAIN = "error row_is_wider persons_count", "error row_is_again persons_count"
TOGETHER += [
    # a total in words, of its parts and of nothing; a total of totals; the words in a table of events
    ("persons", [persons(ALL, 25, sex="ALL"), persons("", 4, sex="F"), persons("", 21, sex="M")]),
    ("persons", [persons("warning total_alone sex", 25, offence="06012", sex="ALL"),
                 persons("", 4, offence="060111", sex="F")]),
    ("persons", [persons(ALL, 9, sex="ALL", age_group="ALL"), persons("", 4, sex="F", age_group="ADULT"),
                 persons("error row_is_total age_group", 5, sex="M", age_group="ALL"),
                 persons("", 5, sex="M", age_group="ADULT")]),
    ("seizures", [({**coded("admin_division", "Итого", None), "totals_stated": "admin_division"},
                   "error row_is_total admin_division")]),
    # a part of another row, which is counted
    ("persons", [persons("warning total_alone sex", 25, sex="ALL"),
                 ({**persons("", 4)[0], **coded("sex", "в том числе женщины", None)}, "error row_is_part sex")]),
    # an answer left out: the sum of the others of its group and not, of one other row, of zeros, by stage, over two
    # answers, and beside a row that is no total
    ("persons", [persons(SUM, 25), persons("", 4, sex="F"), persons("", 21, sex="M")]),
    ("persons", [persons("", 24), persons("", 4, sex="F"), persons("", 21, sex="M")]),
    ("persons", [persons("", 4), persons("", 4, sex="F")]),
    ("persons", [persons(SUM, 21), persons("", 21, sex="M")]),
    ("persons", [persons("", 0), persons("", 0, sex="F"), persons("", 0, sex="M")]),
    ("persons", [persons("", 25), persons("", 4, contact_stage="CONVICTED"),
                 persons("", 21, contact_stage="PROSECUTED")]),
    ("persons", [persons(SUM, 10), persons(SUM, 7, sex="F"), persons("", 3, sex="M"),
                 persons("", 5, sex="F", age_group="ADULT"), persons("", 2, sex="F", age_group="JUVENILE")]),
    ("persons", [persons(SUM, 30), persons("", 5, offence="0601"), persons("", 10, offence="0601", sex="F"),
                 persons("", 15, offence="0601", sex="M")]),
    ("staff", [({**sent("staff_female_count", "3", 3.0), **sent("staff_male_count", "12", 12.0)},
                "error row_is_sum staff_female_count"),
               ({**coded("position_class", "Command", "COMMAND"), **sent("staff_female_count", "1", 1.0),
                 **sent("staff_male_count", "3", 3.0)}, ""),
               (coded("position_class", "Officer", "OFFICER"), "")]),
    # a wider class beside those within it: of three levels, with more than they have, and with fewer
    ("persons", [persons(WIDER, 30, offence="0601"), persons(WIDER, 20, offence="06011"),
                 persons("", 20, offence="060111"), persons(WIDER, 10, offence="06012"),
                 persons("", 10, offence="060121")]),
    ("persons", [persons(WIDER, 30, offence="06011"), persons("", 20, offence="060111")]),
    ("persons", [persons("", 3, offence="06011"), persons("", 20, offence="060111")]),
    ("persons", [persons(WIDER, 30, offence="06011", sex="M"), persons("", 20, offence="060111", sex="M"),
                 persons("", 20, offence="060111", sex="F")]),
    # a class of drugs beside those within it: with exactly what they have, of all drugs too, and with more
    ("persons", [persons(SUM, 15, main_drug="OPIATES"), persons("", 10, main_drug="HEROIN"),
                 persons("", 5, main_drug="OPIUM")]),
    ("persons", [persons(SUM, 15, main_drug="OPIATES", offence="0601"),
                 persons("", 10, main_drug="HEROIN", offence="0601"),
                 persons("", 5, main_drug="OPIUM", offence="0601")]),
    ("persons", [persons("", 16, main_drug="OPIATES"), persons("", 10, main_drug="HEROIN"),
                 persons("", 5, main_drug="OPIUM")]),
    ("seizures", [(of_drug("OPIATES", 15.0), "error row_is_sum quantity"), (of_drug("HEROIN", 10.0), ""),
                  (of_drug("OPIUM", 5.0), ""), (of_drug("DRUGS", 31.0), "")]),
    ("seizures", [(of_drug("OPIATES", 10.0), ""), (of_drug("HEROIN", 10.0), ""),
                  (of_drug("DRUGS", 20.0), "error row_is_sum quantity")]),
    ("seizures", [(of_drug("OPIATES", 15.0), ""), (of_drug("OPIATES", 1.0), ""), (of_drug("HEROIN", 10.0), ""),
                  (of_drug("OPIUM", 5.0), "")]),
    # a class that is a case of its own, or equal by chance
    ("seizures", [({**of_drug("OPIATES", 15.0), "record_id": "K9"}, ""), (of_drug("HEROIN", 10.0), ""),
                  (of_drug("OPIUM", 5.0), "")]),
    ("seizures", [(of_drug("OPIATES", 3.0), ""), (of_drug("HEROIN", 1.0), ""), (of_drug("OPIUM", 2.0), "")]),
    # a dot before three digits beside commas
    ("seizures", [(kilograms("1.240", 1.24), "warning number_dotted quantity"), (kilograms("2,5", 2.5), ""),
                  (kilograms("1.24", 1.24), ""), (kilograms("0.240", 0.24), ""), (kilograms("1.245", 1.245), "")]),
    ("seizures", [(kilograms("1.240", 1.24), ""), (kilograms("2.5", 2.5), "")]),
    # the same persons parted by sex and again by age, beside their total and alone; other persons
    ("persons", [persons(SUM, 25), persons("", 4, sex="F"), persons("", 21, sex="M"),
                 persons(AGAIN, 20, age_group="ADULT"), persons(AGAIN, 5, age_group="JUVENILE")]),
    ("persons", [persons("", 4, sex="F"), persons("", 21, sex="M"), persons("", 20, age_group="ADULT"),
                 persons("", 6, age_group="JUVENILE"), persons("", 1, sex="F", offence="0601")]),
    ("persons", [persons("error row_is_total offence", 9, offence="ALL"), persons("", 6, offence="060111"),
                 persons("", 3, offence="060121")]),
]  # fmt: skip


def columns_of(table: Table) -> dict[str, str]:
    """Names and types of the staging columns, as the models make them."""
    columns = {"submission_id": "varchar", "sheet": "varchar", "source_row": "bigint", "country_code": "varchar",
               "reporting_month": "date", "totals_stated": "varchar", "extra": "varchar"}  # fmt: skip
    types = {"number": "double", "integer": "double", "date": "date", "yearmonth": "date"}
    for field in table.fields:
        if field.codelist:
            columns |= {f"{field.name}_code": "varchar", f"{field.name}_text": "varchar"}
        elif field.type == "string":
            columns |= {field.name: "varchar", f"{field.name}_personal": "varchar"}
        else:
            columns[field.name] = types[field.type]
            columns |= {f"{field.name}_{part}": "varchar" for part in ("text", "problem", "missing_code")}
            if field.type == "date":
                columns |= {f"{field.name}_is_moved": "boolean", f"{field.name}_exchanged": "date"}
    if table.name == "seizures":
        columns |= {"quantity_unit_text": "varchar", "quantity_unit_code": "varchar"}
        columns |= dict.fromkeys(["quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg"], "double")
    return columns


class Row(NamedTuple):
    """A row of a case: where it is, what differs from a good row, and the finding it must have."""

    submission_id: str
    number: int
    table: str
    differs: dict[str, Any]
    expected: str


def insert(connection: duckdb.DuckDBPyConnection, row: Row) -> None:
    """Add one staged row; columns that are not given are as in a good row."""
    cells = {"submission_id": row.submission_id, "sheet": "", "source_row": row.number, "country_code": "TKM",
             "reporting_month": MONTH, **GOOD[row.table], **row.differs}  # fmt: skip
    names, marks = ", ".join(cells), ", ".join("?" * len(cells))
    connection.execute(f"insert into audit.{row.table} ({names}) values ({marks})", list(cells.values()))


def rows_of_cases() -> Iterator[Row]:
    """Yield the rows of all cases; each case, alone or a group of rows, is a submission of its own."""
    for number, (table, differs, expected) in enumerate(CASES):
        yield Row(differs.get("submission_id", f"S{number}"), number, table, differs, expected)
    for group, (table, rows) in enumerate(TOGETHER):
        for number, (differs, expected) in enumerate(rows):
            yield Row(differs.get("submission_id", f"T{group}"), number, table, differs, expected)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with all cases in one batch, as the gate sees it."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with open_database(settings) as connection:
        create_tables(connection, QUESTIONNAIRE)
        connection.execute(SEEDS)
        connection.execute(f"create table seeds.countries as from '{settings.codelists}/codelists/countries.csv'")
        connection.execute("create schema audit")
        for table in QUESTIONNAIRE.tables:
            columns = ", ".join(f"{name} {kind}" for name, kind in columns_of(table).items())
            connection.execute(f"create table audit.{table.name} ({columns})")
        for number, differs in enumerate(APRIL):
            insert(connection, Row("APRIL", number, "seizures", {**differs, "reporting_month": date(2024, 4, 1)}, ""))
        for name in (table.name for table in dated_tables()):
            connection.execute(f"create table audit.spoken_{name} as from audit.{name}; delete from audit.{name}")
        for row in rows_of_cases():
            insert(connection, row)
        connection.execute(
            """
            insert into raw.submissions by name
            select distinct
                submission_id, submission_id as sha256, 'TKM' as country_code, '' as file_name, 0 as byte_count,
                if(submission_id = 'EARLY', timestamp '2024-05-20 20:00', timestamp '2024-06-03 08:00') as received_at
            from ("""
            + " union ".join(f"from audit.{table.name} select submission_id" for table in QUESTIONNAIRE.tables) + ")"
        )  # fmt: skip
        connection.execute(COPIED)
    return settings


@pytest.fixture(scope="module")
def findings(cases: Settings) -> dict[tuple[str, int], list[Finding]]:
    """Findings by submission and row."""
    found: dict[tuple[str, int], list[Finding]] = {}
    for finding in check(cases, "audit", submission_suites(QUESTIONNAIRE), cases.gates):
        found.setdefault((str(finding.submission_id), int(finding.source_row or 0)), []).append(finding)
    return found


ROWS = [*rows_of_cases()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.submission_id} {row.number} {row.expected}")
def test_one_cause_makes_one_finding(findings: dict[tuple[str, int], list[Finding]], row: Row) -> None:
    """Every row has exactly the finding that its case expects, about its own table."""
    found = findings.get((row.submission_id, row.number), [])
    assert [f"{f.severity} {f.rule} {f.field}" for f in found] == ([row.expected] if row.expected else [])
    assert {f.table_name for f in found} <= {row.table}


def test_every_rule_is_tripped(findings: dict[tuple[str, int], list[Finding]]) -> None:
    """No rule is without a row that trips it; derived ones by name, whatever their field."""
    tripped = {finding.rule for found in findings.values() for finding in found}
    assert {rule.name for table in QUESTIONNAIRE.tables for rule in table_rules(table)} == tripped


def test_every_row_that_fails_is_a_suspect(cases: Settings) -> None:
    """Of each rule that is looked into only where a row is one."""
    with open_database(cases) as connection:
        for suite in submission_suites(QUESTIONNAIRE).values():
            for failing in (rule.failing for rule in suite.rules if rule.failing.suspects):
                suspects = f"select submission_id, sheet, source_row from {{batch}} where {failing.suspects}"
                sql = f"from ({failing.query}) anti join ({suspects}) using (submission_id, sheet, source_row)"
                assert connection.execute(sql.replace("{batch}", f"audit.{suite.table}")).fetchall() == []


def test_every_figure_has_a_largest_value() -> None:
    """No figure, however wrong, is so large that sums over it lose the others."""
    fields = {field.name: field for table in QUESTIONNAIRE.tables for field in table.fields if field.is_numeric}
    assert [name for name, field in fields.items() if field.constraints.maximum is None] == []


MESSAGES = {
    'Quantity: "12 г" says gram and Unit says kilogram. Write the number alone and correct the unit that is wrong.': {
        **TWELVE_G
    },
    'Border crossing point: "Алат" lies in Uzbekistan, not in Turkmenistan. Name the crossing point on your own side: '
    "Farap.": coded("border_point", "Алат", "UZ-ALAT"),
    'Date of seizure: "05.04.2024" lies outside the reporting month 2024-05; with day and month exchanged it is '
    "2024-05-04, which lies in it. Correct it, or send the row with its own month.": EXCHANGED,
    'Quantity: "0" is not more than 0. Correct the number; write -- if it is not known.': kilograms("0", 0.0),
    'Date of seizure: "25.05.2024" is later than 2024-05-21, the day on which the file came. Correct the date.': (
        TOMORROW  # at eight in the evening of UTC it is the next day in Turkmenistan
    ),
    "Quantity: 97.492 kg of MDMA are more than 50 kg, the most that one seizure plausibly holds. "
    "Grams may have been entered as kilograms. Check the case and confirm or correct it.": {
        **kilograms("97,492", 97.492), **coded("drug", "Ecstasy", "MDMA"),
    },
}  # fmt: skip


def message_of(finding: Finding) -> str:
    return describe_finding(finding, "en", QUESTIONNAIRE)


@pytest.mark.parametrize("message", MESSAGES)
def test_message_says_what_where_and_the_next_step(
    findings: dict[tuple[str, int], list[Finding]], message: str
) -> None:
    """The message is a sentence that the sender can act on."""
    number = next(number for number, (_, differs, _) in enumerate(CASES) if differs == MESSAGES[message])
    submission_id = MESSAGES[message].get("submission_id", f"S{number}")
    assert message_of(findings[submission_id, number][0]) == f"Seizures, row {number}, {message}"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (TWELVE_G, "указана единица «грамм», а в столбце «Единица измерения» — «килограмм»."),
        (coded("border_point", "Алат", "UZ-ALAT"), "«Алат» находится в стране Узбекистан, а не Туркменистан."),
    ],
)
def test_a_code_is_said_by_its_label_in_the_language_of_the_answer(
    findings: dict[tuple[str, int], list[Finding]], answers: dict[str, Any], words: str
) -> None:
    number = next(number for number, (_, differs, _) in enumerate(CASES) if differs == answers)
    assert words in describe_finding(findings[f"S{number}", number][0], "ru", QUESTIONNAIRE)


def test_no_message_of_a_rule_shows_a_code(findings: dict[tuple[str, int], list[Finding]]) -> None:
    """Nor a word of the sender's outside of quotation marks: it may be in another language."""
    codes = re.compile(r"\b(?!ISO code)([A-Z]{3}|[A-Z]+_[A-Z_]+)\b")
    shown = {finding.rule: words for found in findings.values() for finding in found
             if codes.search(words := re.sub(r'"[^"]*"|«[^»]*»', "", message_of(finding)))}  # fmt: skip
    assert shown == {}
    named = {rule.name: rule.message for table in QUESTIONNAIRE.tables for rule in table_rules(table)
             if re.search(r"(?<![\"“]){\w+_text}", rule.message)}  # fmt: skip
    assert named.keys() == {"prices_disordered"}


def test_later_rows_are_the_repetition(findings: dict[tuple[str, int], list[Finding]]) -> None:
    """The first row keeps its number; each later one names it."""
    assert 'Record number: "17" already stands in row 0' in message_of(findings["T0", 2][0])
    assert findings["T0", 2][0].value == "17"
    assert "repeats row 0 in every answer" in message_of(findings["T2", 2][0])


@pytest.mark.parametrize(
    ("name", "column"),
    [("countries", "coastal_place_pattern"), ("installations", "is_maritime"), ("units", "dimension"),
     ("subdivisions", "country_code"), ("border_points", "counterpart_name_en"), ("missing_values", "code"),
     ("missing_values", "fact_code"), ("offences", "parent_code"), ("drugs", "parent_code")],
)  # fmt: skip
def test_codelists_are_where_the_rules_look(name: str, column: str) -> None:
    """The seeds have the columns that the rules compare with."""
    header = (Settings().codelists / "codelists" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert column in header.split(",")


def test_every_codelist_with_levels_is_compared_by_them() -> None:
    """Another list with wider entries would else count them beside those within."""
    lists = (Settings().codelists / "codelists").glob("*.csv")
    assert {
        path.stem for path in lists if "parent_code" in path.read_text(encoding="utf-8").split("\n", 1)[0]
    } == LEVELLED


def test_the_codelists_whose_entries_belong_to_countries_are_known() -> None:
    asked = {field.codelist for table in QUESTIONNAIRE.tables for field in table.fields if field.codelist}
    entries = {name: load_codelist(Settings().codelists, name).entries.values() for name in asked}
    assert {name for name in asked if "country_code" in next(iter(entries[name]))} == set(NATIONAL_CODELISTS)
