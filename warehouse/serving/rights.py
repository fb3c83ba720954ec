"""What readers may see of the served releases as `sarai serve` left it, so that a change by hand is noticed."""

from typing import TYPE_CHECKING

from warehouse.releases.marts import Column, Mart
from warehouse.serving.layout import LATEST, LATEST_CENTRE, SERVED_RIGHTS, tables_schema, views_schema
from warehouse.serving.rules import BY_SIDE
from warehouse.serving.server import rows, run, value
from warehouse.storage.sql import is_one_of

if TYPE_CHECKING:
    from warehouse.serving.server import Connection

_GRANTED = """(
    select string_agg(concat_ws(' ', g.grantee::regrole, g.privilege_type), ',' order by g.grantee, g.privilege_type)
    from aclexplode({acl}) as g where g.grantee <> {owner}
)"""
# Grants, policies, and what a view asks, of each table and view of these schemas.
_STATE = f"""
    select n.nspname || '.' || c.relname as object, md5(concat_ws('|', c.relkind, c.relowner::regrole,
        c.relrowsecurity, c.reloptions, {_GRANTED.format(acl="c.relacl", owner="c.relowner")},
        (select string_agg(concat(a.attname, {_GRANTED.format(acl="a.attacl", owner="c.relowner")}), ';'
                           order by a.attnum)
         from pg_attribute as a where a.attrelid = c.oid and a.attacl is not null),
        (select string_agg(concat_ws(' ', p.polname, p.polpermissive, p.polroles::regrole[], p.polcmd,
                                     pg_get_expr(p.polqual, p.polrelid)), ';' order by p.polname)
         from pg_policy as p where p.polrelid = c.oid),
        case when c.relkind = 'v' then pg_get_viewdef(c.oid) end)) as state
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and {{schemas}}
    union all
    select n.nspname, md5(concat_ws('|', n.nspowner::regrole, {_GRANTED.format(acl="n.nspacl", owner="n.nspowner")}))
    from pg_namespace as n where {{schemas}}
"""
_SCHEMA_OF = "split_part(object, '.', 1)"


def create_rights(connection: "Connection") -> None:
    """Create the table of what readers may see, which readers do not see, if it is not there."""
    columns = "object text primary key, state text not null"
    run(connection, [f"create table if not exists {SERVED_RIGHTS} ({columns})"])


def keep_rights(connection: "Connection", number: int | None = None) -> None:
    """Note what readers may see of a release; without a number, of the stable schemas."""
    schemas = _schemas(number)
    state = _STATE.format(schemas=is_one_of("n.nspname", schemas))
    run(
        connection,
        [
            f"delete from {SERVED_RIGHTS} where {is_one_of(_SCHEMA_OF, schemas)}",
            f"insert into {SERVED_RIGHTS} select object, state from ({state}) as now",
        ],
    )


def forget_rights(connection: "Connection", number: int) -> None:
    """Remove what was noted of a release."""
    run(connection, [f"delete from {SERVED_RIGHTS} where {is_one_of(_SCHEMA_OF, _schemas(number))}"])


def changed_rights(connection: "Connection", number: int | None = None) -> list[str]:
    """Return the tables and views of a release of which readers may see something else than was noted.

    Without a number, those of the stable schemas.
    """
    if value(connection, "select to_regclass(%s)", (SERVED_RIGHTS,)) is None:
        return []
    schemas = _schemas(number)
    found = rows(
        connection,
        f"select object from ({_STATE.format(schemas=is_one_of('n.nspname', schemas))}) as now full join "
        f"(select object, state as noted from {SERVED_RIGHTS} where {is_one_of(_SCHEMA_OF, schemas)}) as before "
        "using (object) where state is distinct from noted order by object",
    )
    return [name for (name,) in found]


def grantees(connection: "Connection", schema: str) -> list[str]:
    """Return who but the owner was granted something on a schema or its tables, quoted."""
    found = rows(
        connection,
        "select distinct case when g.grantee = 0 then 'public' else g.grantee::regrole::text end from ("
        "select c.relowner as owner, c.relacl as acl, c.relnamespace as schema from pg_class as c union all "
        "select c.relowner, a.attacl, c.relnamespace from pg_attribute as a join pg_class as c on c.oid = a.attrelid "
        "union all select n.nspowner, n.nspacl, n.oid from pg_namespace as n) as acls, aclexplode(acls.acl) as g "
        "where acls.schema = to_regnamespace(%s) and g.grantee <> acls.owner order by 1",
        (schema,),
    )
    return [name for (name,) in found]


def loaded_marts(connection: "Connection", number: int) -> list[Mart]:
    """Return the marts of a release that is on the server: names and descriptions, without types and keys."""
    found = rows(
        connection,
        "select c.relname, obj_description(c.oid, 'pg_class'), a.attname, a.attnotnull, "
        "col_description(c.oid, a.attnum) from pg_class as c join pg_attribute as a on a.attrelid = c.oid "
        "where c.relkind = 'r' and c.relnamespace = to_regnamespace(%s) and a.attnum > 0 and not a.attisdropped "
        "order by c.relname, a.attnum",
        (tables_schema(number),),
    )
    columns: dict[tuple[str, str | None], list[Column]] = {}
    for name, comment, column, is_required, described in found:
        if not name.endswith(BY_SIDE):
            columns.setdefault((name, comment), []).append(Column(column, "", not is_required, described))
    return [Mart(name, comment, tuple(listed), (), 0) for (name, comment), listed in columns.items()]


def _schemas(number: int | None) -> tuple[str, str]:
    return (LATEST, LATEST_CENTRE) if number is None else (views_schema(number), tables_schema(number))
