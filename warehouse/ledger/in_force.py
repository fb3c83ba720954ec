"""What is in force: the decision that holds on each submission, and who speaks for a country, month and table.

Every query of ours that asks for it is made of these texts. The models of dbt state it for what was known on a day
(int_submissions_decided, int_landings_current) and take the order of arrival from here. `sarai reconcile` compares
both, and gate 2 counts what is in force a third time, on its own (expectations.marts.recount).
"""

import logging

import duckdb

from warehouse.storage.database import replace_view

log = logging.getLogger("sarai")

# The order in which submissions count: the accepted one that arrived last speaks for its country, month and table, and
# of several readings of one receipt the last counts. It is the place in the ledger, whatever the clock said; what was
# received before places were recorded comes first, by time and name. Readings of one receipt share all of these, and
# follow each other as in the chain: no digest has the order of rows in a table, which decides where there is no chain.
_ARRIVALS = """
select
    submissions.submission_id,
    row_number() over (
        order by submissions.position nulls first, received_at, file_name, chain.position, submissions.rowid
    ) as arrival_number
from raw.submissions
left join raw.chain on chain.kind = 'submission' and submissions.submission_id = chain.entry_key
"""

# Refusals that a later reading of the same receipt has replaced: the same bytes, under the same name, at the same time.
# Only what was not read at all, so has no format, is read again; the months of one file have one receipt.
REPLACED = """
select submission_id
from raw.submissions
inner join ledger.arrivals using (submission_id)
qualify
    file_format is null
    and row_number() over (partition by sha256, file_name, received_at order by arrival_number desc) > 1
"""


def last_decisions(condition: str = "true") -> str:
    """Return the SQL of the last decision on each submission, of those decisions that fulfil a condition."""
    return f"""
    select *
    from raw.decisions
    where {condition}
    qualify row_number() over (partition by submission_id order by decided_at desc) = 1
    """


def undecided_submissions(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the ids of the submissions on which nothing was ever decided."""
    rows = connection.execute(
        "select submission_id from raw.submissions where submission_id not in (select submission_id from raw.decisions)"
    ).fetchall()
    return {name for (name,) in rows}


# Rules whose errors are about the whole file, though they name a table: it is that of another country, or rows of
# tables that nobody can name were not read, or the file covers several months and could not be divided.
ABOUT_FILE = ("copy_of_other_country", "months_unclear", "provinces_abroad", "rows_above_header", "table_below")

# The tables of which a decision uses no row though it may accept the others: its findings, or those of the reader, have
# an error about the whole of them. Where a whole file was refused, this says no more.
REJECTED_TABLES = """
select distinct decisions.submission_id, decisions.decided_at, found.table_name
from raw.decisions
inner join (
    from raw.findings
    where severity = 'error' and table_name is not null and (decided_at is null or source_row is null)
) as found
    on decisions.submission_id = found.submission_id
    and (found.decided_at is null or found.decided_at = decisions.decided_at)
"""

# The last decisions that were known at the end of the day $as_of (UTC), or now if that is null.
KNOWN_DECISIONS = last_decisions("decided_at::date <= coalesce($as_of::date, 'infinity'::date)")

# Common table expressions: ``latest`` is the decision that holds on each submission, with who sent it when;
# ``rejected_tables`` are those that it does not use; ``parts`` are the other tables of accepted submissions with their
# rows, ``is_current`` where the submission speaks for the table.
LATEST = f"""
latest as (
    select decisions.*, country_code, reporting_month, received_at, file_name, arrival_number
    from ({last_decisions()}) as decisions
    inner join raw.submissions on decisions.submission_id = submissions.submission_id
    inner join ledger.arrivals on decisions.submission_id = arrivals.submission_id
    where decisions.submission_id not in ({REPLACED})
),
rejected_tables as (
    select submission_id, table_name
    from ({REJECTED_TABLES})
    semi join latest using (submission_id, decided_at)
),
parts as (
    select
        latest.submission_id, latest.country_code, latest.reporting_month, landings.table_name,
        sum(landings.row_count)::bigint as row_count,
        row_number() over (
            partition by latest.country_code, latest.reporting_month, landings.table_name
            order by any_value(latest.arrival_number) desc
        ) = 1 as is_current
    from latest
    inner join raw.landings on latest.submission_id = landings.submission_id
    left join rejected_tables
        on latest.submission_id = rejected_tables.submission_id and landings.table_name = rejected_tables.table_name
    where latest.outcome = 'accepted' and rejected_tables.table_name is null
    group by latest.submission_id, latest.country_code, latest.reporting_month, landings.table_name
)
"""
# After them: ``counted`` are the tables that were received, with their rows and those of them that are held back.
COUNTED = """
bad as (
    select findings.submission_id, findings.table_name, count(distinct (sheet, source_row)) as row_count
    from raw.findings
    inner join latest on findings.submission_id = latest.submission_id and findings.decided_at = latest.decided_at
    where severity = 'error' and source_row is not null
    group by all
),
counted as (
    select
        landed.submission_id, landed.table_name, latest.outcome, landed.row_count,
        case
            when latest.outcome = 'rejected' or rejected_tables.table_name is not null then landed.row_count
            else coalesce(bad.row_count, 0)
        end as held_count
    from (
        select submission_id, table_name, sum(row_count)::bigint as row_count from raw.landings group by all
    ) as landed
    left join latest on landed.submission_id = latest.submission_id
    left join rejected_tables
        on landed.submission_id = rejected_tables.submission_id and landed.table_name = rejected_tables.table_name
    left join bad on landed.submission_id = bad.submission_id and landed.table_name = bad.table_name
)
"""
# After them: ``spoken`` is whether an accepted submission speaks for all of its tables.
SPOKEN = "spoken as (select submission_id, bool_and(is_current) as is_in_force from parts group by submission_id)"


def create_arrivals(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the view ``ledger.arrivals``: submission_id, and arrival_number from 1 in the order that counts."""
    keep_view(connection, "arrivals", _ARRIVALS, "the order of receipts")


def keep_view(connection: duckdb.DuckDBPyConnection, name: str, sql: str, meaning: str) -> None:
    """Create a view of schema ledger of a query; ``meaning`` says in the log what it holds.

    One that says the same stays: a command that only reads leaves the bytes of the database as they are. One that says
    something else is that of another version of Sarai, or was put there by somebody; it is logged and replaced.
    """
    connection.execute(f"create or replace temp view {name} as {sql}")
    views = dict(
        connection.execute(
            "select schema_name, regexp_replace(sql, '^CREATE (TEMP )?VIEW (ledger\\.)?' || view_name, '') "
            "from duckdb_views() where view_name = ? "
            "and (temporary or (database_name = current_database() and schema_name = 'ledger'))",
            [name],
        ).fetchall()
    )
    connection.execute(f"drop view temp.{name}")
    if views.get("ledger") != views["main"]:
        if "ledger" in views:
            log.warning("The view ledger.%s, %s, was not that of this version. It is again.", name, meaning)
        connection.execute("create schema if not exists ledger")
        replace_view(connection, "ledger", name, sql)
