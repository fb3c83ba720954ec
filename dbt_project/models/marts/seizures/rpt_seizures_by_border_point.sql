with {{ held_back_by(['country_code', 'calendar_year']) }},

parts as (

    {{ seizures_by_border_point_parts() }}

)

select
    parts.country_code,
    parts.border_point_code,
    parts.calendar_year,
    parts.drug_code,
    points.neighbour_country_code,
    case
        when bool_or(offices.has_blo) then true
        when count(offices.has_blo) = count(*) then false
    end as has_blo,
    -- What not every month has from the register rests on the code list.
    coalesce(
        min(offices.blo_basis_code) filter (where offices.has_blo),
        if(count(offices.has_blo) = count(*), min(offices.blo_basis_code), null)
    ) as blo_basis_code,
    count(*) as seizures_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    cast(sum(parts.repeated_count) as bigint) as repeated_count,
    {{ both_sums(['quantity_kg', 'questioned_kg', 'quantity_litres'], of='parts.') }},
    count(distinct parts.reporting_month) as seizing_months_count,
    {{ held_back_count() }}
from parts
left join {{ ref('dim_border_points') }} as points
    on parts.border_point_code = points.border_point_code
left join {{ ref('int_offices_by_month') }} as offices
    on
        parts.border_point_code = offices.border_point_code
        and parts.reporting_month = offices.month_date
{{ join_held_back('parts') }}
group by all
order by all
