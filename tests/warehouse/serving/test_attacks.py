"""What a reader tries to see or do beyond access.yml; each case shows by a role that may do it that it can fail."""

import psycopg
import pytest
from postgres import SUPERUSER, Server

TABLES = "release_1_tables"
OTHERS = "country_code <> 'KAZ'"
SINGLE = "seizures_count - presumed_duplicate_count = 1"

# What an analyst of Kazakhstan asks to see records of others. An administrator gets rows from each; she gets none.
READS = {
    "the view of all": f"select 1 from sarai.fct_seizures where {OTHERS}",
    "the view of one release": f"select 1 from release_1.fct_seizures where {OTHERS}",
    "the table": f"select 1 from {TABLES}.fct_seizures where {OTHERS}",
    "not a value but its number": (
        f"select 1 from (select count(*) as n from sarai.fct_persons where {OTHERS}) as c where n > 0"
    ),
    "a sum over everybody": "select 1 from (select sum(persons_count) as n from sarai.fct_persons) as s where n > 42",
    "a window over everybody": (
        f"select 1 from (select country_code, row_number() over () from sarai.fct_staff) as w where {OTHERS}"
    ),
    "a join to a shared table": (
        f"select 1 from sarai.dim_countries as c join sarai.fct_prices as p using (country_code) where {OTHERS}"
    ),
    "an outer join": (
        "select 1 from sarai.dim_countries as c left join sarai.fct_stories as s using (country_code) "
        f"where s.story_text is not null and {OTHERS}"
    ),
    "a query that is text": (
        f"select 1 where query_to_xml('select country_code from {TABLES}.fct_seizures', true, true, '')::text ~ 'TJK'"
    ),
    "a table that is text": (
        f"select 1 where table_to_xml('{TABLES}.fct_staff'::regclass, true, true, '')::text ~ 'TJK'"
    ),
    "a condition that fails on others' rows": (
        f"select 1 from {TABLES}.fct_seizures where {OTHERS} and 1 / (country_code <> 'UZB')::int = 2"
    ),
    "a text that is no number": f"select 1 from {TABLES}.fct_seizures where {OTHERS} and place::bigint > 0",
    "row security that is off": f"set local row_security = off; select 1 from {TABLES}.fct_seizures where {OTHERS}",
    "statistics themselves": "select 1 from pg_catalog.pg_statistic",
    "persons of others in a report": f"select 1 from sarai.rpt_persons_by_month where {OTHERS}",
    "how others report": f"select 1 from sarai.rpt_data_quality where {OTHERS}",
    "the largest seizure of others": f"select 1 from sarai.rpt_seizure_sizes where {OTHERS}",
    "what was observed in others' months": f"select 1 from sarai.rpt_seizure_signals_by_month where {OTHERS}",
    "earlier versions of others' figures": f"select 1 from sarai.rpt_revisions where {OTHERS}",
    "small cells of others": f"select 1 from sarai.rpt_seizures_by_province where {OTHERS} and {SINGLE}",
    "small cells of others in the table": (
        f"select 1 from {TABLES}.rpt_seizures_by_border_point where {OTHERS} and {SINGLE}"
    ),
    "small cells of no country": f"select 1 from sarai.rpt_routes where {SINGLE}",
    # the mass of the one record that is presumed double
    "a row as reported less without doubles": (
        f"select 1 from {TABLES}.rpt_seizures_by_month where {OTHERS} "
        "and quantity_kg - quantity_kg_without_duplicates = 1"
    ),
    "a mart as reported less another without doubles": (
        f"select 1 from {TABLES}.rpt_seizures_by_weight_class as told join {TABLES}.rpt_seizures_by_year as counted "
        "using (country_code, calendar_year, drug_code) "
        f"where {OTHERS} and told.questioned_kg - counted.questioned_kg_without_duplicates = 1"
    ),
    "the region as reported less what it has without doubles": (
        f"select 1 from {TABLES}.rpt_region_by_year where equivalent_kg - equivalent_kg_without_duplicates = 1"
    ),
    "pairs of others": "select 1 from sarai.rpt_mirror_activities where not 'KAZ' in (country_code_a, country_code_b)",
    "matches of others": f"select 1 from {TABLES}.fct_seizure_matches_by_side where reader_country_code <> 'KAZ'",
    "the other side's record of a match": (
        f"select 1 from {TABLES}.fct_seizure_matches_by_side where country_code_a <> 'KAZ' and seizure_id_a is not null"
    ),
    "both records of a match": f"select seizure_id_a, seizure_id_b from {TABLES}.fct_seizure_matches",
    "a whole row of a match": f"select m from {TABLES}.fct_seizure_matches as m",
    "a column of the centre": f"select duplicate_seizure_id from {TABLES}.fct_seizure_matches",
    "a column of the centre in a condition": (
        f"select 1 from {TABLES}.rpt_coverage_by_month where submission_id is not null"
    ),
    "the views of the centre": "select 1 from sarai_centre.fct_seizures",
    "the list of what was served": "select 1 from serving.releases",
    "questions of others": "select 1 from pg_stat_activity where usename = 'bek' and query ~ 'secret question'",
    "passwords": "select 1 from pg_authid",
    "settings of the server": "select 1 from pg_settings where name = 'data_directory'",
}  # fmt: skip
# What she asks the server to do. An administrator may.
DEEDS = {
    "become another country": "set local role sarai_uzb",
    "become the owner": "set local role sarai_owner",
    "become the loader": "set local session authorization sarai_loader",
    "read a file": "select pg_read_file('PG_VERSION')",
    "list files": "select pg_ls_dir('.')",
    "copy a table to a program": f"copy {TABLES}.fct_seizures to program 'cat >/dev/null'",
    "copy a table to a file": f"copy {TABLES}.fct_seizures to '/dev/null'",
    "make a large object": "select lo_create(0)",
    "make a large object of bytes": "select lo_from_bytea(0, 'x')",
    "load a file as a large object": "select lo_import('/etc/hostname')",
    "shut the loader out": "select pg_advisory_lock(5919297)",
    "use up the locks of the server": "select pg_try_advisory_xact_lock_shared(1, 2)",
    "insert": "insert into sarai.dim_dates (date_day) values ('1999-01-01')",
    "update": f"update {TABLES}.fct_seizures set quantity_kg = 0",
    "delete": f"delete from {TABLES}.fct_seizures",
    "truncate": f"truncate {TABLES}.fct_seizures cascade",
    "merge": f"merge into {TABLES}.dim_dates as d using (select 1) as s on false when matched then delete",
    "lock for update": f"select 1 from {TABLES}.fct_seizures for update",
    "lock a table": f"lock table {TABLES}.fct_seizures in access exclusive mode",
    "make a table": "create table sarai.mine (a int)",
    "make a table in public": "create table public.mine (a int)",
    "make a temporary table": "create temporary table mine (a int)",
    "make a view": f"create view sarai.mine as select * from {TABLES}.dim_dates",
    "make a materialized view": f"create materialized view public.mine as select * from {TABLES}.dim_dates",
    "make a function": "create function public.mine() returns int language sql as 'select 1'",
    "make a schema": "create schema mine",
    "make a trigger": (
        f"create trigger t before update on {TABLES}.dim_dates "
        "for each row execute function suppress_redundant_updates_trigger()"
    ),
    "change a policy": f"alter policy sarai_kaz on {TABLES}.fct_seizures using (true)",
    "drop a policy": f"drop policy sarai_kaz on {TABLES}.fct_seizures",
    "switch row security off": f"alter table {TABLES}.fct_seizures disable row level security",
    "grant itself a table": f"grant select on {TABLES}.fct_seizure_matches to aru",
    "grant itself a role": "grant sarai_uzb to aru",
    "make a role": "create role mine",
    "become a superuser": "alter role aru superuser",
    "pass row security by": "alter role aru bypassrls",
    "change the server": "alter database sarai set row_security = off",
    "rename the views": "alter schema sarai rename to mine",
    "replace a view": f"create or replace view sarai.dim_dates as select * from {TABLES}.dim_dates",
    "describe": "comment on view sarai.dim_dates is 'mine'",
    "end a session": "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'bek'",
}  # fmt: skip


@pytest.fixture(scope="module")
def people(serving_server: Server) -> dict[str, psycopg.Connection[psycopg.rows.TupleRow]]:
    names = ("aru", "bek", "centre_analyst", SUPERUSER)
    people = {name: serving_server.connect(name) for name in names}
    people["bek"].execute("select 'secret question'")
    people[SUPERUSER].execute("set default_transaction_read_only = off")
    return people


def _ask(connection: psycopg.Connection[psycopg.rows.TupleRow], question: str) -> int | psycopg.Error:
    """Return how many rows the last statement gives, or its error; nothing stays of it.

    The transaction may write, as everybody can switch off what the database has set.
    """
    try:
        with connection.transaction(force_rollback=True), connection.cursor() as cursor:
            for statement in ("set transaction read write", *question.split("; ")):
                cursor.execute(statement.encode())
            return len(cursor.fetchall()) if cursor.description else cursor.rowcount
    except psycopg.Error as error:
        return error


@pytest.mark.parametrize("attack", READS)
def test_a_reader_sees_no_record_of_others(
    people: dict[str, psycopg.Connection[psycopg.rows.TupleRow]], attack: str
) -> None:
    seen, by_administrator = _ask(people["aru"], READS[attack]), _ask(people[SUPERUSER], READS[attack])

    assert seen == 0 or isinstance(seen, psycopg.errors.InsufficientPrivilege)
    assert by_administrator != 0
    assert not isinstance(by_administrator, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("attack", DEEDS)
def test_a_reader_does_nothing_but_read(
    people: dict[str, psycopg.Connection[psycopg.rows.TupleRow]], attack: str
) -> None:
    refused, by_administrator = _ask(people["aru"], DEEDS[attack]), _ask(people[SUPERUSER], DEEDS[attack])

    assert isinstance(refused, psycopg.errors.InsufficientPrivilege)
    assert not isinstance(by_administrator, psycopg.Error)


def test_no_estimate_tells_how_frequent_a_value_is_in_the_rows_of_others(
    people: dict[str, psycopg.Connection[psycopg.rows.TupleRow]],
) -> None:
    tables = people[SUPERUSER].execute("select count(*) from pg_tables where schemaname = 'release_1_tables'")
    people[SUPERUSER].execute("analyze")
    kept = people[SUPERUSER].execute("select tablename, attname from pg_stats where schemaname = 'release_1_tables'")

    assert kept.fetchall() == []
    assert tables.fetchall() > [(40,)]
