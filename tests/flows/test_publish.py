"""The flow from accepted rows to a release; another day publishes beside. Of a closed gate: test_waivers.py."""

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from conftest import HEADINGS, INBOX, Warehouse, fill_inbox
from made_ledger import chain_anew

from flows.commands.cli import main
from warehouse.releases.catalogue import Release, current_release, list_releases, verify_release
from warehouse.releases.entries import BUILT
from warehouse.safekeeping.proof import keeping_proof
from warehouse.safekeeping.reconciliation import reconcile
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import ModelError


def sarai(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def figures(release: Release | None) -> list[tuple[object, ...]]:
    assert release is not None
    with duckdb.connect(str(release.database), read_only=True) as connection:
        return connection.execute(
            "select country_code, drug_code, seizures_count, round(quantity_kg, 6) "
            "from rpt_seizures_by_month order by all"
        ).fetchall()


PUBLISHED = [("KAZ", "HEROIN", 2, 3.0), ("KAZ", "OPIUM", 1, 0.75), ("UZB", "OPIUM", 1, 1.5)]


def test_a_release_holds_what_is_in_force(published: Warehouse) -> None:
    assert published.release.number == 1
    assert current_release(published.settings) == Release(1, published.settings.releases / "1")
    assert figures(published.release) == PUBLISHED
    assert verify_release(published.release) == []


# What was sent today: a correction in a file named after a person, counts of persons of which one is absurd, two tables
# of which one is bad, and seizures of before their month, one of which stands in the correction too.
TODAY = {
    "KAZ/KAZ_2024-01_Каримов-Алишер.csv": INBOX["KAZ/KAZ_2024-01.csv"].replace("700", "900"),
    "KGZ/KGZ_2024-01.csv": "Пол;Число лиц\nЖенский;7\nМужской;8\nМужской;2000000000000\n",
    "KAZ/KAZ_2024-02.csv": f"{HEADINGS}K2;09.01.2024;;Opium;900;g;\nK9;05.02.2024;;Heroin;1;kg;\n",
    "KGZ/KGZ_2024-04.csv": (
        f"{HEADINGS}L1;10.02.2024;;Opium;2;kg;\nL2;05.11.2023;;Opium;4;kg;\nL3;07.04.2024;;Opium;1;kg;\n"
    ),
    "KGZ/KGZ_2024-02.json": json.dumps({
        "seizures": [
            {"seizure_date": "2024-02-07", "drug": "Opium", "quantity": quantity, "unit": "kg"}
            for quantity in ("3", "much", "more")
        ],
        "activities": [{"activity_date": "2024-02-05", "activity_type": "training"}],
    }),
}  # fmt: skip


def assert_one_table_of_two_counts(settings: Settings, release: Release) -> None:
    with duckdb.connect(str(release.database), read_only=True) as connection:
        told = connection.execute(
            "select table_name, outcome, is_current, accepted_count, quarantined_count from rpt_submissions "
            "where country_code = 'KGZ' and reporting_month = '2024-02-01' order by 1"
        ).fetchall()
    assert told == [("activities", "accepted", True, 1, 0), ("seizures", "rejected", False, 0, 3)]
    assert reconcile(settings) == []
    (folder,) = (settings.feedback / "KGZ" / "2024-02").iterdir()
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert (answer["outcome"], answer["state"], answer["is_too_bad"]) == ("accepted", "current", False)
    assert {part["table"]: bool(part["reason"]) for part in answer["tables"]} == {"seizures": True, "activities": False}
    assert (folder / "return_KGZ_2024-02.xlsx").exists()


def assert_nothing_absurd_or_personal(release: Release) -> None:
    with duckdb.connect(str(release.database), read_only=True) as connection:
        counts = connection.execute("select persons_count from fct_persons order by 1").fetchall()
        names = connection.execute("select file_name from rpt_submissions where country_code = 'KAZ'").fetchall()
    assert counts == [(7,), (8,)]
    assert ("[withheld: personal data]",) in names
    assert not any("Каримов" in name for (name,) in names)
    assert "Каримов" not in (release.path / "datapackage.json").read_text(encoding="utf-8")
    with duckdb.connect(str(release.public_database), read_only=True) as connection:
        (largest,) = connection.execute("select max(persons_count) from rpt_persons_by_period").fetchone() or (None,)
    assert largest == 15


QUARTER = f"{HEADINGS}T1;04.01.2024;;Opium;1;kg;\nT2;09.03.2024;;Heroin;4;kg;\nT3;08.03.2024;;Opium;much;kg;\n"


def assert_each_month_of_a_quarter_stands_by_itself(settings: Settings) -> None:
    """Rows that were received are those of the months; each month has its answer, which names the others."""
    with open_database(settings) as connection:
        sent = connection.execute(
            "select strftime(reporting_month, '%Y-%m'), received_count, accepted_count, submission_id "
            "from raw.submissions inner join raw.decisions using (submission_id) where country_code = 'TKM' order by 1"
        ).fetchall()
        assert [row[:3] for row in sent] == [("2024-01", 1, 1), ("2024-03", 2, 1)]
        rows = connection.execute("select source_row from raw.seizures where submission_id like 'TKM-%' order by 1")
        assert [row for (row,) in rows.fetchall()] == [2, 3, 4]
        assert connection.execute("select count(distinct position) from raw.submissions where country_code = 'TKM'"
                                  ).fetchone() == (1,)  # fmt: skip
    folder = settings.feedback / "TKM" / "2024-03" / sent[1][3]
    assert json.loads((folder / "answer.json").read_text("utf-8"))["file_months"] == ["2024-01-01", "2024-03-01"]
    page = " ".join((folder / "answer_ru.html").read_text("utf-8").split())
    assert "Файл охватывает несколько месяцев (январь 2024 г., март 2024 г.). Это ответ за март 2024 г.;" in page


def assert_late_rows_count_in_their_own_month(settings: Settings, release: Release) -> None:
    with duckdb.connect(str(release.database), read_only=True) as connection:
        revised = connection.execute(
            "select strftime(month_date, '%Y-%m'), strftime(report_month_date, '%Y-%m'), quantity_kg "
            "from rpt_revisions where country_code = 'KGZ' order by all"
        ).fetchall()
        coverage = "select count(*) from rpt_coverage_by_month where country_code = 'KGZ' and table_name = 'seizures' "
        missing = connection.execute(f"{coverage} and coverage = 'missing' and month_date = '2024-02-01'").fetchone()
        counted = connection.execute(
            "select reporting_countries_count from rpt_seizures_by_month where month_date = '2023-11-01'"
        ).fetchall()
        first = connection.execute("select min(date_day) from dim_dates").fetchone()
    assert revised == [("2023-11", "2024-04", 4.0), ("2024-02", "2024-04", 2.0), ("2024-04", "2024-04", 1.0)]
    assert (missing, counted, first) == ((1,), [(0,)], (date(2023, 1, 1),))
    (page,) = (settings.feedback / "KGZ" / "2024-04").glob("*/answer_en.html")
    assert "Seizures, November 2023: 1 (3); Seizures, February 2024: 1 (2)" in page.read_text(encoding="utf-8")
    (answer,) = (settings.feedback / "KAZ" / "2024-02").glob("*/answer.json")
    (held,) = json.loads(answer.read_text(encoding="utf-8"))["findings"]
    assert held["rule"] == "row_is_reported"
    assert "already stands in row 3 of the report on 2024-01" in held["advice"]["en"]


def asked_to_build(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Return how the next publication of a proven warehouse would build the marts; it is ended there."""
    from flows.publish import build
    from flows.steps import begin_run, find_published

    asked: list[dict[str, object]] = []

    def end(_settings: Settings, _selection: str, **options: object) -> None:
        asked.append(options)
        raise ModelError("ended by the test")

    monkeypatch.setattr("warehouse.transform.dbt_build.build_models", end)
    run = begin_run(settings)
    with keeping_proof(settings) as proof:
        assert proof.holds
        assert find_published(run, proof) is None
        with pytest.raises(ModelError, match="ended by the test"):
            build.fn(run, None, proof)
    return asked[0]


def test_one_command_takes_in_and_publishes_and_as_of_shows_what_was_known_and_does_not_become_current(
    warehouse: Settings, prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.publish import publish

    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    with open_database(warehouse) as connection:
        for table, column in (("submissions", "received_at"), ("decisions", "decided_at"), ("findings", "decided_at")):
            connection.execute(f"update raw.{table} set {column} = {column} - interval 10 day")
        chain_anew(connection)
        shutil.rmtree(warehouse.releases)  # made from the ledger that was there before
        day = connection.execute("select max(decided_at)::date from raw.decisions").fetchone()
    assert day
    sent = tmp_path / "sent"
    fill_inbox(sent, TODAY | {"TKM/TKM_2024-Q1.csv": QUARTER})
    assert sarai("run", str(sent)).exit_code == 1  # rows have errors, and the others are published
    today = current_release(warehouse)
    assert today
    assert_nothing_absurd_or_personal(today)
    assert_one_table_of_two_counts(warehouse, today)
    assert_late_rows_count_in_their_own_month(warehouse, today)
    assert figures(today) == [
        ("KAZ", "HEROIN", 1, 1.0), ("KAZ", "HEROIN", 1, 2.5), ("KAZ", "OPIUM", 1, 0.9),
        *(("KGZ", "OPIUM", 1, kg) for kg in (1.0, 2.0, 4.0)), ("TKM", "HEROIN", 1, 4.0), ("TKM", "OPIUM", 0, None),
        ("TKM", "OPIUM", 1, 1.0), ("UZB", "OPIUM", 1, 1.5),
    ]  # fmt: skip
    assert_each_month_of_a_quarter_stands_by_itself(warehouse)
    again = sarai("run", str(sent))
    assert again.exit_code == 0
    assert again.output.splitlines()[-2:] == [
        "Nothing waits for a decision.", f"Release {today.number} says all this already; no new one was written.",
    ]  # fmt: skip
    today.path.rename(warehouse.releases / f"{BUILT}{today.number}")  # as a killed run leaves it
    assert publish() == Release(today.number, today.path)  # the same again is no new release
    then = publish(day[0])
    assert figures(then) == PUBLISHED
    assert then.as_of == day[0]
    current = current_release(warehouse)
    assert current
    assert current.number == today.number
    assert len(list_releases(warehouse)) == 2
    # marts of another day are no start
    assert asked_to_build(warehouse, monkeypatch) == {"as_of": None, "only_changes": False}


def test_nothing_to_publish_before_the_first_ingest(
    prefect_api: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.publish import NothingToPublishError, publish

    assert prefect_api
    monkeypatch.setenv("SARAI_HOME", f"{tmp_path}/empty")
    with pytest.raises(NothingToPublishError, match="sarai ingest"):
        publish()
