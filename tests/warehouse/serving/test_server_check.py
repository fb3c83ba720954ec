"""Each thing that a server must not let readers do is found, and found by nothing else than what was done."""

import psycopg
import pytest
from made_release import MEMBERS
from postgres import SUPERUSER, Server

from warehouse.serving.layout import members
from warehouse.serving.server_check import check_server

CIRCLE = members(MEMBERS)
TABLES = "release_1_tables"
REFUSED = {
    "alter role aru createrole": "role aru is more than a reader: it creates roles",
    "alter role sarai_kaz bypassrls": "role sarai_kaz is more than a reader: it bypasses row security",
    "grant sarai_centre to sarai_kaz": (
        "group sarai_kaz is in sarai_centre: whoever is in the one sees all of the other"
    ),
    "grant sarai_owner to aru": "role aru is a reader and in sarai_owner",
    "grant pg_read_all_data to sarai_kaz": "role sarai_kaz is a reader and in pg_read_all_data",
    "grant pg_execute_server_program to aru": "role aru is a reader and in pg_execute_server_program",
    "grant temporary on database sarai to public": "sarai_kaz may make temporary tables in this database",
    "grant create on database sarai to sarai_reader": "sarai_kaz may create in this database",
    "grant create on schema public to public": "sarai_kaz may create in schema public",
    f"grant insert on {TABLES}.dim_dates to sarai_centre": f"sarai_centre may insert {TABLES}.dim_dates",
    "grant update on sarai.dim_dates to public": "aru may update sarai.dim_dates",
    "grant delete on serving.releases to aru": "aru may delete serving.releases",
    "grant execute on function lo_create(oid) to public": "aru may call lo_create(oid)",
    "grant execute on function lo_unlink(oid) to sarai_kaz": "aru may call lo_unlink(oid)",
    "alter view sarai.fct_seizures reset (security_invoker)": (
        "view sarai.fct_seizures asks with the rights of its owner, and shows all rows"
    ),
    f"create view public.v as select * from {TABLES}.fct_seizures; grant select on public.v to sarai_kaz": (
        "view public.v asks with the rights of its owner, and shows all rows"
    ),
    f"create materialized view sarai.m as select * from {TABLES}.fct_seizures": (
        "materialized view sarai.m shows everybody the rows that it holds"
    ),
    "create function sarai.f() returns int security definer language sql as 'select 1'": (
        "function sarai.f() runs with the rights of its owner"
    ),
    f"alter table {TABLES}.fct_seizures disable row level security": (
        f"row security is off on {TABLES}.fct_seizures, which has policies"
    ),
    f"create policy all_rows on {TABLES}.fct_seizures using (true)": (
        f"policy all_rows of {TABLES}.fct_seizures is not one of Sarai"
    ),
    f"alter policy sarai_kaz on {TABLES}.fct_seizures to public": (
        f"policy sarai_kaz of {TABLES}.fct_seizures is not one of Sarai"
    ),
    "alter role sarai_tkm rename to gone": "there is no role sarai_tkm",
}  # fmt: skip
ADVISED = {
    "create role sarai_old role aru; grant sarai_reader to sarai_old": (
        "role sarai_old reads what members share, and no member state is called so"
    ),
    "grant connect on database sarai_public to sarai_reader": (
        "sarai_reader may connect to the database sarai_public too, where less is closed"
    ),
    "alter database sarai reset statement_timeout": (
        "readers may ask without end: this database sets no statement_timeout"
    ),
}


@pytest.fixture(scope="module")
def administrator(serving_server: Server) -> psycopg.Connection[psycopg.rows.TupleRow]:
    connection = serving_server.connect(SUPERUSER)
    connection.execute("set default_transaction_read_only = off")
    return connection


def test_a_server_that_was_set_up_has_no_problem(serving_server: Server) -> None:
    with serving_server.connect("sarai_loader") as loader:
        assert [*check_server(loader, CIRCLE)] == []


@pytest.mark.parametrize(("deed", "problem"), [*REFUSED.items(), *ADVISED.items()])
def test_what_readers_may_do_too_much_is_found(
    administrator: psycopg.Connection[psycopg.rows.TupleRow], deed: str, problem: str
) -> None:
    with administrator.transaction(force_rollback=True):
        administrator.execute(deed.encode())
        found = {one.text: one.is_refused for one in check_server(administrator, CIRCLE)}

    assert found[problem] is (deed in REFUSED)
