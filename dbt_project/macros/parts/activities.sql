{#- Parts of the figures about activities: what each row of fct_activities adds to them,
    one for each seizure that followed it. -#}

{% macro activities_by_month_parts() -%}
    select
        concat_ws(' ', activities.row_id, seizures.seizure_id) as part_id,
        activities.row_id,
        activities.submission_id,
        seizures.seizure_id as other_row_id,
        activities.country_code,
        activities.reporting_month as month_date,
        coalesce(activities.border_point_code, 'NOT_ANSWERED') as border_point_code,
        coalesce(activities.activity_type_code, 'NOT_ANSWERED') as activity_type_code,
        coalesce(activities.counterpart_country_code, 'NOT_ANSWERED')
            as counterpart_country_code,
        if(
            activities.border_point_code is null, null, if(seizures.seizure_id is null, 0, 1)
        ) as seizures_until_7_days_after_count
    from {{ ref('fct_activities') }} as activities
    left join {{ ref('fct_seizures') }} as seizures
        on
            activities.country_code = seizures.country_code
            and activities.border_point_code = seizures.border_point_code
            and seizures.seizure_date between activities.activity_date
            and coalesce(activities.activity_end_date, activities.activity_date)
            + interval 7 day
{%- endmacro %}
