"""What readers may see follows access.yml in every release that is kept, also after somebody changed it by hand."""

import psycopg
import pytest
from postgres import Server

from warehouse.serving.serve import Edition, foresee, serve
from warehouse.storage.settings import Settings

SETTINGS = Settings(served_releases=2)
TABLES = "release_1_tables"
# Under the right names, so that nothing else would notice.
DEEDS = {
    f"alter policy sarai_kaz on {TABLES}.fct_seizures using (true)": f"{TABLES}.fct_seizures",
    f"drop policy sarai_centre on {TABLES}.rpt_seizures_by_province": f"{TABLES}.rpt_seizures_by_province",
    f"grant select on {TABLES}.fct_seizure_matches to sarai_kaz": f"{TABLES}.fct_seizure_matches",
    f"grant select (drug_code) on {TABLES}.dim_drugs to aru": f"{TABLES}.dim_drugs",
    f"grant usage on schema {TABLES} to public": TABLES,
    # what a server is refused for, but is set right first
    f"grant insert on {TABLES}.dim_countries to sarai_reader": f"{TABLES}.dim_countries",
    "create or replace view release_1.dim_drugs with (security_invoker = true) as "
    f"select * from {TABLES}.dim_drugs where false": "release_1.dim_drugs",
}  # fmt: skip


def _seen(server: Server, question: str, role: str = "centre_analyst") -> list[tuple[object, ...]]:
    with server.connect(role, "trial") as connection:
        return connection.execute(question.encode()).fetchall()


def test_what_was_changed_by_hand_is_named_and_set_right(database_server: Server, editions: list[Edition]) -> None:
    serve(editions[0], SETTINGS)
    for served in editions[:2]:  # readers see release 1, which is kept then
        serve(served, SETTINGS)
        database_server.administer("; ".join(DEEDS) + ";", "trial")

        foreseen, done = foresee(served, SETTINGS), serve(served, SETTINGS)

        assert {*foreseen.altered} == {*done.altered} == {*DEEDS.values()}
        assert (done.is_loaded, done.is_switched) == (False, False)
        assert foresee(served, SETTINGS).altered == []
        assert _seen(database_server, f"select distinct country_code from {TABLES}.fct_seizures", "aru") == [("KAZ",)]
        assert _seen(database_server, f"select count(*) from {TABLES}.rpt_seizures_by_province") == [(10,)]
        assert len(_seen(database_server, "select from release_1.dim_drugs")) > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _seen(database_server, f"select seizure_id_a from {TABLES}.fct_seizure_matches", "aru")


def test_a_change_of_the_policy_is_said_and_applied_without_loading(
    database_server: Server, editions: list[Edition], monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.serving import access, serve as module

    serve(editions[0], SETTINGS)
    rules = dict(access.members_access().marts)
    seizures = rules["fct_seizures"]
    hidden = seizures.model_copy(
        update={"own": tuple(set(seizures.own) - {"place"}), "centre": (*seizures.centre, "place")}
    )
    monkeypatch.setattr(module, "members_access", lambda: access.Access(rules | {"fct_seizures": hidden}))

    foreseen, done = foresee(editions[0], SETTINGS), serve(editions[0], SETTINGS)

    assert foreseen.changes == done.changes == ["~ fct_seizures.place: own → centre"]
    assert (done.is_loaded, done.is_switched) == (False, True)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _seen(database_server, "select place from release_1_tables.fct_seizures", "aru")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        _seen(database_server, "select place from sarai.fct_seizures", "aru")
    assert len(_seen(database_server, "select place from sarai_centre.fct_seizures")) == 10
    serve(editions[1], SETTINGS)
    monkeypatch.setattr(module, "members_access", lambda: access.Access(rules | {"fct_seizures": access.MartAccess()}))
    serve(editions[1], SETTINGS)
    for kept in (1, 2):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _seen(database_server, f"select seizure_id from release_{kept}_tables.fct_seizures", "aru")


def test_a_release_that_a_reader_holds_follows_the_policy_the_next_time(
    database_server: Server, editions: list[Edition], monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.serving import access, serve as module, server

    monkeypatch.setattr(server, "_LOCK_TIMEOUT", "100ms")
    for one in editions[:2]:
        serve(one, SETTINGS)
    rules = dict(access.members_access().marts) | {"fct_seizures": access.MartAccess()}
    monkeypatch.setattr(module, "members_access", lambda: access.Access(rules))
    foreseen = foresee(editions[1], SETTINGS)
    with database_server.connect("aru", "trial") as reader, reader.transaction():
        reader.execute(f"select seizure_id from {TABLES}.fct_seizures".encode())
        done = serve(editions[1], SETTINGS)

    assert (foreseen.behind, done.behind, done.held) == ([1], [1], [1])
    assert (done.is_switched, done.access.version) == (True, foreseen.access.version)
    foreseen, done = foresee(editions[1], SETTINGS), serve(editions[1], SETTINGS)
    assert (foreseen.behind, done.is_switched, done.held) == ([1], False, [])
    assert "- fct_seizures.place: own" in foreseen.changes
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _seen(database_server, f"select seizure_id from {TABLES}.fct_seizures", "aru")
