{{ accepted_rows('equipment', ['border_point', 'equipment_item', 'currency']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.equipment_item_code,
    {{ shared_text('donor') }},
    accepted.currency_code,
    cast(accepted.equipment_count as bigint) as equipment_count,
    cast(accepted.working_count as bigint) as working_count,
    accepted.value_amount,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
