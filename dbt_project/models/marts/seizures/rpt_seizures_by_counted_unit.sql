with parts as (

    {{ seizures_by_counted_unit_parts() }}

)

select
    country_code,
    calendar_year,
    drug_code,
    counted_unit_code,
    count(*) as seizures_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums(['quantity_count', 'equivalent_kg']) }}
from parts
group by country_code, calendar_year, drug_code, counted_unit_code
order by country_code, calendar_year, drug_code, counted_unit_code
