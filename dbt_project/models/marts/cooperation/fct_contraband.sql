{{ accepted_rows('contraband', [
    'border_point', 'contraband_category', 'goods_unit', 'currency'
]) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.contraband_category_code,
    {{ shared_text('goods') }},
    accepted.goods_unit_code,
    accepted.currency_code,
    accepted.goods_quantity,
    accepted.value_amount,
    accepted.seizure_date,
    {{ counted_month('accepted', 'seizure_date') }} as reporting_month,
    {{ row_origin() }}
from accepted
order by accepted.row_id
