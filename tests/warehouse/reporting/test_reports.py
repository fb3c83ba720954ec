"""Reports: what a month of a country amounts to, how late it came, and which revision speaks for it."""

import re
from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest
from made_ledger import TABLES, made_ledger, months, obligation, submit

from warehouse.reporting.obligations import Obligation
from warehouse.reporting.reports import Report, read_recent, read_reports
from warehouse.reporting.reports_text import describe_reports, report_values
from warehouse.storage.settings import Settings

JANUARY = date(2024, 1, 1)
TODAY = date(2024, 3, 1)
FULL = {"seizures": (3, 1), "persons": (2, 0)}


@pytest.fixture
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    with made_ledger() as connection:
        yield connection


def january(
    ledger: duckdb.DuckDBPyConnection, *obligations: Obligation, today: date = TODAY, country: str = "KAZ"
) -> Report:
    reports = read_reports(ledger, obligations or [obligation("KAZ")], TABLES, months(1), today)
    return next(report for report in reports if report.country_code == country)


def test_in_time(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 15, 23, 59), FULL, warnings=2)
    values = report_values(january(ledger))
    assert (values["state"], values["due_date"], values["days_late"]) == ("reported", date(2024, 2, 15), 0)
    assert (values["accepted_count"], values["quarantined_count"], values["open_warnings_count"]) == (4, 1, 2)
    assert (values["revisions_in_force"], values["missing_tables"]) == ([1], [])


def test_a_correction_replaces_and_does_not_make_late(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), FULL)
    submit(ledger, "b", "KAZ", JANUARY, datetime(2024, 2, 20), {"seizures": (5, 0), "persons": (1, 0)})
    report = january(ledger)
    assert (report.state, report.days_late) == ("reported", 0)
    assert [(sent.file_name, sent.number) for sent in report.sent_in_force] == [("b.csv", 2)]
    assert report.received_at == datetime(2024, 2, 20)
    values = report_values(report)
    assert values["accepted_count"] == 6
    assert [sent["contact"] for sent in values["submissions"]] == ["desk, a", "desk, b"]


def test_late_by_days(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 18, 0, 1), FULL)
    assert january(ledger).days_late == 3
    assert january(ledger, obligation("KAZ"), obligation("KAZ", "persons", due_day=10)).days_late == 8
    assert january(ledger, obligation("KAZ", valid_from=date(2025, 1, 1))).days_late is None


def test_a_correction_of_one_table_stands_beside_the_rest_of_the_first(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), FULL)
    submit(ledger, "b", "KAZ", JANUARY, datetime(2024, 2, 20), {"persons": (7, 0)})
    report = january(ledger)
    assert report_values(report)["revisions_in_force"] == [1, 2]
    assert report_values(report)["accepted_count"] == 2 + 7


def test_tables_that_nobody_answered_are_missing(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), {"seizures": (1, 0)})
    report = january(ledger)
    assert (report.state, report.missing_tables, report.days_late) == ("partial", ("persons",), 15)
    assert january(ledger, obligation("KAZ", "seizures")).state == "reported"


@pytest.mark.parametrize(
    ("outcome", "tables", "state"),
    [
        ("accepted", {"seizures": (0, 0), "persons": (0, 0)}, "nil"),
        ("rejected", FULL, "rejected"),
        (None, FULL, "pending"),
    ],
)
def test_states(
    ledger: duckdb.DuckDBPyConnection, outcome: str | None, tables: dict[str, tuple[int, int]], state: str
) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), tables, outcome=outcome)
    assert january(ledger).state == state


def test_nothing_came(ledger: duckdb.DuckDBPyConnection) -> None:
    awaited, missing = (january(ledger, today=date(2024, 2, day)) for day in (15, 16))
    assert (awaited.state, awaited.days_late) == ("awaited", 0)
    assert (missing.state, missing.days_late) == ("missing", 1)


def test_what_was_rejected_last_changes_nothing_and_is_said(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), FULL)
    submit(ledger, "b", "KAZ", JANUARY, datetime(2024, 2, 20), FULL, outcome="rejected")
    report = january(ledger)
    assert (report.state, [sent.number for sent in report.sent_in_force]) == ("reported", [1])
    assert re.search(r"1 of 2 .* the last, b\.csv, was rejected", describe_reports([report], "en"))


def test_a_table_that_was_rejected_is_not_answered_and_is_said(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), {"seizures": (3, 0)})
    submit(ledger, "b", "KAZ", JANUARY, datetime(2024, 2, 11), FULL)
    for table in ("seizures", "persons"):
        ledger.execute(
            "insert into raw.findings values "
            "('b', ?, ?, '', null, null, 'error', 'table_rejected', null, '', '', '{}', null)",
            [datetime(2024, 2, 11, 0, 1), table],
        )
    submit(ledger, "c", "KAZ", JANUARY, datetime(2024, 2, 9), {"prices": (3, 0)})
    report = january(ledger)
    assert (report.state, report.missing_tables) == ("partial", ("persons",))
    assert report.last_rejected_tables == ("persons", "seizures")
    line = describe_reports([report], "en").splitlines()[-1]
    assert line.endswith("of the last, b.csv, these tables were rejected: persons, seizures")
    assert report_values(report)["submissions"][-1]["rejected_tables"] == ["persons", "seizures"]


def test_a_warning_that_was_confirmed_is_not_open(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "KAZ", JANUARY, datetime(2024, 2, 10), FULL, warnings=3)
    ledger.execute(
        "insert into raw.confirmations select submission_id, decided_at, 'ref', 'z', 'ref' from raw.decisions"
    )
    assert report_values(january(ledger))["open_warnings_count"] == 2


def test_months_of_which_nobody_asks_or_tells_anything_are_left_out(ledger: duckdb.DuckDBPyConnection) -> None:
    submit(ledger, "a", "UZB", date(2023, 11, 1), datetime(2024, 2, 10), FULL)
    shown = read_reports(ledger, [obligation("KAZ")], TABLES, [date(2023, 11, 1), JANUARY], TODAY)
    assert [(report.country_code, report.month, report.state) for report in shown] == [
        ("KAZ", JANUARY, "missing"),
        ("UZB", date(2023, 11, 1), "reported"),
    ]
    assert (shown[1].due_date, shown[1].days_late) == (None, None)


@pytest.mark.parametrize("count", [1, 12, 15, 100_000])
def test_the_months_asked_for(ledger: duckdb.DuckDBPyConnection, count: int) -> None:
    shown = read_recent(ledger, Settings().codelists, count, date(2025, 2, 1))
    assert [report.month for report in shown if report.country_code == "KAZ"][-count:] == [
        date(2024 + index // 12, index % 12 + 1, 1) for index in range(max(0, 14 - count), 14)
    ]


def test_the_last_month_that_has_ended_closes_the_list(ledger: duckdb.DuckDBPyConnection) -> None:
    shown = read_recent(ledger, Settings().codelists, 1)
    assert {report.month < report.today.replace(day=1) for report in shown} == {True}
    assert {report.state for report in shown} <= {"missing", "awaited"}
