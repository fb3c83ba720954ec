"""Whether the marts hold the rows that are in force by the ledger, counted without the models, and are as built."""

from collections.abc import Iterator

import duckdb

from warehouse.ledger.derived import digest_marts, read_derived
from warehouse.ledger.in_force import LATEST, REJECTED_TABLES
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.safekeeping.derived_check import REPAIR_IT
from warehouse.storage.table_digests import filled_tables, tables_in

_REBUILD = "Run `sarai publish`, which builds the marts anew."

# Accepted rows that their fact table leaves out, by table of the questionnaire.
_LEFT_OUT = {"stories": "cleared_for_publication_code is distinct from 'YES'"}

# Compared with the submissions that the marts name, so that it holds before and after the next publish.
_PUBLISHED = f"""
with {LATEST},
wrong as (
    select distinct findings.submission_id, findings.sheet, findings.source_row
    from raw.findings
    inner join latest on findings.submission_id = latest.submission_id and findings.decided_at = latest.decided_at
    where findings.severity = 'error' and findings.table_name = $table_name
),
left_out as (
    select submission_id, count(*) as row_count
    from staging."stg_{{table}}" as staged
    anti join wrong using (submission_id, sheet, source_row)
    where {{condition}}
    group by all
),
shown as (
    select submission_id, accepted_count - coalesce(left_out.row_count, 0) as row_count
    from marts.rpt_submissions
    left join left_out using (submission_id)
    where table_name = $table_name and is_current
),
facts as (select submission_id, count(*) as row_count from marts."{{mart}}" group by all)
select submission_id, coalesce(shown.row_count, 0), coalesce(facts.row_count, 0)
from shown full join facts using (submission_id)
where coalesce(shown.row_count, 0) <> coalesce(facts.row_count, 0)
order by 1
"""

# The counts of the marts for a table of a submission have to be those of one of the decisions on it.
_JUDGED = f"""
with rejected_tables as ({REJECTED_TABLES}),
landed as (
    select submission_id, table_name, sum(row_count)::bigint as received_count
    from (
        select submission_id, table_name, row_count from raw.landings
        union all select submission_id, table_name, 0 from rejected_tables
    )
    group by all
),
wrong as (
    select submission_id, decided_at, table_name, count(distinct (sheet, source_row)) as row_count
    from raw.findings
    where severity = 'error' and source_row is not null
    group by all
),
judged as (
    select
        decisions.submission_id, landed.table_name, landed.received_count,
        if(rejected_tables.table_name is null, decisions.outcome, 'rejected') as table_outcome,
        if(table_outcome = 'accepted', coalesce(wrong.row_count, 0), landed.received_count) as quarantined_count
    from raw.decisions
    inner join landed on decisions.submission_id = landed.submission_id
    left join wrong
        on decisions.submission_id = wrong.submission_id and decisions.decided_at = wrong.decided_at
        and landed.table_name = wrong.table_name
    left join rejected_tables
        on decisions.submission_id = rejected_tables.submission_id
        and decisions.decided_at = rejected_tables.decided_at and landed.table_name = rejected_tables.table_name
)
select submission_id, table_name, received_count, accepted_count, quarantined_count
from marts.rpt_submissions as published
where table_name <> 'none' and not exists (
    select 1
    from judged
    where judged.submission_id = published.submission_id and judged.table_name = published.table_name
        and judged.table_outcome = published.outcome and judged.received_count = published.received_count
        and judged.quarantined_count = published.quarantined_count
        and published.accepted_count + published.quarantined_count = published.received_count
)
order by 1, 2
"""

_IN_FORCE = f"""
with {LATEST},
decided as (select submission_id, outcome from latest),
-- A submission is accepted if a table of it is.
known as (select submission_id, min(outcome) as outcome from marts.rpt_submissions group by all),
expected as (select submission_id, table_name from parts where is_current),
published as (select submission_id, table_name from marts.rpt_submissions where is_current)
select coalesce(expected.submission_id, published.submission_id), coalesce(expected.table_name, published.table_name)
from expected
full join published
    on expected.submission_id = published.submission_id and expected.table_name = published.table_name
where (expected.submission_id is null or published.submission_id is null)
    and not exists (from (from decided except from known))
    and not exists (from (from known except from decided))
order by 1, 2
"""


def compare_marts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield each submission and table whose rows in the marts are not those that were accepted and are in force.

    Where all are, yield each mart of which a value is not as it was built.
    """
    problems = list(_compare_rows(connection))
    yield from problems or _compare_built(connection)


def _compare_built(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    entry = read_derived(connection).marts
    built = entry.splitlines()
    names = {line.split(" ")[0].removeprefix("marts.") for line in built}
    there = set(digest_marts(connection, names, entry).splitlines())
    for line in built:
        if line not in there:
            yield f"{line.split(' ')[0]}: its rows are not those that were built. {_REBUILD}"


def _compare_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    present, staged = tables_in(connection, "marts"), tables_in(connection, "staging")
    if "rpt_submissions" not in present:
        return
    facts = {table.name: _facts_of(table.name, present) for table in load_questionnaire().tables}
    filled = filled_tables(connection, [f'marts."{mart}"' for mart in facts.values() if mart])
    current = connection.execute("select distinct table_name from marts.rpt_submissions where is_current").fetchall()
    for table, mart in facts.items():
        if mart is None:
            yield f"{table}: schema marts has no fact table of it. {_REBUILD}"
            continue
        if (table,) not in current and f'marts."{mart}"' not in filled:
            continue
        if f"stg_{table}" not in staged:
            yield f"{table}: schema staging has no table of its typed rows. {REPAIR_IT}"
            continue
        query = _PUBLISHED.format(table=table, mart=mart, condition=_LEFT_OUT.get(table, "false"))
        rows = connection.execute(query, {"table_name": table}).fetchall()
        for name, accepted, there in rows:
            yield f"{name}: {accepted} accepted rows are in force and {there} are in marts.{mart}. {_REBUILD}"
    for name, table_name, received, accepted, quarantined in connection.execute(_JUDGED).fetchall():
        yield (
            f"{name}, {table_name}: no decision says what the marts say, {received} rows received, {accepted} accepted "
            f"and {quarantined} quarantined. {_REBUILD}"
        )
    for name, table_name in connection.execute(_IN_FORCE).fetchall():
        yield f"{name}, {table_name}: marts and ledger differ on whether it is in force. {_REBUILD}"


def _facts_of(table: str, marts: set[str]) -> str | None:
    """Return the fact table of a table of the questionnaire: that of blo_register is fct_blo_register_entries."""
    name = f"fct_{table}"
    return name if name in marts else next((mart for mart in sorted(marts) if mart.startswith(f"{name}_")), None)
