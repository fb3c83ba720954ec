with {{ months_covered('persons') }},

parts as (

    {{ persons_by_year_parts() }}

),

{{ counted_persons([
    'country_code', 'calendar_year', 'offence_code', 'contact_stage_code'
]) }}

select
    counted.country_code,
    counted.calendar_year,
    counted.offence_code,
    counted.contact_stage_code,
    -- Three levels: 0601, its classes 06011, 06012 and 06019, and their parts.
    case
        when classes.parent_code is null then counted.offence_code
        else coalesce(offences.parent_code, counted.offence_code)
    end as offence_class_code,
    {{ persons_and_shares() }},
    100000 * counted.persons_count / population.population_count
        as persons_per_100000,
    coalesce(covered.reported_months_count, 0) as reported_months_count
from counted
left join {{ ref('offences') }} as offences on counted.offence_code = offences.code
left join {{ ref('offences') }} as classes on offences.parent_code = classes.code
left join {{ ref('population') }} as population
    on
        counted.country_code = population.country_code
        and counted.calendar_year = population.year
left join covered
    on
        counted.country_code = covered.country_code
        and counted.calendar_year = covered.calendar_year
order by
    counted.country_code,
    counted.calendar_year,
    counted.offence_code,
    counted.contact_stage_code
