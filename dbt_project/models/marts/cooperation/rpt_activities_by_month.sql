with parts as (

    {{ activities_by_month_parts() }}

),

followed as (

    select
        row_id,
        country_code,
        month_date,
        border_point_code,
        activity_type_code,
        counterpart_country_code,
        sum(seizures_until_7_days_after_count) as seizures_until_7_days_after_count
    from parts
    group by all

)

select
    followed.country_code,
    followed.month_date,
    followed.border_point_code,
    followed.activity_type_code,
    followed.counterpart_country_code,
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
    cast(sum(followed.seizures_until_7_days_after_count) as bigint)
        as seizures_until_7_days_after_count
from {{ ref('fct_activities') }} as activities
inner join followed on activities.row_id = followed.row_id
group by all
order by all
