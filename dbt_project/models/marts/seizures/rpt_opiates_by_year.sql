with parts as (

    {{ opiates_by_year_parts() }}

)

select
    country_code,
    calendar_year,
    cast(sum(weighed_count) as bigint) as weighed_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums([
        'opium_kg', 'morphine_kg', 'heroin_kg', 'heroin_equivalent_kg',
        'questioned_heroin_equivalent_kg', 'lowest_heroin_equivalent_kg',
        'highest_heroin_equivalent_kg'
    ]) }}
from parts
group by country_code, calendar_year
order by country_code, calendar_year
