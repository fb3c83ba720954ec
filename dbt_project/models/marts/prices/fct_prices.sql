{%- set levels = ['minimum', 'typical', 'maximum'] -%}
{{ accepted_rows('prices', [
    'admin_division', 'drug', 'market_level', 'price_unit', 'currency'
]) }},

-- A price for a mass becomes one for a gram; one for a tablet or a litre stays as it is.
-- The form promises that fewer than three observations are not published.
converted as (

    select
        accepted.* exclude (place),
        {{ shared_text('place', 'null') }},
        coalesce(accepted.month, accepted.reporting_month) as month_date,
        coalesce(accepted.observations_count < 3, false) as is_withheld,
        case
            when masses.factor is not null then 'G'
            else coalesce(accepted.price_unit_code, 'NOT_ANSWERED')
        end as priced_unit_code,
        coalesce(monthly.rate_period, yearly.rate_period) as rate_period,
        coalesce(monthly.rate_source, yearly.rate_source) as rate_source,
        if(
            accepted.currency_code = 'USD',
            1,
            coalesce(monthly.units_per_usd, yearly.units_per_usd)
        ) as rate,
        coalesce(1000 * masses.factor, 1) * rate as divisor
    from accepted
    left join {{ ref('stg_conversions') }} as masses
        on
            accepted.price_unit_code = masses.unit_code
            and accepted.drug_code = masses.drug_code
            and coalesce(accepted.month, accepted.reporting_month)
            between masses.valid_from and masses.valid_to
            and masses.measure = 'kg'
    {% for grain, format in {'monthly': '%Y-%m', 'yearly': '%Y'}.items() -%}
    left join {{ ref('int_exchange_rates') }} as {{ grain }}
        on
            accepted.currency_code = {{ grain }}.currency_code
            and strftime(
                coalesce(accepted.month, accepted.reporting_month), '{{ format }}'
            ) = {{ grain }}.rate_period
    {% endfor %}

)

select
    row_id,
    country_code,
    admin_division_code as subdivision_code,
    place,
    drug_code,
    market_level_code,
    price_unit_code,
    priced_unit_code,
    currency_code,
    is_withheld,
    {% for level in levels -%}
    if(is_withheld, null, price_{{ level }}) as price_{{ level }},
    {% endfor -%}
    {% for level in levels -%}
    if(is_withheld, null, price_{{ level }} / divisor) as {{ level }}_usd,
    {% endfor -%}
    rate as units_per_usd,
    rate_period,
    rate_source,
    cast(observations_count as bigint) as observations_count,
    if(is_withheld, null, purity_pct) as purity_pct,
    month_date,
    submission_id,
    sheet,
    source_row
from converted
order by row_id
