{{ accepted_rows('staff', ['border_point', 'agency', 'position_class']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.agency_code,
    accepted.position_class_code,
    cast(accepted.staff_female_count as bigint) as staff_female_count,
    cast(accepted.staff_male_count as bigint) as staff_male_count,
    cast(accepted.vacancies_count as bigint) as vacancies_count,
    cast(accepted.departures_count as bigint) as departures_count,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
