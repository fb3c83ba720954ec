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

),

answered as (

    {% for table in ['activities', 'persons', 'prices', 'seizures'] -%}
    select
        submission_id,
        '{{ table }}' as table_name,
        100 * avg(answered_ratio) as completeness_pct
    from {{ ref('stg_' ~ table) }}
    group by submission_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    parts.submission_id,
    parts.table_name,
    decided.country_code,
    decided.file_name,
    decided.sha256,
    decided.outcome,
    current_landings.submission_id is not null as is_current,
    parts.received_count,
    if(
        decided.outcome = 'accepted',
        parts.received_count - coalesce(quarantined.quarantined_count, 0),
        0
    )
        as accepted_count,
    if(
        decided.outcome = 'accepted',
        coalesce(quarantined.quarantined_count, 0),
        parts.received_count
    )
        as quarantined_count,
    coalesce(found.findings_count, 0) as findings_count,
    date_diff(
        'day', last_day(decided.reporting_month), cast(decided.received_at as date)
    ) as timeliness_days,
    answered.completeness_pct,
    decided.reporting_month,
    decided.received_at
from parts
inner join
    {{ ref('int_submissions_decided') }} as decided
    on parts.submission_id = decided.submission_id
left join quarantined
    on
        parts.submission_id = quarantined.submission_id
        and parts.table_name = quarantined.table_name
left join found
    on parts.submission_id = found.submission_id and parts.table_name = found.table_name
left join answered
    on
        parts.submission_id = answered.submission_id
        and parts.table_name = answered.table_name
left join {{ ref('int_landings_current') }} as current_landings
    on
        parts.submission_id = current_landings.submission_id
        and parts.table_name = current_landings.table_name
order by parts.submission_id, parts.table_name
