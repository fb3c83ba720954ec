with summed as (

    select
        country_code,
        reporting_month as month_date,
        coalesce(contraband_category_code, 'NOT_ANSWERED') as contraband_category_code,
        coalesce(goods_unit_code, 'NOT_ANSWERED') as goods_unit_code,
        coalesce(currency_code, 'NOT_ANSWERED') as currency_code,
        count(*) as contraband_count,
        count(goods_quantity) as known_goods_quantity_count,
        sum(goods_quantity order by row_id)
        filter (where goods_unit_code is not null) as goods_quantity,
        count(value_amount) as known_value_amount_count,
        sum(value_amount order by row_id)
        filter (where currency_code is not null) as value_amount
    from {{ ref('fct_contraband') }}
    group by all

)

select
    summed.*,
    summed.value_amount
    / if(
        summed.currency_code = 'USD', 1,
        coalesce(monthly.units_per_usd, yearly.units_per_usd)
    ) as value_usd,
    coalesce(monthly.rate_period, yearly.rate_period) as rate_period,
    coalesce(monthly.rate_source, yearly.rate_source) as rate_source
from summed
{% for grain, format in {'monthly': '%Y-%m', 'yearly': '%Y'}.items() -%}
left join {{ ref('int_exchange_rates') }} as {{ grain }}
    on
        summed.currency_code = {{ grain }}.currency_code
        and strftime(summed.month_date, '{{ format }}') = {{ grain }}.rate_period
{% endfor -%}
order by
    summed.country_code,
    summed.month_date,
    summed.contraband_category_code,
    summed.goods_unit_code,
    summed.currency_code
