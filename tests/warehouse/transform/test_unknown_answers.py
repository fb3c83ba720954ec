"""Every marker of a missing value in every coded column: facts know two cases, reports their two words."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.marts.suites import MARTS
from warehouse.questionnaire.definition import Table, load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

TABLES = load_questionnaire().tables
# A known answer of columns without which a row is in no figure, and figures of one.
KNOWN = {
    "drug_code": "'OPIUM'", "unit_code": "'KG'", "activity_type_code": "'MEETING'",
    "counterpart_country_code": "'UZB'", "exchange_direction_code": "'SENT'", "currency_code": "'USD'",
}  # fmt: skip
NUMBERS = {
    "quantity": 1, "quantity_kg": 1, "equivalent_kg": 1, "persons_count": 1, "price_typical": 1, "requests_count": 1,
    "seizures_count": 1, "participants_female_count": 1,
}  # fmt: skip
# Places of which staging knows no code follow from the words of the place, so an unknown one is none.
PLACES = {"border_point_code", "subdivision_code"}


@pytest.fixture(scope="module")
def markers() -> list[str]:
    path = Settings().dbt_project / "seeds" / "codelists" / "missing_values.csv"
    return [code for (code,) in duckdb.sql(f"select code from read_csv('{path}') order by code").fetchall()]


@pytest.fixture
def built(warehouse: Settings, markers: list[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The marts of a report of which each row answers one question, or all, with one of the markers."""
    with open_database(warehouse) as connection:
        connection.execute(
            "create or replace view intermediate.int_landings_current as select 'KAZ' as submission_id, "
            f"unnest({[table.name for table in TABLES]}) as table_name, 'KAZ' as country_code, "
            "date '2024-01-01' as reporting_month, now()::timestamp as decided_at, 1 as row_count"
        )
        for table in TABLES:
            _answer_with(connection, table, markers)
        for statements in _in_order(warehouse.root / "dbt" / "run" / "sarai" / "models"):
            connection.execute(statements)
        yield connection


def _in_order(folder: Path) -> Iterator[str]:
    """Yield the statements by which dbt built the marts at publication, each after those of what it reads."""
    marts = [*folder.glob("marts/*/[fr]*.sql"), *folder.glob("intermediate/int_[sp]*.sql")]
    left = {path.stem: path.read_text(encoding="utf-8") for path in marts}
    while left:
        ready = [
            name
            for name, statements in left.items()
            if not any(other != name and re.search(rf"\b{other}\b", statements) for other in left)
        ]
        for name in ready:
            yield left.pop(name)
        assert ready


def _answer_with(connection: duckdb.DuckDBPyConnection, table: Table, markers: list[str]) -> None:
    columns = [name for name, *_ in connection.execute(f"describe staging.stg_{table.name}").fetchall()]
    coded = [field.column for field in table.fields if field.codelist]
    connection.execute(f"delete from staging.stg_{table.name}")
    numbers = [f"{value} as {name}" for name, value in NUMBERS.items() if name in columns]
    dates = [f"date '2024-01-05' as {field.name}" for field in table.fields if field.type == "date"]
    rows = [(marker, only) for marker in markers for only in [*coded, None]]
    for place, (marker, only) in enumerate(rows):
        answers = [f"{_answer(marker, only, name)} as {name}" for name in coded if _answer(marker, only, name)]
        connection.execute(
            f"insert into staging.stg_{table.name} by name select 'KAZ' as submission_id, '' as sheet, "
            f"{place + 2} as source_row, 'KAZ' as country_code, date '2024-01-01' as reporting_month, "
            f"{', '.join([*numbers, *dates, *answers])}"
        )


def _answer(marker: str, only: str | None, column: str) -> str | None:
    return f"'{marker}'" if only in (None, column) else KNOWN.get(column)


def _codes(connection: duckdb.DuckDBPyConnection, marts: str) -> dict[str, set[str | None]]:
    """Return mart.column → its values, of all columns of codes that a row about the report may fill."""
    named = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and "
        f"starts_with(table_name, '{marts}') and (column_name like '%\\_code' escape '\\' or "
        "column_name like '%\\_code\\_a' escape '\\' or column_name like '%\\_code\\_b' escape '\\')"
    ).fetchall()
    return {
        f"{mart}.{column}": {
            value for (value,) in connection.sql(f"select distinct {column} from marts.{mart}").fetchall()
        }
        for mart, column in named
    }


def test_a_marker_in_any_coded_cell_is_unknown_or_not_answered_in_every_mart(
    built: duckdb.DuckDBPyConnection, markers: list[str]
) -> None:
    for facts in (checks for checks in MARTS if checks.rows_of):
        landed = built.sql(f"select count(*) from staging.stg_{facts.rows_of}").fetchone()
        assert built.sql(f"select count(*) from marts.{facts.mart}").fetchone() == landed
    unread = set(markers) - {"UNKNOWN"}
    columns = _codes(built, "fct_") | _codes(built, "rpt_")
    assert {column: codes & unread for column, codes in columns.items() if codes & unread} == {}
    assert [column for column, codes in columns.items() if column.split(".")[1] in PLACES and "UNKNOWN" in codes] == []
    figures = built.sql(
        "select sum(persons_count), sum(women_count + men_count), sum(sex_unknown_count), "
        "sum(juveniles_count + adults_count), sum(age_unknown_count), sum(nationals_count + foreigners_count), "
        "sum(citizenship_unknown_count) from marts.rpt_persons_by_month"
    ).fetchone()
    persons = built.sql("select count(*) from staging.stg_persons").fetchone()
    assert persons
    assert figures == (persons[0], 0, persons[0], 0, persons[0], 0, persons[0])
    assert built.sql("select distinct gap_code from marts.rpt_price_ladder").fetchall() == [("COUNTRY_UNKNOWN",)]
    assert built.sql("select distinct receiver_country_code from marts.rpt_mirror_exchanges").fetchall() == [("UZB",)]
    assert built.sql("select max(seizures_until_7_days_after_count) from marts.rpt_activities_by_month").fetchone() == (
        None,
    )


def test_the_macro_says_of_each_marker_what_the_seed_says() -> None:
    from jinja2 import Environment

    project = Settings().dbt_project
    macros = (project / "macros" / "typing" / "fact_code.sql").read_text(encoding="utf-8")
    sql = Environment(autoescape=False).from_string(macros + "{{ fact_code('sex', 'seed') }}").render()  # noqa: S701
    seed = f"read_csv('{project / 'seeds' / 'codelists' / 'missing_values.csv'}')"
    differing = duckdb.sql(
        f"select code from (select code, code as sex_code, fact_code from {seed}) as seed "
        f"where {sql} is distinct from fact_code"
    )
    assert differing.fetchall() == []
    # What a list itself calls unknown has the one code that marts know.
    codelists = project / "seeds" / "codelists"
    named = duckdb.sql(
        f"select distinct code from read_csv('{codelists}/*.csv', union_by_name = true, all_varchar = true) "
        "where regexp_matches(lower(name_en), '^(unknown|not known|not stated|not answered|unspecified)')"
    )
    assert sorted(named.fetchall()) == [("NOT_KNOWN",), ("NOT_STATED",), ("UNKNOWN",)]
