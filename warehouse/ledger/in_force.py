"""What is in force: the decision that holds on each submission, and who speaks for a country, month and table."""

# Refusals that a later reading of the same bytes under the same name has replaced.
REPLACED = """
select submission_id
from raw.submissions
qualify row_number() over (partition by sha256, file_name order by rowid desc) > 1
"""


# The decision that holds, and the accepted submission that speaks for a country, a month and a table.
LATEST = f"""
latest as (
    select decisions.*, country_code, reporting_month, received_at, file_name
    from raw.decisions
    inner join raw.submissions on decisions.submission_id = submissions.submission_id
    where decisions.submission_id not in ({REPLACED})
    qualify row_number() over (partition by decisions.submission_id order by decided_at desc) = 1
),
parts as (
    select
        latest.submission_id, latest.country_code, latest.reporting_month, landings.table_name,
        sum(landings.row_count)::bigint as row_count,
        row_number() over (
            partition by latest.country_code, latest.reporting_month, landings.table_name
            order by any_value(latest.received_at) desc, any_value(latest.file_name) desc
        ) = 1 as is_current
    from latest
    inner join raw.landings on latest.submission_id = landings.submission_id
    where latest.outcome = 'accepted'
    group by latest.submission_id, latest.country_code, latest.reporting_month, landings.table_name
)
"""
