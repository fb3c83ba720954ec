"""Waivers: an error that somebody answers for is a warning, until a day, and the release says so."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from conftest import HEADINGS, INBOX, begin_prepared, fill_inbox
from made_ledger import made_ledger, submit
from made_waiver import OFFICE, WAIVER

from expectations.waivers import load_waivers, log_expired_waivers
from flows.offline.check import judge_files
from flows.offline.prepared_warehouse import prepare
from warehouse.findings.finding import Finding
from warehouse.ledger.decisions import Decision, decide
from warehouse.ledger.rules_in_force import InForce, open_batch, waiting
from warehouse.ledger.waivers import Waiver, WaiverError, read_waived
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import Release, current_release, list_releases
from warehouse.releases.datapackage import fingerprint
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.settings import Settings

DAY = date(2024, 3, 1)
GONE = f"""
  - country_code: KAZ
    table: rpt_seizures_by_month
    rule: country_vanished
    reason: It awaits the court.
    approved_by: {OFFICE}
    approved: {{approved}}
    expires: {{expires}}
"""
UNFINISHED = "waivers: [{country_code: KAZ"


def written(folder: Path, text: str) -> Settings:
    path = folder / "waivers.yml"
    path.write_text(text, encoding="utf-8")
    return Settings(home=folder / "var", waivers=path)


def test_no_error_is_waived_unless_somebody_says_so() -> None:
    assert load_waivers(Settings(), DAY) == []


def test_a_waiver_holds_from_its_first_to_its_last_day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = written(tmp_path, f"waivers:{WAIVER}")
    assert [waiver.expires for waiver in load_waivers(settings, date(2024, 5, 31))] == [date(2024, 5, 31)]
    assert load_waivers(settings, date(2024, 2, 19)) == []
    logging.getLogger("sarai").addHandler(caplog.handler)
    try:
        assert load_waivers(settings, date(2024, 6, 1)) == []
        log_expired_waivers(settings, date(2024, 5, 31))
        assert caplog.text == ""
        log_expired_waivers(settings, date(2024, 6, 1))
    finally:
        logging.getLogger("sarai").removeHandler(caplog.handler)
    assert "waiver 1 expired on 2024-05-31" in caplog.text


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("country_code: KAZ", "country_code: FRA", "waiver 1: FRA is no member state. Write one of .*KAZ"),
        ("table: seizures", "table: seizure", "there is no table seizure. Write one of .*seizures"),
        ("date_outside_period", "date_outside", "seizures has no rule date_outside that gives errors.*date_outside_"),
        ("date_outside_period", "row_repeated", "seizures has no rule row_repeated that gives errors"),
        ("date_outside_period", "value_missing", "value_missing is never waived"),
        ("field: seizure_date", "field: drug", "date_outside_period is not about drug. Write one of seizure_date"),
        ("expires: 2024-05-31", "expires: 2024-02-20", "waivers.0: .*not after 2024-02-20, the day on which it was"),
        ("expires: 2024-05-31", "expires: never", "waivers.0.expires: Input should be a valid date"),
        ("    approved_by: " + OFFICE, "", "waivers.0.approved_by: Field required"),
        ("    reason: The", "    because: yes\n    reason: The", "waivers.0.because: Extra inputs are not permitted"),
        (
            "    reporting_month: 2024-01\n",
            "",
            "A waiver of seizures is about single months: write a reporting_month",
        ),
        ("table: seizures", "table: rpt_seizures_by_month", "is about all months: write no reporting_month"),
        ("    reason: The", "    amount: 4\n    reason: The", "waiver of seizures is about no amount: write no amount"),
        ("    reason: The", "    source_row: 4\n    reason: The", "one row is for what stands there: write the value"),
        ("table: seizures", "table: rpt_submissions", "there is no table rpt_submissions"),
        ("reporting_month: 2024-01", "reporting_month: 2024-01-05", "write year and month, for example 2024-05"),
        (f"waivers:{WAIVER}", UNFINISHED, "waivers.yml cannot be read"),
        (f"waivers:{WAIVER}", "", "waivers.yml is wrong"),
    ],
)
def test_a_wrong_waiver_is_said_at_load(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = f"waivers:{WAIVER}"
    assert right in text
    with pytest.raises(WaiverError, match=said):
        load_waivers(written(tmp_path, text.replace(right, wrong)), DAY)


def test_a_waived_error_is_a_warning_that_names_the_waiver_until_its_last_day(tmp_path: Path) -> None:
    rows = "K1;03.02.2024;;Heroin;2;kg;\nK2;04.02.2024;;Heroin;3;kg;\nK3;05.01.2024;;Heroin;4;kg;\n"
    of_uzbekistan = rows.replace("K", "U")
    fill_inbox(
        tmp_path / "sent", {"KAZ/KAZ_2024-01.csv": HEADINGS + rows, "UZB/UZB_2024-01.csv": HEADINGS + of_uzbekistan}
    )
    expires = f"{datetime.now(UTC).date() + timedelta(days=9)}"
    ended = WAIVER.replace("KAZ", "UZB")
    settings = written(tmp_path, f"waivers:{WAIVER.replace('2024-05-31', expires)}{ended}")
    (tmp_path / "var").mkdir()
    waived, refused = judge_files(settings, prepare(settings), [tmp_path / "sent"])[1]
    assert [(a.submission.country_code, a.outcome, a.accepted_count, a.error_count, a.warning_count)
            for a in (waived, refused)] == [("KAZ", "accepted", 3, 0, 2), ("UZB", "rejected", 0, 2, 0)]  # fmt: skip
    told = waived.findings[0]
    assert (told.severity, told.rule) == ("warning", "date_outside_period")
    assert told.message.en.endswith(f"Waived until {expires} by {OFFICE}: The court dated both cases later.")
    assert f"Допущено до {expires}, решение: {OFFICE}" in told.message.ru


@pytest.fixture
def ledger() -> duckdb.DuckDBPyConnection:
    """Two submissions of ten rows, none of them decided on."""
    connection = made_ledger()
    connection.execute("create schema staging")
    for table in load_questionnaire().tables:
        connection.execute(f'create view staging."stg_{table.name}" as from raw."{table.name}"')
    for country in ("KAZ", "UZB"):
        submit(connection, country, country, date(2024, 1, 1), datetime(2024, 2, 5), {"seizures": (10, 0)}, None)
    return connection


def decided(connection: duckdb.DuckDBPyConnection, day: date, value: str = "7") -> list[Decision]:
    """Decide on the submissions that wait on a day on which two rows of either are wrong in the same way."""
    waiver = Waiver.model_validate(
        {
            "country_code": "KAZ", "reporting_month": "2024-01", "table": "seizures", "rule": "wrong", "source_row": 2,
            "value": "7", "reason": "It is right in their law.", "approved_by": OFFICE, "approved": date(2024, 2, 1),
            "expires": date(2024, 2, 29),
        }
    )  # fmt: skip
    rules = InForce("rules", [waiver] if waiver.is_valid(day) else [])
    names = open_batch(connection, load_questionnaire(), rules)
    findings = [
        Finding(name, "error", "wrong", "wrong", "seizures", "", row, value=value) for name in names for row in (2, 3)
    ]
    made = decide(connection, findings, rules, datetime(day.year, day.month, day.day), 0.05)
    assert waiting(connection, rules) == []
    return made


def test_only_what_it_touches_is_decided_anew_when_a_waiver_ends(ledger: duckdb.DuckDBPyConnection) -> None:
    first = decided(ledger, date(2024, 2, 29))
    assert [(d.submission_id, d.outcome, d.accepted_count) for d in first] == [
        ("KAZ", "accepted", 9), ("UZB", "rejected", 0),
    ]  # fmt: skip
    assert [d.rules_version.partition("+")[0] for d in first] == ["rules", "rules"]
    assert decided(ledger, date(2024, 2, 28)) == []
    second = decided(ledger, date(2024, 3, 1))
    assert [(d.submission_id, d.outcome, d.rules_version) for d in second] == [("KAZ", "rejected", "rules")]
    assert decided(ledger, date(2024, 3, 2)) == []


def test_a_waiver_of_a_row_is_for_what_stood_there(ledger: duckdb.DuckDBPyConnection) -> None:
    """A correction puts another value into the row, which nobody has looked at."""
    first = decided(ledger, date(2024, 2, 28), "70")
    assert [(d.submission_id, d.outcome) for d in first] == [("KAZ", "rejected"), ("UZB", "rejected")]


def test_a_release_tells_what_was_waived_in_it(ledger: duckdb.DuckDBPyConnection) -> None:
    decided(ledger, date(2024, 2, 29))
    (told,) = read_waived(ledger, ["KAZ", "UZB"], None)
    assert told == {
        "submission_id": "KAZ", "table": "seizures", "rule": "wrong", "field": None,
        "reason": "It is right in their law.", "approved_by": OFFICE, "expires": "2024-02-29", "findings_count": 1,
    }  # fmt: skip
    decided(ledger, date(2024, 3, 1))
    assert read_waived(ledger, ["KAZ", "UZB"], None) == []
    assert read_waived(ledger, ["KAZ", "UZB"], date(2024, 2, 29)) == [told]
    assert read_waived(ledger, ["UZB"], date(2024, 2, 29)) == []


def test_a_release_of_other_words_on_a_waiver_is_another() -> None:
    told = {"submission_id": "KAZ", "reason": "It is right in their law."}
    assert fingerprint([], [], [told]) == fingerprint([], [], [dict(told)])
    prints = {fingerprint([], [], waived) for waived in ([], [told], [told | {"reason": "The court says so."}])}
    assert len(prints) == 3


@pytest.mark.usefixtures("prefect_api")
def test_from_a_waiver_to_the_release_that_prints_it_and_after_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.ingest import ingest
    from flows.publish import GateClosedError, check, publish, release
    from flows.steps import begin_run

    today = datetime.now(UTC).date()
    settings = written(tmp_path, f"waivers:{WAIVER}".replace("2024-05-31", f"{today + timedelta(days=9)}"))
    monkeypatch.setenv("SARAI_HOME", str(settings.root))
    monkeypatch.setenv("SARAI_WAIVERS", str(settings.waivers))
    late = "K1;03.02.2024;;Heroin;2;kg;\nK2;04.02.2024;;Heroin;3;kg;\nK3;05.01.2024;;Heroin;4;kg;\n"
    files = {"KAZ/KAZ_2024-01.csv": HEADINGS + late, "UZB/UZB_2024-01.csv": INBOX["UZB/UZB_2024-01.csv"]}
    fill_inbox(settings.inbox, files)
    begin_prepared(settings)

    ingest()
    waived = publish()
    (told,) = waived.package["waivers"]
    assert (told["rule"], told["findings_count"]) == ("date_outside_period", 2)
    assert (told["reason"], told["approved_by"]) == ("The court dated both cases later.", OFFICE)
    assert told["expires"] == f"{today + timedelta(days=9)}"
    assert kilograms(waived, "KAZ") == 9

    ended = f"waivers:{WAIVER}".replace("2024-05-31", f"{today - timedelta(days=1)}")
    written(tmp_path, ended)
    ingest()
    drafted = f"country_code: KAZ\n    table: rpt_seizures_by_month\n    rule: country_vanished\n.*approved: {today}"
    gone = rf"(?s)rpt_seizures_by_month, KAZ: .* have it waived.*nothing was published.*{drafted}"
    with pytest.raises(GateClosedError, match=gone) as closed:
        publish()
    [alert] = (json.loads(path.read_text(encoding="utf-8")) for path in (settings.root / "alerts").iterdir())
    assert (alert["flow"], alert["state"], str(closed.value) in alert["reason"]) == ("publish", "Failed", True)
    assert alert["run"] == "publish · gate closed: 1 check"
    assert list_releases(settings) == [current_release(settings)] == [Release(1, waived.path)]
    written(tmp_path, ended + GONE.format(approved=today, expires=today + timedelta(days=9)))
    # The steps of a publication after the marts are built: those that the gate has refused are judged again.
    run, results = begin_run(settings), settings.gates / "again"
    assert {finding.severity for finding in check.fn(run, None, results)} == {"warning"}
    after = release.fn(run, None, results, is_for_all=False)
    assert (after.number, kilograms(after, "KAZ")) == (2, None)
    (said,) = after.package["waivers"]
    assert (said["country_code"], said["rule"], said["reason"]) == ("KAZ", "country_vanished", "It awaits the court.")
    judged = json.loads((after.path / "gate" / "results.json").read_text())
    assert (judged["success"], judged["errors_count"]) == (True, 0)
    assert Release(1, waived.path).package["waivers"] == [told]
    assert reconcile(settings) == []


def kilograms(release: Release, country: str) -> float | None:
    path = str(release.path / "parquet" / "fct_seizures.parquet")
    asked = duckdb.execute("select sum(quantity_kg) from read_parquet(?) where country_code = ?", [path, country])
    sum_kg: float | None = (asked.fetchone() or (None,))[0]
    return sum_kg
