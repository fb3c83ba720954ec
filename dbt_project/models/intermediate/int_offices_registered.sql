-- What its country has last said of each Border Liaison Office with a crossing point.
select
    border_point_code,
    date_trunc('month', opened_date) as opened_month,
    -- Of an office without a day of opening it is known from the month that names it.
    date_trunc(
        'month',
        coalesce(
            opened_date,
            min(month_date) over (partition by border_point_code, lower(blo_name))
        )
    ) as first_month,
    date_trunc('month', coalesce(closed_date, date '9999-12-31')) as last_month
from {{ ref('fct_blo_register_entries') }}
where border_point_code is not null
qualify row_number() over (
    partition by border_point_code, lower(blo_name)
    order by month_date desc, row_id desc
) = 1
