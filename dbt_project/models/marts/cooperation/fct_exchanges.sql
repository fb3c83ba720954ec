{{ accepted_rows('exchanges', [
    'border_point', 'counterpart_country', 'exchange_direction', 'exchange_channel'
]) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.counterpart_country_code,
    accepted.exchange_direction_code,
    accepted.exchange_channel_code,
    cast(accepted.requests_count as bigint) as requests_count,
    cast(accepted.replies_count as bigint) as replies_count,
    accepted.reply_days,
    cast(accepted.tipoffs_count as bigint) as tipoffs_count,
    cast(accepted.seizures_count as bigint) as seizures_count,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
