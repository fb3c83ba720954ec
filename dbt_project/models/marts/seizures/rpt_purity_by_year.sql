with parts as (

    {{ purity_by_year_parts() }}

)

select
    country_code,
    calendar_year,
    drug_code,
    count(*) as seizures_count,
    cast(sum(measured_count) as bigint) as measured_count,
    cast(sum(measured_weighed_count) as bigint) as measured_weighed_count,
    avg(purity_pct order by row_place) as mean_purity_pct,
    100 * sum(pure_kg order by row_place)
    / nullif(sum(measured_kg order by row_place), 0) as weighted_purity_pct,
    min(purity_pct) as lowest_purity_pct,
    max(purity_pct) as highest_purity_pct,
    sum(quantity_kg order by row_place) as quantity_kg,
    sum(questioned_kg order by row_place) as questioned_kg,
    sum(measured_kg order by row_place) as measured_kg,
    sum(pure_kg order by row_place) as pure_kg
from parts
group by country_code, calendar_year, drug_code
having count(purity_pct) > 0
order by country_code, calendar_year, drug_code
