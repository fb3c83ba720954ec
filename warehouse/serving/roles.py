"""What an administrator runs once on the shared server: roles, databases, and what nobody may do there."""

from collections.abc import Iterator, Sequence

from warehouse.serving.layout import CENTRE, LOADER, OWNER, PUBLIC_READER, READER, country_group
from warehouse.storage.sql import literal

MEMBERS_DATABASE = "sarai"
PUBLIC_DATABASE = "sarai_public"
# Any role may call them until they are revoked: they make large objects, and locks that can shut out the loader and, as
# the table of locks is one for the whole server, everybody else.
CLOSED_FUNCTIONS = (
    "lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)", "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)", "lowrite(integer, bytea)", "lo_truncate(integer, integer)",
    "lo_truncate64(integer, bigint)", "lo_unlink(oid)",
    *(
        f"pg_{attempt}advisory_{span}lock{kind}({key})"
        for attempt in ("", "try_") for span in ("", "xact_") for kind in ("", "_shared")
        for key in ("bigint", "integer, integer")
    ),
)  # fmt: skip
READER_TIMEOUT = "5min"


def setup_statements(countries: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a script for psql, which may run again; ``countries`` are the members' alpha-3 codes.

    People and services get login roles that are in one group: ``create role … login in role sarai_kaz``.
    """
    yield "-- Run with psql as a superuser: psql -v ON_ERROR_STOP=1 -f roles.sql. It may run again."
    yield from _roles(countries)
    for database, groups in (
        (MEMBERS_DATABASE, (LOADER, READER)),
        (PUBLIC_DATABASE, (LOADER, PUBLIC_READER)),
    ):
        yield from _database(database, groups)
    yield "-- Readers would find open there what is closed in their own database."
    yield "revoke connect, temporary on database postgres, template1 from public;"
    yield from _audit()


def _roles(countries: Sequence[str]) -> Iterator[str]:
    groups = [OWNER, READER, CENTRE, PUBLIC_READER, *map(country_group, countries)]
    for group in groups:
        yield _role(group, "nologin")
    yield _role(LOADER, "login")
    yield f"grant {OWNER} to {LOADER};"
    for group in (CENTRE, *map(country_group, countries)):
        yield f"grant {READER} to {group};"


def _role(name: str, login: str) -> str:
    attributes = f"{login} nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit"
    return (
        f"do $$ begin if to_regrole({literal(name)}) is null then create role {name}; end if; end $$; "
        f"alter role {name} {attributes};"
    )


def _database(name: str, groups: Sequence[str]) -> Iterator[str]:
    yield f"select 'create database {name} owner {OWNER} encoding ''UTF8'' template template0' "
    yield f"where not exists (select from pg_database where datname = {literal(name)}) \\gexec"
    yield f"revoke all on database {name} from public;"
    yield f"grant connect on database {name} to {', '.join(groups)};"
    yield f"alter database {name} set statement_timeout = '{READER_TIMEOUT}';"
    yield f"alter database {name} set idle_in_transaction_session_timeout = '{READER_TIMEOUT}';"
    yield f"alter database {name} set default_transaction_read_only = on;"
    yield f"alter role {LOADER} in database {name} set statement_timeout = 0;"
    yield f"alter role {LOADER} in database {name} set default_transaction_read_only = off;"
    yield f"alter role {LOADER} in database {name} set idle_in_transaction_session_timeout = 0;"
    yield f"\\connect {name}"
    yield "set default_transaction_read_only = off;"
    yield from close_database()


def _audit() -> Iterator[str]:
    """Yield what lets the log of the server say who asked what and when, and no reader can switch off."""
    yield "-- Who asked what and when stands in the log of the server. Where pgaudit is loaded (a restart with"
    yield "-- shared_preload_libraries = 'pgaudit'), it keeps that in place of log_statement, and names each table."
    yield "alter system set log_line_prefix = '%m [%p] %u@%d %r ';"
    yield "alter system set log_connections = on;"
    yield "select count(*) > 0 as has_pgaudit from pg_settings where name = 'pgaudit.log' \\gset"
    yield "\\if :has_pgaudit"
    yield "alter system set pgaudit.log = 'read, write, function, role, ddl, misc_set';"
    yield "alter system set pgaudit.log_relation = on;"
    yield "alter system set pgaudit.log_parameter = on;"
    yield "alter system set log_statement = 'none';"
    yield "\\else"
    yield "alter system set log_statement = 'all';"
    yield "\\endif"
    yield "select pg_reload_conf();"


def close_database() -> Iterator[str]:
    """Yield what takes from readers what any role may do in a database, and leaves the owner the lock of a load."""
    yield "revoke all on schema public from public;"
    for function in CLOSED_FUNCTIONS:
        yield f"revoke execute on function {function} from public;"
    yield f"grant execute on function pg_try_advisory_lock(bigint) to {OWNER};"
