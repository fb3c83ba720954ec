{{ accepted_rows('laboratories', ['admin_division', 'laboratory_scale', 'main_drug']) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.admin_division_code as subdivision_code,
    accepted.laboratory_scale_code,
    accepted.main_drug_code as drug_code,
    {{ shared_text('place') }},
    cast(accepted.detained_count as bigint) as detained_count,
    {{ counted_month('accepted', 'laboratory_date') }} as reporting_month,
    accepted.laboratory_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
