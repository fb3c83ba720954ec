with parts as (

    {{ seizures_by_province_parts() }}

)

select
    country_code,
    subdivision_code,
    calendar_year,
    drug_code,
    count(*) as seizures_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {% for basis in ['stated', 'named_by_place', 'of_border_point', 'same_place'] -%}
    cast(sum({{ basis }}_count) as bigint) as {{ basis }}_count,
    {% endfor -%}
    {{ both_sums(['quantity_kg', 'questioned_kg', 'quantity_litres']) }}
from parts
group by country_code, subdivision_code, calendar_year, drug_code
order by country_code, subdivision_code, calendar_year, drug_code
