"""The ledger and the models of dbt state each for itself what is in force: on the same ledger they say the same."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from made_ledger import chain_anew, made_ledger, submit

from expectations.marts.recount import accepted_from_raw
from warehouse.ledger.in_force import KNOWN_DECISIONS, LATEST, REPLACED
from warehouse.ledger.raw import create_tables
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.database import open_database
from warehouse.storage.settings import REPOSITORY, Settings
from warehouse.transform.dbt_build import build_models

MODELS = "stg_submissions stg_landings int_submissions_decided int_landings_current"
JANUARY = date(2024, 1, 1)
SPEAK = f"with {LATEST} select submission_id, table_name, row_count from parts where is_current order by all"
HOLD = f"with {LATEST} select submission_id, outcome, decided_at from latest order by all"
MODEL_SPEAKS = "select submission_id, table_name, row_count from intermediate.int_landings_current order by all"
MODEL_HOLDS = "select submission_id, outcome, decided_at from intermediate.int_submissions_decided order by all"

# A window or an aggregate that takes the first or last by a time of the ledger.
RANKING = re.compile(
    r"""(row_number\(\)\s+over\s*|window\s+\w+\s+as\s*|arg_m\w+|m\w+_by)\([^"]{0,150}?\b(decided|received)_at\b"""
)


WHOLE = "insert into raw.findings values (?, ?, ?, '', null, null, 'error', ?, null, 'wrong', 'wrong', '{}', null)"


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Two files of one run, later a rejected one and one of another table; one is read anew, one decided anew.

    Of two later ones a table was rejected: of "e" by the gate, of "f" by the reader.
    """
    sent = datetime(2024, 2, 1, 8)
    submit(connection, "b", "TKM", JANUARY, sent, {"seizures": (4, 0), "persons": (2, 0)})
    submit(connection, "a", "TKM", JANUARY, sent, {"seizures": (9, 1)})
    submit(connection, "c", "TKM", JANUARY, datetime(2024, 2, 2), {"seizures": (5, 5)}, "rejected")
    submit(connection, "d", "TKM", JANUARY, datetime(2024, 2, 3), {"persons": (1, 0)})
    submit(connection, "e", "TKM", JANUARY, datetime(2024, 2, 4), {"seizures": (7, 2), "prices": (1, 0)})
    connection.execute(WHOLE, ["e", datetime(2024, 2, 4, 0, 1), "seizures", "table_rejected"])
    submit(connection, "f", "TKM", JANUARY, datetime(2024, 2, 5), {"persons": (6, 0), "prices": (0, 0)})
    connection.execute(WHOLE, ["f", None, "persons", "column_missing"])
    submit(connection, "refused", "UZB", JANUARY, sent, {}, "rejected")
    submit(connection, "refused-2", "UZB", JANUARY, sent, {"seizures": (3, 0)}, None)
    submit(connection, "anew", "KGZ", JANUARY, sent, {"seizures": (2, 0)})
    connection.execute(
        """
        update raw.submissions set sha256 = 'same', file_name = 'same.csv' where submission_id like 'refused%';
        insert into raw.decisions by name
        select
            submission_id, timestamp '2024-03-01 10:00' as decided_at, 'later' as rules_version,
            if(submission_id = 'anew', 'rejected', 'accepted') as outcome,
            3 as received_count, if(submission_id = 'anew', 0, 3) as accepted_count,
            if(submission_id = 'anew', 3, 0) as quarantined_count
        from raw.submissions
        where submission_id in ('anew', 'refused-2');
        """
    )


def test_the_last_accepted_arrival_speaks_for_each_table() -> None:
    connection = made_ledger()
    fill(connection)
    speaking = [("b", "seizures", 4), ("d", "persons", 1), ("f", "prices", 0), ("refused-2", "seizures", 3)]
    assert connection.execute(SPEAK).fetchall() == speaking
    assert connection.execute(REPLACED).fetchall() == [("refused",)]

    # The chain says which reading of a receipt is the last: in which order rows lie in their table, no digest says.
    chain_anew(connection)
    connection.execute(
        "create temp table moved as from raw.submissions where submission_id = 'refused'; "
        "delete from raw.submissions where submission_id = 'refused'; insert into raw.submissions from moved"
    )
    assert connection.execute(SPEAK).fetchall() == speaking
    held = {name: outcome for name, outcome, _ in connection.execute(HOLD).fetchall()}
    assert held == {
        "a": "accepted", "anew": "rejected", "b": "accepted", "c": "rejected", "d": "accepted", "e": "accepted",
        "f": "accepted", "refused-2": "accepted",
    }  # fmt: skip


def test_gate_2_counts_what_is_in_force_for_itself() -> None:
    connection = made_ledger()
    fill(connection)
    # It knows each reading of a receipt as a submission of its own: the last speaks for the month all the same.
    for table in ("seizures", "persons", "prices"):
        counted = connection.execute(
            f"with {accepted_from_raw(table, None)} select submission_id from in_force order by all"
        ).fetchall()
        assert counted == [(name,) for name, spoken, _ in connection.execute(SPEAK).fetchall() if spoken == table]


@pytest.mark.parametrize(("day", "outcomes"), [
    ("2024-01-31", {}), ("2024-02-29", {"anew": "accepted", "refused": "rejected"}),
    ("2024-03-01", {"anew": "rejected", "refused": "rejected", "refused-2": "accepted"}),
])  # fmt: skip
def test_what_was_decided_after_a_day_was_not_known_on_it(day: str, outcomes: dict[str, str]) -> None:
    connection = made_ledger()
    fill(connection)
    known = connection.execute(f"select submission_id, outcome from ({KNOWN_DECISIONS})", {"as_of": day}).fetchall()
    assert {name: outcome for name, outcome in known if len(name) > 1} == outcomes


def test_models_and_ledger_agree_on_a_made_ledger(warehouse: Settings) -> None:
    with open_database(warehouse) as connection:
        fill(connection)
    build_models(warehouse, MODELS)
    with open_database(warehouse) as connection:
        speaking = connection.execute(SPEAK).fetchall()
        assert ("b", "seizures", 4) in speaking
        assert speaking == connection.execute(MODEL_SPEAKS).fetchall()
        assert connection.execute(HOLD).fetchall() == connection.execute(MODEL_HOLDS).fetchall()


def test_models_and_ledger_agree_on_a_day(warehouse: Settings) -> None:
    """The refusal of a file that was read again holds until the day on which that was decided."""
    with open_database(warehouse) as connection:
        fill(connection)
        connection.execute("delete from raw.decisions where decided_at > '2024-02-29'")
        known = connection.execute(HOLD).fetchall()
    build_models(warehouse, MODELS, as_of=date(2024, 2, 29))
    with open_database(warehouse) as connection:
        modelled = connection.execute(MODEL_HOLDS).fetchall()
        assert [row for row in modelled if row[0] != "refused"] == known
        assert ("anew", "accepted", datetime(2024, 2, 1, 8, 1)) in modelled


def test_models_and_ledger_agree_on_the_golden_submissions(golden: Settings) -> None:
    with open_database(golden) as connection:
        held, speaking = connection.execute(HOLD).fetchall(), connection.execute(SPEAK).fetchall()
        assert held == connection.execute(MODEL_HOLDS).fetchall()
        assert speaking == connection.execute(MODEL_SPEAKS).fetchall()
        superseded = connection.execute(f"with {LATEST} select count(*) from parts where not is_current").fetchone()
        assert superseded
        assert superseded[0] > 0
        assert {outcome for _, outcome, _ in held} == {"accepted", "rejected"}
        assert all(decided_at < datetime.now(UTC).replace(tzinfo=None) for _, _, decided_at in held)


def test_nothing_else_ranks_submissions_or_decisions() -> None:
    """But the models, which leave out decisions that were not known on a day, and gate 2, which recounts on purpose."""
    folders = ("warehouse", "expectations", "flows", "dbt_project/models", "dbt_project/macros")
    paths = [path for folder in folders for path in (REPOSITORY / folder).rglob("*") if path.suffix in (".py", ".sql")]
    ranking = {path.name for path in paths if RANKING.search(path.read_text(encoding="utf-8"))}
    assert ranking == {"in_force.py", "recount.py", "int_submissions_decided.sql"}


def test_a_database_that_is_only_read_keeps_its_bytes(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var")
    states = []
    for _ in range(3):
        with open_database(settings) as connection:
            create_tables(connection, load_questionnaire())
        states.append(settings.database.read_bytes())
    assert states[1] == states[2]


def test_an_order_that_was_changed_is_made_anew(tmp_path: Path) -> None:
    with open_database(Settings(home=tmp_path / "var")) as connection:
        create_tables(connection, load_questionnaire())
        defined = connection.execute("select sql from duckdb_views() where view_name = 'arrivals'").fetchone()
        assert defined
        swapped = defined[0].replace("arrivals AS", "arrivals (arrival_number, submission_id) AS")
        other = "create view ledger.arrivals as select '' as submission_id, 1 as arrival_number"
        for forged in (swapped, other):
            connection.execute(f"drop view ledger.arrivals; {forged}")
            create_tables(connection, load_questionnaire())
            found = connection.execute("select sql from duckdb_views() where view_name = 'arrivals'").fetchone()
            assert found == defined


def test_a_forged_order_of_receipts_is_said_and_replaced(caplog: pytest.LogCaptureFixture) -> None:
    connection = made_ledger()
    fill(connection)
    before = connection.execute(SPEAK).fetchall()
    view = "from duckdb_views() where schema_name = 'ledger' and view_name = 'arrivals'"
    (comment,) = connection.execute(f"select comment {view}").fetchall()
    connection.execute(
        "create or replace view ledger.arrivals as select submission_id, -row_number() over (order by position nulls "
        "first, received_at, file_name, rowid) as arrival_number from raw.submissions"
    )
    if comment[0]:
        connection.execute(f"comment on view ledger.arrivals is '{comment[0]}'")
    assert connection.execute(SPEAK).fetchall() != before
    create_tables(connection, load_questionnaire())
    create_tables(connection, load_questionnaire())
    assert caplog.messages == [
        "The view ledger.arrivals, the order of receipts, was not that of this version. It is again."
    ]
    assert connection.execute(SPEAK).fetchall() == before
    assert connection.execute(f"select count(*) {view}").fetchone() == (1,)
