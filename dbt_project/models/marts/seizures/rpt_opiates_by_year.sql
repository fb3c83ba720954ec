with parts as (

    {{ opiates_by_year_parts() }}

)

select
    country_code,
    calendar_year,
    cast(sum(weighed_count) as bigint) as weighed_count,
    sum(opium_kg order by row_place) as opium_kg,
    sum(morphine_kg order by row_place) as morphine_kg,
    sum(heroin_kg order by row_place) as heroin_kg,
    sum(heroin_equivalent_kg order by row_place) as heroin_equivalent_kg,
    sum(questioned_heroin_equivalent_kg order by row_place)
        as questioned_heroin_equivalent_kg,
    sum(lowest_heroin_equivalent_kg order by row_place) as lowest_heroin_equivalent_kg,
    sum(highest_heroin_equivalent_kg order by row_place) as highest_heroin_equivalent_kg
from parts
group by country_code, calendar_year
order by country_code, calendar_year
