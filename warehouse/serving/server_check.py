"""What a server lets readers do that they must not: each check is a query that names what is wrong."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.serving.layout import OWNER, Circle
from warehouse.serving.roles import CLOSED_FUNCTIONS
from warehouse.serving.server import rows
from warehouse.storage.sql import is_one_of, literal

if TYPE_CHECKING:
    from warehouse.serving.server import Connection

# Groups of readers and whoever is in one. Superusers are in all, and nothing can be kept from them.
_READERS = """
    (select r.oid, r.rolname from pg_roles as r
     where {one_group} or exists (select from pg_roles as g where g.{one_group} and not r.rolsuper
                                  and pg_has_role(r.oid, g.oid, 'member')))
"""
_ROLES = (
    "select 'there is no role ' || name from (values {expected}) as w(name) where to_regrole(name) is null",
    """
    select 'role ' || r.rolname || ' is more than a reader: ' || concat_ws(', ',
        case when a.rolcreaterole then 'it creates roles' end,
        case when a.rolcreatedb then 'it creates databases' end,
        case when a.rolbypassrls then 'it bypasses row security' end,
        case when a.rolreplication then 'it replicates' end)
    from {readers} as r join pg_roles as a using (oid)
    where a.rolcreaterole or a.rolcreatedb or a.rolbypassrls or a.rolreplication
    """,
    """
    select 'group ' || r.rolname || ' is in ' || g.rolname || ': whoever is in the one sees all of the other'
    from pg_roles as r join pg_roles as g on r.oid <> g.oid and pg_has_role(r.oid, g.oid, 'member')
    where r.rolname in ({groups}) and g.rolname in ({groups}) and g.rolname <> {reader} and not r.rolsuper
    """,
    """
    select 'role ' || r.rolname || ' is a reader and in ' || g.rolname
    from {readers} as r join pg_roles as g on pg_has_role(r.oid, g.oid, 'member')
    where g.rolname in ({owner}, 'pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
        'pg_write_server_files', 'pg_execute_server_program', 'pg_maintain', 'pg_signal_backend', 'pg_monitor',
        'pg_read_all_stats', 'pg_read_all_settings', 'pg_stat_scan_tables', 'pg_checkpoint')
    """,
)
_RIGHTS = (
    """
    select r.rolname || ' may ' || p.deed || ' in this database'
    from {readers} as r, (values ('CREATE', 'create'), ('TEMPORARY', 'make temporary tables')) as p(name, deed)
    where has_database_privilege(r.oid, current_database(), p.name)
    """,
    """
    select r.rolname || ' may create in schema ' || n.nspname from {readers} as r, pg_namespace as n
    where n.nspname !~ '^pg_(toast|temp)' and has_schema_privilege(r.oid, n.oid, 'CREATE')
    """,
    """
    select r.rolname || ' may ' || lower(p.name) || ' ' || n.nspname || '.' || c.relname
    from {readers} as r, pg_class as c join pg_namespace as n on n.oid = c.relnamespace,
        unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p(name)
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
        and has_table_privilege(r.oid, c.oid, p.name)
    """,
    """
    select r.rolname || ' may call ' || f.signature from {readers} as r, unnest(array[{functions}]) as f(signature)
    where has_function_privilege(r.oid, f.signature, 'EXECUTE')
    """,
)
_OBJECTS = (
    r"""
    select 'view ' || n.nspname || '.' || c.relname || ' asks with the rights of its owner, and shows all rows'
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'v' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
        and not coalesce(c.reloptions @> array['security_invoker=true'], false)
        and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
        and exists (select from {readers} as r where has_any_column_privilege(r.oid, c.oid, 'SELECT'))
    """,
    """
    select 'materialized view ' || n.nspname || '.' || c.relname || ' shows everybody the rows that it holds'
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.relkind = 'm'
    """,
    """
    select 'function ' || p.oid::regprocedure || ' runs with the rights of its owner'
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
        and exists (select from {readers} as r where has_function_privilege(r.oid, p.oid, 'EXECUTE'))
    """,
    """
    select 'row security is off on ' || n.nspname || '.' || c.relname || ', which has policies'
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where not c.relrowsecurity and exists (select from pg_policy as p where p.polrelid = c.oid)
    """,
    r"""
    select 'policy ' || p.policyname || ' of ' || p.schemaname || '.' || p.tablename || ' is not one of Sarai'
    from pg_policies as p
    where p.schemaname ~ '^release_\d+_tables$'
        and (p.policyname !~ '^sarai_[a-z]+$' or p.roles <> array[p.policyname]::name[] or p.cmd <> 'SELECT')
    """,
)
# A release is served all the same, as an administrator may have reasons, or other means.
_ADVISED = (
    """
    select 'role ' || r.rolname || ' reads what members share, and no member state is called so'
    from pg_roles as r
    where r.rolname ~ '^sarai_[a-z]{{3}}$' and r.rolname <> all (array[{groups}])
        and pg_has_role(r.oid, to_regrole({reader}), 'member')
    """,
    """
    select {reader} || ' may connect to the database ' || d.datname || ' too, where less is closed'
    from pg_database as d
    where d.datallowconn and d.datname <> current_database() and to_regrole({reader}) is not null
        and has_database_privilege(to_regrole({reader}), d.oid, 'CONNECT')
    """,
    """
    select 'readers may ask without end: this database sets no statement_timeout'
    where not exists (
        select from pg_db_role_setting as s join pg_database as d on d.oid = s.setdatabase, unnest(s.setconfig) as line
        where d.datname = current_database() and s.setrole = 0 and line ~ '^statement_timeout=[1-9]')
    """,
    """
    select 'connections are not encrypted: ssl is off'
    where current_setting('ssl') = 'off' and current_setting('listen_addresses') <> ''
    """,
    """
    select 'nothing keeps who asked what: neither pgaudit logs what is read nor is log_statement all'
    where current_setting('log_statement') <> 'all' and not exists (
        select from pg_settings where name = 'pgaudit.log' and setting ~* '(^|[ ,])(read|all)' and setting !~* '-read')
    """,
    """
    select 'the log does not name who asked: log_line_prefix lacks %u'
    where current_setting('log_line_prefix') !~ '%u'
    """,
)


@dataclass(frozen=True)
class Problem:
    """Something that an administrator has to set right; ``is_refused`` if no release may be served meanwhile."""

    text: str
    is_refused: bool


def refusals(connection: "Connection", circle: Circle) -> list[str]:
    """Return why a release may not be served: readers could write, or see what is not theirs."""
    return [problem.text for problem in check_server(connection, circle) if problem.is_refused]


def check_server(connection: "Connection", circle: Circle) -> list[Problem]:
    """Return all problems of a server and of the database that the connection is to."""
    words = {
        "readers": _READERS.format(one_group=is_one_of("rolname", circle.groups)),
        "expected": ", ".join(f"({literal(group)})" for group in (OWNER, *circle.groups)),
        "owner": literal(OWNER),
        "groups": ", ".join(map(literal, circle.groups)),
        "reader": literal(circle.reader),
        "functions": ", ".join(map(literal, CLOSED_FUNCTIONS)),
    }
    checks = [(True, check.format(**words)) for check in (*_ROLES, *_RIGHTS, *_OBJECTS)]
    checks += [(False, check.format(**words)) for check in _ADVISED]
    return [Problem(text, refused) for refused, check in checks for (text,) in rows(connection, check)]
