with answered as (

    {% for table in [
        'activities', 'blo_register', 'challenges', 'contraband', 'equipment',
        'eradication', 'exchanges', 'laboratories', 'persons', 'prices', 'seizures',
        'staff', 'stories', 'throughput'
    ] -%}
    select
        submission_id,
        '{{ table }}' as table_name,
        -- In order: the last digit of a sum of doubles depends on it.
        100 * avg(answered_ratio order by answered_ratio) as completeness_pct
    from {{ ref('stg_' ~ table) }}
    group by submission_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

withheld as (

    select submission_id
    from (
        -- Both in one place: the patterns of names take longer than all else here.
        select
            submission_id,
            unnest([file_name, replace(file_name, '.', ' ')]) as file_name
        from {{ ref('int_submissions_decided') }}
    )
    where {{ personal_data("file_name") }} is not null

)

select
    judged.submission_id,
    judged.table_name,
    decided.country_code,
    if(
        decided.submission_id in (select withheld.submission_id from withheld),
        '[withheld: personal data]',
        decided.file_name
    ) as file_name,
    decided.sha256,
    judged.outcome,
    current_landings.submission_id is not null as is_current,
    judged.received_count,
    judged.received_count - judged.quarantined_count as accepted_count,
    judged.quarantined_count,
    judged.findings_count,
    date_diff(
        'day', last_day(decided.reporting_month), cast(decided.received_at as date)
    ) as timeliness_days,
    answered.completeness_pct,
    decided.reporting_month,
    decided.received_at
from {{ ref('int_landings_judged') }} as judged
inner join {{ ref('int_submissions_decided') }} as decided
    on judged.submission_id = decided.submission_id
left join answered
    on
        judged.submission_id = answered.submission_id
        and judged.table_name = answered.table_name
left join {{ ref('int_landings_current') }} as current_landings
    on
        judged.submission_id = current_landings.submission_id
        and judged.table_name = current_landings.table_name
order by judged.submission_id, judged.table_name
