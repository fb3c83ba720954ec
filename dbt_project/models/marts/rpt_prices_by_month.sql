{%- set levels = ['minimum', 'typical', 'maximum'] -%}
-- A price for a mass becomes one for a gram; one for a tablet or a litre stays as it is.
with priced as (

    select
        prices.*,
        case
            when masses.factor is not null then 'G'
            else coalesce(prices.price_unit_code, 'NOT_ANSWERED')
        end as priced_unit_code,
        coalesce(1000 * masses.factor, 1)
        * if(prices.currency_code = 'USD', 1, rates.units_per_usd) as divisor
    from {{ ref('fct_prices') }} as prices
    left join {{ ref('stg_conversions') }} as masses
        on
            prices.price_unit_code = masses.unit_code
            and prices.drug_code = masses.drug_code
            and prices.month_date between masses.valid_from and masses.valid_to
            and masses.measure = 'kg'
    left join {{ ref('exchange_rates') }} as rates
        on
            prices.currency_code = rates.currency_code
            and year(prices.month_date) = rates.year
    where prices.drug_code is not null and prices.month_date is not null

),

-- The form promises that fewer than three observations are not published.
converted as (

    select
        *,
        coalesce(observations_count < 3, false) as is_withheld,
        {% for level in levels -%}
        if(is_withheld, null, price_{{ level }} / divisor) as {{ level }}_usd
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from priced

)

select
    country_code,
    month_date,
    drug_code,
    coalesce(market_level_code, 'NOT_ANSWERED') as market_level_code,
    priced_unit_code,
    count(*) as prices_count,
    count(*) filter (where is_withheld) as withheld_count,
    count(*) filter (where not is_withheld and divisor is null) as unconverted_count,
    cast(sum(observations_count) as bigint) as observations_count,
    min(minimum_usd) as minimum_usd,
    median(typical_usd) as typical_usd,
    max(maximum_usd) as maximum_usd,
    1000 * median(typical_usd) filter (where priced_unit_code = 'G')
        as typical_usd_per_kg,
    avg(purity_pct order by row_id) filter (where not is_withheld) as mean_purity_pct,
    100 * median(typical_usd / nullif(purity_pct, 0)) as pure_typical_usd
from converted
group by all
order by all
