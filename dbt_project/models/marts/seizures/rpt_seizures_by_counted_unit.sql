with {{ held_back_by(['country_code', 'calendar_year']) }},

parts as (

    {{ seizures_by_counted_unit_parts() }}

)

select
    parts.country_code,
    parts.calendar_year,
    parts.drug_code,
    parts.counted_unit_code,
    count(*) as seizures_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    cast(sum(parts.repeated_count) as bigint) as repeated_count,
    {{ both_sums(['quantity_count', 'equivalent_kg'], of='parts.') }},
    {{ held_back_count() }}
from parts
{{ join_held_back('parts') }}
group by all
order by all
