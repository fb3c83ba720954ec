-- What the keeper of the warehouse adds goes before the seed.
with rates as (

    select
        currency_code,
        period as rate_period,
        units_per_usd,
        source as rate_source,
        true as is_kept
    from {{ source('kept', 'exchange_rates') }}
    union all
    select
        currency_code,
        cast(year as varchar) as rate_period,
        units_per_usd,
        source as rate_source,
        false as is_kept
    from {{ ref('exchange_rates') }}

)

select *
from rates
qualify
    row_number() over (partition by currency_code, rate_period order by is_kept desc) = 1
