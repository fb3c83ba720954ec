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

MODELS = (
    "intermediate/int_sheets_withheld",
    "intermediate/int_places_found",
    "intermediate/int_places_stated",
    "intermediate/int_seizures_described",
    "intermediate/int_seizures_compared",
    "marts/seizures/fct_seizure_matches",
    "intermediate/int_duplicates_presumed",
    "marts/seizures/fct_seizures",
    "marts/seizures/rpt_seizure_sizes",
    "marts/seizures/rpt_seizures_by_year",
)
# What is compared: facts, the pairs that are found among them, and sums whose last digit depends on the order of rows.
COMPARED = {
    "facts": "from marts.fct_seizures order by all",
    "described": "select * replace (list_sort(subdivision_codes) as subdivision_codes) "
    "from intermediate.int_seizures_described order by all",
    "pairs": "from marts.fct_seizure_matches order by all",
    "sizes": "from marts.rpt_seizure_sizes order by all",
    "years": "from marts.rpt_seizures_by_year order by all",
}
# Where what is built some slices at a time is cut in two here.
CUT_AFTER = {"intermediate/int_seizures_described": "KAZ-2", "marts/seizures/fct_seizure_matches": "2024-01-20"}
STATES, MONTHS = ("KAZ", "UZB"), (1, 2)
# So few may share an amount of a day, or a record number, before that speaks for no pair: two reports can exceed it.
ALIKE = 3
VIEWS = {
    "landings": "int_landings_current", "held_back": "int_rows_quarantined", "questioned": "int_quantities_questioned",
}  # fmt: skip
SHEETS = ("", "Рашидов Улугбек")  # a name is shown by its place

SEIZURES = st.lists(
    st.tuples(
        st.integers(1, 45),  # day of the year: reports of January name days of February
        st.sampled_from([250, 250.4, 1000]),
        st.sampled_from([None, "A", "B"]),
        st.sampled_from([None, "Osh", "Denau city"]),
    ),
    max_size=6,
)


class Change(NamedTuple):
    """A report of a state about a month: none, the first, a revision, or the same with some rows set aside."""

    state: str
    month: int
    kind: str
    seizures: Sequence[tuple[int, float, str | None, str | None]]


# Two reports about one event, and a third that leaves their pair as it is. KAZ, sent last, makes the other double.
SENT_BY_KAZ = Change("KAZ", 1, "sent", [(5, 250.4, "A", "Osh"), (5, 250.4, "A", "Osh")])
SENT_BY_UZB = Change("UZB", 1, "sent", [(5, 250.4, "A", "Osh")])
# The last digit of 0.25 + 0.2504 + 0.2504 kg is another one in the order in which they come here.
LATER_MONTH_FIRST = [
    Change("KAZ", 2, "sent", [(40, 250.4, None, None)] * 2),
    Change("KAZ", 1, "sent", [(5, 250, None, None)]),
]
# A report that comes later states, of two days, the province of a town that an earlier one names without it.
TOWN_NAMED = Change("UZB", 1, "sent", [(5, 250, None, "Denau city")])
TOWN_STATED = Change("UZB", 2, "sent", [(40, 1000, "A", "Denau city"), (44, 250, "A", "Denau city")])
CHANGES = st.lists(
    st.builds(
        Change,
        st.sampled_from(STATES), st.sampled_from(MONTHS),
        st.sampled_from(["sent", "sent", "sent", "taken back", "judged anew", "judged anew"]), SEIZURES,
    ),
    min_size=2, max_size=4,
)  # fmt: skip


@pytest.fixture
def built(warehouse: Settings) -> tuple[Settings, list[str], list[str]]:
    """A warehouse without seizures, and the statements by which dbt builds their marts: all, and what has changed."""
    with open_database(warehouse) as connection:
        connection.execute("delete from staging.stg_seizures")
        for table, view in VIEWS.items():
            connection.execute(f"create table audit.{table} as from intermediate.{view} limit 0")
            connection.execute(f"create or replace view intermediate.{view} as from audit.{table}")
        connection.execute(f"update seeds.match_limits set alike_count = {ALIKE}")
    return warehouse, _statements(warehouse, only_changes=False), _statements(warehouse, only_changes=True)


def _statements(settings: Settings, *, only_changes: bool) -> list[str]:
    build_models(settings, " ".join(name.split("/")[-1] for name in MODELS), only_changes=only_changes)
    folder = settings.root / "dbt" / "run" / "sarai" / "models"
    statements = {name: (folder / f"{name}.sql").read_text("utf-8") for name in MODELS}
    if not only_changes:
        statements |= {name: _cut(statements[name], key) for name, key in CUT_AFTER.items()}
    return list(statements.values())


def _cut(statements: str, key: str) -> str:
    """Build in two parts what is built in one, as there are few rows: of slices up to a key, and beyond it."""
    before, condition, after = statements.partition("true and true")
    before, begin, first = before.rpartition("create or replace table")
    insert, _, after = after.partition("create or replace table")
    parts = [f"{begin}{first}slice_key {sign} '{key}'{insert}" for sign in ("<=", ">")]
    assert condition
    return f"{before}{''.join(parts)}create or replace table{after}"


@pytest.mark.chance
def test_building_what_has_changed_is_building_everything(built: tuple[Settings, list[str], list[str]]) -> None:
    settings, all_anew, only_changes = built
    pairs_count = kept_count = turned_count = 0

    with open_database(settings) as connection:

        @trying(max_examples=examples(1, 60), deadline=None)
        @given(CHANGES)
        @example([SENT_BY_KAZ, SENT_BY_UZB, SENT_BY_KAZ._replace(month=2, seizures=[])])
        @example([SENT_BY_UZB, SENT_BY_KAZ, SENT_BY_KAZ._replace(kind="taken back")])
        @example(LATER_MONTH_FIRST)
        @example([TOWN_NAMED, TOWN_STATED, TOWN_STATED._replace(kind="taken back")])
        def stay_equal(changes: list[Change]) -> None:
            nonlocal pairs_count, kept_count, turned_count
            connection.execute("delete from staging.stg_seizures; delete from audit.landings")
            connection.execute("delete from audit.held_back; delete from audit.questioned; delete from raw.landings")
            _run(connection, all_anew)
            for number, change in enumerate(changes):
                _send(connection, change, number)
                before, doubles = _found(connection)["pairs"], _doubles(connection)
                _run(connection, only_changes)
                found = _found(connection)
                turned_count += _turned(doubles, _doubles(connection), f"{change.state}-{change.month}-")
                connection.begin()
                _run(connection, all_anew)
                expected = _found(connection)
                connection.rollback()
                assert found == expected
                pairs_count += len(found["pairs"])
                kept_count += len(set(before) & set(found["pairs"]))

        stay_equal()
    assert pairs_count > kept_count > 0
    assert turned_count > 0  # rows of one submission that another made double


def _run(connection: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _doubles(connection: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    return dict(connection.execute("select seizure_id, is_presumed_duplicate from marts.fct_seizures").fetchall())


def _turned(before: dict[str, bool], after: dict[str, bool], changed: str) -> int:
    """Return how many rows of other submissions came to be presumed double, or are so no more."""
    others = {name for name in before.keys() & after if not name.startswith(changed)}
    return sum(before[name] != after[name] for name in others)


def _found(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {name: connection.execute(sql).fetchall() for name, sql in COMPARED.items()}


def _send(connection: duckdb.DuckDBPyConnection, change: Change, number: int) -> None:
    """Put a report in force in place of the one before it, or hold back and question others of its rows."""
    mine = f"starts_with(submission_id, '{change.state}-{change.month}-')"
    before = connection.execute(f"select any_value(submission_id) from audit.landings where {mine}").fetchone()
    for table in VIEWS:
        connection.execute(f"delete from audit.{table} where {mine}")
    if change.kind == "judged anew" and before and before[0]:
        name = before[0]
        connection.execute(
            "insert into audit.held_back select submission_id, 'seizures', sheet, source_row, false "
            f"from staging.stg_seizures where submission_id = ? and source_row % 2 = {number % 2}",
            [name],
        )
        connection.execute("insert into audit.questioned values (?, ?, null)", [name, SHEETS[number // 2 % 2]])
    else:
        name = f"{change.state}-{change.month}-{number}"
        _type(connection, change, name, [] if change.kind == "taken back" else change.seizures)
    connection.execute(
        "insert into audit.landings by name select ? as submission_id, 'seizures' as table_name, "
        "timestamp '2024-03-01' + ?::integer * interval 1 day as decided_at",
        [name, number],
    )


def _type(
    connection: duckdb.DuckDBPyConnection, change: Change, name: str, seizures: Sequence[tuple[object, ...]]
) -> None:
    """Land and type the rows of a submission, which lie in two sheets."""
    for row, (day, grams, record, place) in enumerate(seizures):
        connection.execute(
            "insert into staging.stg_seizures by name select ? as submission_id, ? as sheet, ? as source_row, "
            "? as country_code, 'OPIUM' as drug_code, 'G' as unit_code, ?::double as quantity, "
            "quantity / 1000 as quantity_kg, make_date(2024, ?, 1) as reporting_month, "
            "date '2023-12-31' + ?::integer as seizure_date, ? as record_id, ? as place, "
            "if(record_id = 'A' and place = 'Denau city' and country_code = 'UZB', 'UZ-SU', null) "
            "as admin_division_code",
            [name, SHEETS[row % 2], row + 2, change.state, grams, change.month, day, record, place],
        )
    for sheet in SHEETS[: len(seizures)]:
        connection.execute(
            "insert into raw.landings by name select ? as submission_id, 'seizures' as table_name, ? as sheet, "
            "0 as header_row, 1 as row_count",
            [name, sheet],
        )
