"""Building what has changed gives what building everything gives, value for value, after any sequence of changes."""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb
import pytest
from examples import examples
from hypothesis import example, given, settings as trying, strategies as st

from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import build_models

MATCHING = (
    "intermediate/int_seizures_described",
    "intermediate/int_seizures_compared",
    "marts/seizures/fct_seizure_matches",
)
STATES, MONTHS = ("KAZ", "UZB"), (1, 2)
# So few may share an amount of a day, or a record number, before that speaks for no pair: two reports can exceed it.
ALIKE = 3

SEIZURES = st.lists(
    st.tuples(
        st.integers(1, 45),  # day of the year: reports of January name days of February
        st.sampled_from([250, 250.4, 1000]),
        st.sampled_from([None, "A", "B"]),
        st.sampled_from([None, "Osh", "Termez"]),
    ),
    max_size=6,
)


class Change(NamedTuple):
    """A report of a state about a month: none, the first, a revision, or the same with some rows set aside."""

    state: str
    month: int
    kind: str
    seizures: Sequence[tuple[int, float, str | None, str | None]]


# Two reports about one event, and a third that leaves their pair as it is.
SENT_BY_KAZ = Change("KAZ", 1, "sent", [(5, 250.4, "A", "Osh"), (5, 250.4, "A", "Osh")])
SENT_BY_UZB = Change("UZB", 1, "sent", [(5, 250.4, "A", "Osh")])
CHANGES = st.lists(
    st.builds(
        Change,
        st.sampled_from(STATES), st.sampled_from(MONTHS),
        st.sampled_from(["sent", "sent", "sent", "taken back", "judged anew"]), SEIZURES,
    ),
    min_size=2, max_size=4,
)  # fmt: skip


@pytest.fixture
def matched(warehouse: Settings) -> tuple[Settings, list[str], list[str]]:
    """A warehouse without seizures, and the statements by which dbt matches them: all, and what has changed."""
    with open_database(warehouse) as connection:
        connection.execute("delete from marts.fct_seizures")
        connection.execute("create table audit.landings as from intermediate.int_landings_current limit 0")
        connection.execute("create or replace view intermediate.int_landings_current as from audit.landings")
        connection.execute(f"update seeds.match_limits set alike_count = {ALIKE}")
    return warehouse, _statements(warehouse, only_changes=False), _statements(warehouse, only_changes=True)


def _statements(settings: Settings, *, only_changes: bool) -> list[str]:
    build_models(settings, " ".join(name.split("/")[-1] for name in MATCHING), only_changes=only_changes)
    return [
        (settings.root / "dbt" / "run" / "sarai" / "models" / f"{name}.sql").read_text("utf-8") for name in MATCHING
    ]


@pytest.mark.chance
def test_matching_what_has_changed_is_matching_everything(matched: tuple[Settings, list[str], list[str]]) -> None:
    settings, all_anew, only_changes = matched
    pairs_count = kept_count = 0

    with open_database(settings) as connection:

        @trying(max_examples=examples(5, 400), deadline=None)
        @given(CHANGES)
        @example([SENT_BY_KAZ, SENT_BY_UZB, SENT_BY_KAZ._replace(month=2, seizures=[])])
        def stay_equal(changes: list[Change]) -> None:
            nonlocal pairs_count, kept_count
            connection.execute("delete from marts.fct_seizures; delete from audit.landings")
            _run(connection, all_anew)
            for number, change in enumerate(changes):
                _send(connection, change, number)
                before = _pairs(connection)
                _run(connection, only_changes)
                found = _pairs(connection)
                connection.begin()
                _run(connection, all_anew)
                expected = _pairs(connection)
                connection.rollback()
                assert found == expected
                pairs_count += len(found)
                kept_count += len(set(before) & set(found))

        stay_equal()
    assert pairs_count > kept_count > 0


def _run(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _pairs(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute("from marts.fct_seizure_matches order by all").fetchall()


def _send(connection: duckdb.DuckDBPyConnection, change: Change, number: int) -> None:
    """Put a report in force in place of the one before it, as the models of facts and landings do."""
    mine = f"starts_with(submission_id, '{change.state}-{change.month}-')"
    before = connection.execute(f"select any_value(submission_id) from audit.landings where {mine}").fetchone()
    connection.execute(f"delete from audit.landings where {mine}")
    if change.kind == "judged anew" and before and before[0]:
        name, seizures = before[0], []
        connection.execute(f"delete from marts.fct_seizures where {mine} and source_row % 2 = {number % 2}")
    else:
        name = f"{change.state}-{change.month}-{number}"
        seizures = [] if change.kind == "taken back" else list(change.seizures)
        connection.execute(f"delete from marts.fct_seizures where {mine}")
    for row, (day, grams, record, place) in enumerate(seizures):
        connection.execute(
            "insert into marts.fct_seizures (seizure_id, country_code, drug_code, unit_code, quantity, quantity_kg, "
            "reporting_month, seizure_date, record_id, place, submission_id, sheet, source_row) "
            "values (?, ?, 'OPIUM', 'G', ?, ?, make_date(2024, ?, 1), date '2023-12-31' + ?::integer, ?, ?, ?, '', ?)",
            [f"{name}:{row}", change.state, grams, grams / 1000, change.month, day, record, place, name, row],
        )
    connection.execute(
        "insert into audit.landings by name select ? as submission_id, 'seizures' as table_name, "
        "timestamp '2024-03-01' + ?::integer * interval 1 day as decided_at",
        [name, number],
    )
