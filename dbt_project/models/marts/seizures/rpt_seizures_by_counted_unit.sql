select
    country_code,
    cast(year(reporting_month) as integer) as calendar_year,
    drug_code,
    counted_unit_code,
    count(*) as seizures_count,
    sum(quantity_count order by row_place) as quantity_count,
    sum(equivalent_kg order by row_place) as equivalent_kg
from {{ placed_seizures() }} as seizures
where counted_unit_code is not null
group by country_code, year(reporting_month), drug_code, counted_unit_code
order by country_code, calendar_year, drug_code, counted_unit_code
