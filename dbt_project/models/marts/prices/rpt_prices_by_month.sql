with parts as (

    {{ prices_by_month_parts() }}

)

select
    country_code,
    month_date,
    drug_code,
    market_level_code,
    priced_unit_code,
    count(*) as prices_count,
    cast(sum(withheld_count) as bigint) as withheld_count,
    cast(sum(unconverted_count) as bigint) as unconverted_count,
    cast(sum(observations_count) as bigint) as observations_count,
    cast(sum(shown_observations_count) as bigint) as shown_observations_count,
    bool_and(is_withheld) as is_thin,
    count(shown_observations_count) > 0 as has_observations,
    min(minimum_usd) as minimum_usd,
    median(typical_usd) as typical_usd,
    max(maximum_usd) as maximum_usd,
    1000 * median(typical_usd) filter (where priced_unit_code = 'G')
        as typical_usd_per_kg,
    avg(purity_pct order by row_id) as mean_purity_pct,
    100 * median(typical_usd / nullif(purity_pct, 0)) as pure_typical_usd,
    string_agg(distinct rate_shown, '; ' order by rate_shown) as rates_used
from parts
group by all
order by all
