-- A file in which no table could be read has one row, of the table 'none'.
with parts as (

    select
        decided.submission_id,
        coalesce(landings.table_name, 'none') as table_name,
        any_value(decided.decided_at) as decided_at,
        cast(coalesce(sum(landings.row_count), 0) as bigint) as received_count
    from {{ ref('int_submissions_decided') }} as decided
    left join
        {{ ref('stg_landings') }} as landings
        on decided.submission_id = landings.submission_id
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
    parts.received_count,
    coalesce(quarantined.quarantined_count, 0) as quarantined_count,
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
