with persons as (

    select
        *,
        case citizenship_code
            when country_code then 'NATIONAL'
            when 'UNKNOWN' then 'UNKNOWN'
            else if(citizenship_code is null, 'UNKNOWN', 'FOREIGN')
        end as citizenship,
        coalesce(sex_code, 'UNKNOWN') as sex,
        coalesce(age_group_code, 'UNKNOWN') as age
    from {{ ref('fct_persons') }}

),

counted as (

    select
        country_code,
        month_date,
        coalesce(offence_code, 'NOT_ANSWERED') as offence_code,
        -- The form says that an empty stage means suspected or arrested.
        coalesce(contact_stage_code, 'SUSPECTED') as contact_stage_code,
        {% for name, condition in [
            ('women', "sex = 'F'"), ('men', "sex = 'M'"), ('sex_unknown', "sex = 'UNKNOWN'"),
            ('juveniles', "age = 'JUVENILE'"), ('adults', "age = 'ADULT'"),
            ('age_unknown', "age = 'UNKNOWN'"), ('nationals', "citizenship = 'NATIONAL'"),
            ('foreigners', "citizenship = 'FOREIGN'"),
            ('citizenship_unknown', "citizenship = 'UNKNOWN'")
        ] -%}
        sum(if({{ condition }}, persons_count, 0)) as {{ name }}_count,
        {% endfor -%}
        sum(persons_count) as persons_count
    from persons
    group by all

)

select
    counted.country_code,
    counted.month_date,
    counted.offence_code,
    counted.contact_stage_code,
    {% for name in [
        'persons', 'women', 'men', 'sex_unknown', 'juveniles', 'adults', 'age_unknown',
        'nationals', 'foreigners', 'citizenship_unknown'
    ] -%}
    cast(counted.{{ name }}_count as bigint) as {{ name }}_count,
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
