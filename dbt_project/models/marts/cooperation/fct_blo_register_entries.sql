{{ accepted_rows('blo_register', [
    'border_point', 'counterpart_country', 'crossing_mode'
]) }}

select
    accepted.row_id,
    accepted.country_code,
    {{ shared_text('blo_name') }},
    accepted.border_point_code,
    accepted.counterpart_country_code,
    accepted.crossing_mode_code,
    accepted.latitude,
    accepted.longitude,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    accepted.opened_date,
    accepted.closed_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
