"""The public edition: what is in it, what never is, and the gate that attacks it before anybody sees it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from conftest import copy_warehouse
from made_marts import make_gate
from made_persons import COLUMNS, draw_rows, write_persons

from expectations.gate.run import check
from expectations.marts.disclosure import ATTACKED, attack_public_edition, disclosure_suites
from warehouse.disclosure.joint_editions import PublicEdition, join_editions
from warehouse.disclosure.person_counts import CountKey, PersonCounts, read_counts
from warehouse.disclosure.public_columns import public_columns
from warehouse.disclosure.public_edition import SCHEMA, prepare_public_edition, read_public_editions
from warehouse.disclosure.public_package import write_public_package
from warehouse.findings.finding import Finding
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import Release, list_releases, verify_release
from warehouse.releases.errors import ReleaseError
from warehouse.releases.marts import Mart
from warehouse.releases.publication import write_release
from warehouse.releases.rollback import rollback
from warehouse.safekeeping.restoration import state
from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings

MARTS = REPOSITORY / "dbt_project" / "models" / "marts"
TODAY = date(2024, 6, 1)
OTHERS = """
create schema marts;
create table marts.fct_stories as select 'a' as row_id, 'He was seen at the bridge.' as story_text;
create table marts.rpt_unheard_of as select 3 as persons_count;
create table marts.dim_codes as from (values
    ('offences', '060', 'Possession', 'Хранение'), ('border_points', 'KZ-KORDAI', 'Kordai', 'Кордай')
) as t (codelist_name, code, name_en, name_ru);
alter table marts.dim_codes add column remark varchar default 'of our own';
comment on column marts.dim_codes.code is 'Code';
"""
PERSONS = "marts.rpt_persons_by_month"
TABLE = f"{SCHEMA}.rpt_persons_by_period"


@contextmanager
def open_filled(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(settings) as opened:
        create_tables(opened, load_questionnaire())
        opened.execute(OTHERS)
        rows = draw_rows(np.random.default_rng(2), [2023, 2024], countries=3, months=3, offences=3, mean=2)
        write_persons(opened, PERSONS, rows)
        yield opened


@pytest.fixture
def connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_filled(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with release 1 in both editions; tests may read but not change it."""
    folder = tmp_path_factory.mktemp("released")
    settings = Settings(home=folder / "home")
    with open_filled(settings) as opened:
        publish(opened, settings, make_gate(folder / "gate"))
    return settings


@pytest.fixture
def release(released: Settings, settings: Settings) -> Release:
    """Release 1 in a warehouse that a test may change."""
    copy_warehouse(released, settings.root)
    return Release(1, settings.releases / "1")


def protect_alone(candidate: PersonCounts, earlier: Sequence[PublicEdition]) -> PublicEdition:
    """Hide what has to be hidden and nothing else: complementary suppression is switched off."""
    joint = join_editions(candidate, earlier)
    return PublicEdition(candidate, frozenset(joint.states[i][0] for i in joint.new if joint.counts.is_hidden[i]))


def publish(connection: duckdb.DuckDBPyConnection, settings: Settings, gate: Path) -> Release:
    public = prepare_public_edition(connection, settings, TODAY)
    editions = read_public_editions(connection, settings, TODAY)
    return write_release(
        connection,
        settings,
        gate_results=gate,
        write_public=partial(write_public_package, connection, public, editions),
    )


def judge(connection: duckdb.DuckDBPyConnection, settings: Settings, results: Path) -> list[Finding]:
    attack_public_edition(connection, settings, TODAY)
    return check(settings, "audit", disclosure_suites(), results)


def columns_of(marts: list[Mart]) -> dict[str, list[str]]:
    return {mart.name: [column.name for column in mart.columns] for mart in marts}


def test_no_measure_is_public_as_reported_and_without_presumed_double_reports() -> None:
    """One less the other would be the mass of a single seizure."""
    counted = "_without_duplicates"
    named = {name: set(part.columns) for name, part in public_columns().items()}
    shown = {name.removesuffix(counted) for columns in named.values() for name in columns if name.endswith(counted)}
    assert {"quantity_kg", "national_ratio", "difference_kg", "heroin_equivalent_kg", "questioned_kg"} <= shown
    assert [(mart, name) for mart, columns in named.items() for name in sorted(columns & shown)] == []


def test_only_what_is_named_is_public(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    public = columns_of(prepare_public_edition(connection, settings, TODAY))
    assert set(public) == {"dim_codes", "rpt_persons_by_period"}
    assert public["dim_codes"] == ["codelist_name", "code", "name_en", "name_ru"]
    assert connection.execute(f"select code from {SCHEMA}.dim_codes").fetchall() == [("060",)]


def test_what_is_named_is_there() -> None:
    described = {}
    for path in MARTS.rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ()):
            described[model["name"]] = {column["name"] for column in model["columns"]}
    for mart, part in public_columns().items():
        assert {*part.columns, *part.rows} <= described[mart], mart
    assert [mart for mart in public_columns() if mart.startswith("fct_")] == []


def test_no_persons_no_free_text_no_place_and_no_sender_is_named() -> None:
    """By the questionnaire: what is counted in persons, and text without a codelist; and what derives from either."""
    questionnaire = load_questionnaire()
    secret = {
        field.name for table in questionnaire.tables for field in table.fields
        if field.unit == "persons" or (field.type == "string" and not field.codelist)
    }  # fmt: skip
    assert {"persons_count", "detained_count", "story_text", "staff_female_count"} <= secret
    secret |= {
        "border_point_code", "subdivision_code", "place", "latitude", "longitude", "submission_id", "file_name",
        "sha256", "sheet", "source_row", "women_pct", "juveniles_pct", "foreigners_pct", "persons_per_100000",
        "agency_code",
    }  # fmt: skip
    named = {column for part in public_columns().values() for column in part.columns}
    assert named & secret == set()
    assert [column for column in named if "person" in column or "women" in column or "staff" in column] == []
    assert {"border_points", "subdivisions", "agencies"} & set(
        public_columns()["dim_codes"].rows["codelist_name"]
    ) == set()


def test_a_column_that_is_gone_is_an_error(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    connection.execute("alter table marts.dim_codes drop column name_ru")
    with pytest.raises(ReleaseError, match=r"dim_codes has no name_ru\. Correct public_edition\.yml"):
        prepare_public_edition(connection, settings, TODAY)


def test_no_small_count_is_shown_and_a_year_that_runs_has_months_only(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    prepare_public_edition(connection, settings, TODAY)
    assert connection.execute(f"select count(*) from {TABLE} where persons_count between 1 and 4").fetchone() == (0,)
    assert connection.execute(
        f"select count(*) from {TABLE} where is_suppressed <> (persons_count is null)"
    ).fetchone() == (0,)
    months = connection.execute(f"select calendar_year, min(month_number) from {TABLE} group by all order by all")
    assert months.fetchall() == [(2023, 0), (2024, 1)]


def test_a_release_holds_both_editions_and_says_which_is_which(
    connection: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    from frictionless import validate

    release = publish(connection, settings, make_gate(tmp_path / "gate"))
    assert verify_release(release) == []
    assert release.package["edition"] == "member"
    package = json.loads((release.public / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["edition"], package["version"]) == ("public", "1")
    assert package["disclosure_control"]["threshold"] == 5
    assert 0 < package["disclosure_control"]["suppressed_count"] < package["disclosure_control"]["counts_count"]
    assert "sources" not in package
    report = validate(str(release.public / "datapackage.json"))
    assert report.valid, report.to_summary()
    with duckdb.connect(str(release.public / "marts.duckdb"), read_only=True) as reader:
        assert reader.execute("show tables").fetchall() == [("dim_codes",), ("rpt_persons_by_period",)]
    assert publish(connection, settings, tmp_path / "gate").is_new is False


def test_a_public_file_that_has_changed_is_damage_of_the_release(release: Release) -> None:
    for name in ("csv/dim_codes.csv", "datapackage.json"):
        path = release.public / name
        path.chmod(0o644)
        path.write_text("other", encoding="utf-8")
        assert any(f"public/{name} has" in problem for problem in verify_release(release))


def test_an_earlier_edition_counts_though_it_was_rolled_back(
    connection: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    """Two persons are added to a month that was shown; then the first release is current again."""
    gate = make_gate(tmp_path / "gate")
    publish(connection, settings, gate)
    shown = connection.execute(
        f"select country_code, make_date(calendar_year, month_number, 1) from {TABLE} "
        "where month_number > 0 and country_code <> 'TOTAL' and contact_stage_code = 'SUSPECTED' "
        "and not is_suppressed limit 1"
    ).fetchone()
    assert shown
    add = (f"update {PERSONS} set persons_count = persons_count + ?, men_count = men_count + ?, adults_count = "
           "adults_count + ?, nationals_count = nationals_count + ? where (country_code, month_date, "
           "contact_stage_code, offence_code) = (?, ?, 'SUSPECTED', '060')")  # fmt: skip
    connection.execute(add, [20, 20, 20, 20, *shown])
    assert publish(connection, settings, gate).number == 2
    rollback(settings, 1)
    connection.execute(add, [2, 2, 2, 2, *shown])
    publish(connection, settings, gate)
    state = connection.execute(
        f"select is_suppressed from {TABLE} where month_number > 0 and contact_stage_code = 'SUSPECTED' "
        "and (country_code, make_date(calendar_year, month_number, 1)) = (?, ?)", list(shown),
    ).fetchone()  # fmt: skip
    assert state == (True,)


def test_an_earlier_edition_that_cannot_be_read_stops_the_next(release: Release, settings: Settings) -> None:
    path = release.public / "parquet" / "rpt_persons_by_period.parquet"
    path.chmod(0o644)
    path.write_bytes(b"PAR1")
    with (
        open_database(settings) as connection,
        pytest.raises(ReleaseError, match="The public edition of release 1 cannot be read"),
    ):
        prepare_public_edition(connection, settings, TODAY)


def test_the_gate_finds_nothing_in_what_is_prepared_and_everything_without_complements(
    connection: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_public_edition(connection, settings, TODAY)
    assert judge(connection, settings, tmp_path / "good") == []
    attacked = connection.execute(f"select count(*), count_if(is_shown) from audit.{ATTACKED}").fetchone()
    assert attacked == connection.execute(f"select count(*), count(persons_count) from {TABLE}").fetchone()

    monkeypatch.setattr("warehouse.disclosure.public_edition.protect", protect_alone)
    prepare_public_edition(connection, settings, TODAY)
    findings = judge(connection, settings, tmp_path / "bad")
    assert {finding.severity for finding in findings} == {"error"}
    recovered = [finding for finding in findings if finding.rule == "count_recovered"]
    assert len(recovered) > 20
    truth = read_counts(connection, PERSONS)
    found = connection.execute(
        f"select {', '.join(CountKey._fields)}, lowest_count from audit.{ATTACKED} "
        "where not is_shown and lowest_count = highest_count"
    ).fetchall()
    assert [row for row in found if truth[CountKey(*row[:-1])] != row[-1]] == []
    assert [finding for finding in findings if finding.value is not None] == []


@pytest.mark.parametrize(
    ("counts", "spoil", "rule"),
    [
        ((4, 9, 30), "country_code = 'KAZ'", "small_count_shown"),
        ((4, 9, 30), "country_code = 'KGZ'", "count_recovered"),
        ((4, 1, 0), "country_code = 'TOTAL'", "count_too_narrow"),
    ],
)
def test_each_rule_of_the_gate_is_tripped_by_one_count_too_many(
    counts: tuple[int, ...],
    spoil: str,
    rule: str,
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """One month of three countries; a count that was suppressed is shown all the same."""
    rows = [(country, "2024-01-01", "060", "SUSPECTED", n, 0, n, 0, 0, n, 0, n, 0, 0)
            for country, n in zip(("KAZ", "KGZ", "TJK"), counts, strict=True) if n]  # fmt: skip
    write_persons(connection, PERSONS, rows)
    prepare_public_edition(connection, settings, TODAY)
    shown = connection.execute(
        f"update {TABLE} set persons_count = (select sum(persons_count) from {PERSONS} where {TABLE}.country_code "
        f"in ('TOTAL', rpt_persons_by_month.country_code)), is_suppressed = false where is_suppressed and {spoil}"
    ).fetchone()
    assert shown == (1,)
    assert rule in {finding.rule for finding in judge(connection, settings, tmp_path / "results")}


def test_a_closed_public_gate_publishes_nothing(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the flow, with complementary suppression switched off; an open one: tests/flows/test_publish.py.

    The marts are those that were published, with persons more.
    """
    from flows.publish import GateClosedError, publish as flow

    rows = draw_rows(np.random.default_rng(2), [2023], countries=3, months=3, offences=3, mean=2)

    def add(settings: Settings, _selection: str, **_options: Any) -> None:
        with open_database(settings) as connection:
            write_persons(connection, "audit.added_persons", rows)
            names = ", ".join(COLUMNS)
            connection.execute(f"insert into {PERSONS} ({names}) select {names} from audit.added_persons")

    state(warehouse, "none shown")  # something new in the ledger: without it nothing is built
    monkeypatch.setattr("warehouse.transform.dbt_build.build_models", add)
    monkeypatch.setattr("warehouse.disclosure.public_edition.protect", protect_alone)
    with pytest.raises(GateClosedError, match="suppressed, and yet it can be computed"):
        flow()
    assert len(list_releases(warehouse)) == 1


@pytest.mark.parametrize("name", ["public/parquet/rpt_persons_by_period.parquet", "marts.duckdb"])
def test_an_earlier_edition_that_was_changed_is_not_counted_with(
    release: Release, settings: Settings, tmp_path: Path, name: str
) -> None:
    path = release.path / name
    path.chmod(0o644)
    if name == "marts.duckdb":
        with duckdb.connect(str(path)) as writer:
            writer.execute("update rpt_persons_by_month set persons_count = persons_count + 1; checkpoint")
    else:
        other = tmp_path / "other.parquet"
        source = f"(select * replace (persons_count + 1 as persons_count) from '{path}')"
        duckdb.execute(f"copy {source} to '{other}' (format parquet)")
        path.write_bytes(other.read_bytes())
    with (
        open_database(settings) as connection,
        pytest.raises(ReleaseError, match=rf"release 1 cannot be read \({name} has .*Restore .* from a backup"),
    ):
        prepare_public_edition(connection, settings, TODAY)
