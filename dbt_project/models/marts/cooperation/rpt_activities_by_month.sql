with parts as (

    {{ activities_by_month_parts() }}

),

followed as (

    select
        row_id,
        sum(seizures_within_7_days_count) as seizures_within_7_days_count
    from parts
    group by row_id

)

select
    activities.country_code,
    activities.reporting_month as month_date,
    coalesce(activities.border_point_code, 'NOT_ANSWERED') as border_point_code,
    coalesce(activities.activity_type_code, 'NOT_ANSWERED') as activity_type_code,
    coalesce(activities.counterpart_country_code, 'NOT_ANSWERED')
        as counterpart_country_code,
    count(*) as activities_count,
    cast(sum(activities.participants_female_count) as bigint)
        as participants_female_count,
    cast(sum(activities.participants_male_count) as bigint)
        as participants_male_count,
    -- Only of activities that answer both.
    100 * sum(
        if(
            activities.participants_male_count is null, null,
            activities.participants_female_count
        )
    ) / nullif(
        sum(activities.participants_female_count + activities.participants_male_count), 0
    ) as women_pct,
    cast(sum(activities.seizures_count) as bigint) as seizures_count,
    cast(sum(activities.detained_count) as bigint) as detained_count,
    cast(sum(followed.seizures_within_7_days_count) as bigint)
        as seizures_within_7_days_count
from {{ ref('fct_activities') }} as activities
inner join followed on activities.row_id = followed.row_id
group by all
order by all
