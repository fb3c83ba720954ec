{{ accepted_rows('throughput', ['border_point', 'crossing_direction']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.crossing_direction_code,
    cast(accepted.travellers_count as bigint) as travellers_count,
    cast(accepted.vehicles_count as bigint) as vehicles_count,
    cast(accepted.wagons_count as bigint) as wagons_count,
    cast(accepted.inspections_count as bigint) as inspections_count,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
