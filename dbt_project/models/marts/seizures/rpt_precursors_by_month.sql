with parts as (

    {{ precursors_by_month_parts() }}

)

select
    parts.country_code,
    parts.month_date,
    parts.drug_code,
    count(*) as seizures_count,
    count(parts.quantity) as known_quantity_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums(['quantity_kg', 'questioned_kg', 'quantity_litres'], of='parts.') }}
from parts
group by parts.country_code, parts.month_date, parts.drug_code
order by parts.country_code, parts.month_date, parts.drug_code
