"""Trace: from a figure of a mart to the rows as their senders wrote them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pytest
from conftest import INBOX, Warehouse

from warehouse.lineage.trace import Origin, TraceError, describe_origins, trace
from warehouse.releases.catalogue import Release, current_release
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings


@pytest.fixture
def connection(published: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(published.settings) as opened:
        yield opened


def records(
    connection: duckdb.DuckDBPyConnection, published: Warehouse, mart: str, criteria: Mapping[str, str]
) -> list[str]:
    origins = trace(connection, published.settings, published.release, mart, criteria)
    return sorted(f"{origin.sent['record_id']} of {origin.file_name}" for origin in origins)


REVISED = "KAZ/KAZ_2024-01_revised.csv"
HEROIN = {"country_code": "KAZ", "drug_code": "HEROIN"}


@pytest.mark.parametrize(
    ("mart", "criteria", "expected"),
    [
        ("rpt_seizures_by_month", HEROIN, [f"K1 of {REVISED}", f"K3 of {REVISED}"]),
        ("rpt_seizures_by_month", {"month_date": "2024-01", "country_code": "UZB"}, ["U1 of UZB/UZB_2024-01.csv"]),
        ("rpt_seizures_by_month", {"quantity_kg": "0.75"}, [f"K2 of {REVISED}"]),
        ("fct_seizures", {"record_id": "K2"}, [f"K2 of {REVISED}"]),
        ("rpt_routes", {"drug_code": "OPIUM"}, [f"K2 of {REVISED}", "U1 of UZB/UZB_2024-01.csv"]),
        ("rpt_submissions", {"file_name": "UZB/UZB_2024-01.csv"}, [f"U{i} of UZB/UZB_2024-01.csv" for i in (1, 2)]),
        ("rpt_coverage_by_month", {"country_code": "UZB", "month_date": "2024-02", "table_name": "seizures"}, []),
        ("rpt_coverage_by_month", {"country_code": "TKM", "month_date": "2024-01"}, []),
        ("dim_drugs", {"drug_code": "HEROIN"}, [f"K1 of {REVISED}", f"K3 of {REVISED}"]),
    ],
)  # fmt: skip
def test_figures_lead_to_their_rows(
    connection: duckdb.DuckDBPyConnection,
    published: Warehouse,
    mart: str,
    criteria: dict[str, str],
    expected: list[str],
) -> None:
    assert records(connection, published, mart, criteria) == expected


@pytest.fixture
def golden_connection(golden: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(golden) as opened:
        yield opened


def traced(
    connection: duckdb.DuckDBPyConnection, golden: Settings, mart: str, key: Mapping[str, object]
) -> list[Origin]:
    release = current_release(golden)
    assert release
    return trace(connection, golden, release, mart, {name: str(value) for name, value in key.items()})


@pytest.mark.parametrize(
    ("mart", "table", "count"),
    [
        ("rpt_seizures_by_year", "seizures", "seizures_count"),
        ("rpt_seizures_by_month", "seizures", "seizures_count"),
        ("rpt_seizures_by_context", "seizures", "seizures_count"),
        ("rpt_seizures_by_weight_class", "seizures", "seizures_count"),
        ("rpt_seizures_by_border_point", "seizures", "seizures_count"),
        ("rpt_purity_by_year", "seizures", "seizures_count"),
        ("rpt_opiates_by_year", "seizures", "weighed_count"),
        ("rpt_prices_by_month", "prices", "prices_count"),
        ("rpt_activities_by_month", "activities", "activities_count"),
        ("rpt_challenges_by_month", "challenges", "challenges_count"),
        ("rpt_mirror_activities", "activities", "coalesce(activities_count_a, 0) + coalesce(activities_count_b, 0)"),
    ],
)
def test_a_figure_leads_to_as_many_rows_as_it_counts(
    golden_connection: duckdb.DuckDBPyConnection, golden: Settings, mart: str, table: str, count: str
) -> None:
    with duckdb.connect(str(golden.releases / "current" / "marts.duckdb"), read_only=True) as release:
        (key,) = release.execute(
            "select constraint_column_names from duckdb_constraints() "
            "where table_name = ? and constraint_type = 'PRIMARY KEY'",
            [mart],
        ).fetchall()[0]
        figures = release.execute(
            f"select {', '.join(key)}, {count} from {mart} using sample 8 (reservoir, 1)"
        ).fetchall()
    assert figures
    for *values, counted in figures:
        origins = traced(golden_connection, golden, mart, dict(zip(key, values, strict=True)))
        # All rows of a sum may be held back.
        assert ({origin.table_name for origin in origins}, len(origins)) == ({table} if counted else set(), counted)


@pytest.mark.parametrize(
    ("mart", "table"),
    [
        ("fct_persons", "persons"),
        ("fct_blo_register_entries", "blo_register"),
        ("rpt_persons_by_month", "persons"),
        ("rpt_mirror_exchanges", "exchanges"),
    ],
)
def test_a_mart_leads_to_the_table_of_the_form_that_it_is_made_of(
    golden_connection: duckdb.DuckDBPyConnection, golden: Settings, mart: str, table: str
) -> None:
    assert {origin.table_name for origin in traced(golden_connection, golden, mart, {})} == {table}


def test_an_origin_shows_what_was_sent_letter_by_letter(
    connection: duckdb.DuckDBPyConnection, published: Warehouse
) -> None:
    (origin,) = trace(connection, published.settings, published.release, "fct_seizures", {"record_id": "K3"})
    assert origin.sent == {
        "record_id": "K3", "seizure_date": "30.01.2024", "drug": "Героин", "quantity": "500", "unit": "г",
        "notes": "<b>",
    }  # fmt: skip
    assert (origin.table_name, origin.sheet, origin.source_row) == ("seizures", "", 4)
    assert origin.vault_path.read_text(encoding="utf-8") == INBOX[REVISED]
    shown = describe_origins([origin])
    assert "Героин  500       г     30.01.2024" in shown
    assert str(origin.vault_path) in shown


def test_no_origins() -> None:
    none: list[Origin] = []
    assert describe_origins(none) == "0 rows of 0 files."


@pytest.mark.parametrize(
    ("mart", "criteria", "words"),
    [
        ("fct_nowhere", {}, "There is no mart fct_nowhere. There are: dim_border_points"),
        ("rpt_routes", {"drug": "HEROIN"}, "has no column drug. It has: producing_country_code"),
        ("rpt_changes", {}, "trace these: sarai trace rpt_seizures_by_month month_date=YYYY-MM"),
        ("rpt_routes", {"drug_code": "COCAINE"}, "no row with drug_code COCAINE"),
    ],
)
def test_questions_without_an_answer(
    connection: duckdb.DuckDBPyConnection, published: Warehouse, mart: str, criteria: dict[str, str], words: str
) -> None:
    with pytest.raises(TraceError, match=words):
        trace(connection, published.settings, published.release, mart, criteria)


def test_a_release_of_other_formulas_is_refused_with_the_next_step(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var")
    release = Release(1, settings.releases / "1")
    release.path.mkdir(parents=True)
    with duckdb.connect(str(release.database)) as made:
        made.execute("create table fct_seizures as select 'KAZ-1' as submission_id, 2 as source_row")  # and no sheet
    with open_database(settings) as connection, pytest.raises(TraceError, match=r"by other formulas .*`sarai publish`"):
        trace(connection, settings, release, "fct_seizures", {})
