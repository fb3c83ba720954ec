with parts as (

    {{ seizures_by_context_parts() }}

)

select
    country_code,
    calendar_year,
    drug_code,
    dimension_name,
    dimension_code,
    cast(sum(seizures_count) as bigint) as seizures_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    100.0 * sum(seizures_count) / sum(sum(seizures_count)) over (
        partition by country_code, calendar_year, drug_code, dimension_name
    ) as seizures_pct,
    {{ both_sums(['quantity_kg', 'questioned_kg']) }}
from parts
group by country_code, calendar_year, drug_code, dimension_name, dimension_code
order by country_code, calendar_year, drug_code, dimension_name, dimension_code
