"""Formulas that marts and their comparison share: each has one place, and its parts add up to what is published."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from published_measures import NOT_SUMS

from warehouse.lineage.contributions import find_rules, is_additive
from warehouse.lineage.part_changes import parts_table
from warehouse.lineage.parts import PARTS, parts_macro, parts_query
from warehouse.lineage.release_pair import AFTER, BEFORE, MartTable, attached, read_tables
from warehouse.releases.catalogue import Release, current_release
from warehouse.storage.settings import Settings

DBT_PROJECT = Settings().dbt_project


@pytest.fixture(scope="module")
def connection(golden: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The golden release beside a copy of itself."""
    release = current_release(golden)
    assert release
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(release.database, folder / release.database.name)
    with attached(release, Release(release.number, folder)) as opened:
        yield opened


@pytest.fixture(scope="module")
def marts(connection: duckdb.DuckDBPyConnection) -> dict[str, MartTable]:
    return read_tables(connection, BEFORE)


def sums(mart: MartTable) -> list[str]:
    return [n for n in mart.columns if is_additive(n) and n not in NOT_SUMS and n not in mart.key]


def test_each_macro_of_parts_is_called_by_its_mart_alone() -> None:
    macros = "".join(path.read_text(encoding="utf-8") for path in (DBT_PROJECT / "macros" / "parts").glob("*.sql"))
    models = {path.stem: path.read_text(encoding="utf-8") for path in (DBT_PROJECT / "models").rglob("*.sql")}
    assert macros.count("_parts() -%}") == len(PARTS)
    for mart in PARTS:
        call = f"{parts_macro(mart)}() }}}}"
        assert f"{{% macro {parts_macro(mart)}() -%}}" in macros
        assert [name for name, sql in models.items() if call in sql] == [mart]


@pytest.mark.parametrize("mart", PARTS)
def test_parts_add_up_to_every_published_sum(
    mart: str, connection: duckdb.DuckDBPyConnection, marts: dict[str, MartTable]
) -> None:
    parts = parts_table(connection, marts[mart], DBT_PROJECT)
    assert parts
    assert {*marts[mart].key, "row_id", "submission_id"} <= {*parts.columns}
    shared = [name for name in sums(marts[mart]) if name in parts.columns]
    assert shared
    assert [*find_rules(connection, marts[mart], shared, [parts])] == shared


@pytest.mark.parametrize("mart", PARTS)
def test_parts_are_those_of_rows_that_facts_have(
    mart: str, connection: duckdb.DuckDBPyConnection, marts: dict[str, MartTable]
) -> None:
    facts = marts[PARTS[mart].facts]
    strange = connection.execute(
        f"select count(*) from ({parts_query(DBT_PROJECT, mart, BEFORE)}) as parts "
        f"anti join {BEFORE}.{facts.name} as facts "
        f"on parts.row_id = facts.{facts.key[0]} and parts.submission_id = facts.submission_id"
    ).fetchone()
    assert strange == (0,)


def test_every_sum_of_every_mart_is_one_of_rows_of_facts(
    connection: duckdb.DuckDBPyConnection, marts: dict[str, MartTable]
) -> None:
    facts = [table for name, table in marts.items() if name.startswith("fct_") and "submission_id" in table.columns]
    without = set()
    for mart in marts.values():
        # A row of a mart that names submissions is about one of them; the ladder repeats prices for each route.
        if mart.name.startswith("fct_") or "submission_id" in mart.columns or mart.name == "rpt_price_ladder":
            continue
        parts = parts_table(connection, mart, DBT_PROJECT) if mart.name in PARTS else None
        sources = [*facts, parts] if parts else facts
        found = find_rules(connection, mart, sums(mart), sources)
        without |= {f"{mart.name}.{name}" for name in sums(mart) if name not in found}
    assert without == set()


@pytest.mark.parametrize(
    ("mart", "measure", "old", "new"),
    [
        ("rpt_persons_by_month", "juveniles_count", "'JUVENILE'", "'ADULT'"),
        ("rpt_opiates_by_year", "opium_kg", "quantity_kg{{ counted }}, n", "pure_kg{{ counted }}, n"),
        ("rpt_purity_by_year", "measured_kg", "pure_kg is null, null", "pure_kg is not null, null"),
        ("rpt_mirror_exchanges", "requests_sent_count", "'requests_count'", "'replies_count'"),
    ],
)
def test_parts_by_another_formula_than_the_published_one_are_not_taken(
    mart: str,
    measure: str,
    old: str,
    new: str,
    connection: duckdb.DuckDBPyConnection,
    marts: dict[str, MartTable],
    tmp_path: Path,
) -> None:
    project = shutil.copytree(DBT_PROJECT / "macros" / "parts", tmp_path / "macros" / "parts").parents[1]
    for path in (project / "macros" / "parts").glob("*.sql"):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    parts = parts_table(connection, marts[mart], project)
    assert parts
    assert find_rules(connection, marts[mart], [measure], [parts]) == {}


def test_parts_are_read_from_the_release_that_is_asked_for() -> None:
    for mart in PARTS:
        query = parts_query(DBT_PROJECT, mart, AFTER)
        assert "{{" not in query
        assert BEFORE not in query
        assert AFTER in query
