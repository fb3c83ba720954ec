select
    seizures.country_code,
    coalesce(seizures.border_point_code, 'NOT_ANSWERED') as border_point_code,
    cast(year(seizures.reporting_month) as integer) as calendar_year,
    seizures.drug_code,
    points.neighbour_country_code,
    bool_or(offices.has_blo) as has_blo,
    -- What not every month has from the register rests on the code list.
    min(offices.blo_basis_code) as blo_basis_code,
    count(*) as seizures_count,
    sum(seizures.quantity_kg order by seizures.row_place) as quantity_kg,
    sum(seizures.questioned_kg order by seizures.row_place) as questioned_kg,
    sum(seizures.quantity_litres order by seizures.row_place) as quantity_litres,
    sum(seizures.quantity_count order by seizures.row_place) as quantity_count,
    count(distinct seizures.reporting_month) as seizing_months_count
from {{ placed_seizures() }} as seizures
left join {{ ref('dim_border_points') }} as points
    on seizures.border_point_code = points.border_point_code
left join {{ ref('int_offices_by_month') }} as offices
    on
        seizures.border_point_code = offices.border_point_code
        and seizures.reporting_month = offices.month_date
group by all
order by all
