"""What gate 1 accepted, counted again from raw: gate 2 must not rely on the models that it judges.

It repeats on purpose what warehouse.ledger.in_force and the models state: a mistake in either must not be in the count
that it is judged by.
"""

from datetime import date

from expectations.gate.rules import Rule, query
from warehouse.words.catalogue import N_

_ROWS_DIFFER = N_(
    "of {submission_id} {accepted_count} rows were accepted, this table holds {found_count}. Nothing is published; "
    "find the model that loses or repeats rows."
)


# The month in which a staged seizure counts.
COUNTED_MONTH = """if(
    seizure_date < reporting_month and seizure_date >= reporting_month - interval 24 month
    and month(seizure_date) <> month(reporting_month) and seizure_date_exchanged is null,
    date_trunc('month', seizure_date)::date, reporting_month
)"""
# What an error by which a decision uses no row of a table fulfils: it is that of the reader, or it names no row.
_OF_ALL = "(found.decided_at is null or found.decided_at = decided.decided_at and found.source_row is null)"


def accepted_from_raw(table: str, as_of: date | None) -> str:
    """Return common table expressions about a table of the form, as known at the end of a day or now.

    ``in_force`` holds submission_id and decided_at of the submissions in force for the table, ``wrong`` the rows
    (submission_id, sheet, source_row) that the decision in force found wrong.
    """
    known = f"{{}} < date '{as_of}' + interval 1 day" if as_of else "{} is not null"
    return f"""
        decided as (
            select submission_id, decided_at, outcome
            from raw.decisions
            where {known.format("decided_at")}
            qualify row_number() over (partition by submission_id order by decided_at desc) = 1
        ),
        in_force as (
            select submission_id, decided_at
            from decided
            inner join raw.submissions using (submission_id)
            left join raw.chain on chain.kind = 'submission' and submissions.submission_id = chain.entry_key
            where outcome = 'accepted' and {known.format("received_at")}
                and submission_id in (select submission_id from raw.landings where table_name = '{table}')
                and not exists (
                    from raw.findings as found
                    where found.submission_id = decided.submission_id and found.severity = 'error'
                        and found.table_name = '{table}' and {_OF_ALL}
                )
            qualify row_number() over (
                partition by country_code, reporting_month
                order by
                    submissions.position desc nulls last, received_at desc, file_name desc, chain.position desc,
                    submissions.rowid desc
            ) = 1
        ),
        wrong as (
            select distinct submission_id, sheet, source_row
            from raw.findings
            inner join in_force using (submission_id, decided_at)
            where severity = 'error' and table_name = '{table}' and source_row is not null
        )"""


def rows_rule(table: str, as_of: date | None) -> Rule:
    """Return the rule that a mart holds, per submission, as many rows as were accepted of a table of the form."""
    return Rule("rows_differ", "error", _ROWS_DIFFER, failing=query(_comparison(table, as_of)))


def _comparison(table: str, as_of: date | None) -> str:
    return f"""
        with {accepted_from_raw(table, as_of)},
        received as (
            select submission_id, sum(row_count) as row_count
            from raw.landings where table_name = '{table}' group by submission_id
        ),
        wrong_counted as (select submission_id, count(*) as wrong_count from wrong group by submission_id),
        expected as (
            select submission_id, cast(row_count - coalesce(wrong_count, 0) as bigint) as accepted_count
            from in_force inner join received using (submission_id) left join wrong_counted using (submission_id)
        ),
        found as (select submission_id, count(*) as found_count from {{batch}} group by submission_id)
        select
            null as row_id, submission_id, coalesce(accepted_count, 0) as accepted_count,
            coalesce(found_count, 0) as found_count
        from expected full join found using (submission_id)
        where coalesce(accepted_count, 0) <> coalesce(found_count, 0)"""
