{%- set keys = [
    'country_code', 'calendar_year', 'contact_stage_code', 'citizenship_code'
] -%}
with {{ months_covered('persons') }},

parts as (

    {{ persons_by_citizenship_parts() }}

),

{{ counted_persons(keys) }}

select
    {% for name in keys -%}
    counted.{{ name }},
    {% endfor -%}
    if(
        counted.citizenship_code in ('UNKNOWN', 'NOT_ANSWERED'), null,
        counted.country_code = counted.citizenship_code
    ) as is_national,
    {% for name in [
        'persons', 'women', 'men', 'sex_unknown', 'juveniles', 'adults', 'age_unknown'
    ] -%}
    counted.{{ name }}_count,
    {% endfor -%}
    100 * counted.women_count / nullif(counted.women_count + counted.men_count, 0)
        as women_pct,
    100 * nullif(counted.nationals_count + counted.foreigners_count, 0)
    / nullif(
        sum(counted.nationals_count + counted.foreigners_count) over (
            partition by
                counted.country_code, counted.calendar_year, counted.contact_stage_code
        ), 0
    ) as known_citizenship_pct,
    coalesce(covered.reported_months_count, 0) as reported_months_count
from counted
left join covered
    on
        counted.country_code = covered.country_code
        and counted.calendar_year = covered.calendar_year
order by
    counted.country_code,
    counted.calendar_year,
    counted.contact_stage_code,
    counted.citizenship_code
