"""Every table of the working database between raw and marts is proven from the chain, or built again before use."""

import re
import shutil
from contextlib import suppress

import duckdb
import pytest

from flows import steps
from warehouse.ledger.chain import append_links, create_chain
from warehouse.ledger.derived import (
    begin_typing,
    digest_codelists,
    digest_forecasts,
    digest_typed,
    enter_forecasts,
    enter_typed,
    forget_unproven,
    read_derived,
    unfinished,
)
from warehouse.safekeeping.chain_check import compare_chain, compare_submissions
from warehouse.safekeeping.derived_check import ChangedError, compare_derived, refuse_unproven
from warehouse.safekeeping.reconciliation import describe_totals, reconcile
from warehouse.safekeeping.repair import repair
from warehouse.safekeeping.seed_check import compare_seeds
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings
from warehouse.transform import dbt_build

# Schemas of which nothing outlives the run that reads it, and who makes each again before it is read.
REBUILT = {
    "audit": "open_batch, load_last_release and attack_public_edition",
    "intermediate": "dbt, in each publication; what it goes on from is believed in a proven file alone",
    "ledger": "create_arrivals",
    "marts": "dbt, in each publication",
    "public_edition": "prepare_public_edition",
}
# Views that are made again in each publication.
REBUILT_VIEWS = {("staging", "stg_landings"), ("staging", "stg_submissions")}


@pytest.mark.parametrize(
    "sql", ["delete from {0} where rowid = (select min(rowid) from {0})", "insert into {0} from {0} limit 1"]
)
def test_a_row_that_is_lost_or_doubled_in_any_table_is_found_and_named(warehouse: Settings, sql: str) -> None:
    with open_database(warehouse) as connection:
        changed = set()
        for schema, name, kind in connection.execute(
            "select table_schema, table_name, table_type from information_schema.tables where table_name <> 'chain'"
        ).fetchall():
            if schema in REBUILT or (schema, name) in REBUILT_VIEWS:
                continue
            assert kind == "BASE TABLE", f"nothing proves or rebuilds {schema}.{name}"
            with suppress(duckdb.ConstraintException):
                count = connection.execute(sql.format(f'{schema}."{name}"')).fetchone()
                changed |= {f"{schema}.{name}"} if count and count[0] else set()
        found = "\n".join([*compare_chain(connection, warehouse), *compare_derived(connection)])
    assert len(changed) > 60
    unnamed = {table for table in changed if f"{table}:" not in found}
    assert unnamed <= {"raw.answers", "raw.decisions"}
    assert not unnamed or ("the note that answers were written" in found and "the decision on" in found)


CHANGES = {
    "value": (
        "update staging.stg_seizures set quantity_kg = 10 * quantity_kg where record_id = 'K1'",
        "KAZ-2024-01.*, staging.stg_seizures: a value in the"),
    "row without a submission": ("insert into staging.stg_prices by name select 'x' as sheet",
                                 "no submission, staging.stg_prices: 0 rows were derived and 1 are there"),
    "table of nobody": ("create table staging.more as select submission_id from staging.stg_seizures limit 1",
                        "staging.more: 0 rows were derived and 1 are there"),
    "row of nobody": ("insert into staging.stg_prices by name select 'KAZ-2024-01-x' as submission_id",
                      "KAZ-2024-01-x, staging.stg_prices: 0 rows were derived and 1 are there"),
    "type": ("alter table staging.stg_seizures alter quantity_kg type float", "staging.stg_seizures: a value"),
    "view in place of a table": (
        ("alter table staging.stg_seizures rename to hidden; "
        "create view staging.stg_seizures as from staging.hidden"),
        "staging.stg_seizures: .* rows were derived and 0 are there",
    ),
    "spelling": ("update staging.stg_spellings set code = 'OPIUM' where code = 'HEROIN'",
                 "codelists, staging.stg_spellings: a value"),
    "codelist": ("update seeds.quantity_conversions set factor = 2 * factor", "codelists, seeds.quantity_conversions"),
    "table of codelists": ("create table seeds.more as select 1 as a", "codelists, seeds.more: 0 rows were derived"),
    "forecast": ("insert into forecasts.series values ('KAZ', 'HEROIN', 'quantity_kg', 'x')", "forecasts.series"),
}  # fmt: skip


# Of those that touch different tables, one comparison names each.
TOGETHER = [
    ("value", "row without a submission", "table of nobody", "spelling", "codelist", "table of codelists", "forecast"),
    ("row of nobody", "type"),
    ("view in place of a table",),
]


def test_each_change_is_named(warehouse: Settings) -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(CHANGES)
    with open_database(warehouse) as connection:
        enter_forecasts(connection)  # no series is long enough here
        for names in TOGETHER:
            connection.begin()
            for name in names:
                connection.execute(CHANGES[name][0])
            found = "\n".join(compare_derived(connection))
            connection.rollback()
            assert [name for name in names if not re.search(CHANGES[name][1], found)] == [], found
        assert list(compare_derived(connection)) == []


def test_what_was_entered_before_digests_by_columns_is_proven_as_it_was_made(warehouse: Settings) -> None:
    with open_database(warehouse) as connection:
        version, typed = read_derived(connection).version or "", read_derived(connection).typed
        assert all("columns:" in entry for entry in typed.values())
        codelists, forecasts = digest_codelists(connection, ""), digest_forecasts(connection, "")
        typed = digest_typed(connection, typed, dict.fromkeys(typed, ""))
        begin_typing(connection, version)
        links = [("typing", *one) for one in typed.items()]
        append_links(connection, [("codelists", version, codelists), *links, ("forecasts", "all", forecasts)])
        assert "columns:" not in str(read_derived(connection))
        assert list(compare_derived(connection)) == []
        for name in ("value", "spelling", "forecast"):
            sql, words = CHANGES[name]
            connection.execute(sql)
            assert re.search(words, "\n".join(compare_derived(connection)))


def test_codelists_are_those_of_their_files_whatever_the_chain_says(warehouse: Settings) -> None:
    with open_database(warehouse) as connection:
        assert list(compare_seeds(connection, warehouse)) == []
        connection.execute("update seeds.quantity_conversions set factor = 2 * factor where unit_code = 'G'")
        connection.execute("insert into seeds.units_spellings by name select 'zz' as spelling, 'KG' as code")
        connection.execute("alter table seeds.drugs drop column source")
        version = read_derived(connection).version or ""
        append_links(connection, [("codelists", version, digest_codelists(connection))])
        assert list(compare_derived(connection)) == []
        found = list(compare_seeds(connection, warehouse))
    assert [text.split(":")[0] for text in found] == [
        "codelists, seeds.drugs", "codelists, seeds.quantity_conversions", "codelists, seeds.units_spellings",
    ]  # fmt: skip
    assert "0 rows of units_spellings.csv are not there, and 1 are there that it does not have" in found[2]
    assert found[:2] == [text for text in reconcile(warehouse) if "conversions" in text or "seeds.drugs" in text]


def test_what_was_changed_is_not_published_until_it_was_repaired(warehouse: Settings) -> None:
    from flows.publish import publish

    with open_database(warehouse) as connection:
        connection.execute(CHANGES["value"][0])
    with pytest.raises(ChangedError, match=r"KAZ-2024-01.*, staging.stg_seizures: a value.*sarai repair"):
        publish()
    assert any("staging.stg_seizures: a value" in text for text in reconcile(warehouse))
    repaired = repair(warehouse, ["KAZ, staging.stg_seizures: found by typing anew"])
    assert [text.split(":")[0].split(", ")[1] for text in repaired] == ["staging.stg_seizures"] * len(repaired)
    assert reconcile(warehouse) == []
    assert repair(warehouse) == []
    with open_database(warehouse) as connection:
        assert unfinished(connection) == []
        assert "KAZ-2024-01" in describe_totals(connection, warehouse).split("repaired on", 1)[1]
        refuse_unproven(connection, warehouse)

        # Rows typed by a version of staging that is not ours, as the chain says.
        connection.execute(CHANGES["value"][0])
        begin_typing(connection, "another")
        enter_typed(connection, "another")
        with pytest.raises(ChangedError, match=r"another version of staging\. Run `sarai ingest`"):
            refuse_unproven(connection, warehouse)

        # A warehouse that was typed before typed rows were entered.
        shutil.rmtree(warehouse.releases)  # they name the end of the chain before
        connection.execute("drop table raw.chain")
        create_chain(connection)
        with pytest.raises(ChangedError, match="Run `sarai ingest`, which types it"):
            refuse_unproven(connection, warehouse)


def test_what_another_version_of_staging_has_typed_or_nobody_has_entered_is_typed_anew(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_anew: list[str] = []
    monkeypatch.setattr(dbt_build, "type_anew", lambda *_: typed_anew.append("anew"))
    dbt_build.build_staging(warehouse)
    assert typed_anew == []
    with open_database(warehouse) as connection:
        begin_typing(connection, "another")
    dbt_build.build_staging(warehouse)
    assert typed_anew == ["anew"]
    with open_database(warehouse) as connection:
        connection.execute("drop table raw.chain")
        create_chain(connection)
        assert unfinished(connection) != []
    dbt_build.build_staging(warehouse)
    assert typed_anew == ["anew", "anew"]
    with open_database(warehouse) as connection:
        assert (unfinished(connection), list(compare_derived(connection))) == ([], [])


@pytest.mark.parametrize("is_retyped", [True, False])
def test_rows_that_are_not_what_was_sent_are_neither_typed_nor_judged(warehouse: Settings, *, is_retyped: bool) -> None:
    run = steps.begin_run(warehouse)
    with open_database(warehouse) as connection:
        if is_retyped:  # as after a change of the codelists
            begin_typing(connection, "another")
        else:  # as after a run that was killed before it typed what it had landed
            connection.execute("delete from raw.decisions; delete from raw.chain where kind = 'typing'")
            connection.execute("insert into staging.stg_staff by name select 'x' as sheet")
        connection.execute("update raw.seizures set quantity = '25' where record_id = 'K1'")
        named = r"KAZ-2024-01-\w+, raw.seizures: a value in the \d rows of the submission has been changed"
        with pytest.raises(ChangedError, match=named):
            steps.stage(run)
        if not is_retyped:
            forget_unproven(connection)
            assert connection.execute("from staging.stg_staff").fetchall() == []
        landed = [name for (name,) in connection.execute("select submission_id from raw.submissions").fetchall()]
        assert list(compare_submissions(connection, None, landed)) == []
