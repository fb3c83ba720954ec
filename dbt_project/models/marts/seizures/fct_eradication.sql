{{ accepted_rows('eradication', ['admin_division', 'crop']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.admin_division_code as subdivision_code,
    accepted.crop_code,
    accepted.eradicated_hectares,
    cast(accepted.eradicated_plants_count as bigint) as eradicated_plants_count,
    cast(accepted.eradicated_sites_count as bigint) as eradicated_sites_count,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
