select
    country_code,
    month_date,
    drug_code,
    coalesce(market_level_code, 'NOT_ANSWERED') as market_level_code,
    priced_unit_code,
    count(*) as prices_count,
    count(*) filter (where is_withheld) as withheld_count,
    count(*) filter (where not is_withheld and units_per_usd is null)
        as unconverted_count,
    cast(sum(observations_count) as bigint) as observations_count,
    cast(sum(observations_count) filter (where not is_withheld) as bigint)
        as shown_observations_count,
    if(bool_and(is_withheld), true, if(shown_observations_count is null, null, false))
        as is_thin,
    min(minimum_usd) as minimum_usd,
    median(typical_usd) as typical_usd,
    max(maximum_usd) as maximum_usd,
    1000 * median(typical_usd) filter (where priced_unit_code = 'G')
        as typical_usd_per_kg,
    avg(purity_pct order by row_id) as mean_purity_pct,
    100 * median(typical_usd / nullif(purity_pct, 0)) as pure_typical_usd
from {{ ref('fct_prices') }}
where drug_code is not null
group by all
order by all
