with {{ held_back_by(['country_code', 'calendar_year']) }},

parts as (

    {{ seizures_by_context_parts() }}

)

select
    parts.country_code,
    parts.calendar_year,
    parts.drug_code,
    parts.dimension_name,
    parts.dimension_code,
    cast(sum(parts.seizures_count) as bigint) as seizures_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    cast(sum(parts.repeated_count) as bigint) as repeated_count,
    100.0 * sum(parts.seizures_count) / sum(sum(parts.seizures_count)) over (
        partition by
            parts.country_code, parts.calendar_year, parts.drug_code, parts.dimension_name
    ) as seizures_pct,
    {{ both_sums(['quantity_kg', 'questioned_kg'], of='parts.') }},
    {{ held_back_count() }}
from parts
{{ join_held_back('parts') }}
group by
    parts.country_code, parts.calendar_year, parts.drug_code, parts.dimension_name,
    parts.dimension_code, held.rows_count, unread.rows_count
order by all
