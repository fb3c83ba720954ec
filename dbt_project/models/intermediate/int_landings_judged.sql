-- A file in which no table could be read has one row, of the table 'none'; a table that
-- was rejected beside others has one, also if its rows could not be read.
with landed as (

    select
        submission_id,
        table_name,
        row_count
    from {{ ref('stg_landings') }}
    union all
    select
        rejected.submission_id,
        rejected.table_name,
        0 as row_count
    from {{ ref('int_landings_rejected') }} as rejected
    inner join {{ ref('int_submissions_decided') }} as decided
        on rejected.submission_id = decided.submission_id
    where decided.outcome = 'accepted'

),

parts as (

    select
        decided.submission_id,
        coalesce(landed.table_name, 'none') as table_name,
        any_value(decided.decided_at) as decided_at,
        if(
            bool_or(rejected.submission_id is not null),
            'rejected', any_value(decided.outcome)
        ) as outcome,
        cast(coalesce(sum(landed.row_count), 0) as bigint) as received_count
    from {{ ref('int_submissions_decided') }} as decided
    left join landed on decided.submission_id = landed.submission_id
    left join {{ ref('int_landings_rejected') }} as rejected
        on
            landed.submission_id = rejected.submission_id
            and landed.table_name = rejected.table_name
    group by all

),

quarantined as (

    select
        submission_id,
        table_name,
        count(*) as quarantined_count
    from {{ ref('int_rows_quarantined') }}
    group by all

),

-- A finding about the whole file counts for each of its tables.
found as (

    select
        parts.submission_id,
        parts.table_name,
        count(*) as findings_count
    from parts
    inner join {{ source('raw', 'findings') }} as findings
        on
            parts.submission_id = findings.submission_id
            and coalesce(findings.table_name, parts.table_name) = parts.table_name
            and coalesce(findings.decided_at, parts.decided_at) = parts.decided_at
    group by all

)

select
    parts.submission_id,
    parts.table_name,
    parts.outcome,
    parts.received_count,
    if(
        parts.outcome = 'accepted',
        coalesce(quarantined.quarantined_count, 0), parts.received_count
    ) as quarantined_count,
    coalesce(found.findings_count, 0) as findings_count
from parts
left join quarantined
    on
        parts.submission_id = quarantined.submission_id
        and parts.table_name = quarantined.table_name
left join found
    on
        parts.submission_id = found.submission_id
        and parts.table_name = found.table_name
