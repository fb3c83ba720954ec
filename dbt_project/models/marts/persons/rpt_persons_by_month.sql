{%- set counts = [
    'persons', 'women', 'men', 'sex_unknown', 'juveniles', 'adults', 'age_unknown',
    'nationals', 'foreigners', 'citizenship_unknown'
] %}

with parts as (

    {{ persons_by_month_parts() }}

),

counted as (

    select
        country_code,
        month_date,
        offence_code,
        contact_stage_code,
        {% for name in counts -%}
        cast(sum({{ name }}_count) as bigint) as {{ name }}_count
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from parts
    group by all

)

select
    counted.country_code,
    counted.month_date,
    counted.offence_code,
    counted.contact_stage_code,
    {% for name in counts -%}
    counted.{{ name }}_count,
    {% endfor -%}
    -- Shares are of those whose sex, age or citizenship is known.
    100 * counted.women_count
    / nullif(counted.women_count + counted.men_count, 0) as women_pct,
    100 * counted.juveniles_count
    / nullif(counted.juveniles_count + counted.adults_count, 0) as juveniles_pct,
    100 * counted.foreigners_count
    / nullif(counted.foreigners_count + counted.nationals_count, 0) as foreigners_pct,
    100000 * counted.persons_count / population.population_count
        as persons_per_100000
from counted
left join {{ ref('population') }} as population
    on
        counted.country_code = population.country_code
        and year(counted.month_date) = population.year
order by all
