with parts as (

    {{ precursors_by_table_parts() }}

)

select
    country_code,
    calendar_year,
    un_table_code,
    count(*) as seizures_count,
    count(quantity) as known_quantity_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums(['quantity_kg', 'questioned_kg', 'quantity_litres', 'equivalent_kg']) }}
from parts
group by country_code, calendar_year, un_table_code
order by country_code, calendar_year, un_table_code
