with used as (

    select
        currency_code,
        rate_period,
        count(*) as prices_count
    from {{ ref('fct_prices') }}
    group by currency_code, rate_period

)

select
    rates.currency_code,
    rates.rate_period,
    rates.units_per_usd,
    rates.is_kept,
    rates.rate_source,
    coalesce(used.prices_count, 0) as converted_prices_count
from {{ ref('int_exchange_rates') }} as rates
left join used
    on rates.currency_code = used.currency_code and rates.rate_period = used.rate_period
order by rates.currency_code, rates.rate_period
