"""Serving: what readers see before, while and after a release is loaded, also when the loader is killed."""

import os
import signal
import time
import traceback
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest
from made_release import MEMBERS
from postgres import SUPERUSER, Server

from warehouse.serving import server
from warehouse.serving.access import members_access
from warehouse.serving.errors import ServingError
from warehouse.serving.layout import members
from warehouse.serving.loading import copy_rows, release_opened
from warehouse.serving.rules import Policy
from warehouse.serving.serve import Edition, foresee, serve
from warehouse.serving.served import list_served, switch
from warehouse.serving.server import loading
from warehouse.storage.settings import Settings

SETTINGS = Settings(served_releases=2)
# The database changes amounts on their way into release 2.
_SPOIL = """
create function public.less() returns trigger language plpgsql
as 'begin new.quantity_kg := new.quantity_kg * 0.999; return new; end';
create function public.spoil() returns event_trigger language plpgsql as $$ begin
    if to_regclass('release_2_loading.fct_seizures') is not null and not exists (
        select from pg_trigger where tgname = 'less'
    ) then
        create trigger less before insert on release_2_loading.fct_seizures for each row execute function public.less();
    end if;
end $$;
create event trigger spoil on ddl_command_end when tag in ('CREATE TABLE') execute function public.spoil();
"""
TOTAL = "select count(*), sum(quantity_kg) from sarai.fct_seizures"


def _seen(server: Server, question: str = TOTAL, role: str = "centre_analyst") -> list[tuple[object, ...]]:
    with server.connect(role, "trial") as connection:
        return connection.execute(question.encode()).fetchall()


def test_a_release_is_loaded_once_switched_back_to_and_removed_when_it_is_old(
    database_server: Server, editions: list[Edition]
) -> None:
    first, second, third = editions
    left = "create schema release_9_tables authorization sarai_owner; create table release_9_tables.part_of_a_load ();"
    database_server.administer(left, "trial")
    done = [serve(one, SETTINGS) for one in (first, first, second, first, third)]

    assert [(one.is_loaded, one.is_switched) for one in done] == [
        (True, True), (False, False), (True, True), (False, True), (True, True),
    ]  # fmt: skip
    assert [one.removed for one in done] == [[], [], [], [], [2]]
    [(rows, kilograms)] = _seen(database_server)
    assert (rows, kilograms) == (10, pytest.approx(3 * (5 * 42 + 2 * 10 / 8)))
    assert _seen(database_server, "select release_number from sarai.release") == [(3,)]
    names = _seen(database_server, "select nspname from pg_namespace where nspname ~ '^(release|sarai)' order by 1")
    assert names == [
        ("release_1",),
        ("release_1_tables",),
        ("release_3",),
        ("release_3_tables",),
        ("sarai",),
        ("sarai_centre",),
    ]


def test_values_at_the_edge_of_their_types_arrive(database_server: Server, editions: list[Edition]) -> None:
    """Not numbers, sums beyond 64 bits, dates beyond the calendar, and text that other formats must escape."""
    with duckdb.connect(editions[0].database) as release:
        release.execute("create table dim_edges (a double, b bigint, c date, d timestamp, e varchar)")
        release.execute(
            "insert into dim_edges select unnest(['nan', 'inf', '-inf'])::double, 9223372036854775807, 'infinity', "
            "timestamp '12024-01-01 00:00:00.5', e'\\\\N\\t\\n\\r\\'\";\u202e\U0001f600'"
        )
    serve(editions[0], SETTINGS)

    found = _seen(database_server, "select a::text, e from release_1_tables.dim_edges order by a", SUPERUSER)
    assert found == [(number, "\\N\t\n\r'\";\u202e\U0001f600") for number in ("-Infinity", "Infinity", "NaN")]


def test_each_reader_sees_what_access_yml_allows(database_server: Server, editions: list[Edition]) -> None:
    serve(editions[0], SETTINGS)

    assert _seen(database_server, "select distinct country_code from sarai.fct_seizures", "aru") == [("KAZ",)]
    assert _seen(database_server, "select count(*) from sarai.fct_seizures", "centre_analyst") == [(10,)]
    # a cell of one case is seen by its own country, one of many by all
    question = "select country_code, seizures_count from sarai.rpt_seizures_by_province"
    assert len(_seen(database_server, question, "aru")) == 6
    assert len(_seen(database_server, question, "centre_analyst")) == 10
    # both sides of a match see the pair, and each its own record; the centre sees both
    question = (
        "select country_code_a, seizure_id_a is null, country_code_b, seizure_id_b is null from {}.fct_seizure_matches"
    )
    ours = {("KAZ", False, "KGZ", True), ("UZB", True, "KAZ", False)}
    assert {*_seen(database_server, question.format("sarai"), "aru")} == ours
    assert {row[1::2] for row in _seen(database_server, question.format("sarai_centre"))} == {(False, False)}


def test_nothing_is_served_where_readers_may_write_or_the_copy_differs(
    database_server: Server, editions: list[Edition]
) -> None:
    serve(editions[0], SETTINGS)
    database_server.administer("grant create on schema public to sarai_reader;", "trial")
    for act in (foresee, serve):
        with pytest.raises(ServingError, match=r"may create in schema public; .*, and 5 more"):
            act(editions[1], SETTINGS)
    database_server.administer("revoke create on schema public from sarai_reader;", "trial")
    database_server.administer(_SPOIL, "trial")
    with pytest.raises(ServingError, match=r"fct_seizures: the sum of quantity_kg is .* on the server and .* in the"):
        serve(editions[1], SETTINGS)

    assert _seen(database_server, "select release_number from sarai.release") == [(1,)]


def test_rows_that_were_changed_by_hand_are_loaded_anew_while_readers_go_on(
    database_server: Server, editions: list[Edition], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_LOCK_TIMEOUT", "100ms")
    before = serve(editions[0], SETTINGS)
    whole = _seen(database_server)
    for deed, words in {
        "update release_1_tables.fct_seizures set quantity_kg = 0": "fct_seizures: the sum of quantity_kg is 0.0 on",
        "drop table release_1_tables.fct_seizures cascade": "fct_seizures is not on the server with all its columns",
    }.items():
        database_server.administer(f"set default_transaction_read_only = off; {deed};", "trial")
        with database_server.connect("centre_analyst", "trial") as reader, reader.transaction():
            reader.execute("select from release_1.dim_countries")  # holds what is replaced
            foreseen, done = foresee(editions[0], SETTINGS), serve(editions[0], SETTINGS)

        assert str(done.spoiled).startswith(words)
        assert foreseen.spoiled == done.spoiled
        assert (before.is_loaded, done.is_loaded, done.is_switched) == (True, True, True)
        assert _seen(database_server) == whole
    assert not serve(editions[0], SETTINGS).is_switched
    left = _seen(database_server, "select nspname from pg_namespace where nspname ~ 'before|loading'")
    assert left == []


def test_another_release_of_the_same_number_takes_its_place(database_server: Server, editions: list[Edition]) -> None:
    serve(editions[0], SETTINGS)
    done = serve(replace(editions[1], number=1), SETTINGS)

    assert (done.is_loaded, done.removed) == (True, [])
    assert _seen(database_server)[0][1] == pytest.approx(_whole(2)[1], abs=0.5)


def test_readers_of_a_view_see_one_release_or_the_other_through_forty_switches(
    database_server: Server, editions: list[Edition]
) -> None:
    for one in editions[:2]:
        serve(one, SETTINGS)
    possible = {_whole(n) for n in (1, 2)}
    seen: list[tuple[object, ...]] = []
    is_over = Event()

    def read() -> None:
        with database_server.connect("centre_analyst", "trial") as connection:
            while not is_over.is_set():
                # Of one view: the server looks up each view of a statement by itself, also in the middle of a switch.
                seen.extend(connection.execute("select count(*), round(sum(quantity_kg)) from sarai.fct_seizures"))
                time.sleep(0.01)

    readers = [Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    policy = Policy(members_access(), members(MEMBERS))
    with release_opened(editions[0].database, SETTINGS) as (_, marts), loading(editions[0].address) as loader:
        there = list_served(loader)
        for number in range(40):
            switch(loader, marts, there[number % 2], policy)
    is_over.set()
    for reader in readers:
        reader.join()

    assert {*seen} == possible


def _whole(times: int) -> tuple[object, object]:
    return (10, round(times * (5 * 42 + 2 * 10 / 8)))


def _serve_and_say(edition: Edition, ready: str) -> None:
    Path(ready).touch()
    serve(edition, SETTINGS)


def test_a_loader_that_is_killed_at_any_point_leaves_what_was_served(
    database_server: Server, editions: list[Edition], tmp_path: Path
) -> None:
    serve(editions[0], SETTINGS)
    context = get_context("forkserver")
    context.set_forkserver_preload(["warehouse.serving.serve", "duckdb_extensions", "pandas"])
    begin = time.monotonic()
    serve(editions[2], SETTINGS)
    takes = time.monotonic() - begin
    serve(editions[0], SETTINGS)
    seen = []
    for number in range(20):
        ready = tmp_path / f"ready_{number}"
        process = context.Process(target=_serve_and_say, args=(editions[1], str(ready)))
        process.start()
        while not ready.exists():
            time.sleep(0.002)
        time.sleep(takes * number / 20)
        if process.pid and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        seen += _seen(database_server, f"select r.release_number, t.* from sarai.release as r, ({TOTAL}) as t")
        if seen[-1][0] == 2:
            serve(editions[0], SETTINGS)

    assert {(number, rows, round(float(str(kilograms)))) for number, rows, kilograms in seen} <= {
        (n, *_whole(n)) for n in (1, 2)
    }
    assert serve(editions[1], SETTINGS).number == 2
    assert _seen(database_server)[0][1] == pytest.approx(2 * (5 * 42 + 2 * 10 / 8))


def test_a_server_that_is_not_there_or_not_set_up_is_said_in_a_line(
    database_server: Server, editions: list[Edition]
) -> None:
    for address, words in {
        "host=/nowhere user=sarai_loader dbname=sarai": "The server refused",
        database_server.address("sarai_loader", "absent"): "absent",
        database_server.address(SUPERUSER, "postgres"): "lets readers do what they must not",
        database_server.address("aru", "trial"): "The loader may not do what it must",
    }.items():
        with pytest.raises(ServingError, match=words) as raised:
            serve(replace(editions[0], address=address), SETTINGS)
        assert "\n" not in str(raised.value)


def test_no_message_repeats_a_password(editions: list[Edition]) -> None:
    address = "host=/nowhere user=sarai_loader password=hunter2 dbname=sarai"
    with release_opened(editions[0].database, SETTINGS) as (release, marts):
        for attempt in (
            lambda: copy_rows(release, marts, address, "release_1_tables"),
            lambda: serve(replace(editions[0], address=address), SETTINGS),
        ):
            with pytest.raises(ServingError, match="server") as raised:
                attempt()
            assert "hunter2" not in "".join(traceback.format_exception(raised.value, chain=False))


@pytest.mark.parametrize("address", ["postgres//loader:s3cr@db/sarai", "postgresql://loader:s3cr%zzt@db", "s3cr"])
def test_an_address_that_cannot_be_read_is_not_repeated(address: str) -> None:
    with pytest.raises(ServingError, match=r"^SARAI_SERVER_URL .* is no address that libpq can read\.") as raised:  # noqa: SIM117
        with loading(address):
            pass
    assert "s3cr" not in str(raised.value)
