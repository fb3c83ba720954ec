{#- Parts of the figures of offices: a case is found once, whatever its drugs. Its first
    row that is no presumed double report is the find. -#}
{% macro offices_by_month_parts() -%}
    select
        seizure_id as row_id,
        submission_id,
        country_code,
        border_point_code,
        reporting_month as month_date,
        if(
            row_number() over (partition by event_id order by seizure_id) = 1, 1, 0
        ) as finds_count
    from {{ ref('fct_seizures') }}
    where border_point_code is not null and not is_presumed_duplicate
{%- endmacro %}
