"""The rules in force: their version, the waivers that are valid on a day, and what waits for a decision by them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.ledger.in_force import ABOUT_FILE, LATEST, REPLACED, last_decisions
from warehouse.ledger.waivers import Waiver, digest, waivers_of
from warehouse.questionnaire.definition import Questionnaire, Table, load_questionnaire
from warehouse.storage.database import replace_table, replace_views

# How many months before that of its report a row may be dated, to be counted in its own month.
LATE_MONTHS = 24
# The rule that holds back a late row whose record stands in an earlier report. The row still holds other reports' back:
# once the earlier report loses the record it counts itself, and of those that repeat it none.
REPORTED = "row_is_reported"

# What speaks for a country, month and table: by the ledger, and once what waits is accepted.
_SPEAKING = f"""
with {LATEST}
select submission_id, country_code, reporting_month, table_name from parts where is_current
"""
_WILL_SPEAK = f"""
with {LATEST},
known as (
    select submission_id, table_name from parts where is_current
    union
    select pending.submission_id, table_name
    from audit.pending
    inner join raw.landings on pending.submission_id = landings.submission_id
    where not is_refused
)
select known.submission_id, country_code, reporting_month, known.table_name
from known
inner join raw.submissions on known.submission_id = submissions.submission_id
inner join ledger.arrivals on known.submission_id = arrivals.submission_id
qualify row_number() over (
    partition by country_code, reporting_month, known.table_name order by arrival_number desc
) = 1
"""

# The rows that the last decisions found wrong: they hold nothing back.
_WRONG = f"""
select distinct submission_id, table_name, sheet, source_row
from raw.findings
semi join ({last_decisions()}) using (submission_id, decided_at)
where severity = 'error' and rule <> '{REPORTED}' and source_row is not null
"""


@dataclass(frozen=True)
class InForce:
    """What decides on a day: the version of the rules, and the waivers that are valid on it."""

    version: str
    waivers: Sequence[Waiver] = ()

    def versions(self, connection: duckdb.DuckDBPyConnection, *, once_decided: bool = False) -> Mapping[str, str]:
        """Return submission_id → version; that of its waivers is behind that of the rules, where it has any.

        It changes when a waiver of the submission begins, ends or is edited, and then that alone is decided anew. So it
        is where other reports speak for the months of its late rows, which may hold the same records, or other rows of
        them were found wrong: those in force, or those in force ``once_decided``, if what is listed in
        ``audit.pending`` is accepted.
        """
        own, late = waivers_of(connection, self.waivers), _late(connection, once_decided=once_decided)
        names = connection.execute(
            f"select submission_id from raw.submissions where submission_id not in ({REPLACED}) order by 1"
        ).fetchall()
        return {
            name: self.version + (f"+{digest(own[name])}" if name in own else "") + late.get(name, "")
            for (name,) in names
        }


def is_late(day: str) -> str:
    """Return the SQL that a typed row with this day counts in the month of it, before that of its report.

    A day in the same month of another year, or in the month of the report once day and month are exchanged, is
    probably a slip. The macro counted_month of dbt and gate 2 state the same.
    """
    return (
        f"({day} < reporting_month and {day} >= reporting_month - interval {LATE_MONTHS} month "
        f"and {day}_problem is null and month({day}) <> month(reporting_month) and {day}_exchanged is null)"
    )


def dated_tables() -> list[Table]:
    """Return the tables of the questionnaire whose rows have a day."""
    return [table for table in load_questionnaire().tables if table.field(table.period).type == "date"]


def _late(connection: duckdb.DuckDBPyConnection, *, once_decided: bool) -> dict[str, str]:
    """Return submission_id → "~" and 8 hex digits, of those with late rows: what stands in reports on their months."""
    tables = _typed_tables(connection)
    rows = " union all ".join(
        f"""
        select submission_id, '{table.name}' as table_name, any_value(country_code) as country_code,
            any_value(reporting_month) as reporting_month, date_trunc('month', min({table.period}))::date as first_month
        from staging."stg_{table.name}" where {is_late(table.period)} group by submission_id
        """
        for table in tables
    )
    late = connection.execute(rows).fetchall() if rows else []
    if not late:
        return {}
    wrong = _wrong_rows(connection, tables)
    speaking = connection.execute(f"from ({_WILL_SPEAK if once_decided else _SPEAKING}) order by all").fetchall()
    heard = {(name, table) for name, _, _, table in speaking}
    found: dict[str, list[str]] = {}
    for submission_id, table, country, month, first_month in sorted(late):
        if (submission_id, table) in heard:
            found.setdefault(submission_id, []).extend(
                f"{name} {table} {wrong.get((name, table), '')}"
                for name, spoken_country, spoken_month, spoken_table in speaking
                if (spoken_country, spoken_table) == (country, table) and first_month <= spoken_month < month
            )  # fmt: skip
    digests = {name: f"~{hashlib.sha256(repr(texts).encode()).hexdigest()[:8]}" for name, texts in found.items()}
    return _last_late(connection) | digests


def _last_late(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the same as it was when each submission was last decided on: it holds for those that do not speak."""
    return dict(
        connection.execute(
            f"select submission_id, regexp_extract(rules_version, '~.*') from ({last_decisions()}) "
            "where contains(rules_version, '~')"
        ).fetchall()
    )


def _typed_tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    typed = {name for (name,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database() and schema_name = 'staging'"
    ).fetchall()}  # fmt: skip
    return [table for table in dated_tables() if f"stg_{table.name}" in typed]


def _wrong_rows(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> Mapping[tuple[str, str], str]:
    """Return (submission_id, table) → a digest of the rows that are wrong, of whatever day: that may be the error."""
    digests = " union all ".join(
        f"""
        select submission_id, table_name,
            md5(string_agg(concat_ws(':', sheet, source_row), ',' order by sheet, source_row)) as rows_digest
        from wrong inner join staging."stg_{table.name}" using (submission_id, sheet, source_row)
        where table_name = '{table.name}'
        group by all
        """
        for table in tables
    )
    rows = connection.execute(f"with wrong as ({_WRONG}) from ({digests})").fetchall()
    return {(submission_id, table): digest for submission_id, table, digest in rows}


def waiting(connection: duckdb.DuckDBPyConnection, rules: InForce) -> list[str]:
    """Return the ids of submissions on which it was not these rules and waivers that decided last."""
    decided = _decided(connection)
    return [name for name, version in rules.versions(connection).items() if decided.get(name) != version]


def _decided(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return submission_id → the version of the rules that decided on it last."""
    return dict(connection.execute(f"select submission_id, rules_version from ({last_decisions()})").fetchall())


def has_undecided(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether anything was landed on which nothing was ever decided: a run was killed between the two."""
    tables = "select count(*) from duckdb_tables() where database_name = current_database() and schema_name = 'raw'"
    if connection.execute(f"{tables} and table_name in ('submissions', 'decisions')").fetchone() != (2,):
        return False
    undecided = (
        f"from raw.submissions anti join raw.decisions using (submission_id) where submission_id not in ({REPLACED})"
    )
    return connection.execute(f"select count(*) {undecided}").fetchone() != (0,)


def open_batch(connection: duckdb.DuckDBPyConnection, questionnaire: Questionnaire, rules: InForce) -> list[str]:
    """Collect the submissions that wait for a decision by these rules and waivers; returns their ids.

    ``audit.<table>`` are views of their staged rows. A file that was refused when it was read has no rows there, nor
    has a table of which its reader found an error: that finding is enough. ``audit.spoken_<table>`` are views of what
    speaks for each country and month once all of them are accepted, without rows that were found wrong, of tables whose
    rows have a day.
    """
    names = list_pending(connection, rules)
    views = {
        table.name: f"""
            select * from staging."stg_{table.name}"
            where submission_id in (select submission_id from audit.pending where not is_refused)
                and submission_id not in (
                    select submission_id from raw.findings
                    where decided_at is null and severity = 'error' and table_name = '{table.name}'
                )
            """
        for table in questionnaire.tables
    }
    replace_views(connection, "audit", views | _spoken())
    return names


def _spoken() -> dict[str, str]:
    return {
        f"spoken_{table.name}": f"""
            select staged.* from staging."stg_{table.name}" as staged
            semi join audit.speaking
                on staged.submission_id = speaking.submission_id and speaking.table_name = '{table.name}'
            anti join (from ({_WRONG}) where table_name = '{table.name}') as wrong
                on staged.submission_id = wrong.submission_id and staged.sheet = wrong.sheet
                and staged.source_row = wrong.source_row
            """
        for table in dated_tables()
    }


def list_pending(connection: duckdb.DuckDBPyConnection, rules: InForce) -> list[str]:
    """List in ``audit.pending`` the submissions that wait, and whether the reader refused the file; returns their ids.

    A reader's error about one table (warehouse.ledger.in_force.ABOUT_FILE) refuses no file. Submissions with late rows
    wait too, if what waits will speak for the months of these.
    """
    names = waiting(connection, rules)
    _list(connection, names)
    decided, versions = _decided(connection), rules.versions(connection, once_decided=True)
    if more := [name for name in versions if "~" in versions[name] and decided.get(name) != versions[name]]:
        names = sorted({*names, *more})
        _list(connection, names)
    replace_table(connection, "audit", "speaking", f"as {_WILL_SPEAK}")
    return names


def _list(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    connection.execute("create schema if not exists audit")
    replace_table(
        connection,
        "audit",
        "pending",
        """
        as select submission_id, submission_id in (
            select submission_id from raw.findings
            where decided_at is null and severity = 'error'
                and (table_name is null or rule in (select unnest(?::varchar[])))
        ) as is_refused
        from raw.submissions
        where submission_id in (select unnest(?::varchar[]))
        """,
        [list(ABOUT_FILE), names],
    )
