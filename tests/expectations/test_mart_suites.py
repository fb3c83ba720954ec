"""Gate 2: each rule has a change of good marts that trips it, and good marts have no finding."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

import duckdb
import pytest
import yaml
from made_good_marts import make_good_marts
from made_signals import SIGNAL_CASES

from expectations.gate.rules import Rule, Suite
from expectations.gate.run import check, find_unjudged
from expectations.marts.suites import MARTS, mart_suites, read_keys
from expectations.waivers import draft_waivers, load_waivers
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.ledger.raw import create_tables
from warehouse.ledger.waivers import WaiverError, describe_waived, waive_in_marts
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings

pytestmark = pytest.mark.server

PROJECT = REPOSITORY / "dbt_project"
KEYS = read_keys(PROJECT)
CHECKS = {checks.mart: checks for checks in MARTS}

FIRST = "where country_code = 'TKM' and month_date = date '2024-01-01'"
FIRST_FACT = "where seizure_id = 'TKM-1:8'"

ADD_FACT = """insert into marts.fct_seizures by name
    select *, submission_id || source_row as seizure_id from staging.stg_seizures where """
ADD_UZBEKISTAN = """insert into audit.last_release_by_month by name
    select 'UZB' as country_code, date '2024-08-01' as month_date, 7 as seizures_count"""
GRAMS = """
    update staging.stg_seizures set quantity_kg = quantity_kg / 1000;
    update marts.rpt_seizures_by_month
    set quantity_kg = quantity_kg / 1000, quantity_kg_without_duplicates = quantity_kg / 1000;"""

# A month of Kazakhstan's with one seizure of so many kilograms, in mart and staging alike.
SEIZE = """
update staging.stg_seizures set quantity_kg = {kg} - 1 where submission_id = 'KAZ-3' and source_row = 8;
update staging.stg_seizures set quantity_kg = 1 where submission_id = 'KAZ-3' and source_row = 9;
update marts.rpt_seizures_by_month set quantity_kg = {kg}, quantity_kg_without_duplicates = {kg}
where country_code = 'KAZ' and month(month_date) = 3;
"""
TOLD_TWICE = f"""{SEIZE.format(kg=400)}
    update marts.rpt_seizures_by_month set quantity_kg_without_duplicates = 6 where quantity_kg = 400"""
ALL_HELD_BACK = """insert into marts.rpt_seizures_by_year by name
    select 'UZB' as country_code, 2024 as calendar_year, 'OPIUM' as drug_code, 0 as seizures_count,
        0 as reported_months_count, 1 as held_back_count"""
MONTH_HELD_BACK = """insert into marts.rpt_seizures_by_month by name
    select * replace ('UZB' as country_code) from marts.rpt_seizures_by_month where seizures_count = 0"""

# Four seizures of one quantity on a day become eight.
ONE_DAY = "update marts.fct_seizures set seizure_date = date '2024-01-01' where month(reporting_month) = 4"
EXCEEDED = "update marts.rpt_national_totals set comparison_code = 'CASES_ABOVE', national_total_kg ="
KNOWN_MASS = """;insert into marts.rpt_changes by name
    select * replace (
        'unodc_classes' as drug_level_name, 'OPIATES' as drug_or_class_code, 'KG' as measure_code
    ) from marts.rpt_changes where area_code = 'TKM' and month(month_date) = 2"""
SILENT = """update marts.rpt_changes
    set member_countries_count = {members}, not_reported_country_codes = 'KAZ UZB' where rowid = 0"""
OF_TKM = "where country_code = 'TKM'"
QUESTION = "update marts.fct_seizures set is_questioned = true where seizure_id"
IN_PIECES = ";".join(
    f"update {table} set quantity_kg = null{counted} where month({month}) = 2 and country_code = 'TKM'"
    for table, month, counted in [
        ("marts.fct_seizures", "reporting_month", ", quantity_count = 500, counted_unit_code = 'TABLET'"),
        ("staging.stg_seizures", "reporting_month", ", quantity_count = 500"),
        ("marts.rpt_seizures_by_month", "month_date", ""),
    ]
)  # fmt: skip
# Mart, what breaks it (several statements), findings as "severity rule field".
CASES: list[tuple[str, str, list[str]]] = [
    *((mart, f"update marts.{mart} set {key} = null where rowid = 0", [f"error key_missing {key}"])
      for mart, key in [("dim_countries", "country_code"), ("dim_drugs", "drug_code"), ("dim_dates", "date_day"),
                        ("dim_border_points", "border_point_code"), ("fct_seizures", "seizure_id")]),
    *((mart, f"insert into marts.{mart} from marts.{mart} limit 1", ["error key_repeated None"])
      for mart in ("dim_countries", "dim_drugs", "dim_dates", "dim_border_points", "rpt_submissions",
                   "rpt_coverage_by_month", "fct_seizure_matches", "rpt_mirror_activities", "rpt_mirror_exchanges")),
    ("rpt_prices_by_month", "insert into marts.rpt_prices_by_month from marts.rpt_prices_by_month",
     ["error key_repeated None"]),
    ("rpt_mirror_throughput", "update marts.rpt_mirror_throughput set travellers_entered_count = -1",
     ["error measure_negative travellers_entered_count"]),
    ("rpt_price_ladder", "update marts.rpt_price_ladder set markup_ratio = -1",
     ["error measure_negative markup_ratio"]),
    ("rpt_prices_by_month", "update marts.rpt_prices_by_month set withheld_count = 2",
     ["error columns_disordered withheld_count"]),
    ("rpt_data_quality", "update marts.rpt_data_quality set validity_pct = 101",
     ["error share_implausible validity_pct"]),
    ("rpt_seizure_sizes", "update marts.rpt_seizure_sizes set median_kg = 2",
     ["error columns_disordered median_kg"]),
    ("rpt_seizures_by_year", "update marts.rpt_seizures_by_year set reported_months_count = -1 where rowid = 0",
     ["error count_implausible reported_months_count"]),
    # a number of persons that its sender does not know is no fault of the mart
    ("rpt_persons_by_month", "update marts.rpt_persons_by_month set persons_count = null", []),
    # women, men and those of unknown sex are all persons; so are the ages, and the citizenships
    *((f"rpt_persons_by_{grain}", f"update marts.rpt_persons_by_{grain} set {count} = {count} + 1",
       ["error persons_unaccounted persons_count"])
      for grain, count in (("month", "men_count"), ("month", "sex_unknown_count"), ("month", "age_unknown_count"),
                           ("year", "foreigners_count"))),
    ("rpt_region_by_year", "update marts.rpt_region_by_year set reported_months_count = 2",
     ["error columns_disordered reported_months_count"]),
    # a drug that its sender does not know is the one UNKNOWN
    ("rpt_seizures_by_month", "update staging.stg_seizures set drug_code = 'NOT_STATED' where submission_id = 'TKM-1'; "
     "update marts.rpt_seizures_by_month set drug_code = 'UNKNOWN' " + FIRST, []),
    # a fact table with a row that nobody sent, and one without the rows that were accepted
    ("fct_persons", "insert into marts.fct_persons values ('KAZ-9:1', 'KAZ-9')", ["error rows_differ None"]),
    ("fct_staff", "insert into raw.landings values ('KAZ-1', 'staff', '', 1, 4)", ["error rows_differ None"]),
    # plausible figures
    ("fct_seizures", f"update marts.fct_seizures set purity_pct = 101 {FIRST_FACT}",
     ["error share_implausible purity_pct"]),
    ("fct_seizures", f"update marts.fct_seizures set pure_kg = -1 {FIRST_FACT}", ["error measure_negative pure_kg"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set known_quantity_pct = 100.5 " + FIRST,
     ["error share_implausible known_quantity_pct"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set known_quantity_count = 3 " + FIRST,
     ["error columns_disordered known_quantity_count"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set known_quantity_count = -1 " + FIRST,
     ["error count_implausible known_quantity_count"]),
    # what is not presumed double is a part of the whole
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set presumed_duplicate_count = 3 " + FIRST,
     ["error columns_disordered presumed_duplicate_count"]),
    ("rpt_seizures_by_month",
     "update marts.rpt_seizures_by_month set quantity_kg_without_duplicates = quantity_kg + 0.001 " + FIRST,
     ["error columns_disordered quantity_kg_without_duplicates"]),
    ("fct_seizure_matches", "update marts.fct_seizure_matches set difference_pct = 101",
     ["error share_implausible difference_pct"]),
    ("rpt_mirror_exchanges", "update marts.rpt_mirror_exchanges set requests_received_count = -1",
     ["error measure_negative requests_received_count"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set reporting_countries_count = 6 " + FIRST,
     ["error columns_disordered reporting_countries_count"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set reporting_countries_count = -1 " + FIRST,
     ["error count_implausible reporting_countries_count"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set member_countries_count = null " + FIRST,
     ["error count_missing member_countries_count"]),
    # a revision lost, one that the current figure does not show, a current figure that is not what was accepted
    ("rpt_revisions", f"update marts.rpt_revisions set revision_kg = null {FIRST}", ["error revisions_differ None"]),
    ("rpt_revisions", f"update marts.rpt_revisions set revision_count = 2 {FIRST}", ["error revisions_differ None"]),
    ("rpt_revisions", f"update marts.rpt_revisions set quantity_kg = quantity_kg + 1 {FIRST}",
     ["error total_differs None"]),
    ("rpt_routes", "update marts.rpt_routes set covered_months_count = -1",
     ["error count_implausible covered_months_count"]),
    ("rpt_routes", "update marts.rpt_routes set first_month_date = date '2024-09-01'",
     ["error columns_disordered first_month_date"]),
    ("rpt_submissions", "update marts.rpt_submissions set accepted_count = 1 where submission_id = 'TKM-1'",
     ["error rows_unaccounted received_count"]),
    ("rpt_coverage_by_month", "update marts.rpt_coverage_by_month set coverage = 'dta' where submission_id = 'TKM-1'",
     ["error coverage_unknown coverage"]),
    ("rpt_coverage_by_month",
     "update marts.rpt_coverage_by_month set coverage = 'missing' where submission_id = 'TKM-1'",
     ["error coverage_unfounded coverage"]),
    ("rpt_coverage_by_month", "update marts.rpt_coverage_by_month set coverage = 'nil' where country_code = 'UZB'",
     ["error coverage_unfounded coverage"]),
    # totals: a row lost, a row that was quarantined, one of a submission that another replaced, weights changed
    ("fct_seizures", "delete from marts.fct_seizures " + FIRST_FACT, ["error total_differs None"]),
    ("fct_seizures", ADD_FACT + "submission_id = 'TKM-2' and source_row = 9", ["error total_differs None"]),
    ("fct_seizures", ADD_FACT + "submission_id = 'TKM-OLD'", ["error total_differs None"]),
    ("fct_seizures", "update marts.fct_seizures set quantity_kg = quantity_kg * 1.0001 " + FIRST_FACT,
     ["error total_differs None"]),
    ("fct_seizures", "update marts.fct_seizures set quantity_count = 0 " + FIRST_FACT, ["error total_differs None"]),
    ("rpt_seizures_by_month", "delete from marts.rpt_seizures_by_month " + FIRST, ["error total_differs None"]),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set seizures_count = 3 " + FIRST,
     ["error total_differs None"]),
    ("rpt_routes", "update marts.rpt_routes set quantity_kg = 1.5 * quantity_kg", ["error total_differs None"]),
    *((mart, f"update marts.{mart} set quantity_kg = 2 * quantity_kg where rowid = 0", ["error total_differs None"])
      for mart in ("rpt_seizures_by_year", "rpt_region_by_year", "rpt_seizures_by_border_point",
                   "rpt_seizures_by_province", "rpt_national_totals")),
    # continuity: also where rows that are held back are all that is left of a country, and not where there was no other
    ("rpt_seizures_by_month", ADD_UZBEKISTAN, ["error country_vanished country_code"]),
    ("rpt_seizures_by_month", f"{ADD_UZBEKISTAN}; {MONTH_HELD_BACK}", ["error country_vanished country_code"]),
    ("rpt_seizures_by_month", ADD_UZBEKISTAN.replace("7 as", "0 as"), []),
    ("rpt_seizures_by_month", "delete from audit.last_release_by_month", []),
    # a month of 40 kg beside months of 4 to 8 is no jump, one of 400 is; 9 kg beside months of grams are too few
    ("rpt_seizures_by_month", "seize 40", []),
    ("rpt_seizures_by_month", "seize 400", ["warning quantity_jumped quantity_kg"]),
    ("rpt_seizures_by_month", GRAMS + "seize 9", []),
    # nor one whose double reports make up the jump
    ("rpt_seizures_by_month", TOLD_TWICE, []),
    # of a drug all rows of a year are held back, or of a month; and a sum of neither seizures nor rows held back
    ("rpt_seizures_by_year", ALL_HELD_BACK, []),
    ("rpt_seizures_by_month", MONTH_HELD_BACK, []),
    ("rpt_seizures_by_month", "update marts.rpt_seizures_by_month set held_back_count = 0 where seizures_count = 0",
     ["error sum_of_nothing seizures_count"]),
    # as many equal seizures on a day as are compared for double reports, and one more
    ("fct_seizures", "update seeds.match_limits set alike_count = 8; " + ONE_DAY, []),
    ("fct_seizures", "update seeds.match_limits set alike_count = 7; " + ONE_DAY,
     ["warning quantity_very_frequent quantity"]),
    # a questioned row that is half of its month, one that is all of it, and one of pieces
    ("fct_seizures", f"{QUESTION} = 'TKM-1:8'", []),
    ("fct_seizures", f"{QUESTION} = 'TKM-2:8'", ["error month_questioned None"]),
    ("fct_seizures", f"{IN_PIECES}; {QUESTION} = 'TKM-2:8'", ["error month_questioned None"]),
    ("rpt_national_totals", f"{EXCEEDED} 40, national_ratio_without_duplicates = 46 / 40 {OF_TKM}",
     ["warning national_total_exceeded equivalent_kg_without_duplicates"]),
    # 46 kg beside 45.8 are within what late corrections make
    ("rpt_national_totals", f"{EXCEEDED} 45.8, national_ratio_without_duplicates = 46 / 45.8 {OF_TKM}", []),
    # nobody is compared and there is a value, all are and there is none, nothing beside nothing, a per cent of zero or
    # beside who is left out, a class of a drug in tablets, a state that is neither compared nor left out, a month that
    # is not the one published
    ("rpt_changes", "", []),
    *(("rpt_changes", f"update marts.rpt_changes set {wrong} where rowid = 0",
       ["error change_unfounded compared_value"])
      for wrong in ("compared_countries_count = 0, otherwise_left_out_count = 1", "compared_value = null",
                    "compared_value_without_duplicates = null", "compared_value_without_duplicates = 0",
                    "change_pct = 100",
                    "earlier_value = 2, change_pct = 0, otherwise_left_out_count = 1, member_countries_count = 2")),
    ("rpt_changes", IN_PIECES + KNOWN_MASS, ["error change_unmeasured compared_value"]),
    ("rpt_changes", SILENT.format(members=3), []),
    ("rpt_changes", SILENT.format(members=4), ["error left_out_untold otherwise_left_out_count"]),
    ("rpt_changes", "update marts.rpt_changes set reported_value = 3 where rowid = 0",
     ["error changed_otherwise reported_value"]),
    *SIGNAL_CASES,
]  # fmt: skip


@pytest.fixture(scope="module")
def good_marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a warehouse with good marts."""
    settings = Settings(home=tmp_path_factory.mktemp("marts"))
    with open_database(settings) as connection:
        create_tables(connection, load_questionnaire())
        connection.execute(make_good_marts(KEYS))
    return settings.database


@pytest.fixture
def settings(tmp_path: Path, good_marts: Path) -> Settings:
    """A warehouse of one's own with good marts."""
    settings = Settings(home=tmp_path)
    shutil.copyfile(good_marts, settings.database)
    return settings


def rules_of(mart: str, as_of: date | None = None) -> list[Rule]:
    return CHECKS[mart].all_rules(KEYS[mart], as_of)


@pytest.fixture(scope="module")
def opened(good_marts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with good marts, in which each change is taken back."""
    settings = Settings(home=tmp_path_factory.mktemp("opened"))
    shutil.copyfile(good_marts, settings.database)
    with open_database(settings) as connection:
        yield connection


class Judge(Protocol):
    """What judges one mart after a change, and another day ``as_of``."""

    def __call__(self, mart: str, change: str, as_of: date | None = None) -> list[Finding]:
        """Return the findings."""


@pytest.fixture
def judge(opened: duckdb.DuckDBPyConnection) -> Iterator[Judge]:
    """What judges one mart after a change; all changes of a test are taken back when it ends."""
    opened.begin()
    yield partial(find_broken, opened)
    opened.rollback()


def find_broken(
    connection: duckdb.DuckDBPyConnection, mart: str, change: str, as_of: date | None = None
) -> list[Finding]:
    """Return the findings about one mart after a change.

    Great Expectations finds the same of the same verdicts, as tests/expectations/test_gate.py shows.
    """
    statements, _, kg = change.partition("seize ")
    suites = {mart: Suite(mart, KEYS[mart], tuple(rules_of(mart, as_of)))}
    connection.execute(statements + (SEIZE.format(kg=kg) if kg else "") or "select 1")
    return find_unjudged(connection, "marts", suites, Settings().codelists)


@pytest.mark.parametrize(("mart", "change", "expected"), CASES)
def test_broken_mart_is_found_out(judge: Judge, mart: str, change: str, expected: list[str]) -> None:
    """One break makes one finding, without a submission, about its mart."""
    found = judge(mart, change)
    assert sorted({f"{f.severity} {f.rule} {f.field}" for f in found}) == expected
    assert all(f.submission_id is None and f.table_name == mart and len(found) == len(expected) for f in found)


def test_a_questioned_month_passes_with_the_waiver_that_is_printed(judge: Judge, tmp_path: Path) -> None:
    """What the office has to add stands empty and is refused; the waiver is about this quantity of this row alone."""
    months = [f"{QUESTION} = 'TKM-{month}:8'; delete from marts.fct_seizures where seizure_id = 'TKM-{month}:9';"
              "update marts.rpt_seizures_by_month set quantity_kg = 3" for month in (2, 4)]  # fmt: skip
    found = [f for f in judge("fct_seizures", ";".join(months)) if f.rule == "month_questioned"]
    described = [describe_finding(finding, "ru", load_questionnaire()) for finding in found]
    assert described[0] == (
        "fct_seizures, TKM-2:8: строка 8 отчёта TKM-2 одна составляет 133,3% того, что страна TKM сообщила за 2024-02 "
        "(Героин: 4 из 3 кг), и её количество под вопросом: страну о нём спросили, она его не подтвердила. Попросите "
        "её прислать книгу, которую мы вернули: с «подтверждаю» рядом с замечанием или с исправленной строкой; если "
        "число верно и ждать нельзя, оформите допущение в waivers.yml."
    )
    day = date(2024, 6, 1)
    waived = Settings(waivers=tmp_path / "waivers.yml")
    draft = "waivers:\n" + draft_waivers(found[:1], day)
    waived.waivers.write_text(draft)
    with pytest.raises(WaiverError, match=r"reason: .*approved_by: .*expires: "):
        load_waivers(waived, day)
    for name, words in {"reason": "The court weighed it.", "approved_by": "the unit", "expires": "2024-07-01"}.items():
        draft = draft.replace(f"{name}:\n", f"{name}: {words}\n")
    waived.waivers.write_text(draft)
    passed = waive_in_marts(found, load_waivers(waived, day))
    assert [f.severity for f in passed] == ["warning", "error"]
    corrected = replace(found[0], arguments=dict(found[0].arguments) | {"amount": 4000.0})
    assert waive_in_marts([corrected], load_waivers(waived, day))[0].severity == "error"
    assert describe_waived(passed) == [{
        "country_code": "TKM", "month": "2024-02", "source_row": 8, "amount": 4.0, "table": "fct_seizures",
        "rule": "month_questioned", "field": None, "reason": "The court weighed it.", "approved_by": "the unit",
        "expires": "2024-07-01",
        "findings_count": 1,
    }]  # fmt: skip


def test_every_rule_has_a_case() -> None:
    """No rule of a mart is without a case that trips it."""
    tripped = {text.split()[1] for _, _, expected in CASES for text in expected}
    assert {rule.name for mart in CHECKS for rule in rules_of(mart)} == tripped


def test_every_sum_of_seizures_has_a_case() -> None:
    """A mart whose totals are compared has a case in which they differ."""
    tripped = {mart for mart, _, expected in CASES if "error total_differs None" in expected}
    assert {checks.mart for checks in MARTS if checks.totals} == tripped


def test_every_mart_has_its_checks_once() -> None:
    """A model without checks would be published unaudited, and checks without a model close the gate."""
    models = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    named = [checks.mart for checks in MARTS]
    assert {mart for mart in models if mart not in named} == set(), "marts without a value in expectations/marts/"
    assert {mart for mart in named if mart not in models} == set(), "values without a mart in dbt_project/models/marts/"
    assert sorted(named) == sorted(set(named))
    assert set(KEYS) == models


def test_checks_name_what_is_there() -> None:
    """Every column is one of the mart's contract, and every table of the form one of the questionnaire."""
    read = [yaml.safe_load(path.read_bytes()) for path in (PROJECT / "models" / "marts").rglob("*.yml")]
    for model in [model for contracts in read for model in contracts.get("models", ())]:
        checks = CHECKS[model["name"]]
        pairs = [column for pair in checks.ordered for column in pair]
        totals = [*checks.totals.by, *checks.totals.measures] if checks.totals else []
        named = {*KEYS[checks.mart], *checks.counts, *checks.measures, *checks.shares, *pairs, *totals}
        assert named - {column["name"] for column in model["columns"]} == set(), checks.mart
    tables = [table.name for table in load_questionnaire().tables]
    assert [checks.mart for checks in MARTS if checks.rows_of and checks.rows_of not in tables] == []


def test_a_contract_without_a_key_is_refused(tmp_path: Path) -> None:
    """Findings name a row by the key, so there is no suite without one."""
    (tmp_path / "models" / "marts" / "prices").mkdir(parents=True)
    contract = "models: [{name: rpt_new, constraints: [{type: not_null, columns: [code]}]}, {name: rpt_newer}]"
    (tmp_path / "models" / "marts" / "prices" / "rpt_new.yml").write_text(contract)
    with pytest.raises(ValueError, match="no primary key in the contract of rpt_new, rpt_newer"):
        mart_suites(tmp_path)


def test_all_marts_in_one_run(settings: Settings) -> None:
    """Good marts pass; a mart that is not there closes the gate."""
    assert check(settings, "marts", mart_suites(PROJECT), settings.gates) == []
    with open_database(settings) as connection:
        connection.execute("drop table marts.dim_dates")
    suites = {mart: suite for mart, suite in mart_suites(PROJECT).items() if mart in ("dim_dates", "dim_drugs")}
    (found,) = check(settings, "marts", suites, settings.gates)
    assert (found.severity, found.rule, found.table_name) == ("error", "table_missing", "dim_dates")


def test_as_of_knows_what_was_known(judge: Judge) -> None:
    """On 5 February only the submission that was replaced later had come, and its decision of that time holds."""
    known = """
        create or replace table marts.fct_seizures as select submission_id || ':' || source_row as seizure_id, staged.*,
            cast(50 as double) as purity_pct, quantity_kg / 2 as pure_kg, false as is_questioned, 0 as questioned_kg,
            cast(null as varchar) as counted_unit_code
        from staging.stg_seizures as staged where submission_id = 'TKM-OLD'"""
    assert judge("fct_seizures", known, date(2024, 2, 5)) == []
    assert {f.rule for f in judge("fct_seizures", "")} == {"total_differs"}


def test_as_of_does_not_continue_the_last_release(judge: Judge) -> None:
    """What was known on an earlier day may have fewer countries than the last release."""
    rules = {rule.name for rule in rules_of("rpt_seizures_by_month", date(2024, 2, 5))}
    assert "country_vanished" not in rules
    assert "country_vanished" in {rule.name for rule in rules_of("rpt_seizures_by_month")}
    assert judge("rpt_seizures_by_month", "") == []


MESSAGES = {
    "fct_seizures: of TKM-1 2 rows with 6 kg were accepted, this table holds 1 with 3 kg (seizures_count, quantity_kg, "
    "equivalent_kg differ). Nothing is published; find the model that loses, repeats or changes rows.":
        ("fct_seizures", f"delete from marts.fct_seizures {FIRST_FACT}"),
    "rpt_national_totals, TKM 2024 HEROIN: the cases of 2024 add up to 46 kg, the nation reported 40 kg for the whole "
    "year (ratio 1.150). Ask the country which is right: a case may stand twice, or the total may be incomplete.":
        ("rpt_national_totals", f"{EXCEEDED} 40, national_ratio_without_duplicates = 46 / 40 {OF_TKM}"),
    "rpt_seizures_by_month, KAZ 2024-03-01 HEROIN: 400 kg in 2 seizures are 57.1 times the usual month (7 kg). "
    "Look at the largest cases of the month: sarai trace names their rows.": ("rpt_seizures_by_month", "seize 400"),
}  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES)
def test_message_names_the_place_and_the_next_step(judge: Judge, message: str) -> None:
    """The message is for the person who keeps the warehouse."""
    found = judge(*MESSAGES[message])
    assert [describe_finding(finding, "en", load_questionnaire()) for finding in found] == [message]
