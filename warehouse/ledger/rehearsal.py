"""A rehearsal: what changed rules would decide on past submissions, compared with the decisions that hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.findings.finding import Severity
from warehouse.ledger.in_force import REJECTED_TABLES, last_decisions
from warehouse.ledger.opened import VERDICTS
from warehouse.storage.reading import open_beside
from warehouse.storage.sql import identifier, literal

# The rules version of rehearsed decisions: with it every submission waits for one, also under the rules in force.
REHEARSED_RULES = "rehearsal"

# The decisions of the rehearsal and those that hold.
_BOTH = f"""
decided as (
    select *, true as is_new from raw.decisions where decided_at = $decided_at
    union all
    select *, false from ({last_decisions("decided_at <> $decided_at")})
)
"""

_COMPARED = f"""
with {_BOTH},
bad as (
    select submission_id, table_name, bool_or(is_new) as is_bad, bool_or(not is_new) as was_bad
    from raw.findings inner join decided using (submission_id, decided_at)
    where severity = 'error' and source_row is not null
    group by submission_id, table_name, sheet, source_row
),
rows_bad as (
    select
        submission_id, table_name, count_if(is_bad) as bad_count, count_if(was_bad) as before_count,
        count_if(is_bad and not was_bad) as new_count, count_if(was_bad and not is_bad) as mended_count
    from bad
    group by all
),
tables as (
    select
        submission_id, table_name, any_value(row_count) as row_count,
        bool_or(is_new and is_used) as is_used, bool_or(not is_new and is_used) as was_used
    from (
        select
            landed.*, decided.is_new, decided.outcome = 'accepted' and rejected.table_name is null as is_used
        from (select submission_id, table_name, sum(row_count) as row_count from raw.landings group by all) as landed
        inner join decided on landed.submission_id = decided.submission_id
        left join ({REJECTED_TABLES}) as rejected
            on decided.submission_id = rejected.submission_id and decided.decided_at = rejected.decided_at
            and landed.table_name = rejected.table_name
    )
    group by submission_id, table_name
),
moved as (
    select
        submission_id,
        sum(case
            when not was_used then 0
            when not is_used then row_count - coalesce(before_count, 0)
            else coalesce(new_count, 0)
        end)::bigint as lost_count,
        sum(case
            when not is_used then 0
            when not was_used then row_count - coalesce(bad_count, 0)
            else coalesce(mended_count, 0)
        end)::bigint as gained_count
    from tables left join rows_bad using (submission_id, table_name)
    group by submission_id
)
select
    submissions.submission_id, country_code, strftime(reporting_month, '%Y-%m'), file_name,
    before.outcome, after.outcome, coalesce(lost_count, 0), coalesce(gained_count, 0)
from raw.submissions
inner join decided as before on submissions.submission_id = before.submission_id and not before.is_new
inner join decided as after on submissions.submission_id = after.submission_id and after.is_new
left join moved on submissions.submission_id = moved.submission_id
order by country_code, reporting_month, received_at, file_name
"""

_CHANGED = f"""
with {_BOTH},
alone as (
    select submission_id, severity, rule, table_name, field, bool_or(is_new) as is_new
    from raw.findings inner join decided using (submission_id, decided_at)
    where not list_contains($consequences, rule)
    group by submission_id, severity, rule, table_name, field, sheet, source_row
    having count(distinct is_new) = 1
)
select submission_id, severity, rule, table_name, field, count_if(is_new), count_if(not is_new)
from alone
where submission_id in (select submission_id from decided where is_new)
    and submission_id in (select submission_id from decided where not is_new)
group by all
order by severity, rule, table_name, field, submission_id
"""


@dataclass(frozen=True)
class Change:
    """Findings of one rule about one field of a submission that only one of the two decisions has: how many of each."""

    submission_id: str
    severity: Severity
    rule: str
    table: str | None
    field: str | None
    raised_count: int
    gone_count: int


@dataclass(frozen=True)
class Rehearsed:
    """A submission under the rules that decided on it and under those that are rehearsed; counts are of rows."""

    submission_id: str
    country_code: str | None
    month: str | None
    file_name: str
    before: str
    after: str
    lost_count: int
    gained_count: int
    changes: Sequence[Change]

    @property
    def fails(self) -> bool:
        """Whether it, or a row of it, was accepted and would not be."""
        return self.lost_count > 0 or (self.before, self.after) == ("accepted", "rejected")

    @property
    def passes(self) -> bool:
        """Whether it, or a row of it, was not accepted and would be."""
        return self.gained_count > 0 or (self.before, self.after) == ("rejected", "accepted")


def copy_past(past: Path, database: Path) -> None:
    """Copy ledger and raw tables of a warehouse into an empty one; a question that is asked no longer is left out.

    Both are files; ``past`` is opened for reading only. Raises duckdb.IOException when a process has it open for
    writing.
    """
    # A connection of its own: that to a working database reaches no other file.
    with open_beside({"past": past}) as connection:
        connection.execute(f"attach {literal(str(database))} as made")
        shared = connection.execute(
            """
            select table_name, list(column_name order by column_index)
            from duckdb_columns() as own
            where database_name = 'made' and schema_name = 'raw' and table_name <> 'chain'
                and (table_name, column_name) in (
                    select (table_name, column_name) from duckdb_columns()
                    where database_name = 'past' and schema_name = 'raw'
                )
            group by table_name
            """
        ).fetchall()
        for table, columns in shared:
            names, table_name = ", ".join(map(identifier, columns)), identifier(table)
            connection.execute(f"insert into made.raw.{table_name} ({names}) select {names} from past.raw.{table_name}")


def compare_decisions(connection: duckdb.DuckDBPyConnection, decided_at: datetime) -> list[Rehearsed]:
    """Compare the decisions of this time with the last before; submissions without one before are left out.

    Findings are the same when rule, severity, table, field and row are. Those of the reader do not change: what it read
    is not read again. That too many rows have errors is no finding of its own here.
    """
    changes: dict[str, list[Change]] = {}
    values = {"decided_at": decided_at}
    for row in connection.execute(_CHANGED, values | {"consequences": list(VERDICTS)}).fetchall():
        changes.setdefault(row[0], []).append(Change(*row))
    return [Rehearsed(*(*row, changes.get(row[0], ()))) for row in connection.execute(_COMPARED, values).fetchall()]
