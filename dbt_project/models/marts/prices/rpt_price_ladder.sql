-- A route has a ladder for each year in which something was seized on it.
with {{ routes_seized() }},

prices as (

    -- What is priced by tablets or litres does not stand beside a gram.
    select
        country_code,
        drug_code,
        market_level_code,
        year(month_date) as calendar_year,
        median(if(priced_unit_code = 'G', typical_usd, null)) as usd_per_gram,
        median(if(priced_unit_code = 'G', pure_typical_usd, null)) as usd_per_pure_gram,
        sum(prices_count) as prices_count,
        sum(if(priced_unit_code = 'G', shown_observations_count, null))
            as shown_observations_count,
        bool_or(priced_unit_code = 'G') as is_by_mass,
        bool_or(unconverted_count > 0) as lacks_rate,
        bool_or(withheld_count > 0) as is_withheld
    from {{ ref('rpt_prices_by_month') }}
    group by all

),

located as (

    select
        routes.*,
        row(
            routes.producing_country_code, routes.departure_country_code,
            routes.destination_country_code, routes.drug_code
        ) as route,
        steps.code as step_code,
        steps.step_number,
        steps.market_level_code,
        case steps.country_role
            when 'PRODUCING' then routes.producing_country_code
            when 'DEPARTURE' then routes.departure_country_code
            else routes.destination_country_code
        end as country_code
    from routes
    cross join {{ ref('price_steps') }} as steps

)

select
    located.* exclude (route), -- noqa: RF02
    case
        when prices.usd_per_gram is not null then null
        when located.country_code in ('NOT_ANSWERED', 'UNKNOWN') then 'COUNTRY_UNKNOWN'
        when not coalesce(countries.is_member, false) then 'NOT_A_MEMBER'
        when prices.prices_count is null then 'NO_PRICE'
        when not prices.is_by_mass then 'NOT_BY_MASS'
        when prices.lacks_rate then 'NO_RATE'
        when prices.is_withheld then 'WITHHELD'
        else 'NO_TYPICAL_PRICE'
    end as gap_code,
    prices.usd_per_gram,
    prices.usd_per_pure_gram,
    prices.usd_per_gram / last_value(nullif(prices.usd_per_gram, 0) ignore nulls)
        over steps_below as markup_ratio,
    prices.usd_per_pure_gram
    / last_value(nullif(prices.usd_per_pure_gram, 0) ignore nulls)
        over steps_below as pure_markup_ratio,
    cast(coalesce(prices.prices_count, 0) as bigint) as prices_count,
    cast(prices.shown_observations_count as bigint) as shown_observations_count,
    published.usd_per_gram as published_usd_per_gram,
    published.year as published_year,
    published.source as published_source
from located
left join prices
    on
        (located.country_code, located.drug_code, located.market_level_code)
        = (prices.country_code, prices.drug_code, prices.market_level_code)
        and located.calendar_year = prices.calendar_year
-- Published prices have years of their own, so that they are in no markup.
left join {{ ref('published_prices') }} as published
    on
        (located.country_code, located.drug_code, located.market_level_code)
        = (published.country_code, published.drug_code, published.market_level_code)
left join {{ ref('countries') }} as countries on located.country_code = countries.code
window
    steps_below as (
        partition by located.route, located.calendar_year order by located.step_number
        rows between unbounded preceding and 1 preceding
    )
order by all
